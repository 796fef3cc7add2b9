"""Alembic's entry: runs on the connection handed over by `tools.store.database.migrate`."""

from alembic import context

from tools.store.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
