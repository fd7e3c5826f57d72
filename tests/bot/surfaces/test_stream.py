"""A reply on an unreliable platform: whatever fails, exactly the final text stands there at the end, once and in order."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import looptime
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.surfaces.render import split
from bot.surfaces.sending import GoneError, LaterError, TransientError, UndeliverableError
from bot.surfaces.stream import Pace, ReplyStream, show_once
from bot.surfaces.tasks import Tasks
from engine.errors import NotFoundError
from engine.types import Shown

LIMIT = 24
EVERY = 1.5
KEY = "reply-1"
# How long the platform takes to answer, in seconds.
ANSWER_S = 0.05


@dataclass
class FakeLedger:
    """The ledger's rows."""

    rows: dict[tuple[str, int], Shown] = field(default_factory=dict)
    forgotten: bool = False

    async def parts(self, surface: str, key: str) -> tuple[Shown, ...]:
        return tuple(row for _, row in sorted(self.rows.items()) if row.key == key)

    async def put(
        self, surface: str, key: str, part: int, *, person_id: str, channel: str, ref: str, done: bool, digest: str = ""
    ) -> None:  # fmt: skip
        if self.forgotten:
            raise NotFoundError
        self.rows[key, part] = Shown(key, part, channel, ref, done, digest)

    async def find(self, surface: str, channel: str, ref: str) -> Shown | None:
        raise AssertionError("a stream looks nothing up")

    async def drop(self, surface: str, key: str, part: int | None = None) -> None:
        self.rows.pop((key, part or 0), None)


@dataclass
class Platform:
    """A channel with its messages in order, and every change with its time."""

    messages: dict[str, str] = field(default_factory=dict)
    nonces: dict[int, str] = field(default_factory=dict)
    changes: list[tuple[float, str, str]] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=itertools.count)

    @property
    def texts(self) -> list[str]:
        return list(self.messages.values())

    def note(self, what: str, text: str) -> None:
        self.changes.append((asyncio.get_running_loop().time(), what, text))


class FakeScreen:
    """A place on the platform where the next requests fail as told: "" is a request that works."""

    repeats_change = True  # whether a post that was there already shows the newer text

    def __init__(self, platform: Platform, faults: Sequence[str] = (), unfinished: str = " …") -> None:
        self.platform, self.faults = platform, list(faults)
        self.limit, self.unfinished = LIMIT, unfinished

    def length(self, text: str) -> int:
        return len(text)

    async def _request(self, apply: Callable[[], str]) -> str:
        fault = self.faults.pop(0) if self.faults else ""
        await asyncio.sleep(ANSWER_S)
        match fault:
            case "broken":
                raise TransientError
            case "flood":
                raise LaterError(7.0)
            case "refused":
                raise UndeliverableError
        result = apply()
        if fault == "lost":
            raise TransientError
        await asyncio.sleep(ANSWER_S)
        return result

    async def post(self, part: int, text: str, *, done: bool) -> str:
        def apply() -> str:
            ref = self.platform.nonces.get(part, "")
            if ref not in self.platform.messages:
                ref = self.platform.nonces[part] = str(next(self.platform.ids))
                self.platform.messages[ref] = text
            elif self.repeats_change:
                self.platform.messages[ref] = text
            self.platform.note("post", text)
            return ref

        return await self._request(apply)

    async def edit(self, ref: str, part: int, text: str, *, done: bool) -> None:
        if self.faults[:1] == ["gone"]:
            self.platform.messages.pop(ref, None)

        def apply() -> str:
            if ref not in self.platform.messages:
                raise GoneError
            self.platform.messages[ref] = text
            self.platform.note("edit", text)
            return ref

        await self._request(apply)

    async def remove(self, ref: str) -> None:
        def apply() -> str:
            if self.platform.messages.pop(ref, None) is None:
                raise GoneError
            self.platform.note("remove", "")
            return ref

        await self._request(apply)


class NonceScreen(FakeScreen):
    """Recognises a post that was there already, and leaves it as it is, as Discord does."""

    repeats_change = False


class DraftScreen(FakeScreen):
    """Shows what is unfinished as a draft, which is no message."""

    async def post(self, part: int, text: str, *, done: bool) -> str:
        if done:
            return await super().post(part, text, done=done)
        await asyncio.sleep(ANSWER_S)
        self.platform.note("draft", text)
        return ""


