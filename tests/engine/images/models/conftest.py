"""Tiny models for all tests here: each family is built once for the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

Tiny = Callable[[str], Path]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The folder of a family's tiny model. Who changes something in it works on a copy."""
    built: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in built:
            module = import_module(f"tests.engine.images.models.tiny.{name}")
            built[name] = module.build(tmp_path_factory.mktemp("tiny") / name)
        return built[name]

    return folder


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    """Tiny models are several times faster on one."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Families that enlarge each reference to a megapixel keep it small."""
    from diffusers.pipelines.flux import pipeline_flux_kontext as kontext
    from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit_plus as qwen

    monkeypatch.setattr(kontext, "PREFERRED_KONTEXT_RESOLUTIONS", [(48, 80), (64, 64), (80, 48)])
    monkeypatch.setattr(qwen, "VAE_IMAGE_SIZE", 64 * 64)
    monkeypatch.setattr(qwen, "CONDITION_IMAGE_SIZE", 64 * 64)
