"""Tells a secret, forgets it and is killed on the way, for test_forget_kill.py: `FOLDER POINT [SECONDS]`.

POINT names what it comes to before it kills itself (kill -9); "timer" is any moment, SECONDS after it began to forget.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

from engine.models.parked import erase_parked
from engine.store import db, erasing
from engine.store.store import Store
from tests.engine.memory.test_forget import Clock, everything_about, talk_of

# What is done one after the other, and where it is found; each is killed before it and after it.
STEPS: dict[str, tuple[Any, str]] = {
    "lines": (erasing, "_erase_lines"),
    "buttons": (erasing, "_erase_buttons"),
    "soil": (erasing, "soil"),
    "model": (db.Database, "erase"),
    "anew": (db, "_write_anew"),
    "log": (db, "_empty_log"),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lay_the_trap(point: str) -> None:
    when, _, name = point.partition(" ")
    where, attribute = STEPS[name]
    real = getattr(where, attribute)

    async def trapped(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        result = await real(*args, **kwargs)
        die()
        return result

    setattr(where, attribute, trapped)


async def main(folder: Path, point: str, seconds: float) -> None:
    store = await Store.open(folder, clock=Clock(), synchronous="NORMAL")
    talk = await talk_of(store)
    await everything_about(talk, folder)

    async def forget(conversations: Collection[str]) -> None:
        await asyncio.to_thread(erase_parked, folder / "parked", conversations)

    await store.on_erased(forget)
    (folder / "parked").mkdir(exist_ok=True)
    meant = await talk.memory.meant(*talk.scope, "my dog")
    if point == "timer":
        threading.Timer(seconds, die).start()
    else:
        lay_the_trap(point)
    await talk.memory.forget(*talk.scope, meant, ("telegram", "e1"))
    die()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 0.0))
