"""The wizard's state machine: every answer is saved before the next question is asked.

`bot/commands/create.py` calls one method per action; each returns the step to show. The questions are data in
`steps.py`; the draft lives in the store, so any surface can go on where another one stopped.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace

from bot import views
from bot.messages import Advice, DraftCard, Origin, Take, Wizard, WizardField
from bot.wizard.steps import STEPS, Question, Step
from characters.character import Appearance, Persona, missing
from characters.coach import advise
from characters.text import TextError
from engine.build import Engine
from engine.casting import PUBLISHED
from engine.errors import InputError, NotFoundError
from engine.types import CharacterRecord, Draft

# How many canonical pictures are offered at a time.
TAKES = 3
TAKES_STEP = "takes"
# In `Draft.extra`: an answer that could not be used, kept word for word until it is corrected.
RAW = "raw:"
# In `Draft.extra`: the advice of a step that has been shown once; it does not hold anyone up twice.
SEEN = "seen:"
# A new draft's face; 32 bits, which every pipeline's generator takes.
FACE_SEEDS = 2**32


class WizardMachine:
    """Leads a person through the making of a character."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def start(self, person_id: str) -> Wizard:
        """A new draft at the first step."""
        persona = Persona(name="", appearance=Appearance(face_seed=secrets.randbelow(FACE_SEEDS)))
        draft = await self._engine.drafts.create(person_id, persona, STEPS[0].id)
        return await self.show(draft)

    async def edit(self, record: CharacterRecord, person_id: str) -> Wizard:
        """A draft of an existing character; publishing it saves a new version."""
        for draft in await self._engine.drafts.open(person_id):
            if draft.character_id == record.id:
                return await self.show(draft)
        draft = await self._engine.drafts.create(person_id, record.persona, STEPS[1].id)
        return await self.show(await self._save(replace(draft, character_id=record.id)))

    async def own_draft(self, draft_id: str, person_id: str) -> Draft:
        """A person's own draft. Raises NotFoundError for anyone else's."""
        draft = await self._engine.drafts.get(draft_id)
        if draft.person_id != person_id:
            raise NotFoundError
        return draft

    async def open_drafts(self, person_id: str) -> tuple[DraftCard, ...]:
        """The drafts that wait to be resumed."""
        drafts = await self._engine.drafts.open(person_id)
        return tuple(
            DraftCard(
                draft.id, draft.persona.name or "Someone new", _step(draft.step).title, draft.updated_at
            )
            for draft in drafts
        )

    async def answer(self, draft: Draft, step_id: str, answers: Mapping[str, str], *, go_on: bool) -> Wizard:
        """Save a step's answers; with `go_on` move to the next step unless the coach or the rules object."""
        step = _step(step_id or draft.step)
        draft, errors = self._write(replace(draft, step=step.id), step, answers)
        draft = await self._save(draft)
        advice = (*errors, *self._advise(draft, step))
        if go_on and not any(tip.blocking for tip in advice) and self._was_seen(draft, step, advice):
            draft = await self._save(replace(draft, step=_after(step).id))
            return await self.show(draft)
        if go_on:
            draft = await self._save(_see(draft, step, advice))
        return await self.show(draft, advice=advice)

    async def back(self, draft: Draft, step_id: str, answers: Mapping[str, str]) -> Wizard:
        """Save what is there and go to the step before."""
        step = _step(step_id or draft.step)
        draft, _ = self._write(draft, step, answers)
        draft = await self._save(replace(draft, step=_before(step).id))
        return await self.show(draft)

    async def go_to(self, draft: Draft, step_id: str) -> Wizard:
        """Jump to any step; steps that were skipped are asked for when it is published."""
        draft = await self._save(replace(draft, step=_step(step_id).id))
        return await self.show(draft)

    async def accept(self, draft: Draft, step_id: str, field: str) -> Wizard:
        """Take the coach's stronger wording for a field."""
        step = _step(step_id or draft.step)
        question = _question(step, field)
        tips = self._advise_on(draft.persona, question, _value(draft, question))
        proposals = [tip.proposal for tip in tips if tip.proposal]
        if not proposals:
            raise InputError(
                "There is no proposal for that field any more; it may have been accepted already."
            )
        return await self.answer(draft, step.id, {field: proposals[0]}, go_on=False)

    async def offer_takes(self, draft: Draft, origin: Origin | None = None) -> Wizard:
        """Ask for canonical pictures to choose from; asked again once they are there, it offers another set.

        With an origin, delivery shows the step there again as they come.
        """
        if draft.takes and not await self._all_made(draft):
            return await self.show(await self._save(replace(draft, step=TAKES_STEP)))
        number = int(draft.extra.get("round", "0")) + 1
        jobs = await self._engine.selfie.takes(
            draft,
            count=TAKES,
            round_=number,
            surface=origin.surface if origin else "",
            origin=origin.to_json() if origin else "{}",
        )
        extra = {**draft.extra, "round": str(number)}
        draft = await self._save(
            replace(draft, step=TAKES_STEP, takes=tuple(job.id for job in jobs), extra=extra)
        )
        return await self.show(draft)

    async def _all_made(self, draft: Draft) -> bool:
        """Whether no take is under way any more."""
        tickets = [await self._engine.queue.ticket(job_id) for job_id in draft.takes]
        return all(ticket.job.status.final for ticket in tickets)

    async def choose(self, draft: Draft, job_id: str) -> Wizard:
        """Make a take the canonical picture: its face is the character's face from now on."""
        taken, media_id = await self._engine.selfie.take_face(job_id, draft)
        looks = replace(draft.persona.appearance, face_seed=taken.appearance.face_seed)
        references = replace(draft.persona.references, headshot=media_id)
        draft = await self._save(
            replace(
                draft,
                persona=replace(draft.persona, appearance=looks, references=references),
                step=TAKES_STEP,
            )
        )
        return await self.show(draft)

    async def publish(self, draft: Draft) -> Wizard:
        """Make the character, or save the new version. What is still missing is said instead."""
        if draft.step == PUBLISHED:
            return await self.show(draft)  # a second click
        problems = tuple(problem.sentence for problem in missing(draft.persona))
        refusal = self._engine.casting.refuse_character(draft.persona)
        if problems or refusal:
            return await self.show(draft, problems=(*problems, *((refusal,) if refusal else ())))
        record = await self._engine.casting.publish(draft)
        return replace(await self.show(draft), character=views.card(record, draft.person_id))

    async def discard(self, draft: Draft) -> None:
        """Delete a draft."""
        await self._engine.drafts.delete(draft.id)

    async def show(
        self, draft: Draft, *, advice: tuple[Advice, ...] | None = None, problems: tuple[str, ...] = ()
    ) -> Wizard:
        """The step a draft is at; one that was published shows the character that it became."""
        if draft.step == PUBLISHED and draft.character_id:
            record = await self._engine.characters.get(draft.character_id)
            last = await self.show(replace(draft, step=TAKES_STEP, takes=()))
            return replace(last, character=views.card(record, draft.person_id))
        step = _step(draft.step)
        if advice is None:
            advice = self._advise(draft, step) if _answered(draft, step) else ()
        if step.id == TAKES_STEP:
            advice = (*advice, *await self._remarks(draft))
        return Wizard(
            draft_id=draft.id,
            step=step.id,
            title=step.title,
            intro=step.intro,
            index=STEPS.index(step),
            total=len(STEPS),
            steps=tuple((one.id, one.title, _answered(draft, one)) for one in STEPS),
            fields=tuple(_field(draft, question) for question in step.fields),
            advice=advice,
            takes=await self._takes(draft) if step.id == TAKES_STEP else (),
            portrait=_portrait_key(draft.persona),
            problems=problems,
            can_go_back=step is not STEPS[0],
        )

    def _write(
        self, draft: Draft, step: Step, answers: Mapping[str, str]
    ) -> tuple[Draft, tuple[Advice, ...]]:
        """The draft with the answers; those that cannot be used are kept as they are, with a blocking tip each."""
        persona, extra, errors = draft.persona, dict(draft.extra), []
        for question in step.fields:
            if question.name not in answers:
                continue
            given = answers[question.name]
            try:
                persona = question.write(persona, given)
                extra.pop(RAW + question.name, None)
            except TextError as error:
                extra[RAW + question.name] = given[: 4 * question.max_length]
                errors.append(_unusable(question, given, str(error), persona))
        if _looks(persona) != _looks(draft.persona):
            # Other looks are another face: the canonical picture has to be chosen again.
            persona = replace(persona, references=replace(persona.references, headshot=""))
            draft = replace(draft, takes=())
        return replace(draft, persona=persona, extra=extra), tuple(errors)

    def _advise(self, draft: Draft, step: Step) -> tuple[Advice, ...]:
        advice = []
        for question in step.fields:
            if RAW + question.name not in draft.extra:
                advice += self._advise_on(draft.persona, question, _value(draft, question))
        return tuple(advice)

    def _advise_on(self, persona: Persona, question: Question, value: str) -> list[Advice]:
        if question.required and not value.strip():
            return [
                Advice(
                    question.name,
                    f"{question.label} is still empty. For example: {question.example}",
                    blocking=True,
                )
            ]
        if refusal := self._engine.casting.refuse_words(value):
            return [Advice(question.name, refusal, blocking=True)]
        tips = advise(question.name, value, persona=persona)
        return [Advice(tip.field, tip.sentence, tip.proposal, tip.blocking) for tip in tips]

    def _was_seen(self, draft: Draft, step: Step, advice: tuple[Advice, ...]) -> bool:
        """Advice that does not block is shown once; whoever goes on a second time has decided."""
        return not advice or draft.extra.get(SEEN + step.id) == _fingerprint(advice)

    async def _takes(self, draft: Draft) -> tuple[Take, ...]:
        takes = []
        for job_id in draft.takes:
            ticket = await self._engine.queue.ticket(job_id)
            media_id = ticket.job.media_id or ""
            chosen = bool(media_id) and draft.persona.references.headshot == media_id
            takes.append(Take(job_id, media_id, None if media_id else views.progress(ticket), chosen))
        return tuple(takes)

    async def _remarks(self, draft: Draft) -> tuple[Advice, ...]:
        """What is to be said of takes that have come: one is much like another character, the illustrator drew it."""
        remarks = []
        for number, job_id in enumerate(draft.takes, 1):
            try:
                media_id = (await self._engine.queue.get(job_id)).media_id
                making = (await self._engine.media.get(media_id)).making if media_id else None
            except NotFoundError:  # deleted, or its record is pruned
                continue
            if making and making.note:
                remarks.append(Advice(TAKES_STEP, f"Take {number}: {making.note}"))
        return tuple(remarks)

    async def _save(self, draft: Draft) -> Draft:
        return await self._engine.drafts.save(draft)


