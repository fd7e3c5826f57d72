"""What was read and stays, so that it need not be read again. Only the loop's thread uses it.

A *stem* is the beginning that all who talk with one character share: it is read once, and its cells belong to all of
them. A *seat* is one conversation's place in the context: the stem's cells and its own. What one conversation said is
never used for another. When room runs out, the seats that have rested longest are parked on the shelf with their own
cells only, and put back when their people return.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from engine.models.llama.context import Context
from engine.models.llama.metrics import Metrics
from engine.models.llama.model import Tokens
from engine.models.llama.shelf import STEM, Label, Shelf, State


@dataclass(eq=False, slots=True)
class Stem:
    """A beginning that conversations share."""

    tokens: Tokens
    seq: int
    read: int = 0  # so many of the tokens are in the context
    reader: Seat | None = None  # who reads it for all
    used: int = 0

    @property
    def size(self) -> int:
        """How many tokens it has."""
        return len(self.tokens)

    @property
    def name(self) -> str:
        """What it is called on the shelf."""
        return STEM + hashlib.blake2b(self.tokens.tobytes(), digest_size=16).hexdigest()


@dataclass(eq=False, slots=True)
class Seat:
    """One conversation's place in the context."""

    conversation: str  # "": nothing of it is kept
    seq: int
    tokens: Tokens  # what it holds, then what it is to read; there is room for the reply behind it
    length: int = 0  # so many of them are in the context
    prompt: int = 0  # so many are the prompt's
    stem: Stem | None = None
    steady: int = 0  # so many of the prompt's tokens will most likely stand at the front of the next one, too
    attached: bool = True  # whether it has the stem's cells yet
    mark: int = -1  # the sequence that remembers how things stood at `marked`, where tokens cannot be cut
    marked: int = 0
    busy: bool = True
    reserved: int = 0  # cells of its own that it may come to need
    used: int = 0

    @property
    def own(self) -> int:
        """How many cells it takes beside the stem's."""
        return max(self.length - self.front, 0)

    @property
    def front(self) -> int:
        """How many of its tokens are the stem's."""
        return self.stem.size if self.stem else 0


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens that are to be read next, from a position on."""

    seq: int
    tokens: Tokens
    start: int
    stem: bool = False  # they are read for all who share them
    last: bool = False  # the prompt ends with them


class Cache:
    """Seats and stems in a context, and beyond it on the shelf."""

    def __init__(
        self, context: Context, shelf: Shelf, metrics: Metrics, *, idle_cells: int, cells: int = 0
    ) -> None:
        """`idle_cells`: how many may be held for conversations that rest; `cells`: fewer than the context has."""
        self._context = context
        self._shelf = shelf
        self._metrics = metrics
        self._idle_cells = idle_cells
        self.cells = cells or context.cells
        self._able = context.model.abilities
        self._seats: list[Seat] = []
        self._stems: dict[bytes, Stem] = {}
        # One sequence is for copying a seat's own cells out.
        self._scratch = context.seqs - 1
        self._free = list(range(context.seqs - 1))
        self._tick = 0

    # --- a reply's way ---

    def open(self, conversation: str, tokens: Tokens, shared: int, room: int, steady: int = 0) -> Seat | None:
        """A seat for a prompt whose first `shared` tokens are a stem, with room for a reply; None if there is none now.

        It holds all of the prompt that was read before, but never its last token: what follows is chosen from it.
        `steady`: so many tokens will most likely stand at the front of the conversation's next prompt, too.
        """
        past = self._resting(conversation)
        label = None if past else self._parked(conversation, tokens, shared)
        own = max(len(tokens) - shared + room, len(label.tokens) - label.skipped if label else 0)
        if not self._may_take(own, tokens[:shared]):
            return None
        seat = past or Seat(conversation, self._seq(), tokens)
        seat.busy, seat.reserved = True, own
        seat.used = self._now()
        if past is None:
            self._seats.append(seat)
        if label:
            self._unpark(seat, label)
        self._cut(seat, tokens)
        self._settle_stem(seat, tokens[:shared])
        seat.tokens = np.concatenate([tokens, np.zeros(room, np.int32)])
        seat.prompt, seat.steady = len(tokens), steady
        return seat

    def span(self, seat: Seat) -> Span | None:
        """What a seat is to read next; None while somebody else reads its stem. Empty if all is read."""
        stem = seat.stem
        if stem is None or seat.attached or self._attach(seat, stem):
            end = seat.steady if self._must_mark(seat) else seat.prompt
            return Span(seat.seq, seat.tokens[seat.length : end], seat.length, last=end == seat.prompt)
        if stem.reader not in (None, seat):
            return None
        stem.reader = seat
        return Span(stem.seq, stem.tokens[stem.read :], stem.read, stem=True)

    def took(self, seat: Seat, span: Span, count: int) -> None:
        """So many tokens of a span are in the context now."""
        if span.stem and seat.stem:
            seat.stem.read += count
            self._attach(seat, seat.stem)
        else:
            must_mark = self._must_mark(seat)
            seat.length += count
            if must_mark and seat.length == seat.steady:
                self._mark(seat)

    def wrote(self, seat: Seat, token: int) -> None:
        """A token of the reply is in the context now."""
        seat.tokens[seat.length] = token
        seat.length += 1

    def close(self, seat: Seat, *, keep: bool = True) -> None:
        """The reply has ended; what was read is kept for the next one."""
        seat.busy, seat.reserved, seat.used = False, 0, self._now()
        if seat.stem and seat.stem.reader is seat:
            seat.stem.reader = None
        if not (keep and seat.conversation and seat.attached and seat.length):
            self._drop(seat)
            return
        seat.tokens = seat.tokens[: seat.length].copy()

    def make_room(self, count: int) -> bool:
        """See that so many cells are free, at the cost of those who rest. False if there are too few even then."""
        while self.cells - self._used() < count:
            if not self.give_way():
                return False
        return True

    def give_way(self) -> bool:
        """Park whoever has rested longest; False if nobody rests."""
        seats = [seat for seat in self._seats if not seat.busy]
        if seats:
            self._metrics.evictions += 1
            self._park(min(seats, key=_last_used))
            return True
        stems = self._loose_stems()
        if stems:
            self._metrics.evictions += 1
            self._park_stem(min(stems, key=_last_used))
            return True
        return False

    def tidy(self) -> bool:
        """Park one that rests if more cells rest than the allowance; False if there is nothing to do."""
        resting = sum(seat.own for seat in self._seats if not seat.busy)
        resting += sum(stem.read for stem in self._loose_stems())
        return resting > self._idle_cells and self.give_way()

    # --- what ends ---

    def forget(self, conversations: Collection[str]) -> frozenset[str]:
        """Erase conversations, here and on the shelf; those that could not be. None of them is being answered."""
        for seat in [seat for seat in self._seats if seat.conversation in conversations]:
            self._drop(seat)
        return self._shelf.drop(conversations)

    def drop_orphans(self, parked: Sequence[Tokens]) -> frozenset[str]:
        """Erase the stems that no conversation stands on any more: they may be of a character that is gone.

        `parked`: what `parked_pasts` has found. Those that could not be erased are given back.
        """
        pasts = [*parked, *(seat.tokens[: seat.length] for seat in self._seats)]
        for stem in self._loose_stems():
            if not _begins_any(stem.tokens, pasts):
                self._drop_stem(stem)
        return erase_orphans(self._shelf, pasts, here={stem.name for stem in self._stems.values()})

    def reset(self) -> None:
        """Forget all that is in the context, after it failed; the shelf keeps what it has."""
        self._context.clear()
        self._seats.clear()
        self._stems.clear()
        self._free = list(range(self._context.seqs - 1))

    def park_all(self) -> None:
        """Put everything that rests on the shelf."""
        while self.give_way():
            pass

    # --- seats ---

    def _resting(self, conversation: str) -> Seat | None:
        if not conversation:
            return None
        return next((seat for seat in self._seats if seat.conversation == conversation), None)

    def _parked(self, conversation: str, tokens: Tokens, shared: int) -> Label | None:
        """What is parked of a conversation, if it covers more of the prompt than the stem does."""
        label = self._shelf.peek(conversation) if conversation else None
        if label is None or label.skipped not in (0, shared) or len(label.tokens) > self.cells:
            return None
        return label if self._common(label.tokens, tokens) > shared else None

    def _common(self, past: Tokens, tokens: Tokens) -> int:
        """How many of the tokens read in the past can be kept for a prompt."""
        common = common_length(past, tokens[:-1])
        return common if self._able.cuttable or common == len(past) else 0

    def _may_take(self, own: int, stem: Tokens) -> bool:
        """Whether so many cells more would leave all others who write their own."""
        busy = [seat for seat in self._seats if seat.busy]
        stems = {id(seat.stem): seat.stem.size for seat in busy if seat.stem}
        known = self._stems.get(stem.tobytes())
        mine = 0 if known and id(known) in stems else len(stem)
        return sum(seat.reserved for seat in busy) + sum(stems.values()) + own + mine <= self.cells

    def _unpark(self, seat: Seat, label: Label) -> None:
        """Put back what is parked; if that fails the seat stays empty, and all is read anew."""
        self.make_room(len(label.tokens) - label.skipped)
        state = self._shelf.get(label.name)
        if state is None or state.skipped != label.skipped or not np.array_equal(state.tokens, label.tokens):
            return
        if not self._context.restore(seat.seq, state.data):
            return
        seat.tokens, seat.length = state.tokens, len(state.tokens)
        seat.attached = state.skipped == 0
        self._metrics.restored += len(state.tokens) - state.skipped

    def _must_mark(self, seat: Seat) -> bool:
        """Whether a seat that cannot be cut should stop at the end of what is steady, to come back there."""
        return not self._able.cuttable and bool(seat.conversation) and seat.length < seat.steady < seat.prompt

    def _mark(self, seat: Seat) -> None:
        """Remember how things stand."""
        self._unmark(seat)
        seat.mark, seat.marked = self._seq(), seat.length
        self._context.copy(seat.seq, seat.mark)

    def _unmark(self, seat: Seat) -> None:
        if seat.mark >= 0:
            self._context.drop(seat.mark)
            self._free.append(seat.mark)
        seat.mark, seat.marked = -1, 0

    def _go_back(self, seat: Seat) -> None:
        """Let things stand as they stood at the mark."""
        self._context.drop(seat.seq)
        self._context.copy(seat.mark, seat.seq)
        seat.length = seat.marked

    def _cut(self, seat: Seat, tokens: Tokens) -> None:
        """Leave what a seat has in common with the prompt."""
        kept = self._common(seat.tokens[: seat.length], tokens)
        if kept < seat.length and self._common(seat.tokens[: seat.marked], tokens):
            self._go_back(seat)
            return
        self._unmark(seat)
        if kept < seat.length and not (kept and self._context.cut(seat.seq, kept)):
            self._empty(seat)
            return
        seat.length = kept

    def _empty(self, seat: Seat) -> None:
        self._unmark(seat)
        self._context.drop(seat.seq)
        seat.length, seat.stem, seat.attached = 0, None, True

    def _drop(self, seat: Seat) -> None:
        self._unmark(seat)
        self._context.drop(seat.seq)
        self._free.append(seat.seq)
        self._seats.remove(seat)

    def _park(self, seat: Seat) -> None:
        if seat.mark >= 0:
            # What comes behind it would have to go anyway.
            self._go_back(seat)
        skipped = seat.front if self._able.by_token else 0
        if seat.length > skipped:
            data = self._saved(seat.seq, skipped)
            self._metrics.parks += 1
            self._shelf.put(seat.conversation, State(seat.tokens[: seat.length].copy(), skipped, data))
        self._drop(seat)

    def _saved(self, seq: int, skipped: int) -> memoryview:
        """A sequence's state without its first tokens."""
        if not skipped:
            return self._context.save(seq)
        self._context.copy(seq, self._scratch, skipped)
        data = self._context.save(self._scratch)
        self._context.drop(self._scratch)
        return data

    # --- stems ---

    def _settle_stem(self, seat: Seat, tokens: Tokens) -> None:
        """Let a seat stand on the stem of its prompt, with as little to read as there can be."""
        if not len(tokens) or (seat.length >= len(tokens) and seat.attached and not self._able.cuttable):
            if seat.length < seat.front:
                seat.stem = None
            return
        stem = self._stems.get(tokens.tobytes()) or self._new_stem(tokens)
        stem.used = self._now()
        old, seat.stem = seat.stem, stem
        if seat.length < stem.size:
            self._start_from(seat, stem)
        elif not seat.attached:
            self._fetch(stem)
        elif old is not stem:
            self._stand_on(seat, stem)

    def _start_from(self, seat: Seat, stem: Stem) -> None:
        """The stem has more of the prompt than the seat, or will have: what the seat has is good for the stem only."""
        whole = seat.attached and seat.length > 0
        self._unmark(seat)
        self._fetch(stem)
        if whole and stem.reader is None and stem.read < seat.length:
            self._context.drop(stem.seq)
            self._context.copy(seat.seq, stem.seq, 0, seat.length)
            stem.read = seat.length
        self._context.drop(seat.seq)
        seat.length, seat.attached = 0, False

    def _stand_on(self, seat: Seat, stem: Stem) -> None:
        """The seat has all of the stem's tokens in cells of its own: let both share one set of them."""
        if stem.read < stem.size:
            self._context.drop(stem.seq)
            self._context.copy(seat.seq, stem.seq, 0, stem.size)
            stem.read = stem.size
            stem.reader = None
        else:
            self._context.cut(seat.seq, 0, stem.size)
            self._context.copy(stem.seq, seat.seq, 0, stem.size)

    def _attach(self, seat: Seat, stem: Stem) -> bool:
        """Give a seat the stem's cells, if they are read."""
        if stem.read < stem.size:
            return False
        self._context.copy(stem.seq, seat.seq, 0, stem.size)
        seat.length, seat.attached = max(seat.length, stem.size), True
        if stem.reader is seat:
            stem.reader = None
        return True

    def _new_stem(self, tokens: Tokens) -> Stem:
        stem = Stem(tokens.copy(), self._seq())
        self._stems[tokens.tobytes()] = stem
        return stem

    def _fetch(self, stem: Stem) -> None:
        """Put a stem back from the shelf, if it is there."""
        state = None if stem.read else self._shelf.get(stem.name)
        if (
            state is None
            or not len(state.tokens)
            or common_length(state.tokens, stem.tokens) < len(state.tokens)
        ):
            return
        self.make_room(len(state.tokens))
        if self._context.restore(stem.seq, state.data):
            stem.read = len(state.tokens)
            self._metrics.restored += stem.read

    def _loose_stems(self) -> list[Stem]:
        """Stems that nobody in the context stands on."""
        pinned = {id(seat.stem) for seat in self._seats}
        return [stem for stem in self._stems.values() if id(stem) not in pinned]

    def _park_stem(self, stem: Stem) -> None:
        if stem.read:
            self._metrics.parks += 1
            self._shelf.put(
                stem.name, State(stem.tokens[: stem.read].copy(), 0, self._context.save(stem.seq))
            )
        self._drop_stem(stem)

    def _drop_stem(self, stem: Stem) -> None:
        self._context.drop(stem.seq)
        self._free.append(stem.seq)
        del self._stems[stem.tokens.tobytes()]

    # --- room ---

    def _used(self) -> int:
        """Cells that are taken, at most: some may be shared by more than a stem and its seats."""
        return sum(seat.own for seat in self._seats) + sum(stem.read for stem in self._stems.values())

    def _seq(self) -> int:
        """A sequence that is free. Those who write and their stems never take all."""
        while not self._free:
            if not self.give_way():
                raise RuntimeError("All sequences are taken by replies under way.")
        return self._free.pop()

    def _now(self) -> int:
        self._tick += 1
        return self._tick


