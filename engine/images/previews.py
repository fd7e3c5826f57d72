"""What pictures look like while they are made: small JPEGs in `previews/` of the data directory, one for each job.

`engine/images/worker.py` writes them in its render thread and removes them when the picture has come; whoever shows a
job's progress may show them.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FOLDER = "previews"
# Pixels of the longer side, and JPEG's quality: some 15 kB.
SIDE = 384
QUALITY = 70


def preview_path(data: Path, job_id: str) -> Path:
    """Where the preview of a job lies while there is one."""
    return data / FOLDER / f"{job_id}.jpg"


class Previews:
    """The previews of a data directory. Methods block for milliseconds."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def show(self, job_id: str, image: Image) -> None:
        """Put a new preview in the place of the last one: whoever reads sees the one or the other."""
        path = preview_path(self._data, job_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        small = image.convert("RGB")
        small.thumbnail((SIDE, SIDE))
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        small.save(temporary, "JPEG", quality=QUALITY)
        temporary.replace(path)

    def path(self, job_id: str) -> Path | None:
        """Where the preview of a job lies; None while there is none."""
        path = preview_path(self._data, job_id)
        return path if path.is_file() else None

    def remove(self, job_id: str) -> None:
        """The picture has come, or nothing comes of it."""
        preview_path(self._data, job_id).unlink(missing_ok=True)

    def jobs(self) -> set[str]:
        """The jobs of which something is there."""
        return {path.name.split(".")[0] for path in (self._data / FOLDER).glob("*")}

    def sweep(self, job_ids: Collection[str]) -> None:
        """Remove all that is there of these jobs: their worker died."""
        for job_id in job_ids:
            for path in (self._data / FOLDER).glob(f"{job_id}.*"):
                path.unlink(missing_ok=True)
