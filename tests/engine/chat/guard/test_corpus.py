"""Innocent replies pass as they are, and bad ones are caught: two lists of examples, however they are cut into pieces."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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


def test_there_are_enough_examples() -> None:
    assert len(list(innocent())) >= 120
    assert len(list(bad())) >= 80
