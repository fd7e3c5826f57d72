"""A conversation of many turns through the real planner and store: what has to be read again, what is summed up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from characters.cast import load_cast
from engine.chat.budget import Ruler
from engine.chat.planner import Planner
from engine.chat.prompt import Written, begin
from engine.config import ChatConfig, MemoryConfig
from engine.errors import NotFoundError
from engine.memory.recall import Memory, Recalled
from engine.memory.summary import Summaries
from engine.models.ask import Asker
from engine.models.background import Background
from engine.models.port import Priority, Prompt, PromptTurn, Sampling, SectionKind, Work
from engine.safety.policy import load_policy
from engine.safety.text import Gate
from engine.store.store import Store
from engine.types import PRIVATE_PLACE, CharacterRecord, Conversation, Role
from tests.engine.chat.paper import NOBODYS, PaperModel, Reader
from tests.engine.models.templates import ALL
from tests.engine.store.conftest import Clock

SAID = "I walked along the canal again today and thought of number {}, and then it began to rain."
ANSWERED = "Number {}, then. Tell me what the water looked like, and whether you sang on the way home."


class SummingModel(PaperModel):
    """A paper model that can write summaries: the next of those it was given."""

    structured = True

    def __init__(self, context_tokens: int = 4096) -> None:
        super().__init__(context_tokens)
        self.asked: list[tuple[Prompt, Work]] = []
        self.summary: Callable[[int], str] = lambda number: f"They spoke of rain, part {number}."
        self.meanwhile: Callable[[], object] | None = None

    async def stream(self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS) -> AsyncIterator[str]:
        self.asked.append((prompt, work))
        if self.meanwhile is not None:
            await self.meanwhile()  # type: ignore[misc]
        yield self.summary(len(self.asked))


@dataclass
class Table:
    """One conversation, and everything that plans its prompts."""

    store: Store
    model: PaperModel
    character: CharacterRecord
    conversation: Conversation
    config: ChatConfig
    clock: Clock
    background: Background = field(default_factory=Background)
    turns: int = 0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """As after a restart: only the store is the same."""
        memory = Memory(self.store, self.clock)
        gate = Gate(load_policy(["forbidden pudding"]))
        self.summaries = Summaries(self.store, Asker(self.model), gate, self.background)
        self.planner = Planner(
            self.store, self.model, memory, self.clock, self.config, MemoryConfig(), self.summaries
        )

    async def turn(self, said: str = "") -> Written:
        """One turn as engine/turn.py takes it, up to the stored reply."""
        window = await self.planner.window(self.conversation)
        self.turns += 1
        append = self.store.conversations.append
        message = await append(self.conversation.id, Role.PERSON, said or SAID.format(self.turns))
        written = await self.planner.plan(self.conversation, self.character.persona, message, window)
        await append(self.conversation.id, Role.CHARACTER, ANSWERED.format(self.turns), reply_to=message.id)
        self.planner.answered(self.conversation)
        return written

    async def small_work(self) -> None:
        """Do what waits for a quiet moment."""
        while self.background._waiting:
            await self.background._do(self.background._waiting.pop(next(iter(self.background._waiting))))


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[..., object]]:
    stores = []

    async def open_table(model: PaperModel, config: ChatConfig | None = None) -> Table:
        clock = Clock()
        store = await Store.open(tmp_path / str(len(stores)), clock=clock, synchronous="NORMAL")
        stores.append(store)
        person = await store.people.ensure("test", "ana", "Ana")
        _, persona = load_cast()[0]
        record = await store.characters.create(None, persona)
        conversation = await store.conversations.open(person.id, record.id, PRIVATE_PLACE)
        await store.conversations.append(conversation.id, Role.CHARACTER, "Good evening.")
        conversation = await store.conversations.get(conversation.id)
        await store.on_erased(model.forget)
        return Table(store, model, record, conversation, config or ChatConfig(), clock)

    yield open_table
    for store in stores:
        await store.close()


Opened = Callable[..., Awaitable[Table]]


class Slider:
    """The same prompts as a window would have them written that leaves out its oldest lines with every turn."""

    def __init__(self, table: Table) -> None:
        self._ruler = Ruler(table.model)
        self._room = begin(table.character.persona, "Ana", "", self._ruler, table.config.reply_tokens).room
        self._lines: list[PromptTurn] = []
        self._size = 0

    def say(self, speaker: str, text: str) -> None:
        self._lines.append(PromptTurn(speaker, text))
        self._size += self._ruler.line(text)
        while self._size > self._room:
            self._size -= self._ruler.line(self._lines.pop(0).text)

    def prompt(self, written: Written) -> Prompt:
        return Prompt(written.prompt.sections, tuple(self._lines))


async def test_three_hundred_turns_read_a_tenth_of_what_a_sliding_window_reads(opened: Opened) -> None:
    """Tokens read for each turn once the window is full, where whoever reads keeps all that is still right."""
    table = await opened(PaperModel(8192), ChatConfig(window_messages=400))
    blocks, sliding, slider = Reader(table.model), Reader(table.model), Slider(table)
    slider.say("character", "Good evening.")
    read, read_sliding, cuts = 0, 0, 0
    for number in range(1, 301):
        written = await table.turn()
        slider.say("person", SAID.format(number))
        reply = ANSWERED.format(number)
        costs = blocks.read(written.prompt, reply), sliding.read(slider.prompt(written), reply)
        slider.say("character", reply)
        cuts += written.history.cut
        if cuts:
            read, read_sliding = read + costs[0], read_sliding + costs[1]
    assert 2 <= cuts <= 8
    assert read / read_sliding <= 0.1


async def test_a_cut_survives_a_restart(opened: Opened) -> None:
    table = await opened(PaperModel(2500))
    while not (await table.turn()).history.cut:
        pass
    first = (await table.turn()).prompt.turns[0]
    table.restart()
    again = await table.turn()
    assert again.prompt.turns[0] == first and not again.history.cut
    assert first.speaker == "person"


async def test_what_a_cut_loses_is_summed_up_before_it(opened: Opened) -> None:
    model = SummingModel()
    table = await opened(model, ChatConfig(window_messages=10))
    summaries = []
    for _ in range(60):
        written = await table.turn()
        summary = written.prompt.section(SectionKind.SUMMARY)
        if written.history.cut:
            # A new summary comes with a cut, when the prompt changes anyway.
            assert summary == f"They spoke of rain, part {len(summaries) + 1}."
            summaries.append(summary)
        assert summary == (summaries[-1] if summaries else "")
        await table.small_work()
    assert len(summaries) >= 4
    assert len(model.asked) - len(summaries) in (0, 1), "each cut is summed up once"
    text, work = str(model.asked[1][0].turns[0].text), model.asked[1][1]
    assert "Known before: They spoke of rain, part 1." in text
    assert work.priority is Priority.BACKGROUND and work.conversation == ""
    # Nothing of the talk is left out of the summaries, and nothing is in two of them.
    told = [
        line
        for prompt, _ in model.asked
        for line in prompt.turns[0].text.splitlines()
        if line.startswith("Ana:")
    ]
    assert told == [f"Ana: {SAID.format(number)}" for number in range(1, len(told) + 1)]


async def test_a_cut_without_a_summary_is_caught_up_with(opened: Opened) -> None:
    """Nobody waits for a summary: what a cut lost meanwhile goes into the next one."""
    model = SummingModel()
    table = await opened(model, ChatConfig(window_messages=10))
    cuts = 0
    while cuts < 2:
        cuts += (await table.turn()).history.cut
    assert not model.asked
    while not model.asked:
        assert not (await table.turn()).prompt.section(SectionKind.SUMMARY)
        await table.small_work()
    assert SAID.format(1) in model.asked[0][0].turns[0].text


async def test_a_model_that_follows_no_instructions_is_not_asked(opened: Opened) -> None:
    table = await opened(PaperModel(4096), ChatConfig(window_messages=10))
    for _ in range(30):
        await table.turn()
    assert not table.background._waiting


async def test_a_bad_summary_is_dropped_and_not_tried_for_ever(opened: Opened) -> None:
    model = SummingModel()
    model.summary = lambda number: ("They ate the forbidden pudding.", "no end to this sentence", "")[
        number % 3
    ]
    table = await opened(model, ChatConfig(window_messages=10))
    for _ in range(40):
        assert not (await table.turn()).prompt.section(SectionKind.SUMMARY)
        await table.small_work()
    assert len(model.asked) == 3


async def test_the_end_of_a_summary_that_broke_off_is_left_out(opened: Opened) -> None:
    model = SummingModel()
    model.summary = lambda number: "They walked.  \nIt rained. And then they said that"
    table = await opened(model, ChatConfig(window_messages=10))
    written = await table.turn()
    while not written.prompt.section(SectionKind.SUMMARY):
        written = await table.turn()
        await table.small_work()
    assert written.prompt.section(SectionKind.SUMMARY) == "They walked. It rained."


async def test_what_is_hidden_while_it_is_summed_up_is_in_no_summary(opened: Opened) -> None:
    model = SummingModel()
    table = await opened(model, ChatConfig(window_messages=10))

    async def hide() -> None:
        model.meanwhile = None
        oldest = (await table.store.conversations.window(table.conversation.id, 100))[1]
        await table.store.conversations.hide_from_prompt([oldest.id])

    model.meanwhile = hide
    while not model.asked:
        await table.turn()
        await table.small_work()
    assert model.forgotten == {table.conversation.id}
    assert (await table.store.windows.get(table.conversation.id)).next_summary == ""
    while len(model.asked) < 2:
        await table.turn()
        await table.small_work()
    assert SAID.format(1) in model.asked[0][0].turns[0].text
    assert SAID.format(1) not in model.asked[1][0].turns[0].text


async def test_what_is_hidden_after_the_window_was_fetched_is_in_no_prompt(opened: Opened) -> None:
    table = await opened(PaperModel(4096))
    await table.turn("My secret is quxanthropy.")
    window = await table.planner.window(table.conversation)
    append = table.store.conversations.append
    said = await append(table.conversation.id, Role.PERSON, "Hello again.")
    await table.store.conversations.hide_from_prompt([window[1].id])
    written = await table.planner.plan(table.conversation, table.character.persona, said, window)
    assert "quxanthropy" not in str(written.prompt)
    assert written.prompt.turns[-1].text == "Hello again."


@pytest.mark.parametrize("how", ["cleared", "erased", "hidden"])
async def test_what_is_deleted_before_its_prompt_is_written_is_in_none(opened: Opened, how: str) -> None:
    table = await opened(PaperModel(4096))
    window = await table.planner.window(table.conversation)
    said = await table.store.conversations.append(table.conversation.id, Role.PERSON, "My number is 77.")
    match how:
        case "cleared":
            await table.store.conversations.clear(table.conversation.id)
        case "erased":
            await table.store.people.erase(table.conversation.person_id)
        case "hidden":
            await table.store.conversations.hide_from_prompt([said.id])
    with pytest.raises(NotFoundError):
        await table.planner.plan(table.conversation, table.character.persona, said, window)


async def test_what_is_hidden_while_a_prompt_is_written_is_not_in_it(opened: Opened) -> None:
    table = await opened(PaperModel(4096))
    await table.turn("My secret is quxanthropy.")
    secret = (await table.store.conversations.window(table.conversation.id, 10))[1]

    class Slow(Memory):
        async def recall(self, *args: Any, **kwargs: Any) -> Recalled:
            found = await super().recall(*args, **kwargs)
            await table.store.conversations.hide_from_prompt([secret.id] if secret.id not in hidden else [])
            hidden.add(secret.id)
            return found

    hidden: set[str] = set()
    table.planner = Planner(
        table.store, table.model, Slow(table.store, table.clock), table.clock, table.config, MemoryConfig()
    )
    written = await table.turn()
    assert "quxanthropy" not in str(written.prompt) and "quxanthropy" not in table.model.text(written.prompt)
    assert table.model.forgotten == {table.conversation.id}


async def test_what_is_hidden_while_a_reply_is_written_is_forgotten_once_it_is(opened: Opened) -> None:
    """The prompt was on its way to the model when it was told to forget."""
    table = await opened(PaperModel(4096))
    await table.turn("My secret is quxanthropy.")
    secret = (await table.store.conversations.window(table.conversation.id, 10))[1]
    await table.planner.settle(table.conversation)
    assert not table.model.forgotten
    window = await table.planner.window(table.conversation)
    said = await table.store.conversations.append(table.conversation.id, Role.PERSON, "Hello again.")
    await table.planner.plan(table.conversation, table.character.persona, said, window)
    await table.store.conversations.hide_from_prompt([secret.id])
    table.model.forgotten.clear()
    await table.planner.settle(table.conversation)
    assert table.model.forgotten == {table.conversation.id}
    table.model.forgotten.clear()
    await table.planner.settle(table.conversation)
    assert not table.model.forgotten


async def test_what_a_cut_left_out_can_be_recalled(opened: Opened) -> None:
    table = await opened(PaperModel(4096), ChatConfig(window_messages=10))
    await table.turn("I bought a marimba in Antwerp.")
    for _ in range(20):
        await table.turn()
    written = await table.turn("Where did I buy the marimba?")
    assert "marimba in Antwerp" in written.prompt.section(SectionKind.EARLIER)
    assert "marimba in Antwerp" not in str(written.prompt.turns)


@pytest.mark.parametrize("template", sorted(ALL))
async def test_every_template_reads_little_again(opened: Opened, template: str) -> None:
    """Between two cuts, what is read is what is new, and the last exchange, before which the notes stood."""
    table = await opened(PaperModel(6000, template))
    reader = Reader(table.model)
    most = table.model.count_tokens(SAID + ANSWERED) * 2 + 120
    reader.read((await table.turn()).prompt, ANSWERED.format(1))
    for _ in range(12):
        written = await table.turn()
        assert reader.read(written.prompt, ANSWERED.format(table.turns)) < most
