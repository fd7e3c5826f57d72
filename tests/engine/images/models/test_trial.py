"""engine/images/trial.py: what is here is really loaded, in a process of its own, and what is wrong is a sentence."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from engine.images.extra import absent
from engine.images.trial import Trial, attempt
from tests.engine.images.models.conftest import Tiny
from tests.engine.images.models.tiny.house import workshop

pytestmark = [pytest.mark.images, pytest.mark.thorough]


def test_nothing_of_the_extra_is_absent_here() -> None:
    assert absent() == ()


def test_a_family_that_is_whole_loads(tiny: Tiny, tmp_path: Path) -> None:
    assert attempt(Trial(tiny("klein"), "klein"), workshop(tmp_path)) == ""


def test_weights_of_other_shapes_are_said(tiny: Tiny, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny("klein"), tmp_path / "klein")
    config = folder / "transformer/config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "joint_attention_dim": 96}))
    said = attempt(Trial(folder, "klein"), workshop(tmp_path))
    assert "other shapes" in said and "selfsame models pull klein" in said


def test_a_family_of_another_kind_is_said(tiny: Tiny, tmp_path: Path) -> None:
    assert "holds a model of the family klein" in attempt(Trial(tiny("klein"), "z_image"), workshop(tmp_path))


def test_small_models_are_opened_as_they_are_used(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    save_file({"a": torch.zeros(2)}, tmp_path / "adapter.safetensors")
    torch.save({"a": torch.zeros(2)}, tmp_path / "faceid.bin")
    good = Trial(tmp_path, files=("adapter.safetensors", "faceid.bin"))
    assert attempt(good, workshop(tmp_path)) == ""
    (tmp_path / "face.onnx").write_bytes(b"<html>")
    assert "face.onnx cannot be used" in attempt(Trial(tmp_path, files=("face.onnx",)), workshop(tmp_path))


def test_a_process_that_the_system_ends_is_a_sentence(tiny: Tiny, tmp_path: Path) -> None:
    def kill() -> None:
        while not (children := multiprocessing.active_children()):
            time.sleep(0.01)
        os.kill(children[0].pid or 0, signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    assert "too little memory" in attempt(Trial(tiny("klein"), "klein"), workshop(tmp_path))
    killer.join()
