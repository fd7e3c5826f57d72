"""From where on a picture shows a character: gates of each eye (thresholds.toml), and a character's own once calibrated.

A character's own are kept in `identity/` of the data directory, one file for each character, with what they were
calibrated for: another canon or another model makes them void.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from characters.character import StyleRegister
from engine.errors import InputError
from engine.types import Verdict

# The folder of all that is known of faces, in the data directory.
FOLDER = "identity"
_ID = re.compile(r"[\w-]{1,64}")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gates(_Strict):
    """Gates of one eye; thresholds.toml explains the keys."""

    accept: float
    repair: float
    copy_: float
    collide: float
    ranks: bool = False
    floor: float = -1.0

    def verdict(self, score: float, likeness: float) -> Verdict:
        """What a score means, and the likeness that it was made of."""
        if likeness < self.floor:
            return Verdict.OTHER
        if score >= self.accept:
            return Verdict.SAME
        return Verdict.NEAR if score >= self.repair else Verdict.OTHER


class Calibrated(_Strict):
    """A character's own gates, and what they hold for."""

    model: str  # the eye's name with the digest of its weights
    canon: str  # SHA-256 of the headshot
    accept: float
    repair: float
    genuine: int  # of how many pictures of the character they were made
    impostors: int  # and of how many of others


@cache
def _table() -> tuple[Mapping[str, Gates], Mapping[StyleRegister, tuple[str, ...]]]:
    text = files(__package__).joinpath("thresholds.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    gates = {
        kind: Gates(**{"copy_" if key == "copy" else key: value for key, value in entry.items()})
        for kind, entry in table["gates"].items()
    }
    return gates, {StyleRegister(style): tuple(kinds) for style, kinds in table["eyes"].items()}


def gates_of(kind: str) -> Gates:
    """The gates of an eye, for characters that were not calibrated."""
    return _table()[0][kind]


def eyes_of(style: StyleRegister) -> tuple[str, ...]:
    """Kinds of eyes that can judge a style of drawing, the best first."""
    return _table()[1][style]


class Calibrations:
    """The gates of characters that were calibrated, in the data directory."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def gates(self, kind: str, model: str, character_id: str, canon: str) -> Gates:
        """The character's own gates where they hold for this model and this canon; those of the eye otherwise."""
        usual = gates_of(kind)
        own = self.read(character_id, kind)
        if own is None or (own.model, own.canon) != (model, canon):
            return usual
        return usual.model_copy(update={"accept": own.accept, "repair": own.repair})

    def read(self, character_id: str, kind: str) -> Calibrated | None:
        """What was calibrated for a character with an eye; None if nothing was, or it cannot be read."""
        if not _ID.fullmatch(character_id):
            return None
        entry = _read(self._path(character_id)).get(kind)
        try:
            return Calibrated.model_validate(entry) if entry is not None else None
        except ValidationError:
            return None

    def write(self, character_id: str, kind: str, calibrated: Calibrated) -> None:
        """Keep it, whole or not at all. Blocks. Raises InputError where it cannot be written."""
        if not _ID.fullmatch(character_id):
            raise InputError(f"{character_id!r} is no character's id.")
        path = self._path(character_id)
        entries = {**_read(path), kind: calibrated.model_dump()}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(entries, indent=1, sort_keys=True).encode())
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}.") from error

    def forget(self, sha256s: Collection[str]) -> None:
        """Remove what was calibrated for canons that are gone. Blocks."""
        self._keep(lambda canon: canon not in sha256s)

    def keep_only(self, sha256s: Collection[str]) -> None:
        """Remove what was calibrated for any other canon. Blocks."""
        self._keep(lambda canon: canon in sha256s)

    def _keep(self, wanted: Callable[[str], bool]) -> None:
        for path in self._folder.glob("*.json"):
            entries = _read(path)
            kept = {kind: entry for kind, entry in entries.items() if wanted(str(entry.get("canon", "")))}
            if not kept:
                path.unlink(missing_ok=True)
            elif kept != entries:
                write_whole(path, json.dumps(kept, indent=1, sort_keys=True).encode())

    def _path(self, character_id: str) -> Path:
        return self._folder / f"{character_id}.json"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody ever reads half of it."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _read(path: Path) -> dict[str, dict[str, object]]:
    try:
        entries = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(entries, dict):
        return {}
    return {kind: entry for kind, entry in entries.items() if isinstance(entry, dict)}
