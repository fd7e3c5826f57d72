"""`selfsame bench start`: how long the bot takes to import and to answer, and what it holds while idle.

Everything is measured on fresh processes and a fresh data directory; memory is read from /proc (Linux).
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

# Fresh processes per figure; the median of them is reported.
ROUNDS = 5
QUICK_ROUNDS = 2
# Seconds in which an idle bot's processor time is counted.
IDLE = 10.0


async def run(*, quick: bool = False) -> dict[str, Any]:
    """Measure. Keys: import_s, first_answer_s (fresh data), next_answer_s, idle_mb, idle_cpu_percent."""
    return await asyncio.to_thread(_run, QUICK_ROUNDS if quick else ROUNDS)


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    idle = f"  idle bot: {result['idle_mb']:.0f} MB (aim: 150), {result['idle_cpu_percent']:.2f} % of a core (aim: 1)\n"
    return (
        f"Starting, median of {result['rounds']} fresh processes each\n"
        f"  import of the bot: {result['import_s']:.2f} s (aim: 1)\n"
        f"  start → page answers: {result['first_answer_s']:.2f} s on fresh data, {result['next_answer_s']:.2f} s later\n"
        + (idle if result["idle_mb"] else "  idle memory: only measured on Linux\n")
    ).rstrip()


def _run(rounds: int) -> dict[str, Any]:
    imports = [_import() for _ in range(rounds)]
    firsts, nexts, idles = [], [], []
    for number in range(rounds):
        with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
            firsts.append(_start(Path(folder), 0.0)[0])
            seconds, idle = _start(Path(folder), IDLE if number == 0 else 0.0)
            nexts.append(seconds)
            idles.append(idle)
    return {
        "rounds": rounds,
        "import_s": round(statistics.median(imports), 3),
        "first_answer_s": round(statistics.median(firsts), 3),
        "next_answer_s": round(statistics.median(nexts), 3),
        "idle_mb": round(idles[0][0], 1),
        "idle_cpu_percent": round(idles[0][1], 3),
    }


def _import() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import bot.app"], check=True, env=_environment())
    with_bot = time.perf_counter() - started
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True, env=_environment())
    return with_bot - (time.perf_counter() - started)


def _start(data: Path, idle: float) -> tuple[float, tuple[float, float]]:
    """Seconds until the address is printed (the page answers by then), and memory and processor time while idle."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "bot", "run", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        assert process.stdout is not None
        while line := process.stdout.readline():
            if re.search(r"http://", line):
                break
        seconds = time.perf_counter() - started
        held = _idle(process.pid, idle) if idle else (0.0, 0.0)
        process.terminate()
        process.stdout.read()
    return seconds, held


def _idle(pid: int, seconds: float) -> tuple[float, float]:
    """Resident memory in MB and percent of a core, once the worker has warmed up."""
    if not Path("/proc").exists():
        return 0.0, 0.0
    time.sleep(5)
    before = _ticks(pid)
    time.sleep(seconds)
    used = (_ticks(pid) - before) / os.sysconf("SC_CLK_TCK")
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return (int(found[1]) / 1024 if found else 0.0), used / seconds * 100


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    print(table(asyncio.run(run())))
