"""What a GGUF file says about itself in its header, read without llama.cpp and without its weights.

`choose.py` looks here before anything is loaded, `gpu.py` plans with the sizes, the doctor and `selfsame models` show
them. A file that breaks off, or that is something else, is a ModelError with a sentence.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO

from engine.errors import ModelError

MAGIC = b"GGUF"
# Versions whose header has 64-bit counts; the first one was never published for chat models.
VERSIONS = (2, 3)
# Bytes; tensors begin at a multiple of it unless the header says otherwise.
ALIGNMENT = 32
# No header has more; a damaged count must not be believed.
MOST_ENTRIES = 1_000_000
# The deepest known model has 126.
MOST_LAYERS = 1024
# Bytes. Chat templates are the longest texts of a header; the longest known one has 30,000 characters.
LONGEST_TEXT = 4_000_000

TEXT, ARRAY = 8, 9
# GGUF's value types: how struct reads them.
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
# ggml's tensor types: (numbers in a block, bytes of a block), from ggml-common.h.
BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 36),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
    34: (256, 54),
    35: (256, 66),
    39: (32, 17),
    40: (64, 36),
    41: (128, 18),
    42: (64, 18),
}
# llama.cpp's file types, as people write them.
QUANTS = dict(
    pair.split(":")
    for pair in (
        "0:F32 1:F16 2:Q4_0 3:Q4_1 7:Q8_0 8:Q5_0 9:Q5_1 10:Q2_K 11:Q3_K_S 12:Q3_K_M 13:Q3_K_L 14:Q4_K_S "
        "15:Q4_K_M 16:Q5_K_S 17:Q5_K_M 18:Q6_K 19:IQ2_XXS 20:IQ2_XS 21:Q2_K_S 22:IQ3_XS 23:IQ3_XXS 24:IQ1_S "
        "25:IQ4_NL 26:IQ3_S 27:IQ3_M 28:IQ2_S 29:IQ2_M 30:IQ4_XS 31:IQ1_M 32:BF16 36:TQ1_0 37:TQ2_0 38:MXFP4"
    ).split()
)
# Bytes of one number of the KV cache, by LlmConfig.kv_type; q8_0 has a scale for every 32 numbers.
KV_BYTES = {"f32": 4.0, "f16": 2.0, "q8_0": 34 / 32}

LAYER = re.compile(r"blk\.(\d+)\.")
PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")

Value = str | int | float | bool | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What planning and people need to know of a model's file. Sizes in bytes."""

    name: str
    architecture: str
    quant: str  # e.g. "Q4_K_M"; "" if the file does not say
    file_bytes: int  # of all parts
    context: int  # tokens that the model was made for
    layer_bytes: tuple[int, ...]  # weights of each layer
    input_bytes: int  # the token embeddings, which stay in main memory
    output_bytes: int  # what turns the last layer into words
    tied: bool  # whether the token embeddings do that, too
    kv_width: tuple[int, ...]  # numbers that each layer keeps for one token
    state_width: tuple[int, ...]  # numbers that each layer keeps for one conversation, however long it is
    vocabulary: int
    width: int  # numbers of one token inside the model
    inner: int  # numbers of one token inside a layer, at its widest
    template: bool  # whether it brings a chat template
    licence: str

    @property
    def layers(self) -> int:
        """How many layers it has."""
        return len(self.layer_bytes)

    @property
    def title(self) -> str:
        """Its name as people read it, e.g. "Qwen3 8B Q4_K_M"."""
        return f"{self.name} {self.quant}".strip()

    def kv_bytes(self, kv_type: str) -> tuple[float, ...]:
        """Bytes that each layer keeps for one token."""
        return tuple(numbers * KV_BYTES[kv_type] for numbers in self.kv_width)


def read_facts(path: Path) -> ModelFacts:
    """The facts of a GGUF file, of all its parts where it has some. Raises ModelError."""
    parts = [_read(part) for part in parts_of(path)]
    return _facts(path, parts[0].values, [tensor for part in parts for tensor in part.tensors], parts)


def must_be_adapter(path: Path, facts: ModelFacts) -> None:
    """Raises ModelError unless the file is a LoRA adapter, and for models of that kind."""
    if not path.is_file():
        raise ModelError(f"There is no adapter {path}. Correct llm.adapter, or empty it.")
    values = _read(path).values
    if values.get("general.type") != "adapter" or values.get("general.architecture") != facts.architecture:
        raise ModelError(f"{path.name} is no LoRA adapter for this model. Correct llm.adapter, or empty it.")


def parts_of(path: Path) -> tuple[Path, ...]:
    """All files of a model that was cut into parts; one that was not is its only part. Raises ModelError."""
    found = PART.search(path.name)
    if found is None:
        return (path,)
    count = int(found[2])
    stem = path.name[: found.start()]
    parts = tuple(path.with_name(f"{stem}-{one:05}-of-{count:05}.gguf") for one in range(1, count + 1))
    missing = [part.name for part in parts if not part.is_file()]
    if missing:
        raise ModelError(
            f"{path.name} is one of {count} parts, and {missing[0]} is not beside it. Put all of them there."
        )
    return parts


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: str
    start: int  # from where the tensors begin
    size: int


