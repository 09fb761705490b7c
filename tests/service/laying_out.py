"""The database that Prefect lays out by migrations; `python -m tests.service.laying_out` keeps it anew."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from pathlib import Path

from prefect import __version__
from prefect.server.database import provide_database_interface
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, temporary_settings

from jixiao.service import server


def laid_out(folder: Path) -> str:
    """What `service/database.sql` has to hold: Prefect's version, its tables in SQL."""
    database = folder / "prefect.db"
    with temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: f"sqlite+aiosqlite:///{database}"}):
        asyncio.run(_create())
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return "\n".join([f"-- prefect {__version__}", *connection.iterdump(), ""])


async def _create() -> None:
    interface = provide_database_interface()
    await interface.create_db()
    await (await interface.engine()).dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        Path(server.__file__).with_name("database.sql").write_text(laid_out(Path(place)), encoding="utf-8")
