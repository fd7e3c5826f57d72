"""A message that somebody passed on from elsewhere is no reply to it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import discord
import pytest

from bot.surfaces.discord.inbound import answered_by


def message(reference: discord.MessageReference | None) -> discord.Message:
    return cast("discord.Message", SimpleNamespace(reference=reference))


@pytest.mark.parametrize(
    ("kind", "answered"),
    [(discord.MessageReferenceType.reply, ("2", "1")), (discord.MessageReferenceType.forward, None)],
)
def test_only_a_reply_answers(kind: discord.MessageReferenceType, answered: tuple[str, str] | None) -> None:
    reference = discord.MessageReference(message_id=1, channel_id=2, type=kind)
    assert answered_by(message(reference)) == answered


def test_what_refers_to_nothing_answers_nothing() -> None:
    assert answered_by(message(None)) is None
    pinned = discord.MessageReference(message_id=cast("int", None), channel_id=2)
    assert answered_by(message(pinned)) is None
