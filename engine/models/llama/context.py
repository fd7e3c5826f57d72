"""llama.cpp's context: one batch after another, and what it keeps of each sequence. Only the loop's thread uses it.

All sequences share one memory of cells (it is "unified"): a cell holds one token, and belongs to every sequence that
it was copied to, so that a character's stem is kept once for all.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ModelError
from engine.models.llama.library import library
from engine.models.llama.model import KV_TYPES, Model, Tokens
from engine.models.machine import look_around

FLASH = {"auto": -1, "off": 0, "on": 1}
# Tokens of one batch. A processor gains nothing from longer ones; a GPU does.
BATCH_CPU, BATCH_GPU = 512, 2048
# Tokens that are computed in one go: what the working memory is laid out for.
UBATCH = 512
# Sequences are for those who write, for stems, and for conversations that rest. Each takes memory for a token's
# choices: 0.6 MB with a vocabulary of 152,000. llama.cpp takes no more than MOST_SEQS (LLAMA_MAX_SEQ).
SEQS_PER_SLOT, SPARE_SEQS, MOST_SEQS = 4, 32, 256
# Where a model keeps a running state, each takes memory for one: up to 75 MB. A seat, its stem and its mark need three.
STATES_PER_SLOT, SPARE_STATES = 3, 4


TOO_LITTLE_MEMORY = (
    "There is too little memory for what the model reads. "
    "Lower llm.kv_tokens, llm.context_tokens or llm.slots, or take a smaller model."
)


class Outcome(Enum):
    """How a batch went."""

    DONE = auto()
    FULL = auto()  # no room for it; nothing has changed
    ABORTED = auto()
    FAILED = auto()  # what the context holds is uncertain


@dataclass(frozen=True, slots=True)
class Shape:
    """What a context is made for."""

    cells: int  # tokens that its memory holds
    slots: int  # sequences that may write at the same time
    threads: int
    kv_type: str = "f16"
    flash: str = "auto"
    gpu: bool = False


class Batch:
    """Tokens that are computed together, over memory that is laid out once."""

    def __init__(self, api: Any, size: int) -> None:
        self.size = size
        self.count = 0
        self._tokens = np.zeros(size, np.int32)
        self._positions = np.zeros(size, np.int32)
        self._seqs = np.zeros(size, np.int32)
        self._ones = np.ones(size, np.int32)
        self._wanted = np.zeros(size, np.int8)
        # llama.cpp wants a pointer to each token's list of sequences, and a null behind the last.
        steps = self._seqs.itemsize * np.arange(size + 1, dtype=np.uint64)
        self._lists = self._seqs.ctypes.data + steps
        self._lists[size] = 0
        self.raw = api.llama_batch(
            0,
            _at(self._tokens, api.llama_token),
            None,
            _at(self._positions, api.llama_pos),
            _at(self._ones, ctypes.c_int32),
            ctypes.cast(self._lists.ctypes.data, ctypes.POINTER(ctypes.POINTER(api.llama_seq_id))),
            _at(self._wanted, ctypes.c_int8),
        )

    @property
    def room(self) -> int:
        """How many tokens still fit."""
        return self.size - self.count

    def clear(self) -> None:
        """Empty it."""
        self.count = 0

    def next(self, token: int, seq: int, position: int) -> int:
        """Add a sequence's newest token; returns its row, from where the next one will be chosen."""
        row = self.count
        self._tokens[row], self._positions[row] = token, position
        self._seqs[row], self._wanted[row] = seq, 1
        self.count = row + 1
        return row

    def add(self, tokens: Tokens, seq: int, position: int, *, wanted: bool) -> int:
        """Add a stretch of a sequence; returns its last row. `wanted`: the next token will be chosen from there."""
        part = slice(self.count, self.count + len(tokens))
        self._tokens[part] = tokens
        self._positions[part] = np.arange(position, position + len(tokens))
        self._seqs[part] = seq
        self._wanted[part] = 0
        self.count = part.stop
        self._wanted[self.count - 1] = wanted
        return self.count - 1


