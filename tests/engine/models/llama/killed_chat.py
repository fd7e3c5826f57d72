"""A process that forks children in which people talk with LlamaChat, to be killed: `python -m … MODEL FOLDER`.

Each line on stdin is what was said so far; for each it forks a child that goes on from there until it is killed, and
says every reply. There is room for two of the people at a time: all others are parked on disk over and over.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from pathlib import Path

from engine.config import LlmConfig
from engine.models.llama.chat import LlamaChat, open_llama
from engine.models.port import Finish, Prompt, PromptTurn, Sampling, Section, SectionKind, Work

PEOPLE = 6
# After so many turns of a person the conversation begins anew: the context holds no more.
TURNS = 8
GREEDY = Sampling(max_tokens=20, temperature=0, repeat_penalty=1)
CONFIG = LlmConfig(
    context_tokens=1024,
    slots=2,
    kv_tokens=1024,
    threads=1,
    kv_type="f32",
    flash_attention="off",
    park_ram_mb=0,
)
History = list[list[str]]  # what the person said and what was answered, turn by turn


def prompt(person: int, history: History) -> Prompt:
    """What comes next from this person, after all that was said."""
    turns = [
        PromptTurn(speaker, text)
        for said in history
        for speaker, text in zip(("person", "character"), said, strict=True)
    ]
    chance = random.Random(f"{person} {len(history)}")
    words = " ".join(chance.choices("tea lake bread rain song tower night honey boat letter".split(), k=6))
    persona = f"Name: {'Maya' if person % 2 else 'Noor'}\nTraits: warm, observant, curious about everything"
    return Prompt(
        (Section(SectionKind.PERSONA, persona),), (*turns, PromptTurn("person", f"I am {person}: {words}."))
    )


def say(line: dict[str, object]) -> None:
    """A line in one piece: parent and child write into the same pipe."""
    os.write(sys.stdout.fileno(), f"{json.dumps(line)}\n".encode())


async def answer(chat: LlamaChat, asked: Prompt, conversation: str) -> tuple[str, Finish]:
    """The whole reply."""
    text = ""
    async for item in chat.stream(asked, GREEDY, Work(conversation)):
        if isinstance(item, Finish):
            return text, item
        text += item
    raise AssertionError("a stream without an end")


async def talk(chat: LlamaChat, person: int, history: History) -> None:
    """One person, on and on."""
    while True:
        if len(history) == TURNS:
            history = []
        asked = prompt(person, history)
        reply, finish = await answer(chat, asked, f"person {person}")
        history = [*history, [asked.turns[-1].text, reply]]
        say({"person": person, "history": history, "kept": finish.kept})


async def live(model: Path, folder: Path, histories: list[History]) -> None:
    """Until it is killed."""
    async with open_llama(CONFIG, model, parked=folder) as chat, asyncio.TaskGroup() as people:
        say({"open": True})
        for person, history in enumerate(histories):
            people.create_task(talk(chat, person, history))


def main() -> None:
    """Fork, wait, and fork again."""
    model, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(live(model, folder, json.loads(line)))
        say({"child": child})
        os.waitpid(child, 0)
        say({"dead": True})


if __name__ == "__main__":
    main()
