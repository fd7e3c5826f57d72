"""The product as a subprocess, started, stopped and killed at will. tests/bot drives it by HTTP, tests/browser by a
browser; both get the same process, started on a free port that it keeps across restarts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.config import SECRETS

ROOT = Path(__file__).parents[1]
# Seconds until the page must answer, also on a loaded CI machine with two cores.
START_PATIENCE = 90.0
STOP_PATIENCE = 30.0


class Product:
    """`python -m bot run` on a data directory; what it says goes to a log beside that.

    `environment` adds variables, e.g. the token of a messenger whose loopback server the configuration names.
    """

    def __init__(self, data: Path, config: str = "", environment: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        self._config = config
        self._environment = dict(environment or {})
        self._port = "0"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the page is, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that was started last."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start it and wait until the page answers."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            own = {name: value for name, value in os.environ.items() if name not in SECRETS}
            environment = {**own, "PYTHONUNBUFFERED": "1", **self._environment}
            self._process = subprocess.Popen(
                self._command(), cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_PATIENCE
        while not self._answers(said):
            text = self.log.read_text(errors="replace")[said:]
            assert self._process.poll() is None, f"it did not start:\n{text}"
            assert time.monotonic() < deadline, f"it did not answer in time:\n{text}"
            time.sleep(0.1)

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "bot", "run", "--data", str(self.data), "--port", self._port]
        if not self._config:
            return command
        path = self.data.parent / f"{self.data.name}.toml"
        path.write_text(self._config, encoding="utf-8")
        return [*command, "--config", str(path)]

    def _answers(self, said: int) -> bool:
        found = re.search(rb"http://[^\s:]+:(\d+)", self.log.read_bytes()[said:])
        if found is None:
            return False
        self._port = found[1].decode()
        try:
            return httpx.get(f"{self.address}/healthz", timeout=2).text == "ok"
        except httpx.TransportError:
            return False

    def said(self) -> str:
        """Everything that it has said so far, over all its starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def stop(self) -> int:
        """Stop it as Ctrl-C does; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_PATIENCE)

    def kill(self) -> None:
        """kill -9: no goodbye of any kind; nothing happens if it is gone already."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class Visitor:
    """Someone at the product's page without a browser: a client that has its cookies."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.client = httpx.Client(base_url=product.address, follow_redirects=False, timeout=30)
        self.client.get("/")

    def get(self, path: str, **arguments: object) -> httpx.Response:
        """A page."""
        return self.client.get(path, **arguments)  # type: ignore[arg-type]

    def post(self, path: str, **fields: str) -> httpx.Response:
        """A form of our own pages, as the script sends it."""
        token = self.client.cookies.get("selfsame_csrf") or ""
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


@contextmanager
def visited(data: Path, config: str = "", environment: Mapping[str, str] | None = None) -> Iterator[Visitor]:
    """A running product and a visitor for the length of a block; whatever became of it is gone afterwards."""
    product = Product(data, config, environment)
    try:
        product.start()
        visitor = Visitor(product)
        yield visitor
        visitor.client.close()
    finally:
        product.kill()


def until(found: Callable[[], object], patience: float = START_PATIENCE) -> None:
    """Look again and again until something is so: what is waited for happens in other processes."""
    deadline = time.monotonic() + patience
    while not found():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
