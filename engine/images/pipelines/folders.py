"""Where the files of a family of picture models lie. Routing, `selfsame models` and `device/warm.py` ask."""

from __future__ import annotations

from pathlib import Path

from engine.config import ImagesConfig
from engine.images.pipelines.facts import Facts

# In the data directory: models that were fetched, by their hub's names, as `selfsame models pull` lays them.
MODELS = "models"
# Every diffusers folder has it.
INDEX = "model_index.json"


def folder_of(facts: Facts, config: ImagesConfig, data: Path) -> Path:
    """The folder that the settings name for a family, or where it is fetched to."""
    if named := config.folders.get(facts.name):
        path = Path(named).expanduser()
        return path if path.is_absolute() else data / MODELS / path
    return data / MODELS / (facts.repo or facts.name)


def is_here(facts: Facts, config: ImagesConfig, data: Path) -> bool:
    """Whether there is a model's folder at all; whether it can be used is found out in loading it."""
    return (folder_of(facts, config, data) / INDEX).is_file()
