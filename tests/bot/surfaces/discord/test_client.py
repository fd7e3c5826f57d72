"""The connection's own rooms: what is asked of Discord, what a reply's address holds, what the doctor finds."""

from __future__ import annotations

import logging

import discord as library
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import Finding
from bot.surfaces.discord.check import PERMISSIONS, check, install_link, invite_link
from bot.surfaces.discord.client import WithoutTokens, intents
from bot.surfaces.discord.config import DiscordSettings
from bot.surfaces.discord.inbound import Reply
from tests.loopback.discord import DiscordServer

WORDS = st.text("abcXYZ019_.-", max_size=20)


def test_only_the_intents_that_are_needed() -> None:
    plain = intents(DiscordSettings("token"))
    assert {name for name, on in plain if on} == {"guilds", "guild_messages", "dm_messages"}
    assert intents(DiscordSettings("token", message_content=True)).message_content


def test_the_token_shows_nowhere() -> None:
    assert "secret" not in repr(DiscordSettings("secret-token"))


@given(
    st.builds(
        Reply,
        id=st.integers(1, 2**63).map(str),
        user=st.integers(1, 2**63).map(str),
        token=WORDS,
        until=st.integers(0, 2**40),
        alone=st.booleans(),
        waits=st.booleans(),
        clicked=st.sampled_from(["", "123456789012345678"]),
        replaces=st.booleans(),
        page=st.integers(-1, 500),
        item=st.text("abc019_.:~-", max_size=40),
        outside=st.booleans(),
        lost=st.booleans(),
    )
)
def test_an_address_survives_being_stored(reply: Reply) -> None:
    assert Reply.parse(str(reply)) == reply


def test_other_addresses_are_none() -> None:
    assert Reply.parse("") is None
    assert Reply.parse("m:12") is None


def test_tokens_are_taken_out_of_the_librarys_lines() -> None:
    said = "We are being rate limited. %s %s responded with 429. Retrying in %.2f seconds."
    address = "https://discord.com/api/v10/webhooks/123/very-secret/messages/@original"
    record = logging.LogRecord("discord.http", logging.WARNING, "", 0, said, ("PATCH", address, 1.0), None)
    WithoutTokens().filter(record)
    assert "very-secret" not in record.getMessage()
    assert "/webhooks/123/…/messages/@original" in record.getMessage()


def test_the_invite_asks_for_exactly_what_is_used() -> None:
    assert {name for name, on in PERMISSIONS if on} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "attach_files",
        "embed_links",
        "read_message_history",
        "manage_webhooks",
    }
    link = invite_link("42")
    assert "client_id=42" in link
    assert "scope=bot+applications.commands" in link
    assert f"permissions={PERMISSIONS.value}" in link
    assert "integration_type=1" in install_link("42")


@pytest.fixture
def settings(discord: DiscordServer) -> DiscordSettings:
    return DiscordSettings(discord.token, discord.url)


async def test_the_doctor_finds_a_working_bot(discord: DiscordServer, settings: DiscordSettings) -> None:
    findings = await check(settings)
    assert findings[0].ok
    assert discord.bot.name in findings[0].sentence
    links = [one.sentence for one in findings if one.ok is None]
    assert len(links) == 2
    assert discord.gateway.identified == 0
    assert not discord.unknown_requests


async def test_the_doctor_finds_a_wrong_token(discord: DiscordServer) -> None:
    [finding] = await check(DiscordSettings("wrong", discord.url))
    assert finding.ok is False
    assert "Reset Token" in finding.sentence
    assert "wrong" not in finding.sentence


async def test_the_doctor_finds_a_missing_intent(discord: DiscordServer) -> None:
    settings = DiscordSettings(discord.token, discord.url, message_content=True)
    assert all(one.ok is not False for one in await check(settings))
    discord.world.application.flags = 0
    findings = await check(settings)
    assert [one.title for one in findings if one.ok is False] == ["Discord: intents"]


async def test_the_doctor_cannot_reach_discord(discord: DiscordServer) -> None:
    [finding] = await check(DiscordSettings("token", "http://127.0.0.1:9/api/v10"))
    assert isinstance(finding, Finding)
    assert finding.ok is False
    assert "cannot be reached" in finding.sentence


def test_the_permissions_are_discords_own_numbers() -> None:
    assert PERMISSIONS.value == library.Permissions(PERMISSIONS.value).value
    assert PERMISSIONS.manage_webhooks
    assert not PERMISSIONS.administrator
