"""The first ledger: rounds, runs, states of departments with their forms and findings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _of(name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"jixiao_{table}.id"), nullable=nullable)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jixiao_rounds",
        _id(),
        sa.Column("jurisdiction", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        *_texts("scheme", "title"),
        sa.UniqueConstraint("jurisdiction", "name", "year", name="jixiao_rounds_key"),
    )
    op.create_table(
        "jixiao_runs",
        *(_id(), _of("round_id", "rounds")),
        *_texts("place", "manifest", "created", "rules", "version"),
        *_counts("files"),
        sa.Column("confirmed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "jixiao_states",
        *(_id(), _of("round_id", "rounds"), _of("run_id", "runs"), _of("ended_by", "runs", nullable=True)),
        sa.Column("department", sa.String(400), nullable=False),
        *_texts(
            "key", "chain", "seen", "status", "received", "returned", "score", "grade", "budget", "executed"
        ),
        *_counts("times", "mended", "open", "fresh", "excused", "doubts", "forms", "missing"),
        sa.Column("unchanged", sa.Boolean, nullable=False),
    )
    op.create_table(
        "jixiao_forms",
        *(_id(), _of("state_id", "states")),
        *_texts("form", "project", "scope", "file", "sheet", "sha256", "content", "status"),
        *_texts("self_score", "computed_score", "accepted_score", "grade", "figures", "indicators"),
    )
    op.create_table(
        "jixiao_findings",
        *(_id(), _of("state_id", "states")),
        *_texts("finding_id", "root", "code", "severity", "form", "project", "file", "sheet", "cell"),
        *_texts("label", "address", "reported", "expected", "figures", "statement", "fate", "since"),
        *_texts("opinion", "officer", "decided", "explanation", "excuse", "pinned", "note", "now"),
    )
    for name, table, columns in (
        ("jixiao_runs_round", "runs", ["round_id"]),
        ("jixiao_states_round", "states", ["round_id", "ended_by"]),
        ("jixiao_states_department", "states", ["department"]),
        ("jixiao_states_run", "states", ["run_id"]),
        ("jixiao_forms_state", "forms", ["state_id"]),
        ("jixiao_forms_sha256", "forms", ["sha256"]),
        ("jixiao_findings_state", "findings", ["state_id"]),
    ):
        op.create_index(name, f"jixiao_{table}", columns)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("findings", "forms", "states", "runs", "rounds"):
        op.drop_table(f"jixiao_{table}")
