"""What the doctor says about an application or an address with which nobody would get any further."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.ports import Finding, SurfaceError
from bot.surfaces.discord.check import Nobody, check
from bot.surfaces.discord.client import logged_in, make_client
from bot.surfaces.discord.config import DiscordSettings
from tests.loopback.discord import DiscordServer, rest
from tests.loopback.discord.errors import Json
from tests.loopback.discord.world import World

Changed = Callable[[Json], None]


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Changed:
    """Changes what the application says of itself."""
    plain = rest.payloads.application

    def change(keys: Json) -> None:
        def changed(world: World) -> Json:
            return {**plain(world), **keys}

        monkeypatch.setattr(rest.payloads, "application", changed)

    return change


async def examined(discord: DiscordServer) -> dict[str, Finding]:
    found = await check(DiscordSettings(discord.token, discord.url))
    return {finding.title: finding for finding in found}


async def test_both_links_are_named_as_the_manual_names_them(discord: DiscordServer) -> None:
    found = await examined(discord)
    assert "integration_type=0" in found["Discord: add to a server"].sentence
    assert "integration_type=1" in found["Discord: add to your account"].sentence
    assert all(one.ok is not False for one in found.values())


async def test_a_link_that_would_fail_is_none(discord: DiscordServer, application: Changed) -> None:
    application({"integration_types_config": {"0": {}}})
    yourself = (await examined(discord))["Discord: add to your account"]
    assert "User Install" in yourself.sentence
    assert "https" not in yourself.sentence
    assert yourself.ok is None  # not everybody wants that


async def test_an_application_that_nobody_can_add_is_a_mistake(
    discord: DiscordServer, application: Changed
) -> None:
    application({"bot_require_code_grant": True})
    assert "Code Grant" in (await examined(discord))["Discord: invitation"].sentence


@pytest.mark.parametrize("wrong", ["hallo", "127.0.0.1:80/api/v10", "http://127.0.0.1:99999/api/v10"])
async def test_what_is_no_address_is_said(discord: DiscordServer, wrong: str) -> None:
    [finding] = await check(DiscordSettings(discord.token, wrong))
    assert finding.ok is False
    assert "api_url" in finding.sentence


async def test_an_address_that_is_not_discords_is_said(discord: DiscordServer) -> None:
    [finding] = await check(DiscordSettings(discord.token, discord.url.removesuffix("/api/v10")))
    assert finding.ok is False
    assert "ends in /api/v10" in finding.sentence


async def test_a_token_of_two_lines_is_no_trouble_with_the_address(discord: DiscordServer) -> None:
    [finding] = await check(DiscordSettings("two\nlines", discord.url))
    assert "does not accept the token" in finding.sentence


async def test_at_run_an_address_that_is_none_is_one_sentence(discord: DiscordServer) -> None:
    """It would not help to connect again and again."""
    settings = DiscordSettings(discord.token, "127.0.0.1:80/api/v10")
    with pytest.raises(SurfaceError, match="ends in /api/v10"):
        async with logged_in(make_client(settings, Nobody()), settings):
            raise AssertionError
