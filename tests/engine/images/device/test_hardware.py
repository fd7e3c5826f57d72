"""The cards as NVML tells of them, by a driver that is written here."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from engine.config import ImagesConfig
from engine.images.device.hardware import (
    Card,
    card_of,
    cards,
    devices,
    environment,
    inside,
    ledger_name,
)

MIB = 2**20


class Driver:
    """NVML with two cards."""

    class NVMLError(Exception):
        pass

    def __init__(self, *, broken: bool = False) -> None:
        self.broken, self.open = broken, 0

    def nvmlInit(self) -> None:  # noqa: N802
        if self.broken:
            raise self.NVMLError("driver not loaded")
        self.open += 1

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.open -= 1

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return 2

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:  # noqa: N802
        if index > 1:
            raise self.NVMLError("no such card")
        return index

    def nvmlDeviceGetHandleByUUID(self, name: str) -> int:  # noqa: N802
        if name != "GPU-b":
            raise self.NVMLError("no such card")
        return 1

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> Any:  # noqa: N802
        return SimpleNamespace(total=(8 + 16 * handle) * 1024 * MIB, free=(7 + 13 * handle) * 1024 * MIB)

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:  # noqa: N802
        return "Large" if handle else b"Small"


SMALL = Card("Small", 8192, 7168, "cuda:0")
LARGE = Card("Large", 24576, 20480, "cuda:1")


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    driver = Driver()
    monkeypatch.setitem(sys.modules, "pynvml", driver)
    return driver


def test_the_cards_are_told_with_their_memory_and_the_driver_is_let_go(driver: Driver) -> None:
    assert cards() == (SMALL, LARGE)
    assert driver.open == 0


@pytest.mark.parametrize(
    ("visible", "names"),
    [("1", ["Large"]), ("1,0", ["Large", "Small"]), ("GPU-b", ["Large"]), ("", []), ("-1", []), ("7", [])],
)
def test_cards_that_the_environment_hides_are_not_there(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, visible: str, names: list[str]
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert [card.name for card in cards()] == names
    assert [card.device for card in cards()] == [f"cuda:{at}" for at in range(len(names))]


def test_without_a_driver_or_its_library_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", Driver(broken=True))
    assert cards() == ()
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert cards() == ()
    assert card_of("cuda:0") is None


def test_the_first_card_renders_unless_the_settings_say_which(driver: Driver) -> None:
    assert devices(ImagesConfig(pipeline="auto")) == ("cuda:0",)
    assert devices(ImagesConfig(pipeline="auto", devices=("cuda:1", "cuda:0"))) == ("cuda:1", "cuda:0")
    assert devices(ImagesConfig()) == ("cpu",), "the illustrator needs no card"
    assert card_of("cuda:1") == LARGE


def test_a_machine_without_a_card_renders_on_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert devices(ImagesConfig(pipeline="klein")) == ("cpu",)


@pytest.mark.parametrize(
    ("device", "environ", "seen"),
    [
        ("cpu", {}, None),
        ("mps", {}, None),
        ("cuda:1", {}, "1"),
        ("cuda", {}, "0"),
        ("cuda:1", {"CUDA_VISIBLE_DEVICES": "3,GPU-b"}, "GPU-b"),
    ],
)
def test_a_worker_sees_its_own_card_alone(device: str, environ: dict[str, str], seen: str | None) -> None:
    assert environment(device, environ).get("CUDA_VISIBLE_DEVICES") == seen
    assert inside(device) == ("cuda:0" if seen is not None else device)


def test_the_ledger_calls_a_card_as_llama_cpp_does() -> None:
    assert [ledger_name(device) for device in ("cuda:1", "cuda", "mps", "cpu")] == [
        "CUDA1",
        "CUDA0",
        "MTL0",
        "",
    ]


@pytest.mark.skipif(sys.platform != "darwin", reason="a Mac's own memory")
def test_a_mac_shares_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert all(card.device == "mps" and card.free_mib <= card.total_mib for card in cards())
