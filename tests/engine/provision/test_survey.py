"""engine/provision/pictures/survey.py: what is here, what is used, what a machine begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import EngineConfig, ImagesConfig
from engine.images.device import hardware
from engine.images.device.hardware import MIB, Card
from engine.provision.pictures.known import find_piece
from engine.provision.pictures.survey import BESIDE, State, survey
from tests.engine.provision.repos import klein, write


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """The machine's cards, which a test may change; one with 12 GB to begin with."""
    seen = [Card("Test 12", 12282, 12000, "cuda:0")]
    monkeypatch.setattr(hardware, "cards", lambda: tuple(seen))
    return seen


def looked(data: Path, **images: object) -> EngineConfig:
    return EngineConfig(images=ImagesConfig.model_validate(images))


def states(data: Path, **images: object) -> dict[str, State]:
    seen = survey(looked(data, **images), data)
    return {**seen.states, **{small.piece.name: small.state for small in seen.small}}


def put(data: Path, name: str) -> None:
    piece = find_piece(name)
    for file in piece.files or ():
        write(data / "models" / piece.repo / file)


def test_a_card_begins_with_a_family_and_with_what_verifies_and_enlarges(
    tmp_path: Path, card: list[Card]
) -> None:
    seen = survey(EngineConfig(), tmp_path)
    assert seen.device == "cuda:0" and seen.card == card[0]
    assert [piece.name for piece in seen.starter] == ["klein", *BESIDE]
    assert all(piece.open for piece in seen.starter)
    assert {piece.name for piece in seen.more} >= {"sdxl", "z_image"}
    assert "klein" not in {piece.name for piece in seen.more}


def test_without_a_card_nothing_is_recommended(tmp_path: Path, card: list[Card]) -> None:
    card.clear()
    seen = survey(EngineConfig(), tmp_path)
    assert (seen.device, seen.card, seen.starter, seen.more) == ("cpu", None, (), ())


def test_what_is_here_is_used_only_when_the_settings_say_so(tmp_path: Path, card: list[Card]) -> None:
    klein(tmp_path / "models" / find_piece("klein").repo)
    put(tmp_path, "auraface")
    put(tmp_path, "ip_adapter")
    assert states(tmp_path)["klein"] is State.HERE and states(tmp_path)["auraface"] is State.HERE
    auto = states(tmp_path, pipeline="auto")
    assert (auto["klein"], auto["auraface"], auto["ip_adapter"]) == (State.USED,) * 3
    assert (auto["sdxl"], auto["yunet"]) == (State.ABSENT,) * 2
    assert states(tmp_path, pipeline="auto", verify=False)["auraface"] is State.HERE
    assert states(tmp_path, pipeline="klein")["ip_adapter"] is State.HERE
    assert (
        states(tmp_path, pipeline="klein", styles={"anime": {"family": "sdxl"}})["ip_adapter"] is State.USED
    )


@pytest.mark.parametrize(
    ("name", "wish", "accept"),
    [
        ("codeformer", {"restore": "codeformer"}, "codeformer"),
        ("inswapper", {"swap": True}, "inswapper"),
        ("arcface", {}, "faceid"),
        ("scrfd", {}, "scrfd"),
    ],
)
def test_what_has_terms_is_used_when_they_are_accepted(
    tmp_path: Path, card: list[Card], name: str, wish: dict[str, object], accept: str
) -> None:
    put(tmp_path, name)
    assert states(tmp_path, pipeline="auto", **wish)[name] is State.NOT_ACCEPTED
    assert states(tmp_path, pipeline="auto", accept=(accept,), **wish)[name] is State.USED


def test_a_family_that_is_too_large_for_a_card_is_said_to_be(tmp_path: Path, card: list[Card]) -> None:
    card[:] = [Card("Test 4", 4 * 2**30 // MIB, 3900, "cuda:0")]
    rows = {row.family: row for row in survey(EngineConfig(), tmp_path).rows}
    assert rows["qwen_edit"].precision is None