def parked_pasts(shelf: Shelf) -> list[Tokens]:
    """The tokens of all parked conversations. From any thread but the loop's: it reads a little of each file."""
    names = [name for name in shelf.names() if not name.startswith(STEM)]
    return [label.tokens for name in names if (label := shelf.peek(name))]


def erase_orphans(
    shelf: Shelf, pasts: Sequence[Tokens], here: Collection[str] = frozenset()
) -> frozenset[str]:
    """Erase the parked stems that none of these pasts stands on, but those `here`; those that could not be.

    What another model or another passphrase has parked cannot be read, so all stems of theirs go.
    """

    def is_stood_on(name: str) -> bool:
        label = shelf.peek(name)
        return label is not None and _begins_any(label.tokens, pasts)

    stems = [name for name in shelf.names() if name.startswith(STEM) and name not in here]
    left = shelf.drop([name for name in stems if not is_stood_on(name)])
    return left | shelf.drop_strange_stems()


def common_length(one: Tokens, other: Tokens) -> int:
    """How many tokens two texts begin with alike."""
    length = min(len(one), len(other))
    differ = np.flatnonzero(one[:length] != other[:length])
    return int(differ[0]) if len(differ) else length


def _begins_any(stem: Tokens, pasts: Sequence[Tokens]) -> bool:
    return any(common_length(stem, past) == len(stem) for past in pasts)


def _last_used(held: Seat | Stem) -> int:
    return held.used
