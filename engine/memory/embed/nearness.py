"""How near messages are to what is asked: first by the vector of the whole, then token by token for the nearest.

`meanings.py` calls `nearest`, in a thread. Token by token ("late interaction"): each token of the question is compared
with all tokens of a message, the best one counts, and the sum of them is the nearness. That is a lot more work than one
vector each, and a lot better, so it is done for those that the vector of the whole finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.memory.embed.numbers import Floats, Reading, Shelf, Whole

# Messages that are compared token by token: some milliseconds.
SHORTLIST = 320
# A byte of signs as eight numbers.
_SIGNS = (np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32) * 2) - 1


def nearest(
    shelves: Sequence[Shelf], asked: Reading, weights: Sequence[float], most: int = SHORTLIST
) -> Mapping[int, float]:
    """The nearness of the `most` nearest messages of all shelves, by their `seq`. `weights`: of the tokens asked for."""
    if not len(asked.tokens):
        return {}
    rough = [_rough(shelf, asked) for shelf in shelves]
    least = _least(rough, most)
    found: dict[int, float] = {}
    for shelf, one in zip(shelves, rough, strict=True):
        chosen = np.flatnonzero(one >= least)
        fine = _fine(shelf, chosen, asked, np.asarray(weights, np.float32))
        found.update(zip(shelf.seqs[chosen].tolist(), fine.tolist(), strict=True))
    return found


def _rough(shelf: Shelf, asked: Reading) -> Floats:
    """By the vectors of the whole."""
    return shelf.whole.astype(np.float32) @ asked.whole


def _least(rough: Sequence[Floats], most: int) -> float:
    """What the `most` best of all have at least."""
    together = np.concatenate([*rough, np.zeros(0, np.float32)])
    if len(together) <= most:
        return -np.inf
    return float(np.partition(together, len(together) - most)[-most])


def _fine(shelf: Shelf, chosen: Whole, asked: Reading, weights: Floats) -> Floats:
    """Token by token: the weighted mean over the question's tokens of the best of each message's."""
    counts = shelf.starts[chosen + 1] - shelf.starts[chosen]
    ends = np.cumsum(counts)
    if not len(chosen) or not ends[-1]:
        return np.zeros(len(chosen), np.float32)
    # The rows of all chosen messages' tokens, one message after the other.
    rows = np.arange(ends[-1]) + np.repeat(shelf.starts[chosen] - (ends - counts), counts)
    signs = _SIGNS[shelf.signs[rows]].reshape(ends[-1], -1)
    near = signs @ asked.tokens.T
    # A message without tokens has no row of its own; it is far from everything.
    some = counts > 0
    best = np.full((len(chosen), len(asked.tokens)), near.min(), np.float32)
    best[some] = np.maximum.reduceat(near, (ends - counts)[some])
    found: Floats = best @ weights / (weights.sum() * np.sqrt(signs.shape[1]))
    return found
