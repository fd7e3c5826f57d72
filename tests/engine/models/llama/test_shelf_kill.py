"""kill -9 while states are written and erased: what is there afterwards is whole, and what was erased stays erased."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.models.llama.shelf import Shelf
from tests.engine.models.llama.killed_writer import data_of, parked

# The kill comes after it has erased so often at most, and so many seconds later: in the midst of some file.
ERASURES, SOON = 3, 0.01

# What was erased last, each time.
NUMBER = re.compile(r"^(\d+)$", re.MULTILINE)


# Fewer with a passphrase: a key takes 0.2 s each time.
@pytest.mark.parametrize(("passphrase", "kills"), [("", 40), ("swordfish", 5)])
def test_a_kill_never_yields_a_wrong_state(tmp_path: Path, passphrase: str, kills: int) -> None:
    folder, chance = tmp_path / "parked", random.Random(7)
    command = [sys.executable, "-m", "tests.engine.models.llama.killed_writer", str(folder), passphrase]
    restored = torn = erased = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdin and writer.stdout
        for _ in range(kills):
            writer.stdin.write("\n")
            writer.stdin.flush()
            child, said, wanted = 0, "", chance.randint(0, ERASURES)
            while not (child and "open" in said and len(NUMBER.findall(said)) >= wanted):
                line = writer.stdout.readline()
                said += line
                if line.startswith("child"):
                    child = int(line.split()[1])
            time.sleep(chance.uniform(0, SOON))
            os.kill(child, signal.SIGKILL)
            while not said.endswith("dead\n"):
                said += writer.stdout.readline()
            torn += len(list(folder.glob("*.tmp")))
            gone = [int(number) for number in NUMBER.findall(said)]
            restored += whole(folder, passphrase, gone)
            erased += len(gone)
        writer.stdin.close()
    assert restored > kills
    if kills >= 40:  # else the kills came too early or too late to show anything
        assert torn > 0 and erased > 0


def whole(folder: Path, passphrase: str, gone: list[int]) -> int:
    """How many states there are; each is what was once put by its name, and none is of those that were erased."""
    shelf = Shelf(folder, scope="model", ram_bytes=0, disk_bytes=200_000, passphrase=passphrase)
    try:
        assert not list(folder.glob("*.tmp"))
        names = shelf.names()
        assert not names & {f"erased {version - back}" for version in gone for back in range(3)}
        for name in names:
            state = shelf.get(name)
            assert state is not None
            version = int(state.tokens[0])
            assert state.tokens.tolist() == parked(name, version).tokens.tolist()
            assert bytes(state.data) == data_of(name, version)
        return len(names)
    finally:
        shelf.close()
