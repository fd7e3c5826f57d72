"""One picture request, read aloud: moderation, the shot planned, a job queued, the message that becomes the picture.

`bot/commands/selfie.py` and the wizard call it; the worker process (`engine/images/worker.py`) does the drawing, and
`bot/delivery.py` shows what comes of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from characters.character import Persona
from engine.config import ImagesConfig
from engine.errors import InputError, NotFoundError, RefusedError, RenderError
from engine.images.job import from_json, to_json
from engine.images.queue.port import JobQueue
from engine.images.shot import imagine, plan_shot, vary_shot
from engine.images.shot.scene import NOTHING, Imagined
from engine.models.ask import Asker
from engine.safety.picture import check_picture
from engine.safety.text import Action, Gate, Where
from engine.store.store import Store
from engine.types import (
    Clock,
    Conversation,
    Draft,
    Framing,
    Job,
    JobClass,
    Media,
    Message,
    NewJob,
    PictureJob,
    PicturePurpose,
    Role,
    Shot,
    Ticket,
    spoken,
)

# Seeds fit into 32 bits, which every pipeline's generator takes.
SEED_LIMIT = 2**32
# The canonical picture: the face in clean light before a plain wall, as the reference library begins.
CANON_SHOT = Shot(framing=Framing.CLOSE_UP)
# Pixels of a live portrait: large enough to judge a face, quick enough to follow typing.
PORTRAIT_SIZE = 512
# How long a page waits for a live portrait, in seconds.
PORTRAIT_PATIENCE = 20.0
# What a variation's caption says beside the scene.
VARIED = {"outfit": "new outfit", "light": "new light", "again": "once more"}
# How many messages before the request are looked at for place, outfit and mood.
SHOT_CONTEXT = 12
# A model that did not answer in time will not the next time either, e.g. a large one without a GPU: for so long nobody
# who asks for a picture waits for it.
UNASKED_FOR = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture that is under way: the person's message, the one that becomes the picture, and the ticket."""

    said: Message
    picture: Message
    ticket: Ticket


