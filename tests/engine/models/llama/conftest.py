"""The tests on the real llama.cpp: `make llama` installs it; without it they are not collected."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.engine.models.llama.models import model, tiny

__all__ = ["model", "tiny"]

HERE = Path(__file__).parent

collect_ignore_glob = [] if importlib.util.find_spec("llama_cpp") else ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.llama)