class Context:
    """A model's working memory. Call `close` before the model is closed."""

    def __init__(self, model: Model, shape: Shape, adapter: str = "") -> None:
        """Raises ModelError if there is too little memory, or the adapter does not fit."""
        self._api = model.api
        self.model = model
        _must_fit(model, shape)
        self._stop = ctypes.create_string_buffer(2)
        self.handle = self._open(model, shape)
        self._memory = self._api.llama_get_memory(self.handle)
        self.cells = int(self._api.llama_n_ctx(self.handle))
        self.batch = Batch(self._api, int(self._api.llama_n_batch(self.handle)))
        self._adapter = self._adapt(model, adapter) if adapter else None

    def _open(self, model: Model, shape: Shape) -> Any:
        params = self._api.llama_context_default_params()
        params.n_ctx = shape.cells
        params.n_batch = min(BATCH_GPU if shape.gpu else BATCH_CPU, shape.cells)
        params.n_ubatch = min(UBATCH, params.n_batch)
        params.n_seq_max = self.seqs = _seqs(shape.slots, states=not model.abilities.by_token)
        # Laying out choices for every token of a batch would take hundreds of megabytes.
        params.n_outputs_max = params.n_seq_max
        params.n_threads = params.n_threads_batch = shape.threads
        params.type_k = params.type_v = KV_TYPES[shape.kv_type]
        params.flash_attn_type = FLASH[shape.flash]
        params.kv_unified = params.swa_full = params.no_perf = True
        library().complaints()
        handle = self._api.llama_init_from_model(model.handle, params)
        if not handle:
            raise ModelError(_why(library().complaints()))
        self._let_stop(handle)
        return handle

    def _let_stop(self, handle: Any) -> None:
        """Let `stop` end a computation from another thread.

        llama.cpp asks between all steps of a computation. A function of Python's would have to wait for the
        interpreter each time; the length of a C string that is empty until `stop` writes to it answers as well.
        """
        if os.name != "posix":
            return
        length = ctypes.cast(ctypes.CDLL(None).strlen, self._api.ggml_abort_callback)
        self._api.llama_set_abort_callback(handle, length, ctypes.cast(self._stop, ctypes.c_void_p))

    def _adapt(self, model: Model, path: str) -> Any:
        try:
            adapter = model.adapt(Path(path))
            one = (type(adapter) * 1)(adapter)
            scale = (ctypes.c_float * 1)(1.0)
            if self._api.llama_set_adapters_lora(self.handle, one, 1, scale) != 0:
                raise ModelError(
                    f"The adapter {path} does not fit this model. Correct llm.adapter, or empty it."
                )
        except ModelError:
            self._api.llama_free(self.handle)
            raise
        return adapter

    def close(self) -> None:
        """Free the memory."""
        self._api.llama_free(self.handle)

    def stop(self) -> None:
        """Let a computation that is under way end at once, and every later one. From any thread."""
        self._stop[0] = b"x"

    def decode(self) -> Outcome:
        """Compute the batch."""
        self.batch.raw.n_tokens = self.batch.count
        code = self._api.llama_decode(self.handle, self.batch.raw)
        if code == 0:
            # Without it the time of a batch that nobody samples from would be counted to the next one.
            self._api.llama_synchronize(self.handle)
        return {0: Outcome.DONE, 1: Outcome.FULL, 2: Outcome.ABORTED}.get(code, Outcome.FAILED)

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """How likely each token is to follow a row of the batch; only until the next batch."""
        pointer = self._api.llama_get_logits_ith(self.handle, row)
        return np.ctypeslib.as_array(pointer, shape=(self.model.size,))

    def clear(self) -> None:
        """Forget everything."""
        self._api.llama_memory_clear(self._memory, True)

    def cut(self, seq: int, start: int, stop: int = -1) -> bool:
        """Take tokens [start, stop) out of a sequence; False if this model's memory cannot do that."""
        return bool(self._api.llama_memory_seq_rm(self._memory, seq, start, stop))

    def drop(self, seq: int) -> None:
        """Take everything out of a sequence."""
        self._api.llama_memory_seq_rm(self._memory, seq, -1, -1)

    def copy(self, source: int, target: int, start: int = -1, stop: int = -1) -> None:
        """Let tokens [start, stop) of one sequence belong to another one as well; nothing is computed."""
        self._api.llama_memory_seq_cp(self._memory, source, target, start, stop)

    def held(self, seq: int) -> int:
        """How many positions a sequence reaches up to."""
        return int(self._api.llama_memory_seq_pos_max(self._memory, seq)) + 1

    def save(self, seq: int) -> memoryview:
        """What is kept of a sequence, as bytes."""
        size = int(self._api.llama_state_seq_get_size(self.handle, seq))
        buffer = np.empty(size, np.uint8)
        written = self._api.llama_state_seq_get_data(self.handle, _at(buffer, ctypes.c_uint8), size, seq)
        return buffer[:written].data

    def restore(self, seq: int, data: bytes | memoryview) -> bool:
        """Put back what was saved. False if it does not fit; the sequence is empty then."""
        buffer = np.frombuffer(data, np.uint8)
        taken = self._api.llama_state_seq_set_data(self.handle, _at(buffer, ctypes.c_uint8), len(buffer), seq)
        if int(taken) != len(buffer):
            self.drop(seq)
            return False
        return True


def _seqs(slots: int, *, states: bool) -> int:
    """How many sequences a context tells apart."""
    per_slot, spare = (STATES_PER_SLOT, SPARE_STATES) if states else (SEQS_PER_SLOT, SPARE_SEQS)
    return min(per_slot * slots + spare, MOST_SEQS)


def _must_fit(model: Model, shape: Shape) -> None:
    """Raises ModelError if main memory cannot hold the cells: trying it takes long, or gets the process killed."""
    needed = shape.cells * sum(model.facts.kv_bytes(shape.kv_type))
    if not shape.gpu and needed > look_around().ram_free:
        raise ModelError(TOO_LITTLE_MEMORY)


def _at(array: Any, kind: Any) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(kind))


def _why(complaints: str) -> str:
    said = complaints.lower()
    if "quantized v cache" in said or "v cache quantization requires" in said:
        return 'llm.kv_type = "q8_0" needs llm.flash_attention = "on" or "auto" and a model that can do it.'
    return TOO_LITTLE_MEMORY