class ForgetfulScreen(FakeScreen):
    """Recognises nothing, as Telegram.

    It notes in the ledger that a post goes out, and above which message; of what is nobody's above that, all but the last
    is a double.
    """

    def __init__(self, platform: Platform, ledger: FakeLedger, faults: Sequence[str] = ()) -> None:
        super().__init__(platform, faults)
        self.ledger = ledger

    def known(self) -> set[int]:
        return {int(row.ref) for row in self.ledger.rows.values() if row.ref}

    async def post(self, part: int, text: str, *, done: bool) -> str:
        row = self.ledger.rows.get((KEY, part))
        since = int(row.digest) if row and not row.ref else max(self.known(), default=-1)
        if row is None:
            await self.ledger.put(
                "test", KEY, part, person_id="p", channel="c", ref="", done=False, digest=str(since)
            )

        def apply() -> str:
            ref = str(next(self.platform.ids))
            self.platform.messages[ref] = text
            self.platform.note("post", text)
            return ref

        ref = await self._request(apply)
        await asyncio.sleep(ANSWER_S)
        for other in sorted(set(range(since + 1, int(ref))) - self.known()):
            self.platform.messages.pop(str(other), None)
            await asyncio.sleep(ANSWER_S)
        return ref


class ForgetfulDraftScreen(ForgetfulScreen):
    """The same, where what is unfinished is a draft."""

    async def post(self, part: int, text: str, *, done: bool) -> str:
        if done:
            return await super().post(part, text, done=done)
        await asyncio.sleep(ANSWER_S)
        return ""


def virtually(scenario: Coroutine[Any, Any, None]) -> None:
    """Run on a clock of its own that skips what is waited for."""
    loop = looptime.new_event_loop()
    try:
        loop.run_until_complete(scenario)
    finally:
        loop.close()


def open_stream(
    screen: FakeScreen, ledger: FakeLedger, tasks: Tasks, pace: Pace | None = None
) -> ReplyStream:
    now = asyncio.get_running_loop().time
    return ReplyStream(
        screen,
        ledger,
        pace or Pace(EVERY, monotonic=now),
        surface="test",
        key=KEY,
        person_id="p",
        channel="c",
        tasks=tasks,
        monotonic=now,
    )


# ---------------------------------------------------------------- what always holds

words = st.lists(
    st.sampled_from(["Hello", "there,", "I", "was", "thinking", "of", "you.", "\n\n", "*smiles*", "Wie", "schön!"]),
    min_size=1,
    max_size=40,
).map(" ".join)  # fmt: skip
faults = st.lists(st.sampled_from(["", "", "broken", "flood", "gone", "lost"]), max_size=25)
# A process may be killed between a post and its note in the ledger; if then an earlier part is deleted by somebody, nobody
# can know of the later one, and their order is lost. All else has to survive.
survivable = st.lists(st.sampled_from(["", "", "broken", "flood", "lost"]), max_size=25)
pauses = st.lists(st.sampled_from([0.0, 0.01, 0.06, 0.3, 2.0, 9.0]), min_size=1, max_size=12)


# A model may be asked again after a kill, and then end differently, or with nothing that can be shown.
endings = words | st.just("")


