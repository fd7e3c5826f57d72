"""Which embedding model reads messages, and whether one does: `engine/build.py` opens it here, the doctor asks why not.

The libraries are an extra, and are imported only once a model is there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from engine.config import MemoryConfig
from engine.errors import ModelError
from engine.models.background import Background
from engine.store.store import Store

if TYPE_CHECKING:
    from engine.memory.embed.encoder import Encoder
    from engine.memory.embed.meanings import Meanings

log = logging.getLogger(__name__)

# The folder of models in the data directory.
MODELS = "models"
# Where the files of a model are in its folder: as the hub has them, or side by side.
WEIGHTS, TOKENIZER = ("onnx/model.onnx", "model.onnx"), "tokenizer.json"
LIBRARIES = ("huggingface_hub", "numpy", "onnxruntime", "tokenizers")
INSTALL = "Install it with: make recall"
PULL = "Fetch a model: selfsame models pull recall"


@dataclass(frozen=True, slots=True)
class Known:
    """A model that we know."""

    name: str
    repo: str
    megabytes: int
    licence: str
    reads: str

    @property
    def files(self) -> tuple[str, ...]:
        """What is fetched of it."""
        return WEIGHTS[0], TOKENIZER


# The first is fetched where none is named; of those that are here, the last is used.
KNOWN = (
    Known("english", "sentence-transformers/all-MiniLM-L6-v2", 91, "Apache-2.0", "English"),
    Known(
        "multilingual",
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        480,
        "Apache-2.0",
        "some fifty languages",
    ),
)


@dataclass(frozen=True, slots=True)
class Files:
    """A model that is here."""

    name: str
    weights: Path
    tokenizer: Path


def find_files(config: MemoryConfig, data: Path) -> Files:
    """The files of the model that the settings mean. Raises ModelError, which says what to do."""
    named = config.embedding_model
    wanted = [named] if named else [one.repo for one in reversed(KNOWN)]
    for name in wanted:
        folder = data / MODELS / Path(name).expanduser()
        weights = next((folder / one for one in WEIGHTS if (folder / one).is_file()), None)
        if weights is not None and (folder / TOKENIZER).is_file():
            return Files(name, weights, folder / TOKENIZER)
    if named:
        raise ModelError(
            f"memory.embedding_model names {named}, and there are no model.onnx and {TOKENIZER} there. {PULL}"
        )
    raise ModelError(f"No embedding model is here. {PULL}")


def must_be_installed() -> None:
    """Raises ModelError unless the extra is there."""
    if missing := [name for name in LIBRARIES if find_spec(name) is None]:
        raise ModelError(
            f"Not everything is installed that an embedding model needs ({', '.join(missing)}). {INSTALL}"
        )


def load(files: Files) -> Encoder:
    """The model, loaded. Blocks. Raises ModelError."""
    from engine.memory.embed.encoder import Encoder

    return Encoder(files.weights, files.tokenizer)


def open_meanings(config: MemoryConfig, data: Path, store: Store, background: Background) -> Meanings | None:
    """What messages mean, by the model of the settings; None if there is none, and recall is by words alone."""
    if config.embeddings == "off":
        return None
    try:
        files = find_files(config, data)
        must_be_installed()
    except ModelError as error:
        log.log(
            logging.WARNING if config.embedding_model else logging.INFO,
            "Recall is by words alone: %s",
            error.sentence,
        )
        return None
    from engine.memory.embed.meanings import Meanings

    return Meanings(store, background, lambda: load(files))
