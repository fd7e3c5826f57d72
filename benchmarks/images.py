"""`selfsame bench images`: what Selfsame's renderer costs and saves beside the bare diffusers call.

On a processor, with a tiny klein: the overhead of everything that is not the model's own work, in alternating rounds
of at least a second, and how often a second picture with the same references reads them again. Where there is an
NVIDIA card, and `--tiny` was not said, also klein 4B and SDXL in their real shapes with random weights at 1024²:
seconds per picture of either side, and how far that is from the time that the matrix products alone would take.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.picturing.sides import GUIDANCE, Bare, Nobody, ours
from engine.errors import ConfigError
from engine.images.pipelines.port import Canvas, Precision, Reference
from engine.types import ReferenceRole

ROUNDS, QUICK_ROUNDS = 9, 3
# Seconds of the processor that a render of the tiny model takes at least.
LEAST = 1.2
# Of the tiny model's pictures, and of the real ones.
TINY_SIDE, SIDE = 64, 1024
# Pictures of a batch, and the numbers of steps that are measured, on a card.
BATCH, STEPS = 4, (4, 30)
# Rounds on a card, after one that warms up and compiles.
CARD_ROUNDS = 3
# Side of the square matrices whose product tells the card's rate, and how often they are multiplied.
SQUARE, PRODUCTS = 8192, 20


async def run(*, quick: bool = False, tiny: bool = False) -> dict[str, Any]:
    """Measure. Keys: overhead_vs_bare, overhead_warm_vs_bare, reference_encodings_second_render, card."""
    if find_spec("diffusers") is None:
        raise ConfigError("This benchmark needs the extra images; docs/images.md says how to add it.")
    return await asyncio.to_thread(_measure, quick, tiny)


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [
        f"A tiny klein, {result['steps']} steps, seconds of the processor, {result['rounds']} rounds of either side in turn",
        f"  bare diffusers {result['bare_s']:.3f} s, Selfsame {result['ours_s']:.3f} s: "
        f"{result['overhead_vs_bare']:.3f} × (aim: at most 1.05), "
        f"with references and words that it knows {result['overhead_warm_vs_bare']:.3f} ×",
        f"  references read again by a second picture: {result['reference_encodings_second_render']} (aim: 0)",
    ]
    if not result["card"]:
        lines.append("No NVIDIA card was used: the real shapes were not measured.")
    return "\n".join([*lines, *map(_row, result["card"])])


def _row(row: dict[str, Any]) -> str:
    return (
        f"{row['family']} on {row['device']}, {row['steps']} steps at {row['side']}²: bare {row['bare_s']:.2f} s, "
        f"Selfsame {row['ours_s']:.2f} s each in a batch of {BATCH}, {row['ours_single_s']:.2f} s alone; "
        f"{row['ratio']:.2f} × (aim: 0.5 for klein), "
        f"{row['over_floor']:.2f} × the {row['floor_s']:.2f} s of its matrix products"
    )


def _measure(quick: bool, tiny: bool) -> dict[str, Any]:
    import torch

    from engine.images.pipelines.diffusion.loading import quieten

    quieten()
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as name:
        folder = Path(name)
        result = _overhead(folder, QUICK_ROUNDS if quick else ROUNDS)
        result["card"] = []
        if torch.cuda.is_available() and not tiny:
            place = Place("cuda:0", "real", SIDE, _rate("cuda:0"))
            for family in ("klein", "sdxl"):
                result["card"] += on_place(family, folder, place, STEPS[:1] if quick else STEPS)
    return result


# ---------------------------------------------------------------- the tiny model


def _overhead(folder: Path, rounds: int) -> dict[str, Any]:
    import torch

    from benchmarks.picturing.build import build

    before = torch.get_num_threads()
    torch.set_num_threads(1)  # tiny models are slower on more
    try:
        model = build("klein", "tiny", folder / "tiny")
        bare = Bare("klein", model, "cpu", Precision.FP32)
        renderer = ours("klein", model, folder / "data", "cpu", Precision.FP32)
        shown = (_reference(folder, 1, TINY_SIDE), _reference(folder, 2, TINY_SIDE))
        canvas = _canvas("klein", TINY_SIDE, 4, shown)
        canvas = replace(canvas, steps=_enough(bare, canvas))

        def cold() -> None:
            renderer.conditioning.clear()
            renderer.render([canvas], Nobody())

        times = _in_turn(
            (lambda: bare.render([canvas]), cold, lambda: renderer.render([canvas], Nobody())), rounds
        )
        bare_s, cold_s, warm_s = (statistics.median(some) for some in times)
        read = renderer.reference_encodings
        renderer.render([replace(canvas, prompt="somewhere else", seed=8, steps=2)], Nobody())
        again = renderer.reference_encodings - read
        renderer.close()
    finally:
        torch.set_num_threads(before)
    return {
        "rounds": rounds,
        "steps": canvas.steps,
        "bare_s": round(bare_s, 4),
        "ours_s": round(cold_s, 4),
        "overhead_vs_bare": round(_ratio(times[1], times[0]), 4),
        "overhead_warm_vs_bare": round(_ratio(times[2], times[0]), 4),
        "ours_warm_s": round(warm_s, 4),
        "reference_encodings_second_render": again,
    }


def _enough(bare: Bare, canvas: Canvas) -> int:
    """Steps with which a render takes long enough."""
    bare.render([canvas])
    many = replace(canvas, steps=canvas.steps + 20)
    short, long = (_seconds(lambda one=one: bare.render([one]), time.process_time) for one in (canvas, many))
    each = max((long - short) / 20, 1e-4)
    return max(canvas.steps, int(LEAST / each) + 1)


def _in_turn(sides: Sequence[Callable[[], Any]], rounds: int) -> list[list[float]]:
    """Times of all sides, who begin in turn. They are the processor's: what else the machine does is not in them,
    and neither side waits for anything."""
    for side in sides:
        side()
    times: list[list[float]] = [[] for _ in sides]
    for turn in range(rounds):
        for place in range(len(sides)):
            number = (turn + place) % len(sides)
            times[number].append(_seconds(sides[number], time.process_time))
    return times


def _ratio(ours_s: Sequence[float], bare_s: Sequence[float]) -> float:
    """The median of the rounds' own ratios."""
    return statistics.median(mine / theirs for mine, theirs in zip(ours_s, bare_s, strict=True))


