"""`selfsame bench chat`: the local engine against what else one could run, in one interleaved run on the same GGUF.

Our side is the product's own `LlamaChat`, opened as the product opens it. The peers are the library's high-level
`Llama` behind a lock, and llama-server of the same commit where it is given (`--llama-server`, docs/development.md
says how it is built); both get the very tokens that the product reads. Every figure is a ratio.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.chatting import figures as drawn
from benchmarks.chatting import scenes
from benchmarks.chatting.figures import Aim
from benchmarks.chatting.scenes import FULL, GPU, QUICK, Round, Size, Stage
from benchmarks.chatting.window import reread
from benchmarks.chatting.words import Reader, Writer, prompt
from engine.config import LlmConfig
from engine.errors import InputError
from engine.models.llama.library import WAITING
from engine.models.port import PromptTurn

SHAPE, QUICK_SHAPE, QUANT = "qwen2.5-0.5b", "tiny", "Q4_0"
# As in issue 4; a GPU's driver wants a thread or two as well.
THREADS = 2
# Turns of the long conversation, and tokens of a line of it.
TURNS, QUICK_TURNS, LINE = 300, 120, 50
REREAD_AIM = 0.1
SCENES = ("talk", "burst", "back", "deep", "newcomer", "window")


async def run(
    *,
    quick: bool = False,
    llama_server: str = "",
    shape: str = "",
    gpu: bool = False,
    model: str = "",
    only: Sequence[str] = SCENES,
) -> dict[str, Any]:
    """Measure. Keys: figures (value, aim, met by name), spans (seconds by wall and processor), and what was played."""
    if missing := [name for name in ("llama_cpp", "gguf") if importlib.util.find_spec(name) is None]:
        raise InputError(f"This benchmark needs {' and '.join(missing)}: `make llama` installs them.")
    # For every side the same, and before any of them loads its library.
    for name, value in WAITING.items():
        os.environ.setdefault(name, value)
    shape = shape or (QUICK_SHAPE if quick else SHAPE)
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        path = Path(model) if model else await asyncio.to_thread(_made, Path(folder), shape)
        stage = await asyncio.to_thread(_stage, path, _size(quick, gpu), llama_server, gpu)
        result: dict[str, Any] = {
            "model": model or f"random {shape}, {QUANT}",
            "llama_server": bool(llama_server),
            "quick": quick,
            "figures": {},
            "spans": {},
        }
        for name, aims, play in _plan(stage, Path(folder) / "parked", gpu):
            if name in only:
                rounds = await _played(name, play, stage.size.rounds)
                result["figures"] |= {figure.aim.key: figure.told() for figure in drawn.figures(aims, rounds)}
                result["spans"][name] = drawn.spans(rounds)
        if "window" in only:
            result["window"] = await reread(path, QUICK_TURNS if quick else TURNS, LINE, LINE)
    return result


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [
        f"{result['model']}, {THREADS} threads; * is the clock that counts: the processor's where others kept it busy",
        f"  {'':<78} {'wall':>8}  {'processor':>9}  aim",
    ]
    lines += [drawn.line(figure) for figure in result["figures"].values()]
    if window := result.get("window"):
        met = "" if window["ratio"] <= REREAD_AIM else "   missed"
        words = f"tokens read again per turn, against a sliding window ({window['turns']} turns)"
        lines.append(f"  {words:<78} {window['ratio']:>8.3f}* {'':>9}   ≤ {REREAD_AIM}{met}")
    if not result["llama_server"]:
        lines.append("  llama-server was not compared: give --llama-server its binary or its address")
    if result["quick"]:
        lines.append("  quick: a tiny model and few rounds; the aims are meant for the whole run")
    return "\n".join(lines)


def _plan(stage: Stage, parked: Path, gpu: bool) -> list[tuple[str, list[Aim], AsyncIterator[Round]]]:
    return [
        ("talk", drawn.aims_of_talk(stage.size.counts, gpu=gpu), scenes.talk(stage)),
        ("burst", drawn.BURST, scenes.burst(stage)),
        ("back", drawn.BACK, scenes.coming_back(stage)),
        ("deep", drawn.DEEP, scenes.deep(stage, parked)),
        ("newcomer", drawn.NEWCOMER, scenes.newcomer(stage)),
    ]


async def _played(name: str, play: AsyncIterator[Round], rounds: int) -> list[Round]:
    """All rounds; who looks on sees how far it is."""
    done: list[Round] = []
    async for played in play:
        done.append(played)
        if sys.stderr.isatty():
            print(f"\r{name}: {len(done)} of {rounds}   ", end="", file=sys.stderr, flush=True)
    return done


def _size(quick: bool, gpu: bool) -> Size:
    if quick:
        return replace(QUICK, counts=GPU.counts) if gpu else QUICK
    return GPU if gpu else FULL


def _made(folder: Path, shape: str) -> Path:
    from benchmarks.gguf import SHAPES, write_gguf

    return write_gguf(folder / f"{shape}-{QUANT}.gguf", SHAPES[shape], QUANT)


def _stage(path: Path, size: Size, server: str, gpu: bool) -> Stage:
    reader = Reader(path)
    one, other = PromptTurn("person", "hello"), PromptTurn("character", "hello")
    around = len(reader.ids(prompt("", (one, other, one)))) - len(reader.ids(prompt("", (one,))))
    return Stage(
        config=LlmConfig(model=str(path), threads=THREADS),
        size=size,
        writer=Writer(reader.count, seed=1),
        ids=reader.ids,
        never=reader.enders(),
        around=around - 2 * reader.count("hello"),
        server=server,
        gpu_layers=999 if gpu else 0,
    )
