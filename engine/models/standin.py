"""Who answers when the model is down: the storyteller, until the model is back. `choose.py` puts it before a model.

Only a person's reply that has not begun is answered instead, and only where the model as a whole is gone (DownError):
its thread has died, or no server answers. What is wrong with one reply – it took too long, too many wait, it does not
fit – is told to its person as it is. Background work is not done meanwhile: it has time, and wants the model itself.
Each reply asks the model first, so that it is back with the first one that succeeds.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from typing import cast

from engine.errors import DownError
from engine.models.port import ChatModel, Finish, Keeper, Priority, Prompt, Sampling, Work

log = logging.getLogger(__name__)

NOBODYS = Work()


class StandIn:
    """A model, and who speaks for it while it is down. Everything else is the model's own."""

    def __init__(self, model: ChatModel, substitute: ChatModel) -> None:
        self._model = model
        self._substitute = substitute
        self._is_down = False

    @property
    def name(self) -> str:
        """The model's name, or whose name answers for it."""
        return f"storyteller ({self._model.name} is down)" if self._is_down else self._model.name

    @property
    def context_tokens(self) -> int:
        """The model's own: prompts are written for it."""
        return self._model.context_tokens

    @property
    def structured(self) -> bool:
        """The model's own, and no while it is down: the substitute is never asked for a form."""
        return self._model.structured and not self._is_down

    def count_tokens(self, text: str) -> int:
        """By the model's own tokenizer."""
        return self._model.count_tokens(text)

    def prompt_tokens(self, prompt: Prompt) -> int:
        """By the model's own tokenizer and template."""
        return self._model.prompt_tokens(prompt)

    async def forget(self, conversations: Collection[str]) -> None:
        """Both forget."""
        await self._model.forget(conversations)
        await self._substitute.forget(conversations)

    async def erase_strangers(self, known: Collection[str]) -> None:
        """The model's own keeping, if it keeps anything."""
        if isinstance(self._model, Keeper):
            await self._model.erase_strangers(known)

    async def stream(
        self, prompt: Prompt, sampling: Sampling, work: Work = NOBODYS
    ) -> AsyncIterator[str | Finish]:
        """The model's answer; the substitute's if the model turns out to be down before its first piece."""
        begun = False
        try:
            async with aclosing(_closable(self._model.stream(prompt, sampling, work))) as pieces:
                async for piece in pieces:
                    begun = True
                    self._note(None)
                    yield piece
            return
        except DownError as error:
            self._note(error)
            if begun or work.priority is not Priority.REPLY or sampling.schema or sampling.grammar:
                raise
        async with aclosing(_closable(self._substitute.stream(prompt, sampling, work))) as pieces:
            async for piece in pieces:
                yield piece

    def _note(self, error: DownError | None) -> None:
        """Say once that it went down, and once that it is back."""
        if self._is_down == (error is not None):
            return
        self._is_down = error is not None
        if error:
            log.warning("%s The storyteller answers meanwhile.", error.sentence)
        else:
            log.info("%s answers again.", self._model.name)


def _closable(pieces: AsyncIterator[str | Finish]) -> AsyncGenerator[str | Finish]:
    """Every model's stream is an async generator, so that closing it stops the work at once."""
    return cast("AsyncGenerator[str | Finish]", pieces)
