"""The product as a subprocess, for tests that kill it: started on a free port, driven as a browser would."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
# Seconds until the page must answer; a loaded CI machine with two cores needs some.
START_PATIENCE = 60.0


class Server:
    """One running server and a client that has its cookies."""

    def __init__(self, data: Path, config: str = "") -> None:
        arguments = [sys.executable, "-m", "bot", "run", "--data", str(data), "--port", "0"]
        if config:
            path = data.parent / f"{data.name}.toml"
            path.write_text(config, encoding="utf-8")
            arguments += ["--config", str(path)]
        self.process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.client = httpx.Client(base_url=self._address(), follow_redirects=False, timeout=30)
        self.client.get("/")

    def _address(self) -> str:
        deadline, said = time.monotonic() + START_PATIENCE, []
        assert self.process.stdout is not None
        while time.monotonic() < deadline and (line := self.process.stdout.readline()):
            said.append(line)
            if match := re.search(r"http://\S+", line):
                return match[0].rstrip("/")
        raise AssertionError("the server did not start:\n" + "".join(said))

    def get(self, path: str, **arguments: object) -> httpx.Response:
        """A page."""
        return self.client.get(path, **arguments)  # type: ignore[arg-type]

    def post(self, path: str, **fields: str) -> httpx.Response:
        """A form of our own pages, as the script sends it."""
        token = self.client.cookies.get("selfsame_csrf", "")
        headers = {"x-csrf-token": token, "accept": "application/json", "sec-fetch-site": "same-origin"}
        return self.client.post(path, data=fields, headers=headers)

    def talk(self, slug: str) -> str:
        """Open a conversation; returns its id."""
        page = self.get(f"/c/{slug}/chat").text
        match = re.search(r"/conversations/([0-9a-f-]{36})/", page)
        assert match, page[:2000]
        return match[1]

    def say(self, conversation: str, text: str, event_id: str = "") -> httpx.Response:
        """Words or a command into a conversation."""
        return self.post(
            f"/conversations/{conversation}/say", text=text, event_id=event_id or uuid.uuid4().hex
        )

    def kill(self) -> None:
        """kill -9: no goodbye of any kind."""
        self.client.close()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does; returns the exit code."""
        self.client.close()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@contextmanager
def served(data: Path, config: str = "") -> Iterator[Server]:
    """A server for the length of a block; whatever became of it is gone afterwards."""
    server = Server(data, config)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
        server.client.close()
        assert server.process.stdout is not None
        server.process.stdout.close()


def until(found: object, patience: float = START_PATIENCE) -> None:
    """Look again and again until something is so: what is waited for happens in other processes."""
    assert callable(found)
    deadline = time.monotonic() + patience
    while not found():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
