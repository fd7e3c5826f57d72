"""bot/commands/selfie.py, engine/selfie.py, the worker and delivery together: from a request to the picture."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PIL import Image

from bot.messages import Confirm, Gallery, MessageView, ProgressView, Replied, Started, Text, Tone
from engine.types import JobStatus, Role
from tests.bot.conftest import SETTINGS, Guest, Recorder, opened, working


def last(recorder: Recorder) -> MessageView | None:
    edits = [edit.message for _, edit in recorder.edits if isinstance(edit, Replied)]
    return edits[-1] if edits else None


async def test_a_selfie_is_promised_at_once_and_queued(guest: Guest) -> None:
    await guest.talk()
    started, replied = await guest.say("/selfie at a jazz bar")
    assert isinstance(started, Started) and started.message.text == "/selfie at a jazz bar"
    assert isinstance(replied, Replied) and replied.message.progress is not None
    assert replied.message.progress.status is JobStatus.QUEUED


async def test_a_picture_can_be_asked_for_in_plain_words(guest: Guest) -> None:
    await guest.talk()
    started, replied = await guest.say("Can you send me a picture of you at the beach?")
    assert (
        isinstance(started, Started)
        and started.message.text == "Can you send me a picture of you at the beach?"
    )
    assert isinstance(replied, Replied) and replied.message.progress is not None
    assert replied.message.progress.request == "at the beach"
    (talk,) = [
        shown for shown in await guest.say("I took a picture of my dog.") if isinstance(shown, Replied)
    ]
    assert talk.message.progress is None


async def test_the_same_event_makes_one_picture(guest: Guest) -> None:
    await guest.talk()
    first = await guest.say("/selfie at a jazz bar", event_id="e1")
    again = await guest.say("/selfie at a jazz bar", event_id="e1")
    assert first == again
    assert len(await guest.house.engine.queue.outstanding(guest.origin.person_id)) == 1


async def test_places_in_line_and_cancel(guest: Guest) -> None:
    await guest.talk()
    jobs = []
    for number in range(3):
        replied = (await guest.say(f"/selfie at the beach, number {number}"))[-1]
        assert isinstance(replied, Replied) and replied.message.progress
        jobs.append(replied.message.progress)
    assert [job.position for job in jobs] == [1, 2, 3]
    (cancelled,) = await guest.call("cancel", job=jobs[0].job_id)
    assert (
        isinstance(cancelled, ProgressView) and cancelled.status is JobStatus.CANCELLED and cancelled.sentence
    )
    other = await guest.another("bo")
    (refused,) = await other.call("cancel", job=jobs[1].job_id)
    assert isinstance(refused, Text) and refused.tone is Tone.ERROR
    chat = await guest.talk()
    assert [
        line.progress.position for line in chat.messages if line.progress and not line.progress.status.final
    ] == [1, 2]


async def test_a_quota_is_explained_and_costs_nothing_said(tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(
        update={"images": SETTINGS.images.model_copy(update={"max_outstanding": 2})}
    )
    async with opened(tmp_path, settings) as guest:
        await guest.talk()
        for _ in range(2):
            await guest.say("/selfie at the beach")
        (text,) = await guest.say("/selfie at the beach")
        assert isinstance(text, Text) and text.tone is Tone.ERROR and "2" in text.text


async def test_the_picture_takes_the_place_of_its_progress(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, recorder):
        await guest.talk()
        replied = (await guest.say("/selfie at a jazz bar"))[-1]
        assert isinstance(replied, Replied)
        await recorder.until(lambda: (line := last(recorder)) is not None and line.picture is not None)
        assert {ref for ref, _ in recorder.edits} == {replied.message.id}
        line = last(recorder)
        assert line is not None and line.picture is not None and line.id == replied.message.id
        path, mime = await guest.house.pictures.file(line.picture.media_id, guest.origin.person_id)
        with Image.open(path) as image:
            assert (image.size, mime) == ((256, 256), "image/png")
        (gallery,) = await guest.call("gallery", character="noor")
        assert isinstance(gallery, Gallery) and [one.media_id for one in gallery.pictures] == [
            line.picture.media_id
        ]

        varied = (await guest.call("vary", media=line.picture.media_id, what="light"))[-1]
        assert isinstance(varied, Replied)
        await recorder.until(
            lambda: (
                (line := last(recorder)) is not None
                and line.id == varied.message.id
                and line.picture is not None
            )
        )

        other = await guest.another("bo")
        (nothing,) = await other.call("vary", media=line.picture.media_id, what="light")
        assert isinstance(nothing, Text) and nothing.tone is Tone.ERROR


async def test_a_picture_that_was_due_at_a_crash_is_made_and_delivered_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as guest:
        await guest.talk()
        promised = (await guest.say("/selfie on a hiking trail at sunrise"))[-1]
        assert isinstance(promised, Replied)
    async with working(tmp_path) as (guest, recorder):
        await recorder.until(lambda: (line := last(recorder)) is not None and line.picture is not None)
        line = last(recorder)
        assert line is not None and line.id == promised.message.id
        while await guest.house.engine.queue.undelivered(recorder.name):
            await asyncio.sleep(0.01)  # the edit was seen; the record of it follows
    async with working(tmp_path) as (guest, recorder):
        chat = await guest.talk()
        pictures = [line for line in chat.messages if line.picture]
        assert [line.id for line in pictures] == [promised.message.id]
        assert [line.role for line in chat.messages[-2:]] == [Role.PERSON, Role.CHARACTER]
        assert not recorder.edits


async def test_a_refused_request_is_explained_and_nothing_is_queued(guest: Guest) -> None:
    await guest.talk()
    (text,) = await guest.say("/selfie naked in the shower")
    assert isinstance(text, Text) and text.tone is Tone.ERROR
    assert not await guest.house.engine.queue.outstanding(guest.origin.person_id)


async def test_a_picture_that_was_finished_elsewhere_or_deleted_is_shown_as_it_is(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, recorder):
        await guest.talk()
        await guest.say("/selfie at the beach")
        await recorder.until(lambda: (line := last(recorder)) is not None and line.picture is not None)
        chat = await guest.talk()
        picture = chat.messages[-1].picture
        assert picture is not None
        (question,) = await guest.call("delete_picture", media=picture.media_id)
        assert isinstance(question, Confirm)
        await guest.call("delete_picture", media=picture.media_id, confirm=True)
        gone = (await guest.talk()).messages[-1]
        assert gone.picture is None and gone.progress is not None and "deleted" in gone.progress.sentence
