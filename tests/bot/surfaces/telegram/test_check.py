"""What the doctor says about Telegram."""

from dataclasses import replace

from bot.surfaces.telegram.check import check
from bot.surfaces.telegram.config import TelegramConfig
from tests.loopback.telegram import TelegramServer


async def test_a_bot_that_works(server: TelegramServer) -> None:
    config = TelegramConfig(server.token, server.url)
    findings = await check(config)
    assert findings[0].ok
    assert "https://t.me/selfsame_bot" in findings[0].sentence
    assert "Privacy mode is on" in findings[1].sentence
    assert "Threads Settings" in findings[2].sentence
    server.bot.privacy, server.bot.topics = False, True
    findings = await check(config)
    assert "Privacy mode is off" in findings[1].sentence
    assert "topic of its own" in findings[2].sentence
    assert "switched on at BotFather" in (await check(replace(config, topics=False)))[2].sentence


async def test_a_wrong_token_and_a_dead_network_are_told_apart(server: TelegramServer) -> None:
    (refused,) = await check(TelegramConfig("1234567890:wrong", server.url))
    assert refused.ok is False
    assert "@BotFather" in refused.sentence
    assert "api_url" in refused.sentence  # another server refuses in the same way
    (away,) = await check(TelegramConfig(server.token, "http://127.0.0.1:9"))
    assert away.ok is False
    assert "cannot be reached" in away.sentence


async def test_a_token_of_two_lines_is_no_trouble_with_the_network(server: TelegramServer) -> None:
    (refused,) = await check(TelegramConfig("1234567890:two\nlines", server.url))
    assert "does not accept the token" in refused.sentence


async def test_no_secret_is_shown(server: TelegramServer) -> None:
    config = TelegramConfig("1234567890:wrong", server.url)
    assert "wrong" not in repr(config)
    assert "1234567890:wrong" not in repr(await check(config))
