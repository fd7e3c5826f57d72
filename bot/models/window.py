"""How `selfsame models` shows things in a terminal: lines that can be copied, tables, a bar, sizes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console, JustifyMethod
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

# Columns of numbers.
NUMBERS = ("size", "context", "room", "VRAM")


def say(console: Console, words: str) -> None:
    """Lines stay as they are, so that a path that is too long for the window can still be copied whole."""
    console.print(Text(words), soft_wrap=True)


@contextmanager
def bar(console: Console) -> Generator[Callable[[int, int, str], None]]:
    """A bar that shows what a fetch tells."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("Fetching", total=None, visible=False)

        def progress(have: int, total: int, doing: str) -> None:
            bars.update(task, completed=have, total=total, description=doing.capitalize(), visible=True)

        try:
            yield progress
        except KeyboardInterrupt:
            console.print("Stopped. What has arrived is kept: the same command goes on from there.")
            raise


def table(title: str, *columns: str) -> Table:
    """An empty table. What is counted stands on the right."""
    shown = Table(title=Text(title), title_justify="left", title_style="", box=None, pad_edge=False)
    for column in columns:
        # Names are there to be copied: they are folded rather than cut.
        side: JustifyMethod = "right" if column in NUMBERS else "left"
        shown.add_column(column, justify=side, no_wrap=column == "name", overflow="fold")
    return shown


def gb(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1e9:.1f} GB"
