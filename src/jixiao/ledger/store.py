"""Reading and writing a ledger: where departments stand, and a run in two steps around its results.

    prepare ──▶ all rows of the run, which do not count yet
                                      results are renamed into place
    confirm ──▶ they count, and the states before them end

A run that was cut off between any two is told apart by the next (`settle`): results that stand in their place
carry the manifest whose digest the run was prepared with.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from jixiao.domain.followups import DepartmentState, Fate, FiledForm, Opinion, Progress, RoundKey, Traced
from jixiao.ledger.database import FINDINGS, FORMS, ROUNDS, RUNS, STATES, open_database, told, where_of
from jixiao.ledger.standing import PATIENCE_SECONDS, PROGRESS_FIELDS, read_progress, read_rounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine, RowMapping, Select, Table

    from jixiao.ledger.standing import RoundSummary, RunRecord

_NAMED_AT_ONCE = 300
"""Of so many departments a query names each; of more it reads the round."""
_OPINION = ("opinion", "officer", "decided")
_FIGURES = ("figures", "indicators")
_PLAIN_FINDING = tuple(each.name for each in fields(Traced) if each.name not in {"opinion", "fate"})
_PLAIN_FORM = tuple(each.name for each in fields(FiledForm) if each.name not in _FIGURES)


class Mark(NamedTuple):
    """What a state was made from: what was sent and by which rules (`key`), and what was known before.

    `began` is when it was first seen (ISO).
    """

    key: str
    chain: str
    status: str
    began: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A state of a department in a round, with when it began and when the next one did ("": it still is)."""

    round: RoundKey
    began: str
    ended: str
    state: DepartmentState


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger that is open. Every method raises LedgerError where the database fails."""

    engine: Engine

    @property
    def where(self) -> str:
        """What to call it."""
        return where_of(self.engine)

    def settle(self, place: str, manifest: str) -> None:
        """Put right what a run into `place` left unfinished; `manifest` is the digest of the one there."""
        with self._begin() as connection:
            left = sa.select(RUNS.c.id, RUNS.c.round_id, RUNS.c.manifest).where(
                RUNS.c.place == place, RUNS.c.confirmed.is_(False)
            )
            for run in connection.execute(left.order_by(RUNS.c.id)).all():
                if manifest and run.manifest == manifest:
                    _confirm(connection, run.id)
                else:
                    _discard(connection, run.id)

    def marks(self, key: RoundKey) -> dict[str, Mark]:
        """What every department's state was made from: one row each, however much it holds."""
        asked = (
            sa.select(*STATES.c["department", "key", "chain", "status"], RUNS.c.created)
            .join(RUNS, STATES.c.run_id == RUNS.c.id)
            .where(_current(key))
        )
        with self._begin() as connection:
            return {row[0]: Mark(*row[1:]) for row in connection.execute(asked)}

    def opinions(self, key: RoundKey) -> dict[str, dict[str, Opinion]]:
        """What officers wrote beside findings, by department and finding; without those that have nothing."""
        words = [FINDINGS.c[name] for name in _OPINION]
        asked = (
            sa.select(STATES.c.department, FINDINGS.c.finding_id, *words)
            .join(FINDINGS, FINDINGS.c.state_id == STATES.c.id)
            .where(_current(key), sa.or_(*(each != "" for each in words)))
        )
        found: dict[str, dict[str, Opinion]] = defaultdict(dict)
        with self._begin() as connection:
            for department, finding_id, *opinion in connection.execute(asked):
                found[department][finding_id] = Opinion(*opinion)
        return dict(found)

    def states(
        self, key: RoundKey, departments: Sequence[str] | None = None, *, whole: bool = False
    ) -> dict[str, DepartmentState]:
        """Where departments of a round stand (None: all of them); `whole` with the figures of their forms."""
        where = _current(key)
        if departments is not None and len(departments) <= _NAMED_AT_ONCE:
            where = sa.and_(where, STATES.c.department.in_(departments))
        with self._begin() as connection:
            found = {each.department: each for each, _ in _states(connection, where, whole=whole)}
        return found if departments is None else {name: found[name] for name in departments if name in found}

    def ask(self, question: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """The rows that answer a question in words of SQL, with named values."""
        with self._begin() as connection:
            return connection.execute(sa.text(question), dict(values)).all()

    def progress(self, key: RoundKey) -> tuple[Progress, ...]:
        """How far every department of a round is, by name."""
        return read_progress(self.ask, key)

    def rounds(self) -> tuple[RoundSummary, ...]:
        """Every round with its last run, the newest year first."""
        return read_rounds(self.ask)

    def history(self, department: str, name: str = "") -> tuple[Passage, ...]:
        """All states of a department, in order, in one round or in all."""
        ending = RUNS.alias()
        where = [STATES.c.department == department, RUNS.c.confirmed.is_(True)]
        where += [ROUNDS.c.name == name] if name else []
        asked = (
            sa.select(
                STATES.c.id, *ROUNDS.c["jurisdiction", "name", "year"], RUNS.c.created, ending.c.created
            )
            .join(ROUNDS, STATES.c.round_id == ROUNDS.c.id)
            .join(RUNS, STATES.c.run_id == RUNS.c.id)
            .outerjoin(ending, STATES.c.ended_by == ending.c.id)
            .where(*where)
            .order_by(ROUNDS.c.year, ROUNDS.c.name, STATES.c.id)
        )
        with self._begin() as connection:
            rows = connection.execute(asked).all()
            found = dict(_by_id(connection, [row[0] for row in rows]))
        return tuple(Passage(RoundKey(*row[1:4]), row[4], row[5] or "", found[row[0]]) for row in rows)

    def departments(self) -> tuple[str, ...]:
        """Every department that the ledger knows."""
        asked = sa.select(STATES.c.department).distinct().order_by(STATES.c.department)
        with self._begin() as connection:
            return tuple(connection.scalars(asked))

    def year_marks(self, jurisdiction: str, year: int) -> dict[str, Mark]:
        """What the states were made from in which departments ended a year; of several rounds the last."""
        asked = (
            sa.select(*STATES.c["department", "key", "chain", "status"], RUNS.c.created)
            .join(ROUNDS, STATES.c.round_id == ROUNDS.c.id)
            .join(RUNS, STATES.c.run_id == RUNS.c.id)
            .where(_of_year(jurisdiction, year))
            .order_by(STATES.c.id)
        )
        with self._begin() as connection:
            return {row[0]: Mark(*row[1:]) for row in connection.execute(asked)}

    def year(
        self, jurisdiction: str, year: int, departments: Sequence[str] | None = None
    ) -> dict[str, DepartmentState]:
        """Those states, whole."""
        where = _of_year(jurisdiction, year)
        if departments is not None and len(departments) <= _NAMED_AT_ONCE:
            where = sa.and_(where, STATES.c.department.in_(departments))
        with self._begin() as connection:
            return {each.department: each for each, _ in _states(connection, where, whole=True)}

    def prepare(  # noqa: PLR0913, PLR0917 a run is written in one piece
        self,
        key: RoundKey,
        scheme: str,
        title: str,
        run: RunRecord,
        manifest: str,
        states: Sequence[DepartmentState],
    ) -> int:
        """Write everything of a run, which does not count until it is confirmed; its number."""
        with self._begin() as connection:
            round_id = _round_id(connection, key, scheme, title)
            added = RUNS.insert().values(
                round_id=round_id,
                place=run.place,
                manifest=manifest,
                created=run.created,
                rules=run.rules,
                version=run.version,
                files=run.files,
                confirmed=False,
            )
            run_id = int(connection.execute(added.returning(RUNS.c.id)).scalar_one())
            _add_states(connection, round_id, run_id, states)
            return run_id

    def confirm(self, run_id: int) -> None:
        """Let a prepared run count."""
        with self._begin() as connection:
            _confirm(connection, run_id)

    def discard(self, run_id: int) -> None:
        """Forget a prepared run."""
        with self._begin() as connection:
            _discard(connection, run_id)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with told(self.where), self.engine.begin() as connection:
            yield connection


def open_ledger(url: str, patience: float = PATIENCE_SECONDS) -> Ledger:
    """The ledger at a URL, made or brought up to date where it has to be.

    `patience`: for so many seconds a file that another program writes into is waited for.

    Raises:
        LedgerError: it is locked, damaged, out of reach or made by a newer version of this program.
    """
    return Ledger(open_database(url, patience))


def _of_year(jurisdiction: str, year: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        ROUNDS.c.jurisdiction == jurisdiction,
        ROUNDS.c.year == year,
        STATES.c.ended_by.is_(None),
        RUNS.c.confirmed.is_(True),
    )


def _current(key: RoundKey) -> sa.ColumnElement[bool]:
    """The states in which a round's departments are; a correlated lookup, so that one table is read."""
    round_id = (
        sa.select(ROUNDS.c.id)
        .where(
            ROUNDS.c.jurisdiction == key.jurisdiction, ROUNDS.c.name == key.name, ROUNDS.c.year == key.year
        )
        .scalar_subquery()
    )
    confirmed = sa.select(RUNS.c.id).where(RUNS.c.round_id == round_id, RUNS.c.confirmed.is_(True))
    return sa.and_(STATES.c.round_id == round_id, STATES.c.ended_by.is_(None), STATES.c.run_id.in_(confirmed))


def _states(
    connection: Connection, where: sa.ColumnElement[bool], *, whole: bool
) -> Iterator[tuple[DepartmentState, int]]:
    """States with their forms and findings, in the order in which they came about."""
    joined = STATES.join(ROUNDS, STATES.c.round_id == ROUNDS.c.id).join(RUNS, STATES.c.run_id == RUNS.c.id)
    asked = sa.select(STATES).select_from(joined).where(where).order_by(STATES.c.id)
    states = connection.execute(asked).mappings().all()
    ids = sa.select(STATES.c.id).select_from(joined).where(where)
    shown = [column for column in FORMS.c if whole or column.name not in _FIGURES]
    forms = _grouped(connection, sa.select(*shown).where(FORMS.c.state_id.in_(ids)).order_by(FORMS.c.id))
    findings = _grouped(
        connection, sa.select(FINDINGS).where(FINDINGS.c.state_id.in_(ids)).order_by(FINDINGS.c.id)
    )
    for row in states:
        yield _state(row, forms[row["id"]], findings[row["id"]]), row["id"]


def _by_id(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, DepartmentState]]:
    for state, number in _states(connection, STATES.c.id.in_(ids), whole=False):
        yield number, state


