"""Who waits, who reads, who writes: step by step, on the real model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import DeadlineError, ModelError
from engine.models.llama.commands import Close, Forget, Submit
from engine.models.llama.loop import CLOSED, FORGOTTEN, TOO_LITTLE
from engine.models.port import Ending, Priority
from tests.engine.models.llama.rig import Alone, Rig

PLAIN = range(10, 250)


def words(seed: int, count: int) -> list[int]:
    return random.Random(seed).choices(PLAIN, k=count)


@pytest.fixture
def rig(tiny: Path) -> Iterator[Rig]:
    made = Rig(tiny)
    yield made
    made.close()


@pytest.fixture
def narrow(tiny: Path) -> Iterator[Rig]:
    """Two at a time."""
    made = Rig(tiny, slots=2)
    yield made
    made.close()


@pytest.fixture
def alone(tiny: Path) -> Iterator[Alone]:
    reference = Alone(tiny)
    yield reference
    reference.close()


def test_a_reply_says_how_it_went(rig: Rig) -> None:
    finish = rig.say(words(1, 30), most=5).finish
    assert (finish.ending, finish.read, finish.kept, finish.written) == (Ending.LENGTH, 30, 0, 5)


def test_a_stop_ends_it_and_is_not_shown(rig: Rig) -> None:
    whole = rig.say(words(1, 30), most=20).text
    stop = whole[8:11]
    stopped = rig.say(words(1, 30), most=20, stops=(stop,))
    assert stopped.text == whole[: whole.index(stop)]
    assert stopped.finish.ending is Ending.STOP


def test_the_places_in_line_are_told(narrow: Rig) -> None:
    asked = [narrow.ask(words(n, 20), most=4) for n in range(5)]
    narrow.run(*asked)
    assert [one.places for one in asked] == [[0], [0], [1, 0], [2, 1, 0], [3, 2, 1, 0]] or [
        one.places for one in asked
    ] == [[0], [0], [1, 0], [2, 0], [3, 1, 0]]


def test_a_conversation_is_answered_one_by_one(rig: Rig, alone: Alone) -> None:
    first = rig.ask(words(1, 30), conversation="maya")
    second = rig.ask([*words(1, 30), *words(2, 5)], conversation="maya")
    other = rig.ask(words(3, 30), conversation="ben")
    rig.step(2)
    assert first.places == [0]
    assert second.places == [1]
    assert other.places == [0]
    rig.run(first, second, other)
    assert second.reply == alone.reply([*words(1, 30), *words(2, 5)], 6)
    assert second.finish.read == 5


def test_cancelling_stops_at_once_and_keeps_what_was_read(rig: Rig) -> None:
    one = rig.ask(words(1, 40), conversation="maya", most=100)
    rig.step(5)
    written = len(one.reply)
    rig.cancel(one)
    rig.step()
    assert one.job.ended
    assert len(one.reply) == written
    assert rig.say([*words(1, 40), *words(2, 3)], conversation="maya").finish.read == 3


def test_cancelling_in_line(narrow: Rig) -> None:
    asked = [narrow.ask(words(n, 20), most=4) for n in range(4)]
    narrow.step()
    narrow.cancel(asked[2])
    narrow.run(*asked)
    assert asked[2].job.ended
    assert not asked[2].reply
    assert asked[3].finish.written == 4


def test_the_deadline_ends_a_reply(rig: Rig) -> None:
    late, other = rig.ask(words(1, 20), most=50, deadline=10), rig.ask(words(2, 20), most=50)
    rig.step(4)
    assert late.text
    rig.now = 10
    rig.step()
    assert isinstance(late.error, DeadlineError)
    rig.run(other)
    assert other.finish.written == 50


def test_the_deadline_counts_in_line(narrow: Rig) -> None:
    running = [narrow.ask(words(n, 20), most=50) for n in range(2)]
    waits = narrow.ask(words(3, 20), deadline=10)
    narrow.step(2)
    narrow.now = 10
    narrow.step()
    assert isinstance(waits.error, DeadlineError)
    narrow.run(*running)


def test_background_work_waits_for_replies(narrow: Rig) -> None:
    background = narrow.ask(words(1, 20), priority=Priority.BACKGROUND)
    replies = [narrow.ask(words(n, 20)) for n in range(2, 5)]
    narrow.run(background, *replies)
    assert background.job.first >= max(one.job.first for one in replies)
    assert background.places[-2:] == [1, 0]


def test_background_work_leaves_for_a_reply(narrow: Rig, alone: Alone) -> None:
    """It comes back, and its answer is the same."""
    background = [
        narrow.ask(words(n, 20), priority=Priority.BACKGROUND, most=12, conversation=f"notes {n}")
        for n in range(2)
    ]
    narrow.step(6)
    assert all(one.reply for one in background)
    reply = narrow.ask(words(5, 20), most=8)
    narrow.step()
    assert reply.places == [0]
    narrow.run(reply, *background)
    assert [one.reply for one in background] == [alone.reply(words(n, 20), 12) for n in range(2)]
    assert background[1].places == [0, 1, 0]


def test_a_reply_takes_its_conversation_from_background_work(rig: Rig, alone: Alone) -> None:
    background = rig.ask(words(1, 20), priority=Priority.BACKGROUND, most=12, conversation="maya")
    rig.step(4)
    reply = rig.ask(words(2, 20), conversation="maya", most=8)
    rig.step()
    assert reply.places == [0]
    rig.run(reply, background)
    assert background.reply == alone.reply(words(1, 20), 12)
    assert reply.reply == alone.reply(words(2, 20), 8)


def test_replies_are_read_before_background_work(tiny: Path) -> None:
    rig = Rig(tiny, batch=32)
    background = rig.ask(words(1, 300), priority=Priority.BACKGROUND)
    rig.step()
    reply = rig.ask(words(2, 100))
    while not reply.reply:
        rig.step()
    # What was left of its first step, and of the reply's last one.
    assert background.job.read <= 32 + (32 - 100 % 32)
    rig.run(background)
    rig.close()


def test_short_prompts_overtake_a_long_one(tiny: Path) -> None:
    """But the long one goes on as well."""
    rig = Rig(tiny, batch=32)
    long = rig.ask(words(1, 600), most=2)
    rig.step()
    read = long.job.read
    short = [rig.ask(words(n, 30), most=2) for n in range(2, 5)]
    rig.run(*short)
    assert not long.reply
    assert long.job.read >= read + 3 * 8
    rig.run(long)
    rig.close()


def test_a_long_prompt_is_read_while_others_are_written_to(rig: Rig) -> None:
    """Each step has a token for whoever is written to."""
    writes = rig.ask(words(1, 10), most=100)
    rig.step(3)
    newcomer = rig.ask(words(2, 900), most=2)
    while not newcomer.reply and not writes.job.ended:
        before = len(writes.reply)
        rig.step()
        assert len(writes.reply) == before + 1
    rig.run(writes, newcomer)


def test_without_room_somebody_waits_and_nothing_is_lost(tiny: Path, alone: Alone) -> None:
    """The context has fewer cells than was counted on: llama.cpp says so in the middle."""
    rig = Rig(tiny, cells=512, counted_cells=4096, slots=4)
    asked = [rig.ask(words(n, 150), conversation=f"person {n}", most=30) for n in range(4)]
    rig.run(*asked)
    assert [one.reply for one in asked] == [alone.reply(words(n, 150), 30) for n in range(4)]
    rig.close()


def test_without_room_those_who_rest_give_way(tiny: Path, alone: Alone) -> None:
    rig = Rig(tiny, cells=512, counted_cells=4096, slots=4)
    for n in range(5):
        assert rig.say(words(n, 150), conversation=f"person {n}").reply == alone.reply(words(n, 150), 6)
    back = rig.say([*words(4, 150), 99], conversation="person 4")
    assert back.finish.read == 1
    rig.close()


def test_a_prompt_that_fits_nowhere_is_said(tiny: Path) -> None:
    rig = Rig(tiny, cells=512, slots=2)
    assert rig.say(words(1, 600)).error.sentence == TOO_LITTLE
    assert rig.say(words(1, 100)).finish.written == 6
    rig.close()


def test_when_llama_fails_the_replies_end_and_it_goes_on(tiny: Path, alone: Alone) -> None:
    """A token that the vocabulary does not have is refused by llama.cpp itself."""
    rig = Rig(tiny)
    broken = rig.ask([*words(1, 20), 99_999], conversation="maya")
    rig.run(broken)
    assert isinstance(broken.error, ModelError)
    assert rig.say(words(2, 20), conversation="ben").reply == alone.reply(words(2, 20), 6)
    rig.close()


def test_those_who_were_not_in_a_failed_batch_go_on(tiny: Path, alone: Alone) -> None:
    rig = Rig(tiny, batch=16)
    waits = rig.ask([*words(0, 60), *words(2, 9)], shared=60, priority=Priority.BACKGROUND)
    rig.step()
    # Whole batches of it, so that nobody else's tokens are in the one that fails.
    broken = rig.ask([*words(3, 13 * 16 - 1), 99_999])
    rig.run(broken)
    assert isinstance(broken.error, ModelError)
    rig.run(waits)
    assert waits.reply == alone.reply([*words(0, 60), *words(2, 9)], 6)
    rig.close()


def test_forgetting_ends_the_reply_and_leaves_nothing(tiny: Path, tmp_path: Path) -> None:
    rig = Rig(tiny, parked=tmp_path)
    rig.say(words(1, 30), conversation="maya")
    rig.say(words(2, 30), conversation="ben")
    rig.cache.park_all()
    rig.shelf.flush()
    running, waiting = (rig.ask(words(1, 30), conversation="maya", most=50) for _ in range(2))
    rig.step(2)
    left: list[frozenset[str]] = []
    rig.loop.tell(Forget(frozenset({"maya"}), left.append))
    rig.step()
    assert left == [frozenset()]
    assert running.error.sentence == waiting.error.sentence == FORGOTTEN
    assert rig.shelf.names() == {"ben"}
    assert rig.say(words(1, 30), conversation="maya").finish.read == 30
    assert rig.say([*words(2, 30), 99], conversation="ben").finish.read == 1
    rig.close()


def test_at_the_end_everybody_is_told_and_all_is_parked(tiny: Path, tmp_path: Path) -> None:
    rig = Rig(tiny, slots=1, parked=tmp_path)
    rig.say(words(1, 30), conversation="maya")
    running, waiting = rig.ask(words(2, 30), conversation="ben", most=50), rig.ask(words(3, 30))
    rig.step(3)
    rig.loop.tell(Close())
    rig.loop.run()
    assert running.error.sentence == waiting.error.sentence == CLOSED
    assert not rig.loop.tell(Submit(waiting.job))
    assert rig.shelf.names() == {"maya", "ben"}
    rig.close()


def test_closing_stops_a_step_under_way(tiny: Path, tmp_path: Path) -> None:
    """What was read before that step is parked, and it is right."""
    rig = Rig(tiny, parked=tmp_path, batch=64)
    one = rig.ask(words(1, 300), conversation="maya")
    rig.step(2)
    read = one.job.read
    rig.context.stop()
    rig.step()
    assert one.job.read == read
    rig.loop.tell(Close())
    rig.step()
    rig.loop.run()
    rig.close()
    rig = Rig(tiny, parked=tmp_path)
    again = rig.say(words(1, 300), conversation="maya")
    assert again.finish.read == 300 - read
    rig.close()


def test_the_metrics_count(rig: Rig) -> None:
    rig.say(words(1, 30), conversation="maya")
    rig.say([*words(1, 30), 99], conversation="maya")
    rig.cancel(rig.ask(words(2, 10)))
    rig.say(words(3, 10), most=2)
    snapshot = rig.metrics.snapshot()
    assert (snapshot.requests, snapshot.finished, snapshot.cancelled) == (4, 3, 1)
    assert (snapshot.read, snapshot.kept, snapshot.written) == (41, 30, 14)
    assert snapshot.hits == 30 / 71