class Selfie:
    """Plans pictures of characters and puts them into the queue."""

    def __init__(
        self,
        store: Store,
        queue: JobQueue,
        gate: Gate,
        clock: Clock,
        config: ImagesConfig,
        asker: Asker | None = None,
    ) -> None:
        self._asker = asker
        self._unasked_until = datetime.min.replace(tzinfo=UTC)
        self._store = store
        self._queue = queue
        self._gate = gate
        self._clock = clock
        self._config = config

    async def ask(
        self, conversation_id: str, request: str, *, words: str = "", event_id: str, surface: str, origin: str
    ) -> Asked:
        """Ask for a picture of a scene ("at a jazz bar"); `words` are what the person said, if that was more.

        Raises RefusedError, QuotaError.
        """
        conversation = await self._store.conversations.get(conversation_id)
        recent = await self._store.conversations.window(conversation.id, SHOT_CONTEXT)
        self._moderate(words or request, [message.text for message in recent])
        persona = await self._persona(conversation)
        picture = await self._plan(request, persona, recent, conversation, _seed(conversation.id, event_id))
        return await self._enqueue(
            conversation, picture, words or f"/selfie {request}".strip(), event_id, surface, origin
        )

    async def vary(
        self, conversation_id: str, media_id: str, what: str, *, event_id: str, surface: str, origin: str
    ) -> Asked:
        """The same picture with one thing changed: "outfit", "light", or "again" for another take of the scene."""
        conversation = await self._store.conversations.get(conversation_id)
        media = await self._store.media.get(media_id)
        if media.person_id != conversation.person_id:
            raise NotFoundError
        seed = _seed(conversation.id, event_id)
        persona = await self._persona(conversation)
        shot = vary_shot(media.shot, what, persona=persona, seed=seed)
        # One thing varies: a new outfit or light keeps the seed, "again" is a new take.
        kept = seed if what == "again" else media.seed
        picture = self._picture(persona, shot, conversation, seed=kept)
        words = _variation_words(what, shot)
        return await self._enqueue(
            conversation, picture, words, event_id, surface, origin, varied=VARIED.get(what, "")
        )

    async def takes(
        self, draft: Draft, *, count: int, round_: int, surface: str = "", origin: str = "{}"
    ) -> tuple[Job, ...]:
        """Ask for canonical pictures to choose from: the same words, another face each.

        With a surface they are delivered there as they come; without one, whoever asked looks again.
        """
        jobs = []
        for number in range(count):
            face = _seed(draft.id, f"take {round_}.{number}")
            looks = replace(draft.persona.appearance, face_seed=face)
            picture = PictureJob(
                purpose=PicturePurpose.TAKE,
                persona=replace(draft.persona, appearance=looks),
                shot=CANON_SHOT,
                seed=face,
                width=self._config.size,
                height=self._config.size,
                pipeline=self._config.pipeline,
                draft_id=draft.id,
            )
            self._moderate_picture(picture)
            key = f"take:{draft.id}:{face}:{_looks_key(draft)}"
            jobs.append(await self._put(picture, draft.person_id, key=key, surface=surface, origin=origin))
        return tuple(jobs)

    async def portrait(self, draft: Draft) -> Media:
        """A draft's live portrait, drawn now unless these looks were drawn before. Raises RenderError, RefusedError."""
        picture = PictureJob(
            purpose=PicturePurpose.PREVIEW,
            persona=draft.persona,
            shot=Shot(),
            seed=draft.persona.appearance.face_seed,
            width=PORTRAIT_SIZE,
            height=PORTRAIT_SIZE,
            pipeline=self._config.pipeline,
            draft_id=draft.id,
        )
        self._moderate_picture(picture)
        key = f"preview:{draft.id}:{_looks_key(draft)}"
        job = await self._put(picture, draft.person_id, key=key, job_class=JobClass.PREVIEW)
        finished = await self.finished(job.id, PORTRAIT_PATIENCE)
        if finished.media_id is None:
            raise RenderError(finished.error or None)
        return await self._store.media.get(finished.media_id)

    async def finished(self, job_id: str, patience: float) -> Job:
        """The job once it is final. Raises RenderError when it takes longer than `patience` seconds."""
        updates = self._queue.updates()
        try:
            async with asyncio.timeout(patience):
                job = await self._queue.get(job_id)
                while not job.status.final:
                    changed = await anext(updates)
                    job = changed if changed.id == job_id else job
                return job
        except TimeoutError:
            raise RenderError(
                "The picture takes longer than usual. It will appear when you reload."
            ) from None
        finally:
            await updates.aclose()

    async def settle(self, job: Job) -> Message | None:
        """Turn the message that waited for a finished job into the picture. None if no message waits for it."""
        message = await self._store.conversations.by_job(job.id)
        if message is None:
            return None
        if job.media_id and message.media_id is None and await self._store.media.has(job.media_id):
            await self._store.conversations.set_media(message.id, job.media_id)
            return replace(message, media_id=job.media_id)
        return message

    async def cancel(self, job_id: str, person_id: str) -> Ticket:
        """Stop a picture that waits or is being made. Raises NotFoundError for somebody else's."""
        await self._queue.cancel(job_id, person_id)
        return await self._queue.ticket(job_id)

    async def take_face(self, job_id: str, draft: Draft) -> tuple[Persona, str]:
        """The persona and the media id of a finished take. Raises InputError if it is not ready or not of this draft."""
        job = await self._queue.get(job_id)
        picture = from_json(job.payload)
        if job.person_id != draft.person_id or picture.draft_id != draft.id:
            raise NotFoundError
        if job.media_id is None:
            raise InputError("That take is not ready yet. Choose one that you can see.")
        return picture.persona, job.media_id

    async def _plan(
        self,
        request: str,
        persona: Persona,
        recent: Sequence[Message],
        conversation: Conversation,
        seed: int,
    ) -> PictureJob:
        """The picture that a request means. What a model adds has to pass the gate, or the rules plan it alone."""
        last, talk, now = await self._last_shot(recent), spoken(recent), self._clock().astimezone()

        def planned(imagined: Imagined) -> PictureJob:
            shot = plan_shot(request, persona=persona, recent=talk, now=now, last=last, imagined=imagined)
            return self._picture(persona, shot, conversation, seed=seed)

        if self._asker is None or not self._asker.able or self._clock() < self._unasked_until:
            return planned(NOTHING)
        imagined = await imagine(self._asker, request, persona=persona, recent=talk, now=now, last=last)
        if imagined is None:
            self._unasked_until = self._clock() + UNASKED_FOR
            return planned(NOTHING)
        picture = planned(imagined)
        passes = check_picture(picture, self._gate).action is Action.ALLOW
        return picture if passes else planned(NOTHING)

    def _moderate(self, request: str, context: Sequence[str]) -> None:
        verdict = self._gate.check(request, Where.SHOT, context=list(context))
        if verdict.action is not Action.ALLOW:
            raise RefusedError(verdict.sentence)

    def _moderate_picture(self, picture: PictureJob) -> None:
        verdict = check_picture(picture, self._gate)
        if verdict.action is not Action.ALLOW:
            raise RefusedError(verdict.sentence)

    async def _persona(self, conversation: Conversation) -> Persona:
        return await self._store.characters.version(conversation.character_id, conversation.character_version)

    async def _last_shot(self, recent: Sequence[Message]) -> Shot | None:
        media_ids = [message.media_id for message in recent if message.media_id]
        return (await self._store.media.get(media_ids[-1])).shot if media_ids else None

    def _picture(self, persona: Persona, shot: Shot, conversation: Conversation, *, seed: int) -> PictureJob:
        return PictureJob(
            purpose=PicturePurpose.SELFIE,
            persona=persona,
            shot=shot,
            seed=seed,
            width=self._config.size,
            height=self._config.size,
            pipeline=self._config.pipeline,
            character_id=conversation.character_id,
            conversation_id=conversation.id,
        )

    async def _enqueue(
        self,
        conversation: Conversation,
        picture: PictureJob,
        words: str,
        event_id: str,
        surface: str,
        origin: str,
        *,
        varied: str = "",
    ) -> Asked:
        """Job first, then the two messages: whatever a crash cuts off, the same event completes without doubling."""
        self._moderate_picture(picture)
        key = f"selfie:{conversation.id}:{event_id}"
        job = await self._put(picture, conversation.person_id, key=key, surface=surface, origin=origin)
        append = self._store.conversations.append
        said = await append(conversation.id, Role.PERSON, words, event_id=event_id)
        shown = picture.shot.request or picture.shot.place or "a portrait"
        shown = f"{shown} · {varied}" if varied else shown
        message = await append(
            conversation.id,
            Role.CHARACTER,
            shown,
            reply_to=said.id,
            job_id=job.id,
            event_id=f"{event_id}:picture",
        )
        return Asked(said, message, await self._queue.ticket(job.id))

    async def _put(
        self,
        picture: PictureJob,
        person_id: str,
        *,
        key: str,
        job_class: JobClass = JobClass.INTERACTIVE,
        surface: str = "",
        origin: str = "{}",
    ) -> Job:
        new = NewJob(
            kind="picture",
            person_id=person_id,
            payload=to_json(picture),
            job_class=job_class,
            origin=origin,
            surface=surface,
            idempotency_key=key,
        )
        return await self._queue.enqueue(new)


def _seed(*parts: str) -> int:
    """A seed that the same event always gives, so that a repeated request is the same picture."""
    return random.Random("\0".join(parts)).randrange(SEED_LIMIT)


def _looks_key(draft: Draft) -> str:
    """What a portrait depends on: it changes whenever the looks or the style change."""
    looks = f"{draft.persona.appearance!r} {draft.persona.style}"
    return hashlib.sha256(looks.encode()).hexdigest()[:16]


def _variation_words(what: str, shot: Shot) -> str:
    """What the person's click says in the conversation: words that ask for a picture, should they be read again."""
    if what == "outfit" and shot.outfit is not None:
        change = f"the same scene, wearing {shot.outfit.description or shot.outfit.name}"
    else:
        change = "the same scene in another light" if what == "light" else "the same scene once more"
    return f"Another picture, please: {change}"
