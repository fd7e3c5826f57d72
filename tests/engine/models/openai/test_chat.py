"""One server, the unmodified client: what is sent, what comes out, how it ends."""

from __future__ import annotations

import asyncio
import logging

import pytest

from engine.errors import DeadlineError, ModelError
from engine.models.port import Ending, Prompt, PromptTurn, Sampling, Work
from tests.engine.models.openai.conftest import PROMPT, opened, read
from tests.engine.models.openai.loopback import Loopback, Play

# Tasks of the loopback server itself.
LOOPBACKS = {"RequestHandler.start", "RequestHandler._handle_request"}


async def test_a_reply_comes_in_pieces_and_ends_with_its_numbers(server: Loopback) -> None:
    details = {"prompt_tokens": 50, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 40}}
    server.default = Play(usage=details)
    async with opened(server) as chat:
        pieces = [piece async for piece in chat.stream(PROMPT, Sampling(), Work("c"))]
    assert pieces[:-1] == ["Hello", " there", "."]
    finish = pieces[-1]
    assert not isinstance(finish, str)
    assert (finish.ending, finish.read, finish.kept, finish.written) == (Ending.STOP, 10, 40, 3)
    assert 0 < finish.first_s <= finish.whole_s


async def test_the_layout_is_one_that_every_server_takes(server: Loopback) -> None:
    async with opened(server) as chat:
        await read(chat)
    messages = server.bodies[0]["messages"]
    assert [message["role"] for message in messages] == [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
    ]
    assert "Saturday evening" not in messages[0]["content"]
    assert messages[-1]["content"].endswith("Loud.") and "Saturday evening" in messages[-1]["content"]


async def test_the_beginning_stays_the_same_from_turn_to_turn(server: Loopback) -> None:
    longer = Prompt(
        PROMPT.sections, (*PROMPT.turns, PromptTurn("character", "I bet!"), PromptTurn("person", "Yes."))
    )
    async with opened(server) as chat:
        await read(chat)
        await read(chat, prompt=longer)
    first, second = (body["messages"] for body in server.bodies)
    assert second[: len(first) - 1] == first[:-1]


@pytest.mark.parametrize(
    "play",
    [
        Play(by_byte=True),
        Play(comments=True),
        Play(done=False),
        Play(usage=None),
        Play(usage=None, done=False),
        Play(reason=None),
        Play(content_type="text/plain"),
        Play(by_byte=True, comments=True, words=("Hello", " th", "ere", ".")),
        Play(thoughts=("They say hello.", " So do I.")),
        Play(words=("<thi", "nk>They say hello.", "</think>\n\nHello there.")),
        Play(hangs_at_end=True),
    ],
)
async def test_however_the_server_writes_it_the_words_are_the_same(server: Loopback, play: Play) -> None:
    server.default = play
    async with opened(server) as chat:
        text, finish = await read(chat)
    assert (text, finish.ending) == ("Hello there.", Ending.STOP)


async def test_letters_of_many_bytes_come_whole(server: Loopback) -> None:
    server.default = Play(words=("Grüße aus ", "東京 ", "👩‍👩‍👧"), by_byte=True)
    async with opened(server) as chat:
        assert (await read(chat))[0] == "Grüße aus 東京 👩‍👩‍👧"


async def test_stops_end_a_reply_even_where_the_server_knows_none(server: Loopback) -> None:
    server.default = Play(words=("Hi!", "\nAnn", ": and you?", " More"), hangs_after=3)
    async with opened(server) as chat:
        text, finish = await read(chat, Sampling(stops=("\nAnn:", "b", "c", "d", "e")))
        await server.until_gone(1)
    assert (text, finish.ending) == ("Hi!", Ending.STOP)
    assert server.bodies[0]["stop"] == ["\nAnn:", "b", "c", "d"]


async def test_a_reply_of_all_its_tokens_says_so(server: Loopback) -> None:
    server.default = Play(reason="length")
    async with opened(server) as chat:
        assert (await read(chat))[1].ending is Ending.LENGTH


async def test_a_model_that_only_thinks_is_said(server: Loopback) -> None:
    server.default = Play(words=(), thoughts=("Hm, ", "hm."), reason="length")
    async with opened(server) as chat:
        with pytest.raises(ModelError, match="spent all 40 tokens of its answer on thinking"):
            await read(chat, Sampling(max_tokens=40))


async def test_an_answer_that_is_taken_for_thoughts_is_said(server: Loopback) -> None:
    server.default = Play(words=(), thoughts=("Hello there.",))
    async with opened(server) as chat:
        with pytest.raises(ModelError, match="without its reasoning parser"):
            await read(chat)


async def test_the_servers_own_filter_is_said(server: Loopback) -> None:
    server.default = Play(reason="content_filter")
    async with opened(server) as chat:
        with pytest.raises(ModelError, match="filter"):
            await read(chat)


async def test_an_empty_reply_is_one(server: Loopback) -> None:
    server.default = Play(words=())
    async with opened(server) as chat:
        assert (await read(chat))[0] == ""


