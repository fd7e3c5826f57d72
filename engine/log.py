"""What is logged, and what never is: `bot/__main__.py` and the worker process set it up before anything else runs.

Traces keep where and what kind, but not what the error says: it may quote somebody's words. Libraries stay at
warnings whatever level is asked for, because at DEBUG they log what they are given.
"""

from __future__ import annotations

import logging
import sqlite3
import traceback
from types import TracebackType

# The packages whose own log lines hold no words.
OWN = ("bot", "engine", "characters")
# Warns of every letter of a broken form; whoever sent it is told, and nobody could act on the line.
TOO_LOUD = ("python_multipart",)

# Says that a model is being loaded, which may take a minute in which nothing else happens.
WAITED_FOR = ("engine.models.choose",)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up_logging(level: str, form: str) -> None:
    """Log our own lines from `level` on, and everybody else's from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Wordless(form))
    logging.basicConfig(level=max(logging.WARNING, logging.getLevelNamesMapping()[level]), handlers=[handler])
    for name in OWN:
        logging.getLogger(name).setLevel(level)
    for name in TOO_LOUD:
        logging.getLogger(name).setLevel(logging.ERROR)


def quieten() -> None:
    """Log only what went wrong, and what is waited for, where people read along."""
    for name in WAITED_FOR:
        logging.getLogger(name).setLevel(logging.getLogger(name.split(".")[0]).level)
    for name in OWN:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.WARNING, logger.level))


class Wordless(logging.Formatter):
    """Writes traces without the errors' own texts."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name that logging gives it
        """The trace of an error and of those that led to it."""
        return "\n".join(_chain(ei[1], set())) if ei[1] else ""


def _chain(error: BaseException, told: set[int]) -> list[str]:
    told.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_chain(before, told), "which led to:"] if before and id(before) not in told else []
    lines += [line.rstrip("\n") for line in traceback.format_tb(error.__traceback__)]
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return [*lines, _kind(error), *(line for one in inner for line in _chain(one, told))]


def _kind(error: BaseException) -> str:
    """The kind of an error; of the system's and the database's own also their code, which holds no words."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OSError) and error.strerror:
        return f"{kind}: {error.strerror}"
    if isinstance(error, sqlite3.Error) and (code := getattr(error, "sqlite_errorname", "")):
        return f"{kind}: {code}"
    return kind
