"""A picture job as the JSON text in the queue: `engine/selfie.py` writes it, `worker.py` reads it."""

from __future__ import annotations

from pydantic import TypeAdapter

from engine.types import PictureJob

_PICTURE: TypeAdapter[PictureJob] = TypeAdapter(PictureJob)

# The `kind` of a queued job whose payload is a picture job.
PICTURE = "picture"


def to_json(job: PictureJob) -> str:
    """The job as JSON."""
    return _PICTURE.dump_json(job).decode()


def from_json(text: str) -> PictureJob:
    """The job of a JSON text; what an older version did not write takes its default. Raises ValueError."""
    return _PICTURE.validate_json(text)
