"""Servers that fail: what is tried again, what is said, and that the key stays where it belongs."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from engine.config import ServerConfig
from engine.errors import BusyError, DownError, ModelError
from engine.models.openai import check_servers, open_servers
from engine.models.port import Sampling, Work
from tests.engine.models.openai.conftest import HASTY, PROMPT, QUICK, opened, read
from tests.engine.models.openai.loopback import KEY, Loopback, Play

LATER = datetime.now(UTC) + timedelta(hours=1)


# Tried again


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
async def test_what_passes_is_tried_again_before_the_first_word(server: Loopback, status: int) -> None:
    server.plays = [Play(status=status)] * 2
    async with opened(server) as chat:
        assert (await read(chat))[0] == "Hello there."
    assert len(server.bodies) == 3


async def test_as_long_as_the_server_says(server: Loopback) -> None:
    server.plays = [Play(status=429, headers={"Retry-After": "0.3"})]
    loop = asyncio.get_running_loop()
    async with opened(server) as chat:
        began = loop.time()
        await read(chat)
        assert loop.time() - began >= 0.3


@pytest.mark.parametrize("after", ["3600", format_datetime(LATER, usegmt=True)], ids=["seconds", "date"])
async def test_nobody_waits_for_what_comes_too_late(server: Loopback, after: str) -> None:
    server.plays = [Play(status=429, headers={"Retry-After": after})]
    async with opened(server) as chat:
        with pytest.raises(BusyError):
            await read(chat)
    assert len(server.bodies) == 1


@pytest.mark.parametrize("after", ["soon", "-5", "nan", ""])
async def test_a_strange_time_to_wait_is_none(server: Loopback, after: str) -> None:
    server.plays = [Play(status=429, headers={"Retry-After": after})]
    async with opened(server) as chat:
        assert (await read(chat))[0] == "Hello there."


async def test_too_much_to_do_for_too_long_is_said(server: Loopback) -> None:
    server.default = Play(status=429)
    async with opened(server) as chat:
        with pytest.raises(BusyError):
            await read(chat)


async def test_a_connection_that_breaks_before_the_first_word_is_made_again(server: Loopback) -> None:
    server.plays = [Play(drops_after=0)]
    async with opened(server) as chat:
        assert (await read(chat))[0] == "Hello there."


@pytest.mark.parametrize(
    "play",
    [Play(drops_after=1), Play(reason=None, usage=None), Play(words=("Hello",), error={"message": "CUDA"})],
)
async def test_after_the_first_word_nothing_is_said_twice(server: Loopback, play: Play) -> None:
    server.default = play
    pieces: list[object] = []
    async with opened(server) as chat:
        with pytest.raises(ModelError, match=r"broke off|failed while it answered"):
            async for piece in chat.stream(PROMPT, Sampling(), Work("c")):
                pieces.append(piece)  # noqa: PERF401 - what came before the error counts
    assert pieces[0] == "Hello"
    assert len(server.bodies) == 1


@pytest.mark.parametrize("play", [Play(hangs_after=1), Play(hangs_after=1, by_byte=True)])
async def test_silence_after_the_first_word_is_said(server: Loopback, play: Play) -> None:
    server.default = play
    async with opened(server, pace=HASTY) as chat:
        with pytest.raises(ModelError, match="was silent for 1 seconds"):
            await read(chat)
    assert len(server.bodies) == 1


async def test_a_server_that_goes_on_failing_is_out_until_a_look_goes_well(server: Loopback) -> None:
    server.default = Play(status=500)
    async with opened(server) as chat:
        with pytest.raises(ModelError, match=r"failed \(HTTP 500\). Its own log says why."):
            await read(chat)
        assert len(server.bodies) == 5
        server.default = Play()
        assert (await read(chat))[0] == "Hello there."


async def test_a_server_that_comes_back_is_asked_again(server: Loopback) -> None:
    async with opened(server) as chat:
        assert (await read(chat))[0] == "Hello there."
        await server.stop()
        with pytest.raises(DownError, match=r"No server can be reached at http://127.0.0.1"):
            await read(chat)
        assert "No server can be reached" in chat.trouble
        await server.start()
        assert (await read(chat))[0] == "Hello there."
        assert chat.trouble == ""


async def test_a_server_that_still_loads_is_waited_for(server: Loopback) -> None:
    server.is_well = False
    async with opened(server) as chat:
        with pytest.raises(DownError, match="HTTP 503"):
            await read(chat)
        server.is_well = True
        assert (await read(chat))[0] == "Hello there."
        assert chat.name == "tiny (server)"


# What to change


async def test_a_wrong_key_is_said_and_never_shown(
    server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    server.key = "another"
    caplog.set_level(logging.DEBUG)
    async with opened(server, api_key=KEY) as chat:
        with pytest.raises(DownError, match=r"does not take the key. Set SELFSAME_SERVER_KEY") as raised:
            await read(chat)
    chain: BaseException | None = raised.value
    while chain is not None:
        assert KEY not in f"{chain!r} {chain} {vars(chain)}"
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", [400, 500])
async def test_what_the_server_says_is_in_no_trace(server: Loopback, status: int) -> None:
    server.default = Play(status=status, error={"message": f"{KEY} said: Loud."})
    async with opened(server, api_key=KEY) as chat:
        with pytest.raises(ModelError) as raised:
            await read(chat)
    written = "".join(traceback.format_exception(raised.value))
    assert KEY not in written and "said: Loud." not in written


@pytest.mark.parametrize(
    "play", [Play(status=402), Play(status=429, error={"message": "No.", "code": "insufficient_quota"})]
)
async def test_an_empty_account_is_said(server: Loopback, play: Play) -> None:
    server.default = play
    async with opened(server) as chat:
        with pytest.raises(DownError, match="nothing left to pay with"):
            await read(chat)
    assert len(server.bodies) == 1


async def test_the_key_goes_to_the_server_and_nothing_else_of_openais(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "not-yours")
    server.key = KEY
    async with opened(server, api_key=KEY) as chat:
        assert (await read(chat))[0] == "Hello there."
    async with opened(server) as chat:
        with pytest.raises(DownError):
            await read(chat)
    assert not any("not-yours" in f"{headers}" for headers in server.headers)


async def test_a_password_in_an_address_is_never_shown(server: Loopback) -> None:
    server.key = "x"
    async with opened(server.url.replace("//", "//ann:sesame@")) as chat:
        assert "sesame" not in chat.trouble + chat.name
        assert server.url in chat.trouble


async def test_no_such_model_is_said_with_those_that_are_there(server: Loopback) -> None:
    server.models = ["small", "large"]
    async with opened(server, model="huge") as chat:
        with pytest.raises(
            DownError, match=r"no model “huge”. Set server.model to one that it has: small, large"
        ):
            await read(chat)


async def test_a_model_that_goes_away_is_said(server: Loopback) -> None:
    server.default = Play(
        status=404, error={"message": "The model `tiny` does not exist.", "code": "NotFound"}
    )
    async with opened(server) as chat:
        with pytest.raises(DownError, match="does not have the model any more"):
            await read(chat)


@pytest.mark.parametrize(
    "play",
    [
        Play(content_type="text/html", raw=b"<html>Hello</html>"),
        Play(content_type="application/json", raw=b'{"hello": 1}'),
        Play(status=405),
    ],
)
async def test_something_else_than_an_openai_server_is_said(server: Loopback, play: Play) -> None:
    server.default = play
    async with opened(server) as chat:
        with pytest.raises(
            DownError, match=r"is no OpenAI-compatible server. Check the address in server.urls"
        ):
            await read(chat)


@pytest.mark.parametrize(
    "raw", [b"data: {not json\n\n", b"data: 5\n\n", b"data: \xff\xfe\n\n", b"", b"data: []\n\n"]
)
async def test_nonsense_in_the_stream_is_a_broken_stream(server: Loopback, raw: bytes) -> None:
    server.default = Play(raw=raw)
    async with opened(server) as chat:
        with pytest.raises(ModelError, match="broke off"):
            await read(chat)


async def test_an_address_without_its_end_is_said(server: Loopback) -> None:
    async with opened(server.root) as chat:
        with pytest.raises(DownError, match=r"usually ends in /v1"):
            await read(chat)


async def test_a_prompt_that_is_too_long_is_learned_from(server: Loopback) -> None:
    error = {"message": "too long", "type": "exceed_context_size_error", "n_prompt_tokens": 400, "n_ctx": 350}
    server.plays = [Play(status=400, error=error)]
    async with opened(server) as chat:
        with pytest.raises(ModelError, match=r"Set server.context_tokens"):
            await read(chat)
        assert chat.context_tokens == 350
        assert chat.prompt_tokens(PROMPT) >= 400
        assert (await read(chat))[0] == "Hello there."


async def test_a_request_that_nobody_can_answer_is_not_repeated(server: Loopback) -> None:
    server.plays = [Play(status=400, error={"message": "Loud is not allowed here"})]
    async with opened(server) as chat:
        with pytest.raises(ModelError, match=r"did not take the request \(HTTP 400\)") as raised:
            await read(chat)
        assert "Loud" not in raised.value.sentence
        assert (await read(chat))[0] == "Hello there."
    assert len(server.bodies) == 2


# What can be wrong before anybody is asked


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8080", "ftp://here/v1", "http://", "http://here:99999/v1", "nonsense"]
)
async def test_an_address_that_is_none_is_said(url: str) -> None:
    with pytest.raises(ModelError, match=r"it should look like http://127.0.0.1:8080/v1"):
        async with open_servers(ServerConfig(urls=(url,))):
            pass


async def test_no_address_is_said() -> None:
    with pytest.raises(ModelError, match=r"set server.urls"):
        async with open_servers(ServerConfig()):
            pass


async def test_a_missing_package_is_said_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ModelError, match="make server"):
        async with open_servers(ServerConfig(urls=("http://127.0.0.1:1/v1",))):
            pass


async def test_a_look_at_the_servers_reports_each(server: Loopback) -> None:
    server.models = ["qwen/Qwen3-8B"]
    async with Loopback("vLLM", key="another") as closed:
        found = await check_servers(ServerConfig(urls=(server.url, closed.url)), pace=QUICK)
    assert (found[0].trouble, found[0].model, found[0].context_tokens) == ("", "Qwen3-8B", 8192)
    assert "does not take the key" in found[1].trouble


async def test_a_form_that_is_none_is_said(server: Loopback) -> None:
    async with opened(server) as chat:
        with pytest.raises(ModelError, match="JSON schema"):
            await read(chat, Sampling(schema="{nonsense"))