def pieces_of(text: str, count: int) -> list[str]:
    size = max(1, len(text) // count)
    return [text[at : at + size] for at in range(0, len(text), size)]


@settings(max_examples=200, deadline=None)
@given(words, faults, pauses, st.sampled_from([FakeScreen, NonceScreen, DraftScreen]))
def test_the_final_text_stands_there_once_and_in_order(
    text: str, faults: list[str], pauses: list[float], kind: type[FakeScreen]
) -> None:
    platform, ledger = Platform(), FakeLedger()

    async def scenario() -> None:
        async with Tasks() as tasks:
            stream = open_stream(kind(platform, faults), ledger, tasks)
            for piece, pause in zip(pieces_of(text, len(pauses)), pauses, strict=False):
                stream.feed(piece)
                await asyncio.sleep(pause)
            await stream.finish(text)

    virtually(scenario())
    assert platform.texts == split(text, LIMIT)
    assert [row.ref for row in ledger.rows.values()] == list(platform.messages)
    assert all(row.done for row in ledger.rows.values())


@settings(max_examples=200, deadline=None)
@given(words, words, faults, pauses)
@example("Hello " * 21 + "Hello", "Hello", ["", "", "", "", "", "lost", "gone"], [9.0])
def test_a_final_text_that_differs_from_what_was_streamed(
    streamed: str, final: str, faults: list[str], pauses: list[float]
) -> None:
    platform, ledger = Platform(), FakeLedger()

    async def scenario() -> None:
        async with Tasks() as tasks:
            stream = open_stream(NonceScreen(platform, faults), ledger, tasks)
            for piece, pause in zip(pieces_of(streamed, len(pauses)), pauses, strict=False):
                stream.feed(piece)
                await asyncio.sleep(pause)
            await stream.finish(final)

    virtually(scenario())
    assert platform.texts == split(final, LIMIT)
    assert [row.ref for row in ledger.rows.values()] == list(platform.messages)


@settings(max_examples=200, deadline=None)
@given(words, survivable, pauses, st.lists(st.floats(0.0, 20.0), min_size=1, max_size=3), st.booleans())
def test_restarts_at_any_moment_change_nothing(
    text: str, faults: list[str], pauses: list[float], lives: list[float], finishing: bool
) -> None:
    platform, ledger = Platform(), FakeLedger()
    screens = [FakeScreen(platform, faults[number :: len(lives)]) for number in range(len(lives))]

    async def live(screen: FakeScreen) -> None:
        async with Tasks() as tasks:
            stream = open_stream(screen, ledger, tasks)
            for piece, pause in zip(pieces_of(text, len(pauses)), pauses, strict=False):
                stream.feed(piece)
                await asyncio.sleep(pause)
            if finishing:
                await stream.finish(text)

    async def scenario() -> None:
        for screen, seconds in zip(screens, lives, strict=True):
            killed = asyncio.create_task(live(screen))
            await asyncio.sleep(seconds)
            killed.cancel()
            await asyncio.wait([killed])
        async with Tasks() as tasks:
            await open_stream(FakeScreen(platform), ledger, tasks).finish(text)

    virtually(scenario())
    assert platform.texts == split(text, LIMIT)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(words, min_size=1, max_size=3),
    endings,
    faults,
    pauses,
    st.lists(st.floats(0.0, 5.0), min_size=3, max_size=3),
    st.sampled_from([ForgetfulScreen, ForgetfulDraftScreen]),
)
def test_a_platform_that_recognises_nothing_shows_it_once_over_restarts(
    texts: list[str],
    final: str,
    faults: list[str],
    pauses: list[float],
    lives: list[float],
    kind: type[ForgetfulScreen],
) -> None:
    """Killed at any moment, also between a post and its note; each life may write something else, and finish it."""
    platform, ledger = Platform(), FakeLedger()

    async def live(text: str, faults: list[str]) -> None:
        async with Tasks() as tasks:
            stream = open_stream(kind(platform, ledger, faults), ledger, tasks)
            for piece, pause in zip(pieces_of(text, len(pauses)), pauses, strict=False):
                stream.feed(piece)
                await asyncio.sleep(pause)
            await stream.finish(text)

    async def scenario() -> None:
        for number, (text, seconds) in enumerate(zip(texts, lives, strict=False)):
            killed = asyncio.create_task(live(text, faults[number :: len(texts)]))
            await asyncio.sleep(seconds)
            killed.cancel()
            await asyncio.wait([killed])
        async with Tasks() as tasks:
            await open_stream(kind(platform, ledger), ledger, tasks).finish(final)

    virtually(scenario())
    assert platform.texts == split(final, LIMIT)
    assert [row.ref for _, row in sorted(ledger.rows.items())] == list(platform.messages)


@settings(max_examples=100, deadline=None)
@given(st.lists(words, min_size=1, max_size=3), pauses, st.sampled_from([FakeScreen, DraftScreen]))
def test_changes_keep_the_channels_pace(
    texts: list[str], pauses: list[float], kind: type[FakeScreen]
) -> None:
    platform = Platform()

    async def scenario() -> None:
        pace = Pace(EVERY, monotonic=asyncio.get_running_loop().time)
        async with Tasks() as tasks:
            streams = [open_stream(kind(Platform()), FakeLedger(), tasks, pace) for _ in texts]
            for stream in streams:
                stream._screen.platform = platform  # type: ignore[attr-defined]
            for pause in pauses:
                for stream, text in zip(streams, texts, strict=True):
                    stream.feed(f"{text} ")
                await asyncio.sleep(pause)

    virtually(scenario())
    times = [at for at, what, _ in platform.changes][len(texts) :]  # each reply's first words come at once
    assert all(after - before >= EVERY - 2 * ANSWER_S for before, after in itertools.pairwise(times))


# ---------------------------------------------------------------- one by one


@pytest.mark.looptime
async def test_the_first_words_are_there_at_once() -> None:
    platform = Platform()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform), FakeLedger(), tasks)
        stream.feed("Hello th")
        await asyncio.sleep(0.3)
        assert platform.texts == ["Hello …"]
        stream.feed("ere, you.")
        await asyncio.sleep(EVERY)
        assert platform.texts == ["Hello there, you. …"]


@pytest.mark.looptime
async def test_a_full_part_is_finished_and_the_next_begun() -> None:
    platform = Platform()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform), FakeLedger(), tasks)
        stream.feed("The first part is long. And then it goes ")
        await asyncio.sleep(2 * EVERY)
        assert platform.texts == ["The first part is long.", "And then it goes …"]


@pytest.mark.looptime
async def test_feeding_never_waits_and_shows_only_the_newest() -> None:
    platform = Platform()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform), FakeLedger(), tasks)
        before = asyncio.get_running_loop().time()
        for number in range(200):
            stream.feed(f"{number % 10} ")
            if number % 5 == 0:
                await asyncio.sleep(0)
        assert asyncio.get_running_loop().time() == before
        await asyncio.sleep(EVERY + 1)
        assert len(platform.changes) == 2


