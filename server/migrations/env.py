"""Alembic's entry: migrates with the engine it is given, in one transaction."""

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import server.models  # noqa: F401  (fills the metadata)
from server.config import settings

engine = context.config.attributes.get("engine") or create_engine(settings().url)

with engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=context.config.attributes.get("batch", connection.dialect.name == "sqlite"),
        compare_type=True,
    )
    context.run_migrations()
