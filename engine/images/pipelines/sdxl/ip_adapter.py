"""References to tokens beside the words: what CLIP sees of a picture, and who a face is where FaceID was accepted.

FaceID brings a LoRA of its own, and diffusers lets loading it switch off all others, and leaves it on when the adapter
is unloaded. So whoever wears LoRAs here names it beside them (`names`), and `take_off` deletes it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import WeightsError
from engine.images.pipelines.diffusion.adapters import forget
from engine.images.pipelines.diffusion.folder import fingerprint, read_header
from engine.images.pipelines.sdxl.beside import models
from engine.types import ReferenceRole

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

    from engine.images.identity.eye import Eye

log = logging.getLogger(__name__)

# How strongly references show beside the words: alone, and beside FaceID, which knows the face better. From the
# adapters' own examples; nothing here could be measured without weights.
PLUS, PLUS_BESIDE, FACE = 0.6, 0.4, 0.8
# Roles whose pictures have the face at the top, so that a tall one is not cut there.
_FACED = (ReferenceRole.HEADSHOT, ReferenceRole.ANGLE, ReferenceRole.EXPRESSION, ReferenceRole.OUTFIT)

State = Mapping[str, Mapping[str, "Tensor"]]


@dataclass(frozen=True, slots=True)
class Lens:
    """What is to be put on a pipeline: the adapter's file, CLIP's folder; FaceID's file, and eyes for faces."""

    adapter: Path
    encoder: Path
    faceid: Path | None = None
    eye: Eye | None = None


class IpAdapter:
    """On one pipeline. Pictures become tokens with what CLIP sees; faces with what an ArcFace model sees."""

    def __init__(self, pipe: Any, lens: Lens, number: Any) -> None:
        """Load onto a pipeline whose numbers are torch's type `number`. Raises WeightsError."""
        self._pipe = pipe
        states = [_read_pickle(lens.faceid)] if lens.faceid else []
        states.append(_read_safe(lens.adapter))
        self.eye = lens.eye if lens.faceid else None
        self.name = fingerprint(lens.encoder)  # of CLIP: what it saw is kept under it
        _register_encoder(pipe, lens.encoder, number)
        _load(pipe, states)
        layers = pipe.unet.encoder_hid_proj.image_projection_layers
        self._hidden = type(layers[-1]).__name__ != "ImageProjection"  # takes patches, not the whole
        self.face_width = int(states[0]["image_proj"]["proj.0.weight"].shape[1]) if self.eye else 0
        self._nothing: Tensor | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the LoRA that FaceID has brought."""
        there = self._pipe.get_list_adapters().values()
        return tuple(sorted({name for names in there for name in names if name.startswith("faceid_")}))

    def look(self, image: Image, role: ReferenceRole) -> Tensor:
        """What CLIP sees: patches (P, C), or the whole (C)."""
        pixels = self._pipe.feature_extractor(square(image, role), return_tensors="pt").pixel_values
        return self._see(pixels)

    def nothing(self) -> Tensor:
        """What there is where no picture is: it is what guidance leads away from."""
        import torch

        if self._nothing is None:
            side = self._pipe.image_encoder.config.image_size
            seen = self._see(torch.zeros(1, 3, side, side))
            self._nothing = seen if self._hidden else torch.zeros_like(seen)
        return self._nothing

    def show(self, pictures: bool, faces: bool) -> None:
        """How strongly from now on: not at all where there is nothing to show."""
        plus = (PLUS_BESIDE if faces else PLUS) if pictures else 0.0
        self._pipe.set_ip_adapter_scale([FACE if faces else 0.0, plus] if self.eye else [plus])

    def take_off(self) -> None:
        """Unload all of it, also the LoRA that diffusers leaves behind."""
        names = self.names
        self._pipe.unload_ip_adapter()
        for name in names:
            forget(self._pipe, name)

    def _see(self, pixels: Tensor) -> Tensor:
        import torch

        encoder = self._pipe.image_encoder
        with torch.no_grad():
            seen = encoder(
                pixels.to(device=self._pipe._execution_device, dtype=encoder.dtype),
                output_hidden_states=self._hidden,
            )
        found: Tensor = (seen.hidden_states[-2] if self._hidden else seen.image_embeds)[0]
        return found


def square(image: Image, role: ReferenceRole) -> Image:
    """The part that CLIP is shown: it sees squares only. Of tall pictures of a person the upper part."""
    side = min(image.size)
    left = (image.width - side) // 2
    top = 0 if role in _FACED else (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


# ---------------------------------------------------------------- loading


def _register_encoder(pipe: Any, folder: Path, number: Any) -> None:
    from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

    for path in folder.glob("*.safetensors"):
        _header(path)
    try:
        encoder = CLIPVisionModelWithProjection.from_pretrained(
            str(folder), dtype=number, local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(_unfit(folder)) from error
    side = encoder.config.image_size
    processor = CLIPImageProcessor(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
    pipe.register_modules(image_encoder=encoder.eval(), feature_extractor=processor)


def _load(pipe: Any, states: list[State]) -> None:
    nowhere = [""] * len(states)
    try:
        pipe.load_ip_adapter(
            states, subfolder=nowhere, weight_name=nowhere, image_encoder_folder=None, local_files_only=True
        )
    except (ValueError, RuntimeError, KeyError, IndexError, TypeError, AttributeError) as error:
        import torch

        if isinstance(error, torch.OutOfMemoryError):
            raise
        log.info("An IP-Adapter could not be loaded.", exc_info=True)
        raise WeightsError(f"The files of IP-Adapter do not fit this SDXL: {_again()}") from error


def _read_safe(path: Path) -> State:
    from safetensors.torch import load_file

    _header(path)
    return _sorted(load_file(path), path)


def _read_pickle(path: Path) -> State:
    """FaceID is only there as torch's own format, of which nothing but tensors is read."""
    import pickle

    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, ValueError, RuntimeError, KeyError, EOFError, pickle.UnpicklingError) as error:
        raise WeightsError(
            f"{models()['faceid'].title}: {path} cannot be read. Fetch it again with: selfsame models pull faceid"
        ) from error
    if not isinstance(state, dict) or "proj.0.weight" not in state.get("image_proj", {}):
        raise WeightsError(
            f"{path} is no {models()['faceid'].title}. Fetch it with: selfsame models pull faceid"
        )
    return state


def _sorted(tensors: Mapping[str, Tensor], path: Path) -> State:
    """Tensors of one file to the two groups that an adapter has."""
    state: dict[str, dict[str, Tensor]] = {"image_proj": {}, "ip_adapter": {}}
    for name, tensor in tensors.items():
        group, _, rest = name.partition(".")
        if group in state:
            state[group][rest] = tensor
    if not all(state.values()):
        raise WeightsError(_unfit(path))
    return state


def _header(path: Path) -> None:
    try:
        read_header(path)
    except (OSError, ValueError) as error:
        raise WeightsError(f"{models()['ip_adapter'].title}: {path} {error}. {_again()}") from error


def _unfit(path: Path) -> str:
    return f"{path} is not what {models()['ip_adapter'].title} needs. {_again()}"


def _again() -> str:
    return "Fetch it again with: selfsame models pull ip_adapter"