# ---------------------------------------------------------------- a card


@dataclass(frozen=True, slots=True)
class Place:
    """Where the large models are measured, in which shape and size, and the operations in a second it is good for."""

    device: str
    size: str
    side: int
    rate: float


def on_place(family: str, folder: Path, place: Place, steps: Sequence[int]) -> list[dict[str, Any]]:
    """One side after the other: there is not room for both at once on every card."""
    from benchmarks.picturing.build import build

    model = build(family, place.size, folder / family, place.device)
    _free()
    shown = (_reference(folder, 1, place.side),) if family == "klein" else ()
    canvases = [_canvas(family, place.side, count, shown) for count in steps]
    theirs, floors = _bare_on(family, model, place, canvases)
    _free()
    compiling = place.device != "cpu"
    renderer = ours(family, model, folder / "data", place.device, Precision.BF16, compiling=compiling)
    rows = []
    for canvas, bare_s, floor_s in zip(canvases, theirs, floors, strict=True):
        batch = [replace(canvas, seed=seed) for seed in range(BATCH)]
        single_s = _median(lambda canvas=canvas: renderer.render([canvas], Nobody()))
        ours_s = _median(lambda batch=batch: renderer.render(batch, Nobody())) / BATCH
        rows.append(
            {
                "family": family,
                "device": _name(place.device),
                "steps": canvas.steps,
                "side": place.side,
                "bare_s": round(bare_s, 3),
                "ours_s": round(ours_s, 3),
                "ours_single_s": round(single_s, 3),
                "ratio": round(ours_s / bare_s, 3),
                "floor_s": round(floor_s, 6),
                "over_floor": round(ours_s / floor_s, 2),
            }
        )
    renderer.close()
    return rows


def _bare_on(
    family: str, model: Path, place: Place, canvases: Sequence[Canvas]
) -> tuple[list[float], list[float]]:
    """Seconds per picture, and those that its matrix products would take at the place's rate."""
    bare = Bare(family, model, place.device, Precision.BF16)
    theirs = [_median(lambda canvas=canvas: bare.render([canvas])) for canvas in canvases]
    return theirs, [_work(bare, canvas) / place.rate for canvas in canvases]


def _name(device: str) -> str:
    import torch

    return torch.cuda.get_device_name(device) if device.startswith("cuda") else device


def _median(render: Callable[[], Any]) -> float:
    render()
    return statistics.median(_seconds(render) for _ in range(CARD_ROUNDS))


def _rate(device: str) -> float:
    """Floating-point operations that a card makes in a second with large matrices of bfloat16."""
    import torch

    one, other = (torch.randn(SQUARE, SQUARE, device=device, dtype=torch.bfloat16) for _ in range(2))
    for _ in range(3):
        one @ other
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(PRODUCTS):
        one @ other
    torch.cuda.synchronize()
    return 2 * SQUARE**3 * PRODUCTS / (time.perf_counter() - start)


def _work(bare: Bare, canvas: Canvas) -> float:
    """Floating-point operations of one picture in matrix products, convolutions and attention."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        bare.render([canvas])
    return float(counter.get_total_flops())


def _free() -> None:
    import gc

    import torch

    gc.collect()
    torch.cuda.empty_cache()


# ---------------------------------------------------------------- both


def _canvas(family: str, side: int, steps: int, references: tuple[Reference, ...]) -> Canvas:
    return Canvas(
        prompt="She leans on the harbour wall in the evening light, medium shot.",
        seed=7,
        width=side,
        height=side,
        steps=steps,
        guidance=GUIDANCE[family],
        references=references,
    )


def _reference(folder: Path, number: int, side: int) -> Reference:
    """A picture of noise, as large as those that are made."""
    import numpy as np
    from PIL import Image

    path = folder / f"reference-{number}-{side}.png"
    levels = np.random.default_rng(number).integers(0, 256, (side, side, 3), dtype=np.uint8)
    Image.fromarray(levels).save(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Reference(ReferenceRole.HEADSHOT, f"picture {number}", sha256, path)


def _seconds(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    """Until the pictures are there: that also waits for the card."""
    start = clock()
    work()
    return clock() - start
