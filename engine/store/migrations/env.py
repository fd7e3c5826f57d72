"""Alembic's entry: runs the steps in the open connection that `engine/store/migrate.py` hands over."""

from __future__ import annotations

from alembic import context

from engine.store.tables import metadata


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Full-text tables are made by hand: Alembic cannot describe them."""
    return not (kind == "table" and name is not None and "_fts" in name)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=_ours,
    render_as_batch=True,
    user_module_prefix="tables.",
)
context.run_migrations()
