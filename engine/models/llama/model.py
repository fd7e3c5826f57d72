"""A GGUF file in memory: its vocabulary, its template, what it can do. `chat.py` opens it, the loop's thread uses it.

Tokens and pieces may be asked for from any thread; the weights are only read.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ModelError
from engine.models.gguf import FETCH_AGAIN, NEWER, ModelFacts, parts_of, read_facts
from engine.models.llama.library import library
from engine.models.llama.trial import survives
from engine.models.machine import look_around

Tokens = npt.NDArray[np.int32]

# Bytes of the longest piece of text that one token stands for; longer ones are asked for again.
PIECE_BYTES = 64
# What tells one file from another: its size and so many stretches of so many bytes, spread over it. Reading all of a
# 40 GB file would take minutes at every start.
PRINT_SAMPLES, PRINT_BYTES = 64, 1 << 16
# Tokens that the vocabulary calls control tokens, but between which models think: their text must be seen.
THINKING_TOKENS = frozenset("<|channel|> <|message|> [THINK] [/THINK] <think> </think>".split())
# Files whose maker has not marked a template's tokens as control tokens have them as words that users have added, and
# llama.cpp finds those in every text. This is how they look, unlike added words that are only spaces or letters.
MARK_LIKE = re.compile(r"<.+>|\[.+\]")
# Tokenizers of this type put a space before each text, unless the file says no.
SENTENCE_PIECE = 1
# GGUF's sizes of the KV cache's numbers: F32, F16, Q8_0 in ggml's numbering.
KV_TYPES = {"f32": 0, "f16": 1, "q8_0": 8}


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the model's memory allows."""

    # Whether what was read can be forgotten from any point on. Models with a running state, and those that look only
    # so far back, forget on their own: theirs can be continued, but not cut.
    cuttable: bool
    # Whether what is kept for a token is apart from what is kept for others, so that a tail can be saved alone.
    by_token: bool


