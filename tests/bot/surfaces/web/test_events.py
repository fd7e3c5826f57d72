"""The stream: what is said reaches every open page, once, also after a lost connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

from bot.messages import Delta, Origin, Replied, Started, Text, Tone
from bot.surfaces.web.events import CHANNELS, QUEUE_EVENTS, REPLAY_EVENTS, Hub
from bot.surfaces.web.surface import WebSurface, channel_of
from engine.types import JobStatus, Role
from tests.bot.surfaces.web import views
from tests.bot.surfaces.web.conftest import browse

ORIGIN = Origin("web", "owner", conversation_id="conversation-1", reply="e1")


async def read(stream: AsyncIterator[str], count: int) -> list[tuple[str, str, dict[str, object]]]:
    """The next events: id, kind, data. Heartbeats and the retry line are passed over."""
    events = []
    async with asyncio.timeout(5):
        async for text in stream:
            for block in text.split("\n\n"):
                if "event: " in block:
                    lines = dict(line.split(": ", 1) for line in block.split("\n"))
                    events.append((lines["id"], lines["event"], json.loads(lines["data"])))
            if len(events) == count:
                break
    return events


async def heard(
    hub: Hub, after: str, count: int, name: str = "c"
) -> list[tuple[str, str, dict[str, object]]]:
    async with aclosing(hub.stream(name, after)) as stream:
        return await read(stream, count)


async def test_events_arrive_in_order_and_with_ids() -> None:
    hub = Hub()
    cursor = hub.cursor("c", hub.mark)
    for number in range(5):
        hub.publish("c", "delta", json.dumps({"n": number}))
        hub.publish("other", "delta", json.dumps({"n": "not yours"}))
    events = await heard(hub, cursor, 5)
    assert [data["n"] for _, _, data in events] == [0, 1, 2, 3, 4]
    later = await heard(hub, events[2][0], 2)
    assert [data["n"] for _, _, data in later] == [3, 4]


async def test_a_listener_hears_what_comes_later() -> None:
    hub = Hub(heartbeat=0.01)
    async with aclosing(hub.stream("c", hub.cursor("c", hub.mark))) as stream:
        assert (await anext(stream)).startswith("retry")
        assert await anext(stream) == ": still here\n\n"
        hub.publish("c", "delta", "{}")
        events = await read(stream, 1)
    assert events[0][1] == "delta"


async def test_whoever_missed_too_much_reloads() -> None:
    hub = Hub()
    old = hub.cursor("c", hub.mark)
    for number in range(REPLAY_EVENTS + 1):
        hub.publish("c", "delta", json.dumps({"n": number}))
    assert (await heard(hub, old, 1))[0][1] == "resync"
    for nonsense in ("x", "-", "other-5", f"{hub.epoch}-999999", f"{hub.epoch}--1", f"{hub.epoch}-²"):
        assert (await heard(hub, nonsense, 1))[0][1] == "resync"
    fresh = hub.cursor("c", hub.mark)
    hub.publish("c", "message", "{}")
    assert (await heard(hub, fresh, 1))[0][1] == "message"


async def test_an_id_of_an_earlier_run_means_reload() -> None:
    old = Hub().cursor("c", 0)
    assert (await heard(Hub(), old, 1))[0][1] == "resync"


async def test_a_page_opened_in_mid_reply_gets_all_of_it() -> None:
    hub = Hub()
    hub.publish("c", "message", "{}")
    hub.begin("c", "r")
    for number in range(3):
        hub.publish("c", "delta", json.dumps({"n": number}))
    assert hub.streaming("c") == {"r"}
    events = await heard(hub, hub.cursor("c", hub.mark), 3)
    assert [data["n"] for _, _, data in events] == [0, 1, 2]
    hub.end("c", "r")
    assert hub.cursor("c", hub.mark).endswith("-4")


async def test_what_happens_while_a_page_is_rendered_is_replayed() -> None:
    hub = Hub()
    mark = hub.mark
    hub.publish("c", "message", '{"n": 1}')
    events = await heard(hub, hub.cursor("c", mark), 1)
    assert events[0][2] == {"n": 1}


async def test_a_slow_reader_is_dropped_and_the_others_are_not() -> None:
    hub = Hub()
    slow = hub.stream("c", hub.cursor("c", 0))
    await anext(slow)
    for number in range(QUEUE_EVENTS + 1):
        hub.publish("c", "delta", json.dumps({"n": number}))
    rest = [text async for text in slow]
    assert rest == []
    assert len(await heard(hub, hub.cursor("c", 0), 5)) == 5


async def test_channels_are_bounded() -> None:
    hub = Hub()
    cursor = hub.cursor("c0", hub.mark)
    hub.publish("c0", "delta", "{}")
    for number in range(1, CHANNELS + 1):
        hub.publish(f"c{number}", "delta", "{}")
    assert (await heard(hub, cursor, 1, "c0"))[0][1] == "resync"


async def test_closing_ends_every_stream() -> None:
    hub = Hub()
    stream = hub.stream("c", "")
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream, "end"))
    await asyncio.sleep(0)
    hub.close()
    assert await asyncio.wait_for(waiting, 1) == "end"
    late = hub.stream("c", "")
    assert [text async for text in late] == ["retry: 1000\n\n"]


async def test_a_turn_as_the_page_hears_it() -> None:
    surface = WebSurface()
    hub, channel = surface.hub, channel_of(ORIGIN)
    cursor = hub.cursor(channel, hub.mark)
    await surface.deliver(ORIGIN, Started(views.line("m1", Role.PERSON, "<b>Hi"), "r1"))
    assert hub.streaming(channel) == {"r1"}
    await surface.deliver(ORIGIN, Delta("r1", "Hel"))
    await surface.deliver(ORIGIN, Delta("r1", "lo\n\ndata: x"))
    assert (
        await surface.deliver(ORIGIN, Replied(views.line("r1", Role.CHARACTER, "Hello"), "Nemo 12B")) == "r1"
    )
    assert not hub.streaming(channel)
    events = await heard(hub, cursor, 4, channel)
    assert [kind for _, kind, _ in events] == ["started", "delta", "delta", "message"]
    started, _, second, message = [data for _, _, data in events]
    assert (started["id"], started["reply_id"], started["event_id"]) == ("m1", "r1", "e1")
    assert "&lt;b&gt;Hi" in str(started["html"]) and "<b>" not in str(started["html"])
    assert second["text"] == "lo\n\ndata: x"
    assert (message["id"], message["words"], message["role"]) == ("r1", "Hello", "character")
    assert message["model_name"] == "Nemo 12B"


async def test_progress_and_its_end() -> None:
    surface, channel = WebSurface(), channel_of(ORIGIN)
    cursor = surface.hub.cursor(channel, 0)
    await surface.edit(ORIGIN, "m-picture", views.progress())
    line = views.MessageView("m-picture", Role.CHARACTER, "", views.NOW, progress=views.progress())
    await surface.edit(ORIGIN, "m-picture", Replied(line))
    await surface.edit(ORIGIN, "m-picture", Replied(views.chat().messages[-1]))
    first, second, third = [data for _, _, data in await heard(surface.hub, cursor, 3, channel)]
    assert first["message_id"] == "m-picture" and first["words"] == "Painting the light · about 4 s left"
    progress = second["progress"]
    assert isinstance(progress, dict) and progress["final"] is False and progress["progress"] == 0.4
    assert third["progress"] is None and 'src="/media/face-0"' in str(third["html"])
    assert JobStatus.RUNNING.value == progress["status"]


async def test_a_failure_names_the_message_it_belongs_to() -> None:
    surface, channel = WebSurface(), channel_of(ORIGIN)
    cursor = surface.hub.cursor(channel, 0)
    surface.hub.begin(channel, "r1")
    assert await surface.deliver(ORIGIN, Text("Not like that.", Tone.ERROR, "text")) == ""
    data = (await heard(surface.hub, cursor, 1, channel))[0][2]
    assert data == {"text": "Not like that.", "tone": "error", "field": "text", "event_id": "e1"}
    assert not surface.hub.streaming(channel)


async def test_another_person_or_conversation_hears_nothing() -> None:
    names = {
        channel_of(Origin("web", "a", conversation_id="1")),
        channel_of(Origin("web", "a", conversation_id="2")),
        channel_of(Origin("web", "b", conversation_id="1")),
        channel_of(Origin("web", "a", channel="draft:1")),
    }
    assert len(names) == 4


async def test_the_page_reloads_its_messages(tmp_path: Path) -> None:
    browser = browse(tmp_path)
    data = (await browser.open("/c/maya/chat/messages", accept="application/json")).json()
    assert "Biscuit has taste" in data["html"] and data["cursor"].startswith(browser.surface.hub.epoch)
    assert data["resume"] == ""