@pytest.mark.parametrize("play", [Play(hangs_after=1), Play(silent=True)])
async def test_cancelling_closes_the_connection_at_once(server: Loopback, play: Play) -> None:
    server.default = play
    async with opened(server) as chat:
        reading = asyncio.create_task(read(chat))
        await server.until(running=1)
        reading.cancel()
        await server.until_gone(1)
        with pytest.raises(asyncio.CancelledError):
            await reading
        server.default = Play()
        assert (await read(chat))[0] == "Hello there."


async def test_closing_the_stream_closes_the_connection_at_once(server: Loopback) -> None:
    server.default = Play(hangs_after=2)
    async with opened(server) as chat:
        stream = chat.stream(PROMPT, Sampling(), Work("c"))
        assert await anext(stream) == "Hello"
        await stream.aclose()
        await server.until_gone(1)


@pytest.mark.parametrize("play", [Play(hangs_after=1), Play(silent=True)])
async def test_a_deadline_ends_a_reply_wherever_it_is(server: Loopback, play: Play) -> None:
    server.default = play
    async with opened(server) as chat:
        with pytest.raises(DeadlineError):
            await read(chat, work=Work("c", deadline_s=1.5))
        await server.until_gone(1)


async def test_the_deadline_of_a_slow_reader_does_not_strike_in_its_code(server: Loopback) -> None:
    async with opened(server) as chat:
        stream = chat.stream(PROMPT, Sampling(), Work("c", deadline_s=1.5))
        assert await anext(stream) == "Hello"
        await asyncio.sleep(1.55)  # would be cancelled here if a limit were held
        with pytest.raises(DeadlineError):
            async for _ in stream:
                pass


async def test_erasing_a_conversation_ends_its_reply_and_nobody_elses(server: Loopback) -> None:
    go = asyncio.Event()
    server.default = Play(waits=go)
    async with opened(server) as chat:
        erased = asyncio.create_task(read(chat, work=Work("a")))
        stays = asyncio.create_task(read(chat, work=Work("b")))
        await server.until(running=2)
        await chat.forget(["a"])
        with pytest.raises(ModelError, match="erased"):
            await erased
        go.set()
        assert (await stays)[0] == "Hello there."


async def test_at_the_end_replies_under_way_are_given_up(server: Loopback) -> None:
    server.default = Play(hangs_after=1)
    async with opened(server) as chat:
        reading = asyncio.create_task(read(chat))
        await server.until(running=1)
    with pytest.raises(ModelError):
        await reading


async def test_the_log_has_no_words(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "engine")
    async with opened(server) as chat:
        await read(chat)
    assert "chat server at" in caplog.text
    assert not any(word in caplog.text for word in ("Loud", "Hello", "Maya", "market"))


async def test_a_reply_is_never_asked_for_more_than_fits(server: Loopback) -> None:
    async with opened(server, context_tokens=300) as chat:
        await read(chat, Sampling(max_tokens=2000))
        room = 300 - chat.prompt_tokens(PROMPT)
    assert 32 < server.bodies[0]["max_tokens"] < 300
    assert room > 0


async def test_what_prompts_really_had_corrects_the_guess(server: Loopback) -> None:
    async with opened(server) as chat:
        before = chat.prompt_tokens(PROMPT)
        server.default = Play(usage={"prompt_tokens": before * 2, "completion_tokens": 1})
        await read(chat)
        assert chat.prompt_tokens(PROMPT) >= before * 2
        assert chat.count_tokens("Loud.") > 2


async def test_a_connection_serves_for_many_replies(server: Loopback) -> None:
    async with opened(server) as chat:
        for _ in range(3):
            await read(chat)
    assert len(server.clients) == 1


async def test_nothing_is_left_running_at_the_end(server: Loopback) -> None:
    server.plays = [Play(), Play(hangs_after=1), Play(silent=True)]
    before = asyncio.all_tasks()
    async with opened(server) as chat:
        await read(chat)
        for _ in range(2):
            with pytest.raises(DeadlineError):
                await read(chat, work=Work("c", deadline_s=0.2))
    await server.until(running=0)
    left = asyncio.all_tasks() - before
    assert {task.get_coro().__qualname__ for task in left} <= LOOPBACKS


async def test_a_burst_leaves_the_loop_to_others(server: Loopback) -> None:
    burst = "".join('data: {"choices": [{"delta": {"content": "word "}}]}\n\n' for _ in range(4000))
    server.default = Play(
        raw=f'{burst}data: {{"choices": [{{"delta": {{}}, "finish_reason": "stop"}}]}}\n\n'.encode()
    )
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with opened(server) as chat:
        stream = chat.stream(PROMPT, Sampling(max_tokens=4000), Work("c"))
        await anext(stream)
        other = asyncio.create_task(others())
        pieces = [piece async for piece in stream]
        other.cancel()
    assert len(pieces) == 4000
    assert turns > 20
