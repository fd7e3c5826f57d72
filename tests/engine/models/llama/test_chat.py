"""LlamaChat as everybody uses it: on an event loop, with its thread, on the real model."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from engine.config import LlmConfig
from engine.errors import BusyError, DeadlineError, DownError, ModelError
from engine.models.llama.chat import LlamaChat, open_llama
from engine.models.llama.loop import CLOSED, FORGOTTEN, Loop
from engine.models.llama.shelf import State
from engine.models.parked import parked_file
from engine.models.port import (
    Ending,
    Finish,
    Priority,
    Prompt,
    PromptTurn,
    Sampling,
    Section,
    SectionKind,
    Work,
)
from tests.engine.models.llama.models import Model

CONFIG = LlmConfig(context_tokens=1024, slots=4, threads=1, kv_type="f32", flash_attention="off")
GREEDY = Sampling(temperature=0, repeat_penalty=1, max_tokens=12)


def prompt(*lines: str, who: str = "Maya") -> Prompt:
    speakers = ("person", "character")
    return Prompt(
        (Section(SectionKind.PERSONA, f"Name: {who}\nTraits: warm, observant"),),
        tuple(PromptTurn(speakers[place % 2], line) for place, line in enumerate(lines)),
    )


@asynccontextmanager
async def opened(path: Path, parked: Path | None = None, **changes: object) -> AsyncIterator[LlamaChat]:
    config = CONFIG.model_copy(update=changes)
    async with open_llama(config, path, parked=parked) as chat:
        yield chat


async def reply(
    chat: LlamaChat, asked: Prompt, work: Work | None = None, sampling: Sampling = GREEDY
) -> tuple[str, Finish]:
    items = [item async for item in chat.stream(asked, sampling, work or Work())]
    finish = items.pop()
    assert isinstance(finish, Finish)
    return "".join(str(item) for item in items), finish


async def first_piece(stream: AsyncGenerator[str | Finish]) -> str | Finish:
    return await anext(stream)


async def test_a_conversation_goes_on_where_it_was(tiny: Path) -> None:
    async with opened(tiny) as chat:
        work = Work(conversation="maya")
        text, first = await reply(chat, prompt("Hello!"), work)
        assert first.read == chat.prompt_tokens(prompt("Hello!"))
        assert first.written == 12
        again, second = await reply(chat, prompt("Hello!", text, "How are you?"), work)
        assert second.kept >= first.read
        assert second.read + second.kept == chat.prompt_tokens(prompt("Hello!", text, "How are you?"))
        assert again
        assert 0 < second.first_s <= second.whole_s


@pytest.mark.parametrize(
    "shape", ["tiny", "tiny-window", "tiny-recurrent", "tiny-hybrid", "tiny-sentencepiece"]
)
async def test_notes_of_each_turn_do_not_cost_the_history(model: Model, shape: str) -> None:
    """What is new with every turn stands near the end: all before the newest words is kept, by every make of model."""
    async with opened(model(shape)) as chat:
        work = Work(conversation="maya")
        lines = ["Hello there, it is a long story that I have to tell.", "Tell me!"] * 4
        for turn in range(3):
            notes = Section(SectionKind.SCENE, f"Now: evening number {turn}")
            asked = prompt(*lines, f"Chapter {turn}.")
            asked = replace(asked, sections=(*asked.sections, notes))
            _, finish = await reply(chat, asked, work)
            assert turn == 0 or finish.kept > 3 * finish.read
            lines += [f"Chapter {turn}.", "Go on."]


async def test_what_it_says_of_itself(tiny: Path) -> None:
    async with opened(tiny) as chat:
        assert chat.name.endswith("F32")
        assert chat.context_tokens == 1024
        assert chat.structured
    async with opened(tiny, context_tokens=100_000) as chat:
        assert chat.context_tokens == 4096  # what the model was made for


async def test_it_goes_on_after_a_restart(tiny: Path, tmp_path: Path) -> None:
    work = Work(conversation="maya")
    async with opened(tiny, tmp_path) as chat:
        text, _ = await reply(chat, prompt("Hello!"), work)
        expected, kept = await reply(
            chat, prompt("Hello!", text, "And now?"), replace(work, conversation="x")
        )
    async with opened(tiny, tmp_path) as chat:
        again, finish = await reply(chat, prompt("Hello!", text, "And now?"), work)
        assert again == expected
        assert finish.read < kept.read
        assert chat.metrics().restored > 0


async def test_what_is_parked_with_other_settings_is_not_taken(tiny: Path, tmp_path: Path) -> None:
    async with opened(tiny, tmp_path) as chat:
        await reply(chat, prompt("Hello!"), Work(conversation="maya"))
    async with opened(tiny, tmp_path, kv_type="f16") as chat:
        _, finish = await reply(chat, prompt("Hello!"), Work(conversation="maya"))
        assert finish.kept == 0


async def test_eight_at_once_do_not_hold_up_the_event_loop(tiny: Path) -> None:
    async with opened(tiny, slots=8) as chat:
        late: list[float] = []

        async def watch() -> None:
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.005)
                late.append(time.perf_counter() - before - 0.005)

        watcher = asyncio.create_task(watch())
        sampling = replace(GREEDY, max_tokens=150)
        await asyncio.gather(*(reply(chat, prompt(f"Hello {n}"), sampling=sampling) for n in range(8)))
        watcher.cancel()
        assert sorted(late)[int(len(late) * 0.9)] < 0.02


async def test_closing_the_stream_stops_the_work(tiny: Path) -> None:
    async with opened(tiny, context_tokens=4096) as chat:
        stream = chat.stream(prompt("Hello!"), replace(GREEDY, max_tokens=3000))
        async with aclosing(stream):
            await first_piece(stream)
        await reply(chat, prompt("Hi!"))
        assert chat.metrics().cancelled == 1
        assert chat.metrics().written < 1500


async def test_cancelling_the_task_stops_the_work(tiny: Path) -> None:
    async with opened(tiny, context_tokens=4096) as chat:
        task = asyncio.create_task(reply(chat, prompt("Hello!"), sampling=replace(GREEDY, max_tokens=3000)))
        while not chat.metrics().written:
            await asyncio.sleep(0.001)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await reply(chat, prompt("Hi!"))
        assert chat.metrics().cancelled == 1


async def test_too_many_are_told_so(tiny: Path) -> None:
    async with opened(tiny, slots=1, max_waiting=2) as chat:
        places: list[int] = []
        streams = [
            chat.stream(prompt(f"Hello {n}"), replace(GREEDY, max_tokens=200), Work(on_place=places.append))
            for n in range(3)
        ]
        tasks = [asyncio.create_task(first_piece(stream)) for stream in streams]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await reply(chat, prompt("Hello?"))
        await tasks[0]
        assert {1, 2} <= set(places)
        for task, stream in zip(tasks, streams, strict=True):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await stream.aclose()
        await reply(chat, prompt("Hello again."))


async def test_the_deadline(tiny: Path) -> None:
    async with opened(tiny, context_tokens=4096) as chat:
        with pytest.raises(DeadlineError):
            await reply(chat, prompt("Hello!"), Work(deadline_s=0.05), replace(GREEDY, max_tokens=3000))
        assert (await reply(chat, prompt("Hello!")))[1].written == 12


async def test_a_prompt_that_is_too_long_is_said(tiny: Path) -> None:
    async with opened(tiny) as chat:
        with pytest.raises(ModelError, match="too long"):
            await reply(chat, prompt("Hello! " * 1000))


async def test_a_reply_never_leaves_the_context(tiny: Path) -> None:
    async with opened(tiny) as chat:
        long = prompt("Hello! " * 120)
        room = chat.context_tokens - chat.prompt_tokens(long)
        assert 0 < room < 800
        _, finish = await reply(chat, long, sampling=replace(GREEDY, max_tokens=5000))
        assert finish.ending is Ending.LENGTH
        assert finish.written == room


async def test_a_form_is_filled_in(tiny: Path) -> None:
    schema = json.dumps({"type": "object", "properties": {"sure": {"type": "boolean"}}, "required": ["sure"]})
    async with opened(tiny) as chat:
        text, _ = await reply(chat, prompt("Are you sure?"), sampling=Sampling(schema=schema, max_tokens=60))
        assert isinstance(json.loads(text)["sure"], bool)
        with pytest.raises(ModelError):
            await reply(chat, prompt("Hello!"), sampling=replace(GREEDY, grammar="root ::= ("))


async def test_forgetting_leaves_nothing(tiny: Path, tmp_path: Path) -> None:
    async with opened(tiny, tmp_path, park_ram_mb=0) as chat:
        await reply(chat, prompt("Hello!"), Work(conversation="maya"))
        await reply(chat, prompt("Hello!"), Work(conversation="ben"))
        await chat.forget(["maya"])
        _, finish = await reply(chat, prompt("Hello!"), Work(conversation="maya"))
        assert finish.read > 1
        _, finish = await reply(chat, prompt("Hello!"), Work(conversation="ben"))
        assert finish.read == 1
        await chat.forget(["maya", "ben"])
    assert not list(tmp_path.glob("*.kv"))
    async with opened(tiny, tmp_path) as chat:
        _, finish = await reply(chat, prompt("Hello!"), Work(conversation="maya"))
        assert finish.kept == 0


async def test_a_character_is_forgotten_whatever_model_has_read_it(tiny: Path, tmp_path: Path) -> None:
    for key in ("", "secret"):
        async with opened(tiny, tmp_path, park_key=SecretStr(key)) as chat:
            for who in ("maya", "ben"):
                await reply(chat, prompt("Hello!"), Work(conversation=who))
    async with opened(tiny, tmp_path, park_key=SecretStr("another")) as chat:
        await chat.forget(["maya", "ben"])
    assert not list(tmp_path.glob("*.kv"))


async def test_forgetting_after_the_thread_has_ended(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tiny, tmp_path) as chat:
        for who in ("maya", "ben"):
            chat._engine.shelf.put(who, State(np.arange(3, dtype=np.int32), 0, b"what was read"))

        def breaks(_: Loop) -> None:
            raise RuntimeError

        monkeypatch.setattr(Loop, "_work", breaks)
        while True:
            try:
                await reply(chat, prompt("Hello!"), Work(conversation="ana"))
            except DownError:
                break
            except ModelError:
                continue
        await chat.forget(["maya"])
        assert "maya" not in chat._engine.shelf.names()
    assert sorted(path.name for path in tmp_path.glob("*.kv") if "stem" not in path.name) == [
        parked_file("ben")
    ]


async def test_forgetting_ends_the_reply(tiny: Path) -> None:
    async with opened(tiny, context_tokens=4096) as chat:
        stream = chat.stream(prompt("Hello!"), replace(GREEDY, max_tokens=3000), Work(conversation="maya"))
        await first_piece(stream)
        await chat.forget({"maya"})
        with pytest.raises(ModelError, match=FORGOTTEN[:20]):
            async for _ in stream:
                pass


async def test_strangers_are_erased_at_the_start(tiny: Path, tmp_path: Path) -> None:
    async with opened(tiny, tmp_path) as chat:
        for who in ("maya", "ben"):
            await reply(chat, prompt("Hello!"), Work(conversation=who))
    async with opened(tiny, tmp_path) as chat:
        await chat.erase_strangers(["ben"])
        assert (await reply(chat, prompt("Hello!"), Work(conversation="ben")))[1].read == 1
        assert (await reply(chat, prompt("Hello!"), Work(conversation="maya")))[1].read > 1


async def test_closing_ends_what_is_under_way(tiny: Path) -> None:
    async with opened(tiny, context_tokens=4096) as chat:
        stream = chat.stream(prompt("Hello!"), replace(GREEDY, max_tokens=3000))
        await first_piece(stream)
    with pytest.raises(ModelError, match=CLOSED[:20]):
        async for _ in stream:
            pass
    with pytest.raises(DownError):
        await reply(chat, prompt("Hello!"))
    await chat.forget(["maya"])
    assert not {thread.name for thread in threading.enumerate()} & {"llama", "parked"}


async def test_thoughts_are_not_shown(model: Model) -> None:
    """Its template leaves the model inside its thoughts: what never ends is never shown."""
    async with opened(model("tiny-thinking")) as chat:
        text, finish = await reply(chat, prompt("Hello!"))
        opens = bool(chat._engine.reading.template.opens_reasoning)
        assert finish.written == 12
        assert (text == "") == opens


async def test_background_work_comes_after_replies(tiny: Path) -> None:
    async with opened(tiny, slots=1) as chat:
        ended: list[str] = []

        async def ask(name: str, priority: Priority) -> None:
            await reply(chat, prompt(name), Work(priority=priority), replace(GREEDY, max_tokens=40))
            ended.append(name)

        await asyncio.gather(
            ask("notes", Priority.BACKGROUND), *(ask(name, Priority.REPLY) for name in ("one", "two"))
        )
        assert ended == ["one", "two", "notes"]


async def test_no_words_are_logged(tiny: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with opened(tiny) as chat:
            text, _ = await reply(chat, prompt("Strawberries"))
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("engine")]
    assert lines[-1].startswith("The chat model ends: 1 answers, 0 broken off, 0 failed; ")
    assert not any("Strawberries" in line or text in line for line in lines)


async def test_opening_can_be_cancelled(tiny: Path) -> None:
    async def use() -> None:
        async with opened(tiny):
            raise AssertionError("it was cancelled")

    task = asyncio.create_task(use())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_wrong_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_text("no model")
    for name in ("model.gguf", "nothing.gguf"):
        with pytest.raises(ModelError):
            async with opened(tmp_path / name):
                pass
