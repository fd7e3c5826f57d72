"""Innocent replies pass as they are, and bad ones are caught: two lists of examples, however they are cut into pieces."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from characters.cast import load_cast
from characters.character import Persona
from engine.chat.guard import Fault, Guard, Reviewed, Talk
from engine.models.port import Ending

FOLDER = Path(__file__).parent
MAYA = Persona(name="Maya")
OTHERS = ("Bob", "Noor")


def read(name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["talk"])


def talk_of(entry: dict[str, Any]) -> Talk:
    return Talk(
        persona=MAYA,
        person_name=entry.get("person", "Ann"),
        others=OTHERS,
        earlier=tuple(entry.get("earlier", ())),
        said=tuple(entry["said"]),
    )


def watch(talk: Talk, reply: str, size: int, ending: Ending = Ending.STOP) -> tuple[str, Reviewed]:
    guard = Guard(talk)
    shown = "".join(guard.feed(reply[at : at + size]) for at in range(0, len(reply), size))
    return shown, guard.close(ending)


def innocent() -> Iterator[Any]:
    for entry in read("innocent.toml"):
        for reply in entry["replies"]:
            yield pytest.param(talk_of(entry), reply, id=reply[:40].replace("\n", " "))


def bad() -> Iterator[Any]:
    for entry in read("bad.toml"):
        for case in entry["replies"]:
            yield pytest.param(talk_of(entry), case, id=case["reply"][:40].replace("\n", " "))


@pytest.mark.parametrize(("talk", "reply"), list(innocent()))
def test_an_innocent_reply_passes_as_it_is(talk: Talk, reply: str) -> None:
    for size in (1, 4, 10_000):
        shown, reviewed = watch(talk, reply, size)
        assert (reviewed.text, reviewed.fault) == (reply, None)
        assert shown + reviewed.rest == reply


@pytest.mark.parametrize(("talk", "case"), list(bad()))
def test_a_bad_reply_is_mended_or_written_anew(talk: Talk, case: dict[str, Any]) -> None:
    for size in (1, 4, 10_000):
        shown, reviewed = watch(talk, case["reply"], size, Ending(case.get("ending", "stop")))
        assert reviewed.fault == (Fault(case["fault"]) if "fault" in case else None)
        if "text" in case:
            assert reviewed.text == case["text"]
        if reviewed.fault is not None:
            assert reviewed.note and not reviewed.rest
        if case.get("unseen") and size > 1:  # a letter alone has no language
            assert not shown


def passes(talk: Talk, reply: str) -> bool:
    _, reviewed = watch(talk, reply, 10_000)
    return reviewed.text == reply and reviewed.fault is None


def strings(value: object) -> Iterator[str]:
    """All texts of a TOML file."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


@pytest.mark.parametrize("name", ["acts", "conceits", "pools", "stories", "themes", "told"])
def test_thousands_of_lines_of_the_storyteller_pass_as_they_are(name: str) -> None:
    text = (
        resources.files("engine.models.storyteller")
        .joinpath(f"lines/{name}.toml")
        .read_text(encoding="utf-8")
    )
    lines = [line for line in strings(tomllib.loads(text)) if len(line.split()) > 2 and "\\b" not in line]
    english = ("How was your day? I was at the lake with my sister and it was very cold.",)
    talk = Talk(MAYA, "Ann", OTHERS, (), english)
    assert lines and [line for line in lines if not passes(talk, line)] == []


def test_the_cast_may_say_its_own_lines() -> None:
    for _, persona in load_cast():
        talk = Talk(
            persona, "Ann", OTHERS, (), ("How was your day? I was at the lake and it was very cold.",)
        )
        for line in (*persona.personality.sample_lines, persona.greeting, persona.backstory.strip()):
            assert passes(talk, line)


def test_there_are_enough_examples() -> None:
    assert len(list(innocent())) >= 120
    assert len(list(bad())) >= 80
