"""docs/faults.md names the test that holds each promise: those tests exist, and no fault is without one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = (TESTS.parent / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
MESSENGERS = ("Discord", "Telegram", "both", "both, in the house", "both, in the shared rooms")
MODELS = ("here", "servers", "here and servers")


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of a file's tests."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(
        one.name for one in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(one, functions)
    )


def rows() -> list[list[str]]:
    """The cells of every row but the heads."""
    lines = [line for line in TABLE.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "fault" and set(row[0]) != {"-"}]


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(TABLE)
    assert len(named) == TABLE.count("::test_") > 130
    missing = [f"{path}::{name}" for path, name in named if name not in names_in(TESTS / path)]
    assert not missing


def test_every_fault_has_a_platform_a_sight_and_a_test() -> None:
    assert len(rows()) > 80
    for fault, platform, sight, tests in rows():
        assert platform in (*MESSENGERS, *MODELS) and sight, fault
        assert NAMED.search(tests), (fault, platform)
