"""The ledger of each test: one in a file, one in a database of a PostgreSQL server."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jixiao.ledger import Ledger, open_ledger
from tests.builders.databases import postgresql, server_programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBERS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server; the test script installs one."""
    programs = server_programs()
    if programs is None:
        assert "JIXIAO_CI" not in os.environ, "the test script has to install a PostgreSQL server"
        pytest.skip("no PostgreSQL server installed (apt install postgresql): SQLite only")
    with postgresql(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a ledger that is not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    base = sa.make_url(request.getfixturevalue("server"))
    name = f"ledger_{next(_NUMBERS)}"
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return base.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger."""
    opened = open_ledger(url)
    yield opened
    opened.close()
