"""The store: the only room that speaks SQL. Everybody above uses `Store` and the types of engine/types.py."""
