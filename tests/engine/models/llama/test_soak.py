"""Half a minute of twelve people at once under cancels, evictions, restarts and deletions, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from benchmarks.soak import GROWTH

SECONDS = 40


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_twelve_people_get_the_text_they_would_get_alone_and_nobody_elses() -> None:
    command = [sys.executable, "-m", "benchmarks.soak", "--minutes", str(SECONDS / 60), "--json"]
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr[-2000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert not result["wrong"], result
    assert result["growth"] <= GROWTH, result
    # It was a soak: everything that is to be survived has happened.
    for event in (
        "replies",
        "cancelled",
        "edited",
        "cut",
        "deleted",
        "deleted meanwhile",
        "restarts",
        "interrupted",
    ):
        assert result[event] > 0, result
    for event in ("evictions", "restored", "found before leaving"):
        assert result[event] > 0, result
