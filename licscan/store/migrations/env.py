"""Run by Alembic: applies the migrations over the connection that `licscan.store.database` hands in."""

from alembic import context

from licscan.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
