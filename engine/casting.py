"""From a draft to a character: the gate for characters, publishing, and the cast that comes with the product.

`bot/wizard/machine.py` asks before and when it publishes; `engine/build.py` ships the cast on start.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace

from characters.cast import cast_picture, load_cast
from characters.character import ADULT_AGE, Persona, personality_traits
from engine.errors import RefusedError
from engine.safety.text import Action, Gate, Where
from engine.store.drafts import PUBLISHED as PUBLISHED
from engine.store.ids import new_id
from engine.store.store import Store
from engine.types import CharacterRecord, Draft, Media, PicturePurpose, Shot

# Pixels of a side of the cast's shipped pictures.
CAST_PICTURE_SIZE = 1024
# In `Draft.extra`: the id that the character will have, saved before it is made, so that a crash in between makes one.
PUBLISH_AS = "publish_as"


class Casting:
    """Admits characters and keeps the cast."""

    def __init__(self, store: Store, gate: Gate) -> None:
        self._store = store
        self._gate = gate

    def refuse_words(self, words: str) -> str:
        """Why these words may not describe a character, "" if they may."""
        verdict = self._gate.check(words, Where.CHARACTER)
        return "" if verdict.action is Action.ALLOW else verdict.sentence

    def refuse_character(self, persona: Persona) -> str:
        """Why this character may not be made, "" if it may. Fields are judged together: rules reach across them."""
        if persona.appearance.age < ADULT_AGE:
            return "Characters here are adults: choose an age of 18 or more."
        return self.refuse_words("\n".join(_words(persona)))

    async def publish(self, draft: Draft) -> CharacterRecord:
        """Make the draft's character, or a new version of the one it edits. Repeating it changes nothing."""
        if draft.step == PUBLISHED and draft.character_id:
            return await self._store.characters.get(draft.character_id)
        if refusal := self.refuse_character(draft.persona):
            raise RefusedError(refusal)
        if draft.character_id:
            record = await self._store.characters.save(draft.character_id, draft.persona)
        else:
            record = await self._create(draft)
        await self._store.media.adopt(draft.persona.references.headshot, record.id)
        await self._store.drafts.publish(draft.id, record.id)
        return record

    async def set_primary(self, record: CharacterRecord, media: Media) -> CharacterRecord:
        """Make a picture the character's face: a new version with that headshot; its looks stay as they are."""
        if record.persona.references.headshot == media.id:
            return record
        references = replace(record.persona.references, headshot=media.id)
        return await self._store.characters.save(record.id, replace(record.persona, references=references))

    async def ship_cast(self) -> None:
        """Bring the shipped characters and their canonical pictures into the store, if they changed."""
        for slug, persona in await asyncio.to_thread(load_cast):
            png = await asyncio.to_thread(cast_picture, slug)
            if png is not None:
                await self._ship(slug, persona, png)

    async def _create(self, draft: Draft) -> CharacterRecord:
        character_id = draft.extra.get(PUBLISH_AS)
        if character_id is None:
            character_id = new_id()
            draft = await self._store.drafts.save(
                replace(draft, extra={**draft.extra, PUBLISH_AS: character_id})
            )
        return await self._store.characters.create(draft.person_id, draft.persona, character_id=character_id)

    async def _ship(self, slug: str, persona: Persona, png: bytes) -> None:
        headshot = await self._store.media.shipped(hashlib.sha256(png).hexdigest())
        if headshot is None:
            headshot = await self._store.media.put(
                png,
                mime="image/png",
                width=CAST_PICTURE_SIZE,
                height=CAST_PICTURE_SIZE,
                person_id=None,
                character_id=None,
                purpose=PicturePurpose.CANON,
                seed=persona.appearance.face_seed,
                pipeline="illustrator",
                shot=Shot(),
                caption=f"{persona.name}. {persona.tagline}",
            )
        references = replace(persona.references, headshot=headshot.id)
        await self._store.characters.ensure_shipped(slug, replace(persona, references=references))


def _words(persona: Persona) -> list[str]:
    """All words of a persona, one field a line, with the labels that rules may need."""
    looks, own = persona.appearance, persona.personality
    return [
        persona.name,
        persona.tagline,
        f"{looks.age} years old, {looks.presentation}",
        looks.face_shape,
        looks.features,
        f"{looks.hair.colour}, {looks.hair.length}, {looks.hair.style}",
        looks.eyes,
        looks.skin_tone,
        looks.build,
        f"{looks.outfit.name} {looks.outfit.description}",
        looks.distinctive,
        *personality_traits(persona),
        own.quirk,
        *own.speech,
        *own.sample_lines,
        persona.backstory,
        persona.relationship,
        persona.greeting,
        persona.voice.description,
        *persona.tags,
    ]
