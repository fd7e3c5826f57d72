"""LoRAs: a style's theme, a trained character. Renderers call `wear` before each render; it loads, switches and drops.

A LoRA is known by its content, so that a file that was trained anew is loaded anew. What is not worn stays loaded for
a while, switched off: characters of one chat take turns.
"""

from __future__ import annotations

import hashlib
import logging
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from engine.errors import WeightsError
from engine.images.pipelines.diffusion.folder import read_header
from engine.images.pipelines.diffusion.precision import DENOISERS
from engine.images.pipelines.port import Adapter

log = logging.getLogger(__name__)

# Loaded LoRAs that are not worn; each takes 50 to 500 MB of the card.
KEPT = 4
# Of a LoRA's modules so many have to be found in the model, or it was made for another one.
FITTING = 0.5
# Names of those that are ours; other adapters of a pipeline (FaceID's) belong to whoever loaded them.
_OURS = "lora_"
# Ends of the names of one of the two matrices of each module, as trainers write them.
_DOWN = (".lora_A.weight", ".lora_down.weight", ".lora.down.weight", "_lora.down.weight")


class Wardrobe:
    """The LoRAs of one pipeline."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._digests: dict[tuple[Path, int, int], str] = {}
        self._kept: list[str] = []  # loaded, the one that was worn last at the end
        self._worn: Mapping[str, float] | None = None  # None: not known

    def wear(self, adapters: Sequence[Adapter], also: Sequence[str] = ()) -> None:
        """Exactly these are active from now on, and the adapters of the names `also` that others have loaded.

        Raises WeightsError where a file is missing, damaged or of another model.
        """
        scales: dict[str, float] = {}
        for adapter in adapters:
            name = self._name(adapter.path)
            if name not in self._kept:
                self._load(name, adapter.path)
            scales[name] = scales.get(name, 0.0) + adapter.scale
        self._kept = [name for name in self._kept if name not in scales] + list(scales)
        self._drop(self._kept[: -KEPT - len(scales)])
        self._switch({**dict.fromkeys(also, 1.0), **scales})

    def mistrust(self) -> None:
        """Somebody else has loaded or deleted adapters: what is active is not known any more."""
        self._worn = None

    def _name(self, path: Path) -> str:
        """By content; a file that nobody touched is read once."""
        try:
            stat = path.stat()
            key = (path, stat.st_size, stat.st_mtime_ns)
            if key not in self._digests:
                with path.open("rb") as file:
                    self._digests[key] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise WeightsError(
                f"The LoRA {path} is not here. Put the file there, or take its name out of images.styles."
            ) from error
        return _OURS + self._digests[key][:16]

    def _load(self, name: str, path: Path) -> None:
        header = _read(path)
        self.mistrust()
        _tell_number(self._pipe)
        try:
            self._pipe.load_lora_weights(
                str(path.parent), weight_name=path.name, adapter_name=name, local_files_only=True
            )
        except (ValueError, RuntimeError, KeyError, IndexError, TypeError, AttributeError) as error:
            self._forget(name)
            if _is_full(error):
                raise
            log.info("A LoRA could not be loaded: %s", path, exc_info=True)
            raise WeightsError(self._unfit(path, header)) from error
        if len(_modules(self._pipe, name)) < FITTING * sum(key.endswith(_DOWN) for key in header):
            self._forget(name)
            raise WeightsError(self._unfit(path, header))
        self._kept.append(name)

    def _unfit(self, path: Path, header: Mapping[str, Any]) -> str:
        made = _made_for(header)
        return (
            f"The LoRA {path.name} does not fit this model ({type(self._pipe).__name__.removesuffix('Pipeline')})"
            + (f"; it looks like one for {made}" if made else "")
            + ". Take one that was made for it, or take its name out of images.styles."
        )

    def _drop(self, names: Iterable[str]) -> None:
        for name in list(names):
            self._forget(name)
            self._kept.remove(name)

    def _forget(self, name: str) -> None:
        if any(name in there for there in self._pipe.get_list_adapters().values()):
            forget(self._pipe, name)

    def _switch(self, scales: Mapping[str, float]) -> None:
        """Going through all layers of a large model takes a tenth of a second: not for what is worn already."""
        if self._worn == scales or not self._pipe.get_list_adapters():
            return
        self._worn = None
        if scales:
            self._pipe.enable_lora()
            self._pipe.set_adapters(list(scales), list(scales.values()))
        else:
            self._pipe.disable_lora()
        self._worn = dict(scales)


def wear(pipe: Any, adapters: Sequence[Adapter], also: Sequence[str] = ()) -> None:
    """`Wardrobe.wear` of a pipeline's own wardrobe."""
    wardrobe_of(pipe).wear(adapters, also)


def wardrobe_of(pipe: Any) -> Wardrobe:
    """A pipeline's wardrobe; it goes with the pipeline."""
    if not hasattr(pipe, "wardrobe"):
        pipe.wardrobe = Wardrobe(pipe)
    wardrobe: Wardrobe = pipe.wardrobe
    return wardrobe


def forget(pipe: Any, name: str) -> None:
    """Delete one adapter. Diffusers leaves its name in the settings of text encoders, so that it seems to be there."""
    wardrobe_of(pipe).mistrust()
    pipe.delete_adapters(name)
    for part in pipe.components.values():
        getattr(part, "peft_config", {}).pop(name, None)


# ---------------------------------------------------------------- inside


def _read(path: Path) -> Mapping[str, Any]:
    if path.suffix != ".safetensors":
        raise WeightsError(f"The LoRA {path.name} is no .safetensors file, and other kinds can run code.")
    try:
        return read_header(path)
    except (OSError, ValueError) as error:
        raise WeightsError(f"The LoRA {path} {error}. Fetch it again.") from error


def _tell_number(pipe: Any) -> None:
    """Layers that are stored in fp8 say in which type they compute.

    peft brings a LoRA to the type of its layer, and looks there first; in fp8 itself nothing can be computed.
    """
    import torch

    number = _denoiser(pipe).dtype
    for part in pipe.components.values():
        for layer in part.modules() if hasattr(part, "modules") else ():
            weight = getattr(layer, "weight", None)
            if getattr(weight, "dtype", None) is torch.float8_e4m3fn:
                layer.compute_dtype = number


def _denoiser(pipe: Any) -> Any:
    return next(getattr(pipe, part) for part in DENOISERS if getattr(pipe, part, None) is not None)


def _modules(pipe: Any, name: str) -> list[Any]:
    """The modules of a pipeline that an adapter changes."""
    parts = (getattr(pipe, part, None) for part in pipe.get_list_adapters())
    return [
        module
        for part in parts
        if part is not None
        for module in part.modules()
        if name in getattr(module, "lora_A", {}) or name in getattr(module, "lokr_w1", {})
    ]


def _made_for(header: Mapping[str, Any]) -> str:
    """The title of the model that a LoRA was made for; "" if its names do not tell."""
    width = next((entry["shape"][-1] for key, entry in header.items() if _reads_words(key)), None)
    for made in _made():
        if made.get("width") in (None, width) and any(
            word in key for word in made["words"] for key in header
        ):
            return str(made["title"])
    return ""


def _reads_words(key: str) -> bool:
    return "attn2" in key and "to_k" in key and key.endswith(_DOWN)


@cache
def _made() -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = tomllib.loads(
        files(__package__).joinpath("loras.toml").read_text(encoding="utf-8")
    )["made"]
    return made


def _is_full(error: BaseException) -> bool:
    import torch

    return isinstance(error, torch.OutOfMemoryError)
