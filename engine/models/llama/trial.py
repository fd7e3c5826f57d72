"""Opens a model's vocabulary in a process of its own: `model.open_model` runs it before it loads a file.

llama.cpp checks much of a file by assertions, and one that fails ends the process. A damaged file must not end ours,
again at each start.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from engine.models.llama.library import library

# Seconds. A vocabulary takes less than two; only a disk that does not answer takes longer.
PATIENCE_S = 60
# llama.cpp would call a debugger to say where it ended.
QUIET = {"GGML_NO_BACKTRACE": "1"}


def survives(path: Path) -> bool:
    """Whether llama.cpp can open a file's header and vocabulary without ending its process. Blocks for a second."""
    command = [sys.executable, "-m", __name__, str(path)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, and a path as its one argument
            command,
            env=os.environ | QUIET | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True  # nothing is known against it
    # Ended by a signal, or by what Windows calls one.
    return 0 <= ended.returncode <= 1


def main() -> None:
    """Open it and end."""
    api = library().api
    params = api.llama_model_default_params()
    params.vocab_only = True
    handle = api.llama_model_load_from_file(sys.argv[1].encode(), params)
    if handle:
        api.llama_model_free(handle)


if __name__ == "__main__":
    main()
