"""What holds for all tests: whoever runs the command line in this process leaves the log as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from engine.log import OWN, TOO_LOUD, WAITED_FOR


@pytest.fixture(autouse=True)
def _the_log_as_it_was() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("", *OWN, *TOO_LOUD, *WAITED_FOR)]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
