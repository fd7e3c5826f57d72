"""A workshop whose models folder has the tiny models, as `selfsame models pull` would lay them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.images.identity.models import verifiers
from engine.images.pipelines.port import Workshop
from tests.engine.images.identity import tiny


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tiny models by the names of models.toml: HUB/NAME/files."""
    root = tmp_path_factory.mktemp("hub")
    known = verifiers()

    def at(name: str, which: int = 0) -> Path:
        return root / name / known[name].files[which]

    tiny.write_arcface(at("auraface"))
    tiny.write_scrfd(at("scrfd"))
    tiny.write_yunet(at("yunet"))
    tiny.write_sface(at("sface"))
    tiny.write_ccip(at("ccip"), at("ccip", 1))
    tiny.write_dino(at("dinov2"))
    return root


class Fitter:
    """Lays models out in a data directory."""

    def __init__(self, data: Path, hub: Path) -> None:
        self._data, self._hub = data, hub

    def workshop(self, *names: str, **folders: str) -> Workshop:
        """A workshop in which these models are."""
        for name in names:
            entry = verifiers()[name]
            for file in entry.files:
                target = self._data / "models" / entry.repo / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((self._hub / name / file).read_bytes())
        accepted = tuple(name for name in names if verifiers()[name].terms != "open")
        settings = ImagesConfig(folders=folders, accept=accepted)
        return Workshop(self._data, settings, ComfyConfig(), ImageServerConfig())


@pytest.fixture
def fitter(tmp_path: Path, hub: Path) -> Fitter:
    """Lays models out."""
    return Fitter(tmp_path / "data", hub)
