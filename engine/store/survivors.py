"""Who a person goes on as once accounts were linked; used by the rooms of the store for ids from before that.

A turn or a picture that was under way while accounts were linked still carries the former id: what it brings must not
end up with somebody whom nobody is any more.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.store.tables import people

_JOINED = select(people.c.joined_id).where(people.c.id == bindparam("id"))


async def survivor(db: AsyncConnection, person_id: str) -> str:
    """The id under which a person goes on."""
    return await db.scalar(_JOINED, {"id": person_id}) or person_id
