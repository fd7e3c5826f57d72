"""llama.cpp itself, loaded once for the process: everything in this package reaches it through `library()`.

It is loaded late, so that whoever uses another model need not have it, and never before its threads are told to
sleep while they wait.
"""

from __future__ import annotations

import functools
import os
import threading
from collections import deque
from typing import Any

from engine.errors import ModelError
from engine.models.machine import INSTALL_LLM

MISSING = f"A model in this process needs llama.cpp, which is not installed. {INSTALL_LLM}"
# How threads wait for each other between the hundreds of parts of a step; OpenMP reads it once. Spinning makes each
# token take ten times as long on a busy machine, sleeping at once a tenth longer on a quiet one: so they spin for some
# 0.1 ms (GNU's OpenMP alone knows the number), and sleep then.
WAITING = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10000"}
# llama.cpp's levels of log lines.
WARNING, ERROR = 3, 4
# Lines that are kept to say why a file did not load.
KEPT_LINES = 40

_LOADING = threading.Lock()


class Library:
    """llama.cpp's functions as `api`, and what it complained about last. Raises ModelError if it is not installed."""

    def __init__(self) -> None:
        for name, value in WAITING.items():
            os.environ.setdefault(name, value)
        try:
            import llama_cpp
        except ImportError as error:
            raise ModelError(MISSING) from error
        except (OSError, RuntimeError) as error:
            raise ModelError(
                "llama.cpp is installed, but it does not load on this machine. "
                "Build it here, in Selfsame's folder: make llm CMAKE_ARGS=-DGGML_NATIVE=ON"
            ) from error
        self.api: Any = llama_cpp
        self.version = f"{llama_cpp.__version__}/{_text(llama_cpp.llama_version())}"
        self._complaints: deque[str] = deque(maxlen=KEPT_LINES)
        self._lock = threading.Lock()
        # llama.cpp calls it for as long as the process lives, so it must never be collected.
        self._callback = llama_cpp.llama_log_callback(self._hear)
        llama_cpp.llama_log_set(self._callback, None)
        llama_cpp.llama_backend_init()

    def _hear(self, level: int, text: bytes, _: object) -> None:
        if level in (WARNING, ERROR):
            with self._lock:
                self._complaints.append(_text(text).strip())

    def complaints(self) -> str:
        """What llama.cpp has complained about since this was asked last, one a line. It holds nobody's words."""
        with self._lock:
            lines = "\n".join(self._complaints)
            self._complaints.clear()
        return lines


def library() -> Library:
    """The library; the first call loads it, which takes a moment. Raises ModelError."""
    # llama.cpp keeps the last callback it was given: a second library made at the same time would leave it a dead one.
    with _LOADING:
        return _loaded()


@functools.cache
def _loaded() -> Library:
    return Library()


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")
