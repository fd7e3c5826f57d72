"""What people hear while a picture is made: shares and words, and what it looks like so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import CancelledError
from engine.images.pipelines.port import Progress, Showing

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch of a job's progress, from `start` to `end` of 0..1. It is a `Progress` itself, of its own 0..1."""

    progress: Progress
    start: float = 0.0
    end: float = 1.0

    def __call__(self, share: float, words: str) -> None:
        """Say how far this stretch is. Raises CancelledError once the picture is not wanted."""
        self.progress(self.start + (self.end - self.start) * min(max(share, 0.0), 1.0), words)

    def part(self, start: float, end: float) -> Told:
        """A stretch of this one."""
        length = self.end - self.start
        return Told(self.progress, self.start + length * start, self.start + length * end)

    def show(self, image: Image) -> None:
        """What the picture looks like so far, where anybody looks."""
        if isinstance(self.progress, Showing):
            self.progress.preview(image)


class Onlooker:
    """Watches one picture's rendering: the `Watch` and `Hearing` that a renderer is given."""

    def __init__(self, told: Told, words: str, *, previews: bool) -> None:
        self._told, self._words, self._previews = told, words, previews
        self._share = 0.0

    def step(self, done: int, of: int) -> None:
        """A denoising step is done."""
        self._share = done / max(of, 1)
        self._told(self._share, f"{self._words}, step {done} of {of}")

    def preview(self, image: Image) -> None:
        """What it looks like so far."""
        if self._previews:
            self._told.show(image)

    def say(self, words: str) -> None:
        """Something takes a while."""
        self._told(self._share, words)


class Onlookers:
    """Watches several pictures that are rendered at once. Who wants theirs no more does not stop the others."""

    def __init__(self, each: Sequence[Onlooker]) -> None:
        self._each = each
        self.gone: set[int] = set()  # those that are not wanted any more

    def step(self, done: int, of: int) -> None:
        """A denoising step is done in all of them."""
        self._tell(lambda one: one.step(done, of))

    def preview(self, image: Image) -> None:
        """Nobody knows whose it is: nothing is shown."""

    def say(self, words: str) -> None:
        """Something takes a while."""
        self._tell(lambda one: one.say(words))

    def _tell(self, what: Callable[[Onlooker], None]) -> None:
        """Raises CancelledError once nobody wants any of them."""
        for number, onlooker in enumerate(self._each):
            if number not in self.gone:
                try:
                    what(onlooker)
                except CancelledError:
                    self.gone.add(number)
        if len(self.gone) == len(self._each):
            raise CancelledError
