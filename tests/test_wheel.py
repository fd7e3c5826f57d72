"""The product as others get it: a wheel in an environment of its own, used from another directory."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


def files_of(root: Path) -> set[str]:
    """The data that code reads at run time."""
    packages = ("bot", "engine", "characters", "benchmarks")
    kinds = {".toml", ".svg", ".png", ".html", ".css", ".js", ".mako", ".txt", ".webmanifest", ".py"}
    return {
        path.relative_to(root).as_posix()
        for package in packages
        for path in (root / package).rglob("*")
        if path.suffix in kinds and "__pycache__" not in path.parts
    }


def test_a_wheel_holds_every_file_and_talks_from_elsewhere(tmp_path: Path) -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        missing = files_of(ROOT) & set(tracked.stdout.splitlines() or files_of(ROOT)) - set(
            archive.namelist()
        )
        assert not missing, missing
        archive.extractall(tmp_path / "site")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    talk = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "noor", "--data", "d"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        input="Hello, my dog is called Otto.\n/selfie at a jazz bar\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert talk.returncode == 0 and "Traceback" not in talk.stderr, talk.stderr
    assert "Otto" in talk.stdout, talk.stdout
