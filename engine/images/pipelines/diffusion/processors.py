"""Processors of Qwen's seeing models where torchvision is absent: pictures only.

transformers builds these processors with a video part that needs torchvision, which has no build for machines without
a graphics card. Selfsame shows them pictures, never videos, so the part is left out.
"""

from __future__ import annotations

from typing import Any

from engine.images.pipelines.diffusion.folder import Contents

# Classes that insist on a video part.
SEEING = frozenset({"Qwen2VLProcessor", "Qwen2_5_VLProcessor", "Qwen3VLProcessor"})


def stand_ins(contents: Contents) -> dict[str, Any]:
    """Components to load a folder with instead of its own; none where torchvision is here."""
    import transformers
    from transformers.utils import is_torchvision_available

    seeing = {name: kind for name, (_, kind) in contents.parts.items() if kind in SEEING}
    if not seeing or is_torchvision_available():
        return {}
    return {
        name: image_only(getattr(transformers, kind)).from_pretrained(
            contents.folder / name, local_files_only=True
        )
        for name, kind in seeing.items()
    }


def image_only(base: type[Any]) -> type[Any]:
    """The processor's class without its video part. It keeps its name, by which folders are saved and loaded."""
    from transformers.processing_utils import ProcessorMixin

    def build(
        self: Any, image_processor: Any = None, tokenizer: Any = None, chat_template: Any = None, **_: Any
    ) -> None:
        ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)
        for name in ("image", "video"):
            self.__dict__[f"{name}_token"] = f"<|{name}_pad|>"
            self.__dict__[f"{name}_token_id"] = tokenizer.convert_tokens_to_ids(f"<|{name}_pad|>")
        for name in ("vision_start", "vision_end"):
            self.__dict__[f"{name}_token"] = f"<|{name}|>"
            self.__dict__[f"{name}_token_id"] = tokenizer.convert_tokens_to_ids(f"<|{name}|>")

    return type(base.__name__, (base,), {"__init__": build, "__module__": base.__module__})
