"""The product as a process in which it is as late as a file says: two years pass in minutes.

`python -m tests.friendship.living run --data DATA --port PORT --config FILE`, as tests/product.py calls it; the time
stands in DATA.clock.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import config
from bot.app import run_page

# Two looks at the clock are never the same moment.
TICK = timedelta(milliseconds=1)


def clock_of(data: Path) -> Path:
    """The file with the time."""
    return data.parent / f"{data.name}.clock"


def set_clock(data: Path, now: datetime) -> None:
    """Make it so late: whoever reads the file sees the one time or the other, never half of it."""
    file = clock_of(data)
    fresh = file.with_suffix(".next")
    fresh.write_text(now.isoformat(), encoding="ascii")
    fresh.replace(file)


def reading(file: Path) -> Callable[[], datetime]:
    """A clock that is as late as the file says, and never goes back."""
    last = datetime.min.replace(tzinfo=UTC)

    def now() -> datetime:
        nonlocal last
        last = max(datetime.fromisoformat(file.read_text(encoding="ascii")), last + TICK)
        return last

    return now


def main(arguments: list[str]) -> None:
    """Run until stopped."""
    given = dict(zip(arguments[1::2], arguments[2::2], strict=True))
    data = Path(given["--data"])
    settings = config.load(Path(given["--config"]))
    web = settings.web.model_copy(update={"port": int(given["--port"])})
    logging.basicConfig(level=logging.WARNING)

    def say(line: str) -> None:
        print(line, flush=True)

    asyncio.run(
        run_page(settings.model_copy(update={"web": web}), data, say, say, clock=reading(clock_of(data)))
    )


if __name__ == "__main__":
    main(sys.argv[1:])
