"""One loader for any diffusers folder: families call `load_pipeline`. Nothing is ever fetched.

contents = check(folder, ...)            what is wrong with a folder is said before torch is even imported
pipe = ....from_pretrained(folder, ...)  with Selfsame's own processors where the library's cannot be built
cast(pipe, precision)
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from engine.errors import WeightsError
from engine.images.pipelines.diffusion.folder import Contents, check
from engine.images.pipelines.diffusion.precision import cast, check_precision, number, quantization
from engine.images.pipelines.diffusion.processors import stand_ins
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import Precision, Workshop

log = logging.getLogger(__name__)

# Words by which torch, diffusers and transformers say that numbers do not fit into the model.
_SHAPES = ("shape", "size mismatch", "mismatched", "sizes")


def load_pipeline(
    folder: Path, facts: Facts, workshop: Workshop, precision: Precision, classes: tuple[str, ...] = ()
) -> Any:
    """A pipeline in the machine's own memory, not yet on the card. Raises WeightsError with what to do."""
    check_terms(facts, workshop)
    check_precision(facts, precision, workshop.device)
    contents = check(folder, facts, classes)
    import diffusers

    quieten()
    try:
        pipe = getattr(diffusers, contents.pipeline).from_pretrained(
            str(folder),
            dtype=number(precision),
            local_files_only=True,
            use_safetensors=True,
            variant=contents.variant,
            **stand_ins(contents),
            **quantization(precision, contents),
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError) as error:
        if _is_full(error):
            raise
        log.warning("%s could not be loaded from %s.", facts.title, folder, exc_info=True)
        raise WeightsError(_sentence(error, facts, folder)) from error
    _check_whole(pipe, contents, facts)
    pipe.set_progress_bar_config(disable=True)
    cast(pipe, precision)
    return pipe


def check_terms(facts: Facts, workshop: Workshop) -> None:
    """Raises WeightsError where a licence has to be accepted first, and names it."""
    if facts.terms == "non-commercial" and facts.name not in workshop.config.accept:
        raise WeightsError(
            f"{facts.title} may only be used under its own licence ({facts.licence}). "
            f'If you accept it, write in config.toml under [images]: accept = ["{facts.name}"]'
        )


def quieten() -> None:
    """Keep the libraries' bars and advice out of the log: what a person should know is said by an error."""
    import diffusers
    import transformers

    for library in (diffusers.utils.logging, transformers.utils.logging):
        library.set_verbosity_error()
        library.disable_progress_bar()


def _check_whole(pipe: Any, contents: Contents, facts: Facts) -> None:
    """A tensor that no file held stays without numbers, silently."""
    for name in contents.weights:
        part: Any = getattr(pipe, name, None)
        for tensor, value in part.named_parameters() if hasattr(part, "named_parameters") else ():
            if value.is_meta:
                raise WeightsError(
                    f"{facts.title}: {contents.folder / name} does not hold {tensor}. "
                    f"Fetch it again with: selfsame models pull {facts.name}"
                )


def _is_full(error: BaseException) -> bool:
    """Whether memory ran out: `engine/images/device/` has a ladder for that."""
    import torch

    return isinstance(error, torch.OutOfMemoryError)


def _sentence(error: Exception, facts: Facts, folder: Path) -> str:
    text = str(error)
    again = f"Fetch it again with: selfsame models pull {facts.name}"
    if any(word in text.lower() for word in _SHAPES):
        return f"The weights in {folder} have other shapes than {facts.title}'s settings there say. {again}"
    first = text.strip().splitlines()[0][:200] if text.strip() else type(error).__name__
    return f"{facts.title} could not be loaded from {folder}: {first}. {again}"
