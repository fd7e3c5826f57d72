"""kill -9 while something is forgotten: at the next start it is forgotten altogether, or was not begun."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.store.store import Store
from tests.engine.memory.killed_forgetter import STEPS
from tests.engine.memory.leftovers import files_with
from tests.engine.memory.test_forget import SECRET, Clock, forgetting, talk_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
POINTS = [f"{when} {name}" for name in STEPS for when in ("before", "after")]
# Seconds after which it is killed wherever it is; forgetting takes some hundredths.
MOMENTS = (0.01, 0.03, 0.06)


def killed(folder: Path, *arguments: str) -> None:
    """Run it until it is killed."""
    command = [sys.executable, "-m", "tests.engine.memory.killed_forgetter", str(folder), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == -9, done.stderr


async def settled(folder: Path) -> bool:
    """Start again, see that all or nothing is left, and forget it if it was not begun. True if it had been."""
    store = await Store.open(folder, clock=Clock(), synchronous="NORMAL")
    await store.on_erased(forgetting(folder))
    talk = await talk_of(store)
    begun = not await talk.facts()
    if begun:
        assert files_with(folder, SECRET) == []
        assert await store.inbox.waiting() == []  # the wish has been handled: it does not come again
    else:
        assert len(await store.inbox.waiting()) == 1
        assert all(SECRET in line for line in (await talk.lines())[:4])
        await talk.memory.forget(
            *talk.scope, await talk.memory.meant(*talk.scope, "my dog"), ("telegram", "e1")
        )
        assert files_with(folder, SECRET) == []
    assert len(await talk.lines()) == 34
    await store.close()
    return begun


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_at_any_step_leaves_all_or_nothing(tmp_path: Path, point: str) -> None:
    killed(tmp_path, point)
    step = point.split()[1]
    assert await settled(tmp_path) == (step in ("model", "anew", "log"))


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_kill_at_any_moment_leaves_all_or_nothing(tmp_path: Path, moment: float) -> None:
    killed(tmp_path, "timer", str(moment))
    await settled(tmp_path)
