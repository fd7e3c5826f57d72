"""The history of the tables, as Alembic keeps it; `engine/store/migrate.py` runs it."""