def _grouped(connection: Connection, asked: Select[Any]) -> Mapping[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(asked).mappings():
        found[row["state_id"]].append(row)
    return found


def _state(row: RowMapping, forms: Iterable[RowMapping], findings: Iterable[RowMapping]) -> DepartmentState:
    return DepartmentState(
        key=row["key"],
        chain=row["chain"],
        progress=Progress(**{name: row[name] for name in PROGRESS_FIELDS}),
        seen=tuple(json.loads(row["seen"])),
        forms=tuple(map(_form, forms)),
        findings=tuple(map(_traced, findings)),
    )


def _form(row: RowMapping) -> FiledForm:
    plain = {name: row[name] for name in _PLAIN_FORM}
    if "figures" not in row:
        return FiledForm(**plain)
    figures = {name: tuple(pair) for name, pair in json.loads(row["figures"]).items()}
    return FiledForm(**plain, figures=figures, indicators=json.loads(row["indicators"]))


def _traced(row: RowMapping) -> Traced:
    plain = {name: row[name] for name in _PLAIN_FINDING}
    return Traced(**plain, fate=Fate(row["fate"]), opinion=Opinion(*(row[name] for name in _OPINION)))


def _round_id(connection: Connection, key: RoundKey, scheme: str, title: str) -> int:
    own = sa.and_(*(ROUNDS.c[name] == value for name, value in key._asdict().items()))
    found = connection.execute(sa.select(ROUNDS.c.id).where(own)).scalar()
    if found is not None:
        connection.execute(ROUNDS.update().where(own).values(scheme=scheme, title=title))
        return int(found)
    added = ROUNDS.insert().values(**key._asdict(), scheme=scheme, title=title)
    return int(connection.execute(added.returning(ROUNDS.c.id)).scalar_one())


def _add_states(
    connection: Connection, round_id: int, run_id: int, states: Sequence[DepartmentState]
) -> None:
    if not states:
        return
    rows = [
        {
            "round_id": round_id,
            "run_id": run_id,
            "key": each.key,
            "chain": each.chain,
            "seen": json.dumps(each.seen),
            **{name: getattr(each.progress, name) for name in PROGRESS_FIELDS},
        }
        for each in states
    ]
    added = STATES.insert().returning(STATES.c.id, sort_by_parameter_order=True)
    ids = list(connection.scalars(added, rows))
    _add(
        connection,
        FORMS,
        [_form_row(n, each) for n, own in zip(ids, states, strict=True) for each in own.forms],
    )
    findings = [_traced_row(n, each) for n, own in zip(ids, states, strict=True) for each in own.findings]
    _add(connection, FINDINGS, findings)


def _add(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _form_row(state_id: int, form: FiledForm) -> dict[str, object]:
    plain = {name: getattr(form, name) for name in _PLAIN_FORM}
    held = {name: json.dumps(getattr(form, name), ensure_ascii=False) for name in _FIGURES}
    return {"state_id": state_id, **plain, **held}


def _traced_row(state_id: int, traced: Traced) -> dict[str, object]:
    plain = {name: getattr(traced, name) for name in _PLAIN_FINDING}
    words = dict(zip(_OPINION, traced.opinion, strict=True))
    return {"state_id": state_id, **plain, "fate": traced.fate.value, **words}


def _confirm(connection: Connection, run_id: int) -> None:
    run = RUNS.c.id == run_id
    round_id = sa.select(RUNS.c.round_id).where(run).scalar_subquery()
    changed = sa.select(STATES.c.department).where(STATES.c.run_id == run_id)
    confirmed = sa.select(RUNS.c.id).where(RUNS.c.round_id == round_id, RUNS.c.confirmed.is_(True))
    connection.execute(
        STATES.update()
        .where(
            STATES.c.round_id == round_id,
            STATES.c.ended_by.is_(None),
            STATES.c.run_id.in_(confirmed),
            STATES.c.department.in_(changed),
        )
        .values(ended_by=run_id)
    )
    connection.execute(RUNS.update().where(run).values(confirmed=True))


def _discard(connection: Connection, run_id: int) -> None:
    own = sa.select(STATES.c.id).where(STATES.c.run_id == run_id)
    for table in (FORMS, FINDINGS):
        connection.execute(table.delete().where(table.c.state_id.in_(own)))
    connection.execute(STATES.delete().where(STATES.c.run_id == run_id))
    connection.execute(RUNS.delete().where(RUNS.c.id == run_id))
