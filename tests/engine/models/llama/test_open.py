"""engine/models/choose.py with the real llama.cpp: the model of the settings answers, and what is wrong is said."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from engine.build import open_engine, utc_now
from engine.config import ChatConfig, EngineConfig, LlmConfig
from engine.errors import ModelError
from engine.models.choose import PARKED, open_model
from engine.models.gguf import read_facts
from engine.models.llama.library import library
from engine.models.machine import look_around
from engine.models.port import Finish, Keeper, Prompt, PromptTurn, Sampling, Section, SectionKind, Work
from engine.provision.chat import examine
from tests.engine.models import ggufs

PROMPT = Prompt((Section(SectionKind.PERSONA, "Name: Noor"),), (PromptTurn("person", "Hello!"),))


def settings(path: Path | str, **llm: int | str) -> EngineConfig:
    return EngineConfig(
        chat=ChatConfig(model="llama"),
        llm=LlmConfig.model_validate({"model": str(path), "context_tokens": 512, "slots": 2, **llm}),
    )


async def test_the_model_of_the_settings_answers(
    tiny: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with open_model(settings(tiny), tmp_path) as model:
        assert not model.name.startswith("storyteller")
        pieces = [piece async for piece in model.stream(PROMPT, Sampling(max_tokens=8, temperature=0))]
    assert isinstance(pieces[-1], Finish)
    assert pieces[-1].written == 8
    loading, ready = [
        record.getMessage() for record in caplog.records if record.name == "engine.models.choose"
    ]
    facts = read_facts(tiny)
    assert loading == f"Loading {facts.title} (room for 1,024 tokens) …"
    assert " is ready after " in ready


async def test_loading_leaves_the_event_loop_alone(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = library().api
    load = api.llama_model_load_from_file
    loading, beaten = threading.Event(), threading.Event()
    went_on: list[bool] = []

    def slowly(path: bytes, params: object) -> object:
        loading.set()
        went_on.append(beaten.wait(timeout=30))  # a disk that takes until the event loop has gone round
        return load(path, params)

    async def beat() -> None:
        while True:
            if loading.is_set():
                beaten.set()
            await asyncio.sleep(0.002)

    monkeypatch.setattr(api, "llama_model_load_from_file", slowly)
    async with asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(beat())
        async with open_model(settings(tiny), tmp_path) as model:
            assert not model.name.startswith("storyteller")
        beating.cancel()
    assert went_on == [True]


async def test_when_its_thread_dies_the_storyteller_goes_on(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_model(settings(tiny), tmp_path) as model:
        own = model.name
        assert [piece async for piece in model.stream(PROMPT, Sampling(max_tokens=4))]
        monkeypatch.setattr("engine.models.llama.loop.Loop._work", broken)
        with suppress(ModelError):  # whoever is being answered when it dies is told so
            assert [piece async for piece in model.stream(PROMPT, Sampling(max_tokens=200))]
        for _ in range(2):
            told = [piece async for piece in model.stream(PROMPT, Sampling(max_tokens=200))]
            assert " " in "".join(piece for piece in told if isinstance(piece, str))
        assert model.name == f"storyteller ({own} is down)"
    assert caplog.text.count("The storyteller answers meanwhile.") == 1


def broken(_: object) -> None:
    raise RuntimeError("nothing works any more")


async def test_what_was_kept_of_unknown_conversations_goes_at_the_start(tiny: Path, tmp_path: Path) -> None:
    for name in ("known", "gone"):
        async with open_model(settings(tiny), tmp_path) as model:
            stream = model.stream(PROMPT, Sampling(max_tokens=4), Work(conversation=name))
            assert [piece async for piece in stream]
    async with open_model(settings(tiny), tmp_path) as model:
        assert isinstance(model, Keeper)
        await model.erase_strangers(["known"])
        for name, kept in (("known", True), ("gone", False)):
            stream = model.stream(PROMPT, Sampling(max_tokens=4), Work(conversation=name))
            (finish,) = [piece async for piece in stream if isinstance(piece, Finish)]
            assert (finish.read == 1) is kept


async def test_the_whole_engine_runs_on_it(tiny: Path, tmp_path: Path) -> None:
    async with open_model(settings(tiny), tmp_path) as model:
        stream = model.stream(PROMPT, Sampling(max_tokens=4), Work(conversation="of-another-database"))
        assert [piece async for piece in stream]
    assert parked(tmp_path)
    async with open_engine(settings(tiny), tmp_path, clock=utc_now) as engine:
        assert not engine.turn.model_name.startswith("storyteller")
        assert parked(tmp_path) == []


def parked(data: Path) -> list[Path]:
    """The files of conversations; what all who talk with a character share is nobody's."""
    return [path for path in (data / PARKED).glob("*.kv") if not path.name.endswith(".stem.kv")]


async def test_an_unknown_architecture_is_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = ggufs.write_gguf(tmp_path / "m.gguf", ggufs.model(arch="gpt9"), ggufs.weights())
    async with open_model(settings(path), tmp_path) as model:
        assert model.name == "storyteller (m.gguf could not be loaded)"
    assert "is of a kind that this llama.cpp does not know" in caplog.text
    (remark,) = await examine(settings(path), tmp_path)
    assert remark.ok is False
    assert "gpt9" in remark.sentence
    assert remark.sentence.startswith("The storyteller answers instead: ")


async def test_the_doctor_says_what_will_be_loaded(tiny: Path, tmp_path: Path) -> None:
    chat, *rest = await examine(settings(tiny), tmp_path)
    assert (chat.ok, chat.title) == (True, "Chat model")
    assert read_facts(tiny).title in chat.sentence
    assert [one.title for one in rest][-1] == "GPU"
    assert [one.ok for one in rest] == [None] * len(rest)
    assert list(tmp_path.iterdir()) == []  # nothing is loaded, nothing is written


@pytest.mark.parametrize(
    ("llm", "said"),
    [
        ({"adapter": "gone.gguf"}, "There is no adapter gone.gguf"),
        ({"model": "gone.gguf"}, "There is no model gone.gguf"),
        ({"model": ""}, "llm.model is empty"),
    ],
)
async def test_the_doctor_says_what_is_wrong(
    tiny: Path, tmp_path: Path, llm: dict[str, str], said: str
) -> None:
    (remark,) = await examine(settings(tiny, **llm), tmp_path)
    assert remark.ok is False
    assert said in remark.sentence


def test_the_machine_is_seen_with_llama_cpp_as_without(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = look_around()
    assert 0 < seen.ram_free <= seen.ram
    assert all(0 <= device.free <= device.total for device in seen.devices)
    monkeypatch.setattr("engine.models.machine.llama_is_here", lambda: False)
    assert look_around().devices == ()
