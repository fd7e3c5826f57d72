"""Gathers what a picture is made from beside its job: `engine/images/worker.py` asks before it renders."""

from __future__ import annotations

from collections.abc import Iterator

from characters.character import Persona, References
from engine.errors import NotFoundError
from engine.images.pipelines.port import Materials, Reference
from engine.store.store import Store
from engine.types import Job, Media, PictureJob, ReferenceRole


class Gatherer:
    """Finds references in the store. A picture that is not here, or not the character's, is left out."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def gather(self, job: Job, asked: PictureJob) -> Materials:
        """The character's own references, and the headshots of those whom this person may know."""
        return await self.of(job.person_id, asked.persona, asked.character_id)

    async def of(self, person_id: str, persona: Persona, character_id: str | None) -> Materials:
        """The same for a character by itself, as this person may know it."""
        own = []
        for role, name, media_id in _slots(persona.references):
            media = await self._media(media_id)
            if media is not None and _belongs(media, person_id, character_id):
                own.append(self._reference(role, name or _name(role, media), media))
        return Materials(tuple(own), await self._cast(person_id, persona, character_id), character_id or "")

    async def _cast(
        self, person_id: str, persona: Persona, character_id: str | None
    ) -> tuple[Reference, ...]:
        """Only shipped characters and the person's own: what others made is nobody else's business."""
        cast = []
        for record, _talked_at in await self._store.characters.catalog(person_id):
            media_id = record.persona.references.headshot
            if record.id == character_id or media_id == persona.references.headshot:
                continue
            if (media := await self._media(media_id)) is not None:
                cast.append(self._reference(ReferenceRole.HEADSHOT, record.id, media))
        return tuple(cast)

    async def _media(self, media_id: str) -> Media | None:
        try:
            return await self._store.media.get(media_id) if media_id else None
        except NotFoundError:
            return None

    def _reference(self, role: ReferenceRole, name: str, media: Media) -> Reference:
        return Reference(role, name, media.sha256, self._store.media.path(media))


def _slots(references: References) -> Iterator[tuple[ReferenceRole, str, str]]:
    """Role, name and media id of every slot, in the order in which references are stacked."""
    yield ReferenceRole.HEADSHOT, "", references.headshot
    for media_id in references.angles:
        yield ReferenceRole.ANGLE, "", media_id
    for expression, media_id in references.expressions:
        yield ReferenceRole.EXPRESSION, expression.value, media_id
    for media_id in references.outfits:
        yield ReferenceRole.OUTFIT, "", media_id
    for name, media_id in references.locations:
        yield ReferenceRole.LOCATION, name, media_id
    for name, media_id in references.props:
        yield ReferenceRole.PROP, name, media_id


def _name(role: ReferenceRole, media: Media) -> str:
    """What a picture in a slot without a name shows."""
    if role is ReferenceRole.OUTFIT and media.shot.outfit is not None:
        return media.shot.outfit.name or media.shot.outfit.description
    return media.shot.action if role is ReferenceRole.ANGLE else ""


def _belongs(media: Media, person_id: str, character_id: str | None) -> bool:
    """Whether a picture may be shown to a model for a person: shipped, the character's, or the person's own."""
    if media.person_id is None or media.person_id == person_id:
        return True
    return character_id is not None and media.character_id == character_id
