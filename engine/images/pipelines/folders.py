"""Where the files of a family of picture models lie. Routing, `selfsame models` and `device/warm.py` ask."""

from __future__ import annotations

from pathlib import Path

from engine.config import ImagesConfig
from engine.images.pipelines.facts import Facts

# In the data directory: models that were fetched, by their hub's names, as `selfsame models pull` lays them.
MODELS = "models"
# Every diffusers folder has it.
INDEX = "model_index.json"


def lies(name: str, repo: str, config: ImagesConfig, data: Path) -> Path:
    """Where what has this name lies: where images.folders says (from models/ on, if not a whole path), or fetched."""
    named = Path(config.folders.get(name, "") or repo or name).expanduser()
    return data / MODELS / named  # a whole path stays as it is


def folder_of(facts: Facts, config: ImagesConfig, data: Path) -> Path:
    """The folder that the settings name for a family, or where it is fetched to."""
    return lies(facts.name, facts.repo, config, data)


def is_here(facts: Facts, config: ImagesConfig, data: Path) -> bool:
    """Whether there is a model's folder at all; whether it can be used is found out in loading it."""
    return (folder_of(facts, config, data) / INDEX).is_file()
