"""The keyboard of a terminal: a line is read without holding up the rest, and Ctrl-C is what the moment makes of it.

`bot/__main__.py` hands `read_line` to the talk; `talk.py` says what Ctrl-C stops while something is being answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator


async def read_line(question: str) -> str:
    """Ask for a line. Raises EOFError when there are no more.

    The reading thread is a daemon, not one of asyncio's: those are waited for at the end, and a person who leaves with
    Ctrl-C would have to press Enter, too.
    """
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def settle(result: str | BaseException) -> None:
        if line.done():
            return
        if isinstance(result, BaseException):
            line.set_exception(result)
        else:
            line.set_result(result)

    def read() -> None:
        result: str | BaseException
        try:
            result = input(question)
        except (EOFError, OSError, UnicodeError) as error:
            result = EOFError() if isinstance(error, OSError) else error
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits for the line any more
            loop.call_soon_threadsafe(settle, result)

    with _same_terminal_afterwards():
        threading.Thread(target=read, name="keyboard", daemon=True).start()
        try:
            return await line
        except asyncio.CancelledError:
            print()  # noqa: T201 - the line that was begun stays behind
            raise


@contextlib.contextmanager
def _same_terminal_afterwards() -> Iterator[None]:
    """Line editing changes how the terminal reads keys; whoever leaves in the middle of a line gets it back."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield
        return
    import readline  # noqa: F401 - arrow keys and the lines before, by being imported
    import termios

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextlib.contextmanager
def ctrl_c(stop: Callable[[], object]) -> Iterator[None]:
    """For the length of a block, Ctrl-C calls `stop` instead of ending the program."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except (
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):  # Windows, or not the main thread: it ends the program
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
