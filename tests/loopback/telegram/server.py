"""The HTTP side: /bot<token>/<method> and /file/bot<token>/<path> on a free port of 127.0.0.1.

Every call goes: token → parameters → a fault, if one waits → the method → the log of calls → the answer.
"""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.loopback.telegram import params
from tests.loopback.telegram.clock import Clock
from tests.loopback.telegram.control import Control
from tests.loopback.telegram.errors import ApiError, bad_request
from tests.loopback.telegram.faults import Fault, Faults
from tests.loopback.telegram.limits import Limits
from tests.loopback.telegram.methods import METHODS
from tests.loopback.telegram.model import BotAccount, Chat, Event
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.transcript import Line, transcript
from tests.loopback.telegram.world import World

TOKEN = re.compile(r"\d+:[\w-]+")

# More than the 50 MB that the Bot API takes, so that the methods can refuse by themselves.
MOST_BODY = 60 * 1024 * 1024


@dataclass(frozen=True)
class Call:
    """One call of the bot, as it was answered."""

    at: float
    seconds: float
    method: str
    status: int
    """The HTTP status; 0 if the connection was dropped."""

    values: dict[str, Any]
    description: str = ""
    """What was refused, in Telegram's words."""


class TelegramServer:
    """A Bot API server for one bot. Use it as `async with TelegramServer() as server`."""

    def __init__(
        self,
        token: str = "1234567890:loopback-token",
        *,
        username: str = "selfsame_bot",
        name: str = "Selfsame",
        privacy: bool = True,
        topics: bool = False,
    ) -> None:
        self.token = token
        self.clock = Clock()
        self.limits = Limits(self.clock)
        self.faults = Faults()
        bot = BotAccount(
            int(token.partition(":")[0]), name, username, is_bot=True, privacy=privacy, topics=topics
        )
        self.world = World(bot, self.clock, self.limits)
        self.control = Control(self.world)
        self.calls: list[Call] = []
        self.unknown_requests: list[str] = []
        """Methods and paths that were asked for and do not exist here."""
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._stopping = asyncio.Event()

    @property
    def url(self) -> str:
        """The address for `[telegram] api_url`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The address for PTB's `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """The address for PTB's `base_file_url`."""
        return f"{self.url}/file/bot"

    @property
    def bot(self) -> BotAccount:
        """The bot whose server this is."""
        return self.world.bot

    async def start(self, port: int | None = None) -> Self:
        """Listen: on a free port, or after an outage on the same one again."""
        self._stopping.clear()
        self.world.updates.open()
        app = web.Application(client_max_size=MOST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/{path:.*}", self._unknown)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port if port is None else port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def stop(self) -> None:
        """End the open polls and close the port; the world stays and can be looked at."""
        self._stopping.set()
        self.world.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    # What a test reads.

    def transcript(self, chat: Chat, for_user: Any = None, topic: int | None = None) -> list[Line]:
        """What a person sees in a chat now, in order."""
        return transcript(self.world, chat, for_user, topic)

    def history(self, chat: Chat) -> list[Event]:
        """Everything that ever happened there, with the server's time."""
        return list(chat.history)

    def called(self, method: str) -> list[Call]:
        """The calls of one method so far."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def until(self, wanted: Callable[[], Any], timeout: float = 10) -> Any:  # noqa: ASYNC109
        """Wait until `wanted` says something true; it is asked after every call of the bot."""
        try:
            async with asyncio.timeout(timeout):
                while not (answer := wanted()):
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.append(future)
                    await future
        except TimeoutError:
            last = [(call.method, call.status, call.description) for call in self.calls[-10:]]
            raise TimeoutError(f"not seen within {timeout} s; the last calls were {last}") from None
        return answer

    # How a call is answered.

    async def _answer(self, request: web.Request) -> web.Response:
        """One call."""
        started = self.clock.now()
        name = request.match_info["method"]
        values: dict[str, Any] = {}
        try:
            self._authorise(request.match_info["token"])
            call = await params.read(request)
            values = call.values
            fault = self.faults.take(call)
            await self._before(request, fault)
            if _gone(request):
                return self._log(started, name, values, web.Response(status=502), dropped=True)
            result = await self._result(call, request)
        except ApiError as error:
            response = _json(error.body(), error.code)
            return self._log(started, name, values, response, description=error.description)
        except web.HTTPRequestEntityTooLarge:
            return _json({"ok": False, "error_code": 413, "description": "Request Entity Too Large"}, 413)
        await self._after(request, fault)
        answer = _json({"ok": True, "result": result})
        return self._log(started, name, values, answer, dropped=_gone(request))

    def _authorise(self, token: str) -> None:
        """Only this bot's token opens."""
        if not TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")

    async def _before(self, request: web.Request, fault: Fault | None) -> None:
        """What goes wrong before the call is done."""
        if fault is None:
            return
        match fault.kind:
            case "drop":
                _drop(request)
            case "delay" | "lost":
                pass
            case "hang":
                await self._stopping.wait()
                _drop(request)
            case 429:
                raise ApiError(
                    429,
                    f"Too Many Requests: retry after {fault.retry_after}",
                    retry_after=fault.retry_after,
                )
            case int(code):
                raise ApiError(code, fault.description or HTTPStatus(code).phrase)

    async def _after(self, request: web.Request, fault: Fault | None) -> None:
        """What goes wrong once the call is done."""
        if fault is not None and fault.kind == "lost":
            _drop(request)
        elif fault is not None and fault.kind == "delay":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), fault.seconds)

    async def _result(self, call: Params, request: web.Request) -> Any:
        """What the method answers."""
        if call.method.lower() == "getupdates":
            return await self.world.updates.poll(
                call.number("offset"),
                call.number("limit", 100),
                call.number("timeout"),
                call.data("allowed_updates") if "allowed_updates" in call else None,
                lambda: not _gone(request),
            )
        method = METHODS.get(call.method.lower())
        if method is None:
            self.unknown_requests.append(call.method)
            raise ApiError(404, "Not Found")
        try:
            return method(self.world, call)
        except (TypeError, AttributeError) as error:
            # A list where an object belongs, and the like: the call's fault, said with where it was noticed.
            raise bad_request(f"can't parse parameters of {call.method}: {error!r}") from error

    def _log(
        self,
        started: float,
        name: str,
        values: dict[str, Any],
        response: web.Response,
        *,
        dropped: bool = False,
        description: str = "",
    ) -> web.Response:
        """Keep the call, and wake those who wait for calls."""
        status = 0 if dropped else response.status
        self.calls.append(Call(started, self.clock.now() - started, name, status, values, description))
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
        return response

    async def _file(self, request: web.Request) -> web.Response:
        """A file's bytes."""
        if request.match_info["token"] != self.token:
            return _json({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        file = self.world.paths.get(request.match_info["path"])
        if file is None:
            return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _unknown(self, request: web.Request) -> web.Response:
        """An address that Telegram does not have."""
        self.unknown_requests.append(re.sub(r"\d+:[\w-]+", "TOKEN", request.path))
        return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)


def _json(body: dict[str, Any], status: int = 200) -> web.Response:
    """An answer of the Bot API."""
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(), status=status, content_type="application/json"
    )


def _gone(request: web.Request) -> bool:
    """Whether the caller hung up."""
    return request.transport is None or request.transport.is_closing()


def _drop(request: web.Request) -> None:
    """Break the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
