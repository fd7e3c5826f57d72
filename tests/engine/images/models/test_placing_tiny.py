"""Where weights lie when the card is too small: no card is here, so the pipeline and the card's size are stand-ins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.images.pipelines.diffusion.placing import Place
from engine.images.pipelines.port import Relief

pytestmark = pytest.mark.images


class Pipe:
    """Notes what is done with it. Parts of `megabytes`; the card has room for `room` of them in all."""

    def __init__(self, megabytes: tuple[int, ...], room: int) -> None:
        import torch

        self.parts = {
            f"part {number}": torch.nn.Linear(1 << 18, size, bias=False, device="meta")
            for number, size in enumerate(megabytes)
        }
        self.room, self.done = room, list[str]()
        self.vae = SimpleNamespace(
            enable_tiling=lambda: self.done.append("tiling"),
            enable_slicing=lambda: self.done.append("slicing"),
            to=lambda device: self.done.append(f"vae to {device}"),
        )

    @property
    def components(self) -> dict[str, Any]:
        return {**self.parts, "tokenizer": object()}

    def to(self, device: str) -> None:
        import torch

        self.done.append(f"to {device}")
        if device != "cpu" and sum(part.weight.nbytes >> 20 for part in self.parts.values()) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory (injected)")

    def enable_model_cpu_offload(self, device: str) -> None:
        self.done.append(f"parts to {device}")

    def enable_group_offload(self, *, onload_device: Any, exclude_modules: str, **_: Any) -> None:
        self.done.append(f"blocks to {onload_device} but {exclude_modules}")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten megabytes."""
    import torch

    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda _device: SimpleNamespace(total_memory=10 << 20)
    )


@pytest.mark.usefixtures("card")
def test_what_fits_lies_on_the_card() -> None:
    pipe = Pipe((4, 2), room=8)
    assert Place(pipe, "cuda:0").relief is Relief.NONE
    assert pipe.done == ["to cuda:0"]


@pytest.mark.usefixtures("card")
def test_what_does_not_fit_as_a_whole_comes_part_by_part() -> None:
    pipe = Pipe((6, 5), room=8)
    place = Place(pipe, "cuda:0")
    assert place.relief is Relief.OFFLOAD
    assert pipe.done == ["to cuda:0", "to cpu", "tiling", "slicing", "parts to cuda:0"]
    assert place.relieve(Relief.OFFLOAD) and len(pipe.done) == 5  # once is enough


@pytest.mark.usefixtures("card")
def test_a_part_that_alone_is_too_large_comes_block_by_block() -> None:
    pipe = Pipe((9, 1), room=8)
    Place(pipe, "cuda:0")
    assert pipe.done[-3:] == ["to cpu", "blocks to cuda:0 but vae", "vae to cuda:0"]


def test_relief_goes_up_step_by_step() -> None:
    pipe = Pipe((1,), room=8)
    place = Place(pipe, "cpu")
    assert pipe.done == []
    assert place.relieve(Relief.NONE) and pipe.done == []
    assert place.relieve(Relief.TILING) and pipe.done == ["tiling", "slicing"]
    assert place.relieve(Relief.OFFLOAD) and pipe.done[2:] == [
        "to cpu",
        "blocks to cpu but vae",
        "vae to cpu",
    ]
