"""Reads texts with an embedding model in ONNX; `meanings.py` calls it, in threads of its own.

The model is a BERT as sentence-transformers exports it: `model.onnx` and `tokenizer.json` in one folder. The library
runs in the thread that calls it, so that reading in the background can be given a lower priority than everything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from engine.errors import ModelError
from engine.memory.embed.input import Text
from engine.memory.embed.numbers import Floats, Reading

# Changes whenever the same model makes other numbers of the same messages.
FORMAT = 2
# Tokens that are read at a time: what such models were trained with.
LONGEST = 256
# Texts that are read in one step; more at a time are not faster, and whoever asks a question waits for a step.
STEP = 4


class Encoder:
    """A model that is loaded."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """Blocks for some tenths of a second. Raises ModelError."""
        try:
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
            data = model.read_bytes()
            self._session: Any = onnxruntime.InferenceSession(data, _options(), ["CPUExecutionProvider"])
            self.name = f"{hashlib.sha256(data).hexdigest()[:16]}-{FORMAT}"
            self._tokenizer.no_padding()
            # What is cut off is what was said before.
            self._tokenizer.enable_truncation(LONGEST, direction="left")
            self._inputs = {one.name for one in self._session.get_inputs()}
            self.width: int = self._read([Text("Hello")])[0].whole.shape[0]
        except Exception as error:  # the libraries raise classes of their own, and plain Exception
            raise ModelError(
                f"{model} cannot be used as an embedding model ({type(error).__name__}). "
                "Delete it, and fetch it again: selfsame models pull recall"
            ) from error

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """What the texts mean. Blocks. Raises ModelError."""
        try:
            return self._read(texts)
        except Exception as error:
            # Not the error's own text: it may quote what was read.
            raise ModelError(f"The embedding model cannot read ({type(error).__name__}).") from error

    def _read(self, texts: Sequence[Text]) -> list[Reading]:
        encoded = self._tokenizer.encode_batch([_joined(text) for text in texts])
        # Texts of about the same length go together, so that little is read that is only padding.
        order = sorted(range(len(texts)), key=lambda at: len(encoded[at].ids))
        readings: dict[int, Reading] = {}
        for at in range(0, len(order), STEP):
            step = order[at : at + STEP]
            hidden = self._hidden([encoded[one] for one in step])
            for one, rows in zip(step, hidden, strict=True):
                readings[one] = _reading(rows, encoded[one], texts[one])
        return [readings[at] for at in range(len(texts))]

    def _hidden(self, encoded: Sequence[Encoding]) -> Floats:
        longest = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(encoded), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        found: Floats = self._session.run(
            None, {name: one for name, one in given.items() if name in self._inputs}
        )[0]
        return found


def _joined(text: Text) -> str:
    return f"{text.before} {text.own}" if text.before else text.own


def _reading(rows: Floats, encoded: Encoding, read: Text) -> Reading:
    """The vectors of the text's own words; stops and commas, and the model's own signs at both ends, are none."""
    text = _joined(read)
    begin = len(text) - len(read.own)
    words = [
        at
        for at, ((start, stop), special) in enumerate(
            zip(encoded.offsets, encoded.special_tokens_mask, strict=True)
        )
        if start >= begin and not special and any(map(str.isalnum, text[start:stop]))
    ]
    tokens = rows[words]
    return Reading(
        _unit(tokens.sum(axis=0)),
        _unit(tokens),
        [encoded.offsets[at][0] - begin for at in words],
    )


def _unit(vectors: Floats) -> Floats:
    """The vectors with the length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Floats = vectors / np.maximum(lengths, np.float32(1e-9))
    return units


def _options() -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised as well
    return options
