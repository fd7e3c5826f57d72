"""The file of one parked state: what stands in it, and how it is known to be whole. Used by `shelf_disk.py`.

    header   magic, scope, name, the file's own random id, the lengths of what follows; 108 bytes
    label    the conversation's id and its tokens: enough to see how much of a prompt it covers
    data     the state itself, in parts of 1 MiB

Label and parts each end with a tag of 16 bytes over the header, their place in the file and themselves, so that no
part can be altered, left out, or taken from another file. The tag is a checksum, or with a passphrase AES-GCM's,
and then nothing but the header can be read.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Protocol

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

# Stems are the beginnings that all who talk with a character share: no conversation's name begins so.
STEM = "stem:"

_HEADER = struct.Struct("<8s32s32s24sIQ")
_LABEL = struct.Struct("<QQ")  # tokens, of which skipped
_TAG = 16
# Bytes that are sealed at once: what a cancelled write still does, and the memory that it takes beside the state.
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class State:
    """What the model has read of one conversation, or of a character's stem. Nobody changes it afterwards."""

    tokens: NDArray[np.int32]  # all of them, from position 0
    skipped: int  # so many of them at the front are the stem's and not in `data`
    data: bytes | memoryview

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return len(self.data) + self.tokens.nbytes


@dataclass(frozen=True, slots=True)
class Label:
    """What a state is of, without the state."""

    name: str
    tokens: NDArray[np.int32]
    skipped: int


class BrokenError(Exception):
    """The file is not what was written."""


class StrangeError(Exception):
    """The file is of another scope, or of another passphrase."""


class Seal(Protocol):
    """How what stands in the files is kept whole, and from other eyes.

    Each file has a key of its own, made from its header with the random id in it; so a part's place is its nonce.
    """

    magic: bytes

    def digest(self, scope: str) -> bytes:
        """32 bytes that stand for a scope; another passphrase makes another scope of it."""

    def close(self, header: bytes, place: int, plain: memoryview) -> tuple[bytes | memoryview, bytes]:
        """A part as it is written, and its tag."""

    def open(self, header: bytes, place: int, sealed: memoryview) -> bytes | memoryview:
        """A part as it was, from one with its tag. Raises BrokenError if it is not."""


class Checksum:
    """Everything can be read by whoever can read the file, like the database beside it.

    The checksum is AES-GCM's, with a key that is no secret: processors do it twenty times as fast as BLAKE2.
    """

    magic = b"SELFKV\x01c"

    def digest(self, scope: str) -> bytes:
        """The scope's own."""
        return _digest(scope.encode(), b"scope")

    def close(self, header: bytes, place: int, plain: memoryview) -> tuple[bytes | memoryview, bytes]:
        """The part as it is."""
        return plain, self._tag(header, place, plain)

    def open(self, header: bytes, place: int, sealed: memoryview) -> bytes | memoryview:
        """The part as it is."""
        if self._tag(header, place, sealed[:-_TAG]) != sealed[-_TAG:]:
            raise BrokenError
        return sealed[:-_TAG]

    def _tag(self, header: bytes, place: int, part: memoryview) -> bytes:
        tag: bytes = AESGCM(_digest(header, b"file")).encrypt(_nonce(place), b"", part)
        return tag


class Cipher:
    """AES-256-GCM, with a key that is made from the passphrase."""

    magic = b"SELFKV\x01e"

    def __init__(self, passphrase: str, salt: bytes) -> None:
        # 64 MiB and some 0.2 s: dear for who guesses, bearable once at the start.
        self._key = hashlib.scrypt(
            passphrase.encode(), salt=salt, n=1 << 16, r=8, p=1, maxmem=96 << 20, dklen=32
        )

    def digest(self, scope: str) -> bytes:
        """Nothing of the scope or of the key can be told from it."""
        return _digest(scope.encode(), b"scope", self._key)

    def close(self, header: bytes, place: int, plain: memoryview) -> tuple[bytes | memoryview, bytes]:
        """The part enciphered."""
        sealed = AESGCM(_digest(header, b"file", self._key)).encrypt(_nonce(place), plain, None)
        return memoryview(sealed)[:-_TAG], sealed[-_TAG:]

    def open(self, header: bytes, place: int, sealed: memoryview) -> bytes | memoryview:
        """The part deciphered."""
        try:
            cipher = AESGCM(_digest(header, b"file", self._key))
            plain: bytes = cipher.decrypt(_nonce(place), sealed, None)
        except InvalidTag:
            raise BrokenError from None
        return plain


