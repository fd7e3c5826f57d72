"""What is deleted while a picture of it is under way: its message says so, and no button of it stays behind for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messages import Origin, Outbound, Replied, Text, Tone
from engine.types import JobStatus
from tests.bot.conftest import Guest, Recorder, opened


@pytest.fixture
async def waiting(tmp_path: Path) -> AsyncIterator[tuple[Guest, Recorder, str]]:
    """Somebody in a messenger's chat whose picture waits, with no worker to draw it; and the message that shows it."""
    async with opened(tmp_path) as guest:
        recorder = Recorder()
        guest.surfaces[recorder.name] = recorder
        guest.origin = replace(guest.origin, channel="den")
        delivering = asyncio.create_task(guest.delivery.run())
        await guest.call("talk", character="noor")
        shown = await guest.call("selfie", scene="on a roof")
        picture = next(one.message.id for one in reversed(shown) if isinstance(one, Replied))
        yield guest, recorder, picture
        delivering.cancel()
        await asyncio.wait([delivering])


def status(recorder: Recorder, picture: str) -> JobStatus | None:
    """What stands in the message in the end."""
    shown = [one for ref, one in recorder.edits if ref == picture]
    if not shown:
        return None
    last = shown[-1]
    assert isinstance(last, Replied) and last.message.progress is not None
    return last.message.progress.status


@pytest.mark.parametrize("command", ["reset", "forget_me"])
async def test_what_is_forgotten_leaves_no_picture_waiting(
    waiting: tuple[Guest, Recorder, str], command: str
) -> None:
    guest, recorder, picture = waiting
    await guest.call(command, confirm=True, **({"character": "noor"} if command == "reset" else {}))
    assert status(recorder, picture) is JobStatus.CANCELLED
    assert not await guest.house.engine.queue.outstanding(guest.origin.person_id)
    await asyncio.sleep(0.2)  # whatever the queue still tells of it
    assert status(recorder, picture) is JobStatus.CANCELLED


async def test_somebody_elses_picture_goes_on(waiting: tuple[Guest, Recorder, str]) -> None:
    guest, recorder, picture = waiting
    other = await guest.another("bob")
    other.origin = replace(other.origin, channel="elsewhere")
    await other.call("talk", character="noor")
    await other.call("reset", character="noor", confirm=True)
    await other.call("forget_me", confirm=True)
    assert status(recorder, picture) is None


class _Away(Recorder):
    """A messenger that cannot be reached, or stumbles."""

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        raise RuntimeError


async def test_a_messenger_that_breaks_keeps_nobody_from_forgetting(
    waiting: tuple[Guest, Recorder, str],
) -> None:
    guest, recorder, _ = waiting
    guest.surfaces[recorder.name] = _Away()
    shown = await guest.call("forget_me", confirm=True)
    assert shown == (Text("Everything that was yours is deleted."),)


async def test_the_button_of_a_deleted_character_says_so_without_its_number(guest: Guest) -> None:
    (said,) = await guest.call("memory", character="01a1fec6-0f21-7365-8536-a6bbefcfb7d1")
    assert isinstance(said, Text) and said.tone is Tone.ERROR
    assert "not here any more" in said.text and "01a1" not in said.text


async def test_a_deleted_character_leaves_no_picture_waiting(
    waiting: tuple[Guest, Recorder, str],
) -> None:
    guest, recorder, noors = waiting
    engine = guest.house.engine
    noor = await engine.characters.by_slug("noor")
    draft = await engine.drafts.create(guest.origin.person_id, noor.persona, "takes")
    mine = await engine.casting.publish(draft)
    shown = await guest.call("selfie", scene="on the moon", character=mine.id)
    picture = next(one.message.id for one in reversed(shown) if isinstance(one, Replied))
    await guest.call("delete", character=mine.id, confirm=True)
    assert status(recorder, picture) is JobStatus.CANCELLED
    # It may have been told by now that it is further up in line.
    assert status(recorder, noors) in (None, JobStatus.QUEUED)
