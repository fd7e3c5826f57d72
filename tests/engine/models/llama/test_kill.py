"""kill -9 of a process that talks with many: whatever it had parked, the next one answers as if it had read it all."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.models.llama.chat import LlamaChat, open_llama
from tests.engine.models.llama.killed_chat import CONFIG, PEOPLE, History, answer, prompt

KILLS = 6
# Replies after which it is killed, at most, and the seconds after the last of them: in the midst of the next.
REPLIES, SOON = 10, 0.05
# Tokens, at most, of what all who talk with a character share.
PERSONA = 200


async def test_after_a_kill_everybody_is_answered_as_if_nothing_had_been_parked(
    tiny: Path, tmp_path: Path
) -> None:
    lives = await asyncio.to_thread(killed_over_and_over, tiny, tmp_path / "parked")
    async with open_llama(CONFIG, tiny, parked=None) as alone:
        for line in itertools.chain(*lives):
            assert line["history"][-1][1] == await reference(alone, line), line
    # Who speaks for the first time after a kill is known from what a dead process had parked, beyond the persona.
    known = [
        line["kept"]
        for lines in lives
        for line in {line["person"]: line for line in reversed(lines)}.values()
    ]
    assert sum(kept > PERSONA for kept in known) > KILLS


def killed_over_and_over(model: Path, folder: Path) -> list[list[dict[str, Any]]]:
    """What each of the processes said until it was killed."""
    chance = random.Random(11)
    histories: list[History] = [[] for _ in range(PEOPLE)]
    lives: list[list[dict[str, Any]]] = []
    command = [sys.executable, "-m", "tests.engine.models.llama.killed_chat", str(model), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(KILLS):
            lives.append(life(process, histories, chance))
            for line in lives[-1]:
                histories[line["person"]] = line["history"]
        assert process.stdin
        process.stdin.close()
    return lives


def life(
    process: subprocess.Popen[str], histories: list[History], chance: random.Random
) -> list[dict[str, Any]]:
    """Let it live for some replies; what it said until it was killed."""
    assert process.stdin
    process.stdin.write(json.dumps(histories) + "\n")
    process.stdin.flush()
    heard = _lines(process)
    child, said, wanted = 0, [], chance.randint(1, REPLIES)
    while not child or len(said) < wanted:
        line = next(heard)
        child = line.get("child", child)
        if "person" in line:
            said.append(line)
    time.sleep(chance.uniform(0, SOON))
    os.kill(child, signal.SIGKILL)
    said += [line for line in iter(lambda: next(heard), {"dead": True}) if "person" in line]
    return said


def _lines(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("{") and line.endswith("}\n"):  # the last one may be cut off
            yield json.loads(line)


async def reference(alone: LlamaChat, line: dict[str, Any]) -> str:
    """What is answered by one that has read it all at once, and keeps nothing."""
    return (await answer(alone, prompt(line["person"], line["history"][:-1]), ""))[0]
