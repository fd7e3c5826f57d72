"""engine/models/standin.py: who answers while the model is down, and when it does not."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection

import pytest

from engine.errors import BusyError, DownError, ModelError
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
from engine.models.standin import StandIn
from engine.models.storyteller import Storyteller

PROMPT = Prompt((Section(SectionKind.PERSONA, "Name: Noor"),), (PromptTurn("person", "Hello!"),))

USUAL, NOBODYS = Sampling(), Work()


class Model:
    """A model that says what it is told to, and fails where it is told to."""

    name = "Qwen3 8B"
    context_tokens = 2048
    structured = True

    def __init__(self) -> None:
        self.script: list[str | ModelError] = []
        self.forgotten: list[str] = []
        self.closed = 0

    def count_tokens(self, text: str) -> int:
        return len(text)

    def prompt_tokens(self, prompt: Prompt) -> int:
        return 7

    async def forget(self, conversations: Collection[str]) -> None:
        self.forgotten += conversations

    async def stream(
        self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
    ) -> AsyncIterator[str | Finish]:
        try:
            for step in self.script:
                if isinstance(step, ModelError):
                    raise step
                yield step
            yield Finish(Ending.STOP)
        finally:
            self.closed += 1


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def both(model: Model) -> StandIn:
    return StandIn(model, Storyteller())


async def said(model: StandIn, sampling: Sampling = USUAL, work: Work = NOBODYS) -> str:
    return "".join([piece async for piece in model.stream(PROMPT, sampling, work) if isinstance(piece, str)])


async def test_a_model_that_runs_speaks_for_itself(both: StandIn, model: Model) -> None:
    model.script = ["Good ", "evening."]
    assert await said(both) == "Good evening."
    assert (both.name, both.context_tokens, both.structured) == ("Qwen3 8B", 2048, True)
    assert (both.count_tokens("four"), both.prompt_tokens(PROMPT)) == (4, 7)
    await both.forget(["one"])
    assert model.forgotten == ["one"]


async def test_the_storyteller_answers_while_it_is_down_and_that_is_said_once(
    both: StandIn, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    model.script = [DownError("The model's thread has died.")]
    first, second = await said(both), await said(both)
    assert first == second != ""
    assert both.name == "storyteller (Qwen3 8B is down)"
    assert not both.structured
    model.script = ["I am back."]
    assert await said(both) == "I am back."
    assert (both.name, both.structured) == ("Qwen3 8B", True)
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [
        "The model's thread has died. The storyteller answers meanwhile.",
        "Qwen3 8B answers again.",
    ]


async def test_a_reply_that_has_begun_is_not_continued_by_another_voice(both: StandIn, model: Model) -> None:
    model.script = ["Once upon ", DownError()]
    with pytest.raises(DownError):
        await said(both)
    assert both.name == "storyteller (Qwen3 8B is down)"


@pytest.mark.parametrize(
    ("error", "sampling", "work"),
    [
        (BusyError(), Sampling(), Work()),
        (ModelError("It does not fit."), Sampling(), Work()),
        (DownError(), Sampling(), Work(priority=Priority.BACKGROUND)),
        (DownError(), Sampling(schema="{}"), Work()),
        (DownError(), Sampling(grammar='root ::= "a"'), Work()),
    ],
)
async def test_everything_else_is_told_as_it_is(
    both: StandIn, model: Model, error: ModelError, sampling: Sampling, work: Work
) -> None:
    model.script = [error]
    with pytest.raises(type(error)) as raised:
        await said(both, sampling, work)
    assert raised.value is error


async def test_closing_in_mid_reply_stops_the_model(both: StandIn, model: Model) -> None:
    model.script = ["one ", "two ", "three"]
    pieces = both.stream(PROMPT, Sampling())
    assert await anext(pieces) == "one "
    await pieces.aclose()  # type: ignore[attr-defined]
    assert model.closed == 1