@pytest.mark.looptime
async def test_finishing_again_after_a_restart_sends_nothing() -> None:
    platform, ledger = Platform(), FakeLedger()
    text = "Twice is once too often, so this is said only once."
    for _ in range(3):
        async with Tasks() as tasks:
            await open_stream(FakeScreen(platform), ledger, tasks).finish(text)
    assert platform.texts == split(text, LIMIT)
    assert len(platform.changes) == len(platform.texts)


@pytest.mark.looptime
async def test_show_once_shows_once() -> None:
    platform, ledger = Platform(), FakeLedger()
    for _ in range(2):
        await show_once(
            ledger, FakeScreen(platform, ["lost"]), surface="test", key=KEY, person_id="p", channel="c", text="Good evening."
        )  # fmt: skip
    assert platform.texts == ["Good evening."]


@pytest.mark.looptime
async def test_a_dropped_reply_stays_as_it_is_and_can_be_finished_later() -> None:
    platform, ledger = Platform(), FakeLedger()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform), ledger, tasks)
        stream.feed("Well, I ")
        await asyncio.sleep(1)
        stream.drop()
        stream.feed("never mind ")
        await asyncio.sleep(10)
        assert platform.texts == ["Well, I …"]
        await open_stream(FakeScreen(platform), ledger, tasks).finish("Well, I think so.")
    assert platform.texts == ["Well, I think so."]


@pytest.mark.looptime
async def test_a_change_whose_answer_was_lost_is_not_taken_for_what_stood_there_before() -> None:
    platform = Platform()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform, ["", "lost"], unfinished=""), FakeLedger(), tasks)
        stream.feed("One ")
        await asyncio.sleep(1)
        stream.feed("two ")
        await asyncio.sleep(1)
        assert platform.texts == ["One two"]
        await stream.finish("One")
    assert platform.texts == ["One"]


@pytest.mark.looptime
async def test_a_part_whose_answer_was_lost_does_not_stay_behind_a_shorter_text() -> None:
    platform = Platform()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform, ["", "", "lost"]), FakeLedger(), tasks)
        stream.feed("The first part is long. And then it goes ")
        await asyncio.sleep(EVERY + 0.1)
        assert len(platform.texts) == 2
        await stream.finish("Never mind.")
    assert platform.texts == ["Never mind."]


@pytest.mark.looptime
async def test_a_first_part_that_somebody_deleted_comes_back_before_the_second() -> None:
    platform, ledger = Platform(), FakeLedger()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform), ledger, tasks)
        stream.feed("The first part is long. And then it goes ")
        await asyncio.sleep(2 * EVERY)
        platform.messages.pop("0")
        await stream.finish("The first part was long. And then it goes on.")
    assert platform.texts == ["The first part was long.", "And then it goes on."]
    assert [row.ref for row in ledger.rows.values()] == list(platform.messages)


@pytest.mark.looptime
async def test_nobody_there_ends_quietly(caplog: pytest.LogCaptureFixture) -> None:
    platform, ledger = Platform(), FakeLedger()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform, ["refused", "refused"]), ledger, tasks)
        stream.feed("A secret ")
        await asyncio.sleep(1)
        await stream.finish("A secret of ours.")
    assert platform.texts == []
    assert "secret" not in caplog.text.lower()


@pytest.mark.looptime
async def test_somebody_who_asked_to_be_forgotten_meanwhile() -> None:
    platform, ledger = Platform(), FakeLedger(forgotten=True)
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform), ledger, tasks)
        stream.feed("Hello ")
        await asyncio.sleep(1)
        await stream.finish("Hello you.")
    assert not ledger.rows


@pytest.mark.looptime
async def test_a_flood_is_waited_out_without_losing_the_newest_text() -> None:
    platform = Platform()
    async with Tasks() as tasks:
        stream = open_stream(FakeScreen(platform, ["", "flood"]), FakeLedger(), tasks)
        stream.feed("One ")
        await asyncio.sleep(2)
        stream.feed("two ")
        await asyncio.sleep(2)
        stream.feed("three ")
        await asyncio.sleep(2)
        assert platform.texts == ["One …"]
        await asyncio.sleep(4)
    assert platform.texts == ["One two three …"]


def test_a_pace_lets_a_burst_through_and_then_one_at_a_time() -> None:
    now = 0.0
    pace = Pace(2.0, burst=3, monotonic=lambda: now)
    waits = []
    for _ in range(5):
        waits.append(pace.wait_s())
        now += pace.wait_s()
        pace.spend()
    assert waits == [0, 0, 0, 2.0, 2.0]
