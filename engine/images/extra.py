"""Whether what picture models need is installed, without importing it: torch alone takes seconds."""

from __future__ import annotations

from importlib.util import find_spec

# Never "selfsame[images]": on the package index that name is somebody else's.
INSTALL_IMAGES = 'In Selfsame\'s folder: make pictures, or pip install ".[images]" (docs/images.md says how for your card).'
# Modules of the extra [images] by which it is known.
MODULES = (
    "torch",
    "diffusers",
    "transformers",
    "accelerate",
    "peft",
    "safetensors",
    "onnxruntime",
    "insightface",
    "cv2",
    "pynvml",
    "c2pa",
)


def absent() -> tuple[str, ...]:
    """Which modules of the extra are not installed."""
    return tuple(name for name in MODULES if find_spec(name) is None)
