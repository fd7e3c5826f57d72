"""What is kept of faces goes when its picture goes. Whoever erases pictures calls `forget`, or `keep_only` at a start.

Nothing heavy is imported here. An eye that is open elsewhere notices by the missing file.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.images.identity.gates import FOLDER, Calibrations

# In the folder of faces: what eyes have read, one folder for each model, one file for each picture.
READ = "read"


def path_of(data: Path, model: str, sha256: str) -> Path:
    """The file of what a model saw in a picture."""
    return data / FOLDER / READ / model / f"{sha256}.npy"


def forget(data: Path, sha256s: Collection[str]) -> None:
    """Remove what was read of these pictures, and gates that were calibrated for them. Blocks."""
    for sha256 in sha256s:
        for path in (data / FOLDER / READ).glob(f"*/{sha256}.npy"):
            path.unlink(missing_ok=True)
    Calibrations(data).forget(sha256s)


def keep_only(data: Path, sha256s: Collection[str]) -> None:
    """Remove what was read of any other picture, what writers left behind, and gates for other canons. Blocks."""
    for path in (data / FOLDER / READ).glob("*/*"):
        if path.suffix != ".npy" or path.stem not in sha256s:
            path.unlink(missing_ok=True)
    Calibrations(data).keep_only(sha256s)
