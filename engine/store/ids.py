"""Ids of everything stored: UUIDv7 strings, so that they sort by the time they were made."""

from __future__ import annotations

from uuid6 import uuid7


def new_id() -> str:
    """A fresh id, greater than every id this process made before."""
    return str(uuid7())
