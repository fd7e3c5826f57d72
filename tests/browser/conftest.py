"""The product as a subprocess and Debian's chromium in front of it; screenshots are kept as artefacts."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("SELFSAME_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# Seconds until the page must answer, also on a loaded CI machine with two cores.
START_PATIENCE = 90.0
STOP_PATIENCE = 30.0
# What moves for a moment (a page turning, a dialog rising) has come to rest; what turns for ever does not count.
SETTLED = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => null)))"""


class Product:
    """`python -m bot run` on a data directory; restarted at will, on the same port."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data.parent / "server.log"
        self._port = "0"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the page is, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until the page answers."""
        command = [sys.executable, "-m", "bot", "run", "--data", str(self.data), "--port", self._port]
        said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_PATIENCE
        while not self._answers(said):
            text = self.log.read_text(errors="replace")[said:]
            assert self._process.poll() is None, f"it did not start:\n{text}"
            assert time.monotonic() < deadline, f"it did not answer in time:\n{text}"
            time.sleep(0.1)

    def _answers(self, said: int) -> bool:
        found = re.search(r"http://[^\s:]+:(\d+)", self.log.read_text(errors="replace")[said:])
        if found is None:
            return False
        self._port = found[1]
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(STOP_PATIENCE)

    def kill(self) -> None:
        """kill -9; nothing happens if it is gone already."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def product(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Product]:
    product = Product(tmp_path / "data")
    try:
        product.start()
        yield product
    finally:
        product.kill()
        shutil.copy(product.log, artifacts() / f"{request.node.name}.log")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(
            "Debian's chromium is missing: apt-get install chromium, or name one in SELFSAME_CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def artifacts() -> Path:
    """Where screenshots go."""
    folder = Path(os.environ.get("SELFSAME_ARTIFACTS", ROOT / "data" / "ci-artifacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Camera:
    """Keeps a numbered screenshot of each stage."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0

    def shoot(self, page: Page, stage: str) -> None:
        self._count += 1
        page.evaluate(SETTLED)
        page.screenshot(
            path=artifacts() / f"{self._name}-{self._count:02d}-{stage}.png", animations="disabled"
        )
