"""The product as a subprocess and Debian's chromium in front of it; screenshots are kept as artefacts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.product import ROOT, Product

CHROMIUM = os.environ.get("SELFSAME_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# What moves for a moment (a page turning, a dialog rising) has come to rest; what turns for ever does not count.
SETTLED = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => null)))"""


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
