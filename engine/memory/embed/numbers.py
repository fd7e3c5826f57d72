"""The numbers of one message as the store keeps them, and of many as they are compared.

A row is one vector for the whole message, a byte a dimension, and then for each of its tokens only the signs of its
vector, a bit a dimension: about 1.5 KB a message, and the signs tell nearly as much as the vectors themselves.
`meanings.py` packs and unpacks; `nearness.py` compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float32]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Signed = np.ndarray[Any, np.dtype[np.int8]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

# Signed bytes reach from -127 to 127; a dimension of a unit vector of 384 is hardly ever over 0.25.
STEPS = 127
REACH = 0.25


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model read in a text: a unit vector for all its words, and one for each token."""

    whole: Floats
    tokens: Floats
    places: Sequence[int] = ()  # where in the text each token begins


@dataclass(frozen=True, slots=True)
class Shelf:
    """The numbers of many messages, in the order of their `seq`."""

    seqs: Whole
    whole: Signed  # a row for each message
    signs: Bytes  # a row for each token, a bit for each dimension
    starts: Whole  # where each message's tokens begin; one more at the end

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return sum(one.nbytes for one in (self.seqs, self.whole, self.signs, self.starts))


def pack(reading: Reading) -> bytes:
    """The row of one message."""
    steps = np.clip(np.rint(reading.whole * (STEPS / REACH)), -STEPS, STEPS).astype(np.int8)
    whole: bytes = steps.tobytes()
    signs: bytes = np.packbits(reading.tokens > 0, axis=-1).tobytes()
    return whole + signs


def unpack(rows: Sequence[tuple[int, bytes]], width: int) -> Shelf:
    """The shelf of rows that `pack` made of vectors of that width."""
    each = width // 8
    whole = np.frombuffer(b"".join(data[:width] for _, data in rows), np.int8).reshape(-1, width)
    signs = np.frombuffer(b"".join(data[width:] for _, data in rows), np.uint8).reshape(-1, each)
    counts = [(len(data) - width) // each for _, data in rows]
    starts = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    return Shelf(np.array([seq for seq, _ in rows], np.int64), whole, signs, starts)


def joined(one: Shelf, other: Shelf) -> Shelf:
    """A shelf with another one behind it."""
    return Shelf(
        np.concatenate((one.seqs, other.seqs)),
        np.concatenate((one.whole, other.whole)),
        np.concatenate((one.signs, other.signs)),
        np.concatenate((one.starts, other.starts[1:] + one.starts[-1])),
    )