class Model:
    """The model's weights and vocabulary. Call `close` once no context uses it."""

    def __init__(self, path: Path, *, gpu_layers: int = 0) -> None:
        """Load a file: it takes seconds to minutes. Raises ModelError with what to do."""
        self.facts = read_facts(path)
        lib = library()
        _must_fit(self.facts, gpu_layers)
        self.api = lib.api
        self._stack = ExitStack()
        self.handle = self._load(path, gpu_layers)
        self.vocabulary = self.api.llama_model_get_vocab(self.handle)
        self.size = int(self.api.llama_vocab_n_tokens(self.vocabulary))
        self.context = int(self.api.llama_model_n_ctx_train(self.handle))
        self.fingerprint = _fingerprint(path)
        self._pieces: dict[int, bytes] = {}

    def _load(self, path: Path, gpu_layers: int) -> Any:
        params = self.api.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        library().complaints()
        handle = self.api.llama_model_load_from_file(str(path).encode(), params)
        if not handle:
            raise ModelError(_why(path, library().complaints()))
        self._stack.callback(self.api.llama_model_free, handle)
        if not self.api.llama_model_has_decoder(handle) or self.api.llama_model_is_diffusion(handle):
            self._stack.close()
            raise ModelError(f"{path.name} is no model that writes word by word. Choose a chat model.")
        return handle

    def adapt(self, path: Path) -> Any:
        """Load a LoRA adapter for this model. Raises ModelError."""
        if not path.is_file():
            raise ModelError(f"There is no adapter {path}. Correct llm.adapter, or empty it.")
        adapter = self.api.llama_adapter_lora_init(self.handle, str(path).encode())
        if not adapter:
            raise ModelError(
                f"{path.name} is no LoRA adapter for this model. Correct llm.adapter, or empty it."
            )
        return adapter

    def close(self) -> None:
        """Free the weights."""
        self._stack.close()

    @cached_property
    def abilities(self) -> Abilities:
        """What its memory allows."""
        recurrent = bool(self.api.llama_model_is_recurrent(self.handle))
        hybrid = bool(self.api.llama_model_is_hybrid(self.handle))
        window = int(self.api.llama_model_n_swa(self.handle)) > 0
        return Abilities(cuttable=not (recurrent or hybrid or window), by_token=not (recurrent or hybrid))

    @cached_property
    def adds_space(self) -> bool:
        """Whether the tokenizer itself puts a space before each text."""
        if int(self.api.llama_vocab_type(self.vocabulary)) != SENTENCE_PIECE:
            return False
        return self.value("tokenizer.ggml.add_space_prefix") != "false"

    @cached_property
    def begin(self) -> int | None:
        """The token that every text begins with, None if there is none."""
        if not self.api.llama_vocab_get_add_bos(self.vocabulary):
            return None
        token = int(self.api.llama_vocab_bos(self.vocabulary))
        return token if token >= 0 else None

    @property
    def template(self) -> str:
        """The file's chat template, "" if it has none."""
        raw: bytes | None = self.api.llama_model_chat_template(self.handle, None)
        return (raw or b"").decode("utf-8", "replace")

    def value(self, key: str) -> str:
        """A value of the file's header as text, "" if it is not there."""
        buffer = ctypes.create_string_buffer(256)
        length = self.api.llama_model_meta_val_str(self.handle, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace") if length >= 0 else ""

    def token_text(self, token: int) -> str:
        """How a token stands in the vocabulary, e.g. "<|im_end|>"; "" for none."""
        if token < 0:
            return ""
        return (self.api.llama_vocab_get_text(self.vocabulary, token) or b"").decode("utf-8", "replace")

    @property
    def begin_text(self) -> str:
        """What templates write as bos_token."""
        return self.token_text(int(self.api.llama_vocab_bos(self.vocabulary)))

    @property
    def end_text(self) -> str:
        """What templates write as eos_token."""
        return self.token_text(int(self.api.llama_vocab_eos(self.vocabulary)))

    def tokens(self, text: str, *, special: bool) -> Tokens:
        """The tokens of a text. With `special`, "<|im_end|>" and its like are read as the one token they name."""
        marks = None if special else self._added_marks
        if marks is None or not (cuts := [found.start() + 1 for found in marks.finditer(text)]):
            return self._tokenized(text, special=special)
        # Cut behind its first letter, it is spelled out.
        parts = [text[start:stop] for start, stop in zip([0, *cuts], [*cuts, None], strict=True)]
        return np.concatenate([self._tokenized(part, special=False) for part in parts])

    @cached_property
    def _added_marks(self) -> re.Pattern[str] | None:
        """Finds the places of a text where llama.cpp would see a mark though it was told not to look for any."""
        api, added = self.api, int(self.api.LLAMA_TOKEN_ATTR_USER_DEFINED)
        tokens = [
            token
            for token in range(self.size)
            if int(api.llama_vocab_get_attr(self.vocabulary, token)) & added
        ]
        marks = [text for text in map(self.token_text, tokens) if MARK_LIKE.fullmatch(text)]
        return re.compile(f"(?={'|'.join(map(re.escape, marks))})") if marks else None

    def _tokenized(self, text: str, *, special: bool) -> Tokens:
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        buffer: Tokens = np.empty(room, np.int32)
        pointer = buffer.ctypes.data_as(ctypes.POINTER(self.api.llama_token))
        count = self.api.llama_tokenize(self.vocabulary, raw, len(raw), pointer, room, False, special)
        if count < 0:
            raise ModelError("The model's vocabulary cannot write that text.")
        return buffer[:count].copy()

    def piece(self, token: int) -> bytes:
        """The text that a token stands for: perhaps part of a character, nothing for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            shown = not self.is_control(token) or self.token_text(token) in THINKING_TOKENS
            known = self._pieces[token] = self._spell(token) if shown else b""
        return known

    def _spell(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        length = self.api.llama_token_to_piece(self.vocabulary, token, buffer, len(buffer), 0, True)
        if length < 0:
            buffer = ctypes.create_string_buffer(-length)
            length = self.api.llama_token_to_piece(self.vocabulary, token, buffer, len(buffer), 0, True)
        return buffer.raw[:length]

    def is_end(self, token: int) -> bool:
        """Whether a token ends the reply."""
        return bool(self.api.llama_vocab_is_eog(self.vocabulary, token))

    def is_control(self, token: int) -> bool:
        """Whether a token is part of the template rather than of the text."""
        return bool(self.api.llama_vocab_is_control(self.vocabulary, token))


def open_model(path: Path, *, gpu_layers: int = 0) -> Model:
    """A file that nobody has vouched for: llama.cpp tries it in a process of its own first. Raises ModelError."""
    read_facts(path)
    if not survives(path):
        raise ModelError(f"{path.name} is damaged. {FETCH_AGAIN}")
    return Model(path, gpu_layers=gpu_layers)


def fingerprint_of(path: Path) -> str:
    """What tells this file from others, in 32 hexadecimal digits."""
    return _fingerprint(path)


def _fingerprint(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts_of(path):
        size = part.stat().st_size
        digest.update(size.to_bytes(8, "little"))
        step = max(size // PRINT_SAMPLES, PRINT_BYTES)
        with part.open("rb") as file:
            for start in range(0, size, step):
                file.seek(start)
                digest.update(file.read(PRINT_BYTES))
    return digest.hexdigest()


def _must_fit(facts: ModelFacts, gpu_layers: int) -> None:
    """Raises ModelError if main memory cannot hold what does not go to a GPU: the system would stall or kill us."""
    on_gpu = sum(facts.layer_bytes[-gpu_layers:]) if gpu_layers > 0 else 0
    if on_gpu and gpu_layers > facts.layers:
        on_gpu += facts.output_bytes
    needed, free = facts.file_bytes - on_gpu, look_around().ram_free
    if needed > free:
        raise ModelError(
            f"{facts.title} needs {_gib(needed)} of memory, and {_gib(free)} are free. "
            "Close something, or take a smaller one: selfsame models"
        )


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"


def _why(path: Path, complaints: str) -> str:
    """The sentence for a file that did not load, from what llama.cpp said."""
    said = complaints.lower()
    if "unknown model architecture" in said or "unknown pre-tokenizer" in said:
        return f"{path.name} is of a kind that this llama.cpp does not know. {NEWER}"
    if "unable to allocate" in said or "failed to allocate" in said or "out of memory" in said:
        return f"There is too little memory to load {path.name}. Take a smaller one, or fewer llm.gpu_layers."
    if "corrupt" in said or "incomplete" in said or "not within the file" in said:
        return f"{path.name} breaks off, or is damaged. {FETCH_AGAIN}"
    return f"{path.name} did not load. It may be damaged, or not be a chat model. {FETCH_AGAIN}"
