"""A model that only measures: a real chat template, and so many characters to a token. What it keeps is counted too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import UTC, datetime

from characters.character import Persona
from engine.chat.budget import Ruler
from engine.chat.prompt import Written, begin, choose_history, finish
from engine.models.layout import lay_out
from engine.models.port import ChatModel, Prompt, Sampling, Work
from engine.models.template import Piece, open_template
from engine.types import Fact, Message
from tests.engine.models.templates import ALL

NOBODYS = Work()
# When prompts are written that no store's clock times.
NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)


class PaperModel:
    """A model at the port that answers nothing."""

    structured = False

    def __init__(self, context_tokens: int, template: str = "qwen-3", characters: int = 4) -> None:
        self.name = f"{template} on paper"
        self.context_tokens = context_tokens
        self.characters = characters
        self.template = open_template(ALL[template], bos="<s>", eos="</s>")
        self.forgotten: set[str] = set()

    def count_tokens(self, text: str) -> int:
        return -(-len(text) // self.characters)

    def prompt_tokens(self, prompt: Prompt) -> int:
        return sum(self.count_tokens(piece.text) for piece in self.pieces(prompt))

    def pieces(self, prompt: Prompt) -> tuple[Piece, ...]:
        return self.template.pieces(lay_out(prompt, self.template.dialect))

    def text(self, prompt: Prompt) -> str:
        """What the model reads, to the letter."""
        return "".join(piece.text for piece in self.pieces(prompt))

    async def forget(self, conversations: Collection[str]) -> None:
        self.forgotten |= set(conversations)

    async def stream(self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS) -> AsyncIterator[str]:
        yield "…"


class Reader:
    """Counts what has to be read of each prompt, where all of the one before is known, and the reply to it."""

    def __init__(self, model: PaperModel) -> None:
        self._model = model
        self._known = ""

    def read(self, prompt: Prompt, reply: str) -> int:
        text = self._model.text(prompt)
        new = len(text) - _same(text, self._known)
        self._known = text + reply
        return -(-new // self._model.characters)


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def write_prompt(
    persona: Persona,
    window: Sequence[Message],
    *,
    facts: Sequence[Fact],
    earlier: Sequence[Message],
    scene: Sequence[str],
    person_name: str,
    model: ChatModel,
    reply_tokens: int,
    summary: str = "",
    most: int = 400,
    remarks: Sequence[str] = (),
    now: datetime = NOW,
) -> Written:
    """The prompt for the reply to the window's last message, without a store and its planner."""
    ruler = Ruler(model)
    beginning = begin(persona, person_name, summary, ruler, reply_tokens)
    history = choose_history(window, window, beginning, ruler, most=most)
    return finish(
        beginning,
        history,
        ruler,
        facts=facts,
        earlier=earlier,
        scene=scene,
        persona=persona,
        person_name=person_name,
        now=now,
        remarks=remarks,
    )
