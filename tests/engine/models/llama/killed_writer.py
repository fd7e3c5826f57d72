"""A process that forks children which park and erase as fast as they can, to be killed: `python -m … FOLDER PASSPHRASE`.

For each line on stdin it forks one (quicker than a new Python) and says its number; the child says what it has erased.
A state says whose it is and which: its tokens are made from both, its data from the tokens.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import numpy as np

from engine.models.llama.shelf import Shelf, State

NAMES = 8


def parked(name: str, version: int) -> State:
    """A state that can be checked without knowing which it should be."""
    tokens = np.frombuffer(hashlib.sha256(f"{name} {version}".encode()).digest() * 4, np.int32)
    return State(np.append(np.int32(version), tokens), 3, data_of(name, version))


def data_of(name: str, version: int) -> bytes:
    """What the state of this name and version holds: some thousand bytes."""
    return hashlib.sha256(f"data {name} {version}".encode()).digest() * (20 + version % 200)


def park(folder: Path, passphrase: str, round_: int) -> None:
    """Never ends by itself. Names that are erased are not used again."""
    shelf = Shelf(folder, scope="model", ram_bytes=20_000, disk_bytes=200_000, passphrase=passphrase)
    say("open")
    version = 1000 * round_
    while True:
        version += 1
        shelf.put(f"kept {version % NAMES}", parked(f"kept {version % NAMES}", version))
        shelf.put(f"erased {version}", parked(f"erased {version}", version))
        if version % 3 == 0:
            if version % 2:  # else they are erased in the midst of being written
                shelf.flush()
            shelf.drop([f"erased {version}", f"erased {version - 1}", f"erased {version - 2}"])
            say(str(version))


def say(line: str) -> None:
    """A line in one piece: parent and child write into the same pipe."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def main() -> None:
    """Fork, wait, and fork again."""
    folder, passphrase = Path(sys.argv[1]), sys.argv[2]
    for round_, _line in enumerate(sys.stdin, 1):
        child = os.fork()
        if not child:
            park(folder, passphrase, round_)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
