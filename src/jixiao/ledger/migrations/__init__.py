"""How a ledger came to be what it is: Alembic's scripts, run when one is opened."""
