"""Ids of everything stored: UUIDv7 strings, so that they sort by the time they were made."""

from __future__ import annotations

import hashlib

from uuid6 import UUID, uuid7


def new_id() -> str:
    """A fresh id, greater than every id this process made before."""
    return str(uuid7())


def answer_id(message_id: str) -> str:
    """The id of the answer to a message: the same at every attempt, so that what a crash left of one is found again."""
    asked = UUID(message_id)
    rest = int.from_bytes(hashlib.sha256(asked.bytes).digest()[:10])
    return str(UUID(int=(asked.int >> 80 << 80) | rest, version=7))