def _digest(content: bytes, purpose: bytes, key: bytes = b"") -> bytes:
    return hashlib.blake2b(content, digest_size=32, person=purpose, key=key).digest()


def _nonce(place: int) -> bytes:
    return place.to_bytes(12, "little")


@dataclass(frozen=True, slots=True)
class Format:
    """Writes and reads the files of one scope."""

    seal: Seal
    scope: bytes

    def length(self, name: str, state: State) -> int:
        """Bytes of the file that this state will be."""
        return _length(_LABEL.size + len(name.encode()) + state.tokens.nbytes, len(state.data))

    def parts(self, name: str, state: State) -> Iterator[bytes | memoryview]:
        """The file from its first byte to its last, piece by piece."""
        label = (
            _LABEL.pack(len(state.tokens), state.skipped)
            + state.tokens.astype("<i4").tobytes()
            + name.encode()
        )
        digest = hashlib.sha256(name.encode()).digest()
        header = _HEADER.pack(
            self.seal.magic, self.scope, digest, os.urandom(24), len(label), len(state.data)
        )
        yield header
        yield from self.seal.close(header, 0, memoryview(label))
        data = memoryview(state.data).cast("B")
        for place, start in enumerate(range(0, len(data), _PART), 1):
            yield from self.seal.close(header, place, data[start : start + _PART])

    def label(self, file: BufferedReader) -> Label:
        """What the file is of. Raises BrokenError if it is not whole so far, StrangeError if it is not for us."""
        return self._label(file)[0]

    def state(self, file: BufferedReader, name: str) -> State:
        """The whole state. Raises BrokenError if it is not exactly what was once put by this name."""
        label, header, length = self._label(file)
        if label.name != name:
            raise BrokenError
        # Memory that is not cleared first: clearing takes longer than reading.
        view = np.empty(length, np.uint8).data
        buffer = memoryview(bytearray(min(length, _PART) + _TAG))
        for place, start in enumerate(range(0, length, _PART), 1):
            part = view[start : start + _PART]
            part[:] = self.seal.open(header, place, _filled(file, buffer[: len(part) + _TAG]))
        return State(label.tokens, label.skipped, view)

    def _label(self, file: BufferedReader) -> tuple[Label, bytes, int]:
        header = file.read(_HEADER.size)
        if len(header) != _HEADER.size:
            raise BrokenError
        magic, scope, digest, _id, label_length, data_length = _HEADER.unpack(header)
        if magic != self.seal.magic or scope != self.scope:
            raise StrangeError
        # The lengths are believed only if the file has them: else a flipped bit would ask for all memory there is.
        if os.fstat(file.fileno()).st_size != _length(label_length, data_length):
            raise BrokenError
        sealed = _filled(file, memoryview(bytearray(label_length + _TAG)))
        label = _read_label(bytes(self.seal.open(header, 0, sealed)))
        if hashlib.sha256(label.name.encode()).digest() != digest:
            raise BrokenError
        return label, header, data_length


def is_encrypted(file: BufferedReader) -> bool:
    """Whether a state was written with a passphrase."""
    return file.read(len(Cipher.magic)) == Cipher.magic


def _read_label(content: bytes) -> Label:
    count, skipped = _LABEL.unpack_from(content)
    tokens = np.frombuffer(content, "<i4", count, _LABEL.size).astype(np.int32)
    return Label(content[_LABEL.size + tokens.nbytes :].decode(), tokens, skipped)


def _length(label: int, data: int) -> int:
    return _HEADER.size + label + _TAG + data + -(-data // _PART) * _TAG


def _filled(file: BufferedReader, view: memoryview) -> memoryview:
    if file.readinto(view) != len(view):
        raise BrokenError
    return view