def _step(step_id: str) -> Step:
    for step in STEPS:
        if step.id == step_id:
            return step
    raise InputError(f"The wizard has no step “{step_id[:40]}”.")


def _question(step: Step, name: str) -> Question:
    for question in step.fields:
        if question.name == name:
            return question
    raise InputError(f"The step {step.title} has no field “{name[:40]}”.")


def _after(step: Step) -> Step:
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def _before(step: Step) -> Step:
    return STEPS[max(STEPS.index(step) - 1, 0)]


def _value(draft: Draft, question: Question) -> str:
    return draft.extra.get(RAW + question.name) or question.read(draft.persona)


def _field(draft: Draft, question: Question) -> WizardField:
    choices = question.choices(draft.persona) if callable(question.choices) else question.choices
    return WizardField(
        name=question.name,
        label=question.label,
        kind=question.kind,
        value=_value(draft, question),
        help=question.help,
        example=question.example,
        choices=choices,
        required=question.required,
        max_length=question.max_length,
    )


def _answered(draft: Draft, step: Step) -> bool:
    if step.id == TAKES_STEP:
        return bool(draft.persona.references.headshot)
    required = [question for question in step.fields if question.required]
    return all(question.read(draft.persona) for question in required or step.fields)


def _unusable(question: Question, given: str, sentence: str, persona: Persona) -> Advice:
    """What keeps an answer from being stored; where the coach can shorten it, one click does."""
    proposals = [tip.proposal for tip in advise(question.name, given, persona=persona) if tip.proposal]
    return Advice(question.name, sentence, proposals[0] if proposals else "", blocking=True)


def _see(draft: Draft, step: Step, advice: tuple[Advice, ...]) -> Draft:
    return replace(draft, extra={**draft.extra, SEEN + step.id: _fingerprint(advice)})


def _fingerprint(advice: tuple[Advice, ...]) -> str:
    words = "\n".join(f"{tip.field} {tip.sentence}" for tip in advice)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _looks(persona: Persona) -> tuple[Appearance, str]:
    """What the canonical picture depends on, whichever face was chosen."""
    return replace(persona.appearance, face_seed=0), persona.style.value


def _portrait_key(persona: Persona) -> str:
    """What the live portrait depends on; the name of its picture on the page."""
    return hashlib.sha256(f"{persona.appearance!r} {persona.style}".encode()).hexdigest()[:16]