@dataclass(frozen=True, slots=True)
class _Part:
    values: dict[str, Value]
    tensors: tuple[_Tensor, ...]
    file_bytes: int


def _read(path: Path) -> _Part:
    """One file's header. Raises ModelError if it is missing, something else, or breaks off."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _Reader(file, path, size).part()
    except FileNotFoundError:
        raise ModelError(f"There is no file {path}. See: selfsame models") from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from None
    except (struct.error, UnicodeDecodeError, _BrokenOffError):
        raise ModelError(f"{path} breaks off, or is damaged. {FETCH_AGAIN}") from None


FETCH_AGAIN = "Delete it and fetch it again: selfsame models pull chat"
# llama.cpp is called by its inner names: only the version that Selfsame asks for is the right one.
NEWER = "Update Selfsame (git pull, then make llm), or take another: selfsame models"


class _BrokenOffError(Exception):
    """The header is shorter than it says, or says what cannot be."""


class _Reader:
    """Reads a header from its start; the file object is at the next value."""

    def __init__(self, file: BinaryIO, path: Path, size: int) -> None:
        self._file = file
        self._path = path
        self._size = size

    def part(self) -> _Part:
        """Everything in the header; the file must be as long as its tensors need."""
        if self._file.read(4) != MAGIC:
            raise ModelError(
                f"{self._path} is not a GGUF file, whatever its name says: a web page that was saved, perhaps. {FETCH_AGAIN}"
            )
        version = self._number("I")
        if version not in VERSIONS:
            raise ModelError(
                f"{self._path} is GGUF version {version}, which llama.cpp here cannot read. {NEWER}"
            )
        tensors, entries = self._count(), self._count()
        values = {self._text(): self._value() for _ in range(entries)}
        infos = tuple(self._tensor() for _ in range(tensors))
        self._must_hold(infos, values)
        return _Part(values, infos, self._size)

    def _must_hold(self, tensors: tuple[_Tensor, ...], values: dict[str, Value]) -> None:
        alignment = _whole(values.get("general.alignment"), ALIGNMENT) or ALIGNMENT
        start = -(-self._file.tell() // alignment) * alignment
        needed = max((start + one.start + one.size for one in tensors), default=0)
        if self._size < needed:
            raise ModelError(
                f"{self._path} is not whole: {self._size / 1e9:.2f} of {needed / 1e9:.2f} GB are there. {FETCH_AGAIN}"
            )

    def _tensor(self) -> _Tensor:
        name = self._text()
        shape = [self._number("Q") for _ in range(self._number("I"))]
        kind = self._number("I")
        start = self._number("Q")
        numbers, size = BLOCKS.get(kind, (1, 0))  # of a newer kind only llama.cpp knows the size
        return _Tensor(name, start, prod(shape) // numbers * size)

    def _value(self) -> Value:
        kind = self._number("I")
        return self._array() if kind == ARRAY else self._one(kind)

    def _one(self, kind: int) -> Value:
        if kind == TEXT:
            return self._text()
        if kind not in SCALARS:
            raise _BrokenOffError
        return struct.unpack(f"<{SCALARS[kind]}", self._bytes(struct.calcsize(SCALARS[kind])))[0]  # type: ignore[no-any-return]

    def _array(self) -> Value:
        """Short lists of numbers are kept; of others, the vocabulary before all, only the length."""
        kind, count = self._number("I"), self._number("Q")
        if kind == TEXT:
            for _ in range(count):
                self._skip(self._number("Q"))
            return (count,)
        if kind not in SCALARS:
            raise _BrokenOffError
        size = struct.calcsize(SCALARS[kind])
        if kind in (4, 5) and count <= 4096:
            return struct.unpack(f"<{count}{SCALARS[kind]}", self._bytes(size * count))
        self._skip(size * count)
        return (count,)

    def _text(self) -> str:
        length = self._number("Q")
        if length > LONGEST_TEXT:
            raise _BrokenOffError
        return self._bytes(length).decode("utf-8", "replace")

    def _count(self) -> int:
        count = self._number("Q")
        if count > MOST_ENTRIES:
            raise _BrokenOffError
        return count

    def _number(self, form: str) -> int:
        return int(struct.unpack(f"<{form}", self._bytes(struct.calcsize(form)))[0])

    def _bytes(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) != count:
            raise _BrokenOffError
        return data

    def _skip(self, count: int) -> None:
        if self._file.tell() + count > self._size:
            raise _BrokenOffError
        self._file.seek(count, 1)


def _facts(path: Path, values: dict[str, Value], tensors: list[_Tensor], parts: list[_Part]) -> ModelFacts:
    architecture = str(values.get("general.architecture") or "")
    _must_speak(path, architecture, values)

    def number(key: str, default: int = 0) -> int:
        return _whole(values.get(f"{architecture}.{key}"), default)

    layers = number("block_count")
    if not 0 < layers <= MOST_LAYERS:
        raise ModelError(f"{path} is damaged. {FETCH_AGAIN}")
    in_layers = [0] * layers
    around = {"input": 0, "output": 0}
    for tensor in tensors:
        found = LAYER.match(tensor.name)
        if found and int(found[1]) < layers:
            in_layers[int(found[1])] += tensor.size
        else:
            around["input" if tensor.name.startswith(("token_embd", "per_layer_token")) else "output"] += (
                tensor.size
            )
    vocabulary = values.get("tokenizer.ggml.tokens")
    kv_width = _kv_width(values, architecture, layers)
    return ModelFacts(
        name=str(values.get("general.name") or path.stem),
        architecture=architecture,
        quant=QUANTS.get(str(values.get("general.file_type")), ""),
        file_bytes=sum(part.file_bytes for part in parts),
        context=number("context_length"),
        layer_bytes=tuple(in_layers),
        input_bytes=around["input"],
        output_bytes=around["output"],
        tied=not any(tensor.name == "output.weight" for tensor in tensors),
        kv_width=kv_width,
        state_width=_state_width(values, architecture, kv_width),
        vocabulary=vocabulary[0] if isinstance(vocabulary, tuple) and vocabulary else 0,
        width=number("embedding_length"),
        inner=max(number("feed_forward_length"), number("embedding_length")),
        template="tokenizer.chat_template" in values,
        licence=str(values.get("general.license") or ""),
    )


def _must_speak(path: Path, architecture: str, values: dict[str, Value]) -> None:
    """Raises ModelError for GGUF files that are no chat model."""
    kind = str(values.get("general.type") or "model")
    if kind == "adapter":
        raise ModelError(
            f"{path} is a LoRA adapter. Name it as llm.adapter, and the model it was made for as llm.model."
        )
    if kind == "mmproj" or architecture == "clip":
        raise ModelError(f"{path} is the eye of a model, not the model. Name the model's own file.")
    if (
        not architecture
        or f"{architecture}.block_count" not in values
        or "tokenizer.ggml.tokens" not in values
    ):
        raise ModelError(f"{path} is a GGUF file, but no language model. Choose another: selfsame models")


def _kv_width(values: dict[str, Value], architecture: str, layers: int) -> tuple[int, ...]:
    """Numbers that each layer keeps for a token. Layers that keep a fixed state instead count nothing."""

    def get(key: str) -> Value:
        return values.get(f"{architecture}.attention.{key}")

    heads = _each(get("head_count"), layers, 0)
    kv_heads = _each(get("head_count_kv"), layers, heads[0] if heads else 0)
    width = _whole(values.get(f"{architecture}.embedding_length"), 0)
    usual = width // heads[0] if heads and heads[0] else 0
    keys = _whole(get("key_length"), usual)
    both = keys + _whole(get("value_length"), usual)
    if latent := _whole(get("kv_lora_rank"), 0):  # multi-head latent attention keeps one latent vector
        both, kv_heads = latent + _whole(values.get(f"{architecture}.rope.dimension_count"), 0), (1,) * layers
    every = _whole(values.get(f"{architecture}.full_attention_interval"), 1) or 1
    return tuple(both * kv_heads[at] if (at + 1) % every == 0 else 0 for at in range(layers))


def _state_width(values: dict[str, Value], architecture: str, kv_width: tuple[int, ...]) -> tuple[int, ...]:
    """Numbers of the running state of layers that have one instead of keys and values (llama.cpp's n_embd_r + n_embd_s)."""

    def get(key: str) -> int:
        return _whole(values.get(f"{architecture}.{key}"), 0)

    width, inner, state = get("embedding_length"), get("ssm.inner_size"), get("ssm.state_size")
    heads, head = get("attention.head_count"), get("kda.head_dim")
    before = max(get("ssm.conv_kernel") - 1, 0)
    numbers = before * (inner + 2 * get("ssm.group_count") * state) + state * inner
    if wkv := get("wkv.head_size"):
        numbers = width * (wkv + 2)
    elif short := get("shortconv.l_cache"):
        numbers = width * (short - 1)
    elif head:
        numbers = 3 * before * heads * head + head * head * heads
    everywhere = all(kv_width)  # both side by side in each layer
    return tuple(numbers if everywhere or not kept else 0 for kept in kv_width)


def _each(value: Value, layers: int, default: int) -> tuple[int, ...]:
    """A number for each layer, which some models give one by one."""
    if isinstance(value, tuple):
        return (*value, *(0,) * layers)[:layers]
    return (_whole(value, default),) * layers


def _whole(value: Value, default: int) -> int:
    if isinstance(value, tuple):
        return max(value, default=default)
    return int(value) if isinstance(value, (int, float)) else default
