from __future__ import annotations

import asyncio
import io
import os
import signal

import pytest

from bot.surfaces.terminal.keyboard import ctrl_c, read_line


async def test_ctrl_c_stops_what_the_moment_says_and_not_the_program() -> None:
    waiting = asyncio.create_task(asyncio.Event().wait())
    before = signal.getsignal(signal.SIGINT)
    with ctrl_c(waiting.cancel):
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert signal.getsignal(signal.SIGINT) is before


async def test_lines_are_read_until_there_are_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hello\n"))
    assert await read_line("you: ") == "hello"
    with pytest.raises(EOFError):
        await read_line("you: ")
