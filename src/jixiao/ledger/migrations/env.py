"""Alembic's environment: migrations run in the connection that the ledger is opened with, all or none."""

from alembic import context

from jixiao.ledger.database import METADATA
from jixiao.ledger.standing import VERSION_TABLE

if hasattr(context, "config"):  # not where somebody only looks at the module
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=METADATA,
        version_table=VERSION_TABLE,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
