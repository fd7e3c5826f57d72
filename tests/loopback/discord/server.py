"""The loopback Discord itself: an aiohttp server on a free port of 127.0.0.1. Each request passes the token check, the
faults, the rate limits and then its route; each is logged. The gateway's websockets go to gateway.py."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.loopback.discord import rest, webhooks
from tests.loopback.discord.control import Control
from tests.loopback.discord.errors import ApiError, Json, known
from tests.loopback.discord.faults import Fault, Faults
from tests.loopback.discord.gateway import Gateway
from tests.loopback.discord.interactions import Interactions
from tests.loopback.discord.limits import Limits, Verdict
from tests.loopback.discord.messages import Files, Messages
from tests.loopback.discord.routing import Call, Route, Routes
from tests.loopback.discord.world import World

API = "/api/v10"
# Bytes of one request: ten files of 10 MiB and some words.
LARGEST_REQUEST = 110 * 1024 * 1024
FILE_FIELD = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True)
class Request:
    """One line of the log."""

    method: str
    route: str
    path: str
    status: int
    time: float
    # Seconds that the server took.
    took: float
    fault: str = ""


class DiscordServer:
    """Discord on this machine. `async with DiscordServer() as discord:` … `discord.url` … `discord.control`."""

    def __init__(self, token: str = "loopback-token", bot_name: str = "Selfsame") -> None:
        self.world = World(token, bot_name)
        self.clock = self.world.clock
        self.gateway = Gateway(self.world)
        self.messages = Messages(self.world, self.gateway)
        self.interactions = Interactions(self.world, self.gateway, self.messages)
        self.limits = Limits(self.clock)
        self.faults = Faults()
        self.control = Control(self)
        self.requests: list[Request] = []
        self.unknown_requests: list[str] = []
        self._routes = Routes()
        self._routes.include(rest.ROUTES)
        self._routes.include(webhooks.ROUTES)
        self._runner: web.AppRunner | None = None

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.application.token

    @property
    def url(self) -> str:
        """What the product's `[discord] api_url` is set to."""
        return self.world.origin + API

    @property
    def bot(self) -> Any:
        """The bot's user."""
        return self.world.bot

    async def start(self, port: int = 0) -> Self:
        """Listen; port 0 takes a free one."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024)
        await site.start()
        self.world.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self.gateway.drop()
        assert self._runner is not None
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _attachment(self, request: web.Request) -> web.Response:
        number = request.match_info["id"]
        file = self.world.attachments.get(int(number)) if number.isdecimal() else None
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.content_type)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        began = self.clock.now()
        path = request.path.removeprefix(API)
        found = self._routes.find(request.method, path) if request.path.startswith(API) else None
        if found is None:
            self.unknown_requests.append(f"{request.method} {request.path}")
            return self._log(request, "?", _error(known("not found")), began)
        route, params = found
        fault = self.faults.draw(route.method, route.template)
        if fault is not None and fault.kind == "drop":
            return self._abort(request, route, began, "drop")
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "answer":
            return self._log(request, route.template, _fault(fault), began, f"answer {fault.status}")
        response = await self._answer(request, route, params)
        if fault is not None and fault.kind == "lose":
            return self._abort(request, route, began, "lose")
        return self._log(request, route.template, response, began, fault.kind if fault else "")

    async def _answer(self, request: web.Request, route: Route, params: dict[str, str]) -> web.Response:
        authorised = request.headers.get("Authorization") == f"Bot {self.token}"
        if not route.public and not authorised:
            return _error(known("unauthorised"))
        verdict = self._verdict(route, params, authorised)
        if verdict.refused:
            await request.read()
            return _too_many(verdict)
        try:
            payload, files = await _body(request)
            call = Call(self, params, dict(request.query), payload, files, authorised)
            result = await route.handler(call)
        except ApiError as error:
            return _error(error, verdict.headers)
        if result is None:
            return web.Response(status=204, headers=verdict.headers)
        return _json(result, 200, verdict.headers)

    def _verdict(self, route: Route, params: dict[str, str], authorised: bool) -> Verdict:
        # A webhook's or an interaction's message edits are counted for its token.
        major = "/".join(params[name] for name in route.major if name in params)
        key = f"{route.method} {route.template}"
        return self.limits.ask(key, major, route.limit, counts_globally=authorised and not route.public)

    def _abort(self, request: web.Request, route: Route, began: float, kind: str) -> web.StreamResponse:
        self._log(request, route.template, web.Response(status=500), began, kind)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _log(
        self, request: web.Request, template: str, response: web.Response, began: float, fault: str = ""
    ) -> web.Response:
        took = self.clock.now() - began
        line = Request(request.method, template, request.path, response.status, began, took, fault)
        self.requests.append(line)
        return response


async def _body(request: web.Request) -> tuple[Any, Files]:
    if request.content_type.startswith("multipart/"):
        return await _multipart(request)
    raw = await request.read()
    try:
        return (json.loads(raw) if raw else {}), {}
    except ValueError:
        raise known("bad json") from None


async def _multipart(request: web.Request) -> tuple[Any, Files]:
    payload: Any = {}
    files: Files = {}
    async for part in await request.multipart():
        assert not isinstance(part, web.BaseRequest)
        name = getattr(part, "name", "") or ""
        content = bytes(await part.read())  # type: ignore[union-attr]
        if name == "payload_json":
            payload = json.loads(content)
        elif match := FILE_FIELD.fullmatch(name):
            files[int(match[1])] = (getattr(part, "filename", None) or "file", content)
    return payload, files


def _json(body: Any, status: int, headers: dict[str, str]) -> web.Response:
    # No charset: discord.py reads JSON only where the type is exactly this.
    raw = json.dumps(body).encode()
    return web.Response(body=raw, status=status, headers={**headers, "Content-Type": "application/json"})


def _error(error: ApiError, headers: dict[str, str] | None = None) -> web.Response:
    return _json(error.body, error.status, headers or {})


def _too_many(verdict: Verdict) -> web.Response:
    body: Json = {
        "message": "You are being rate limited.",
        "retry_after": round(verdict.retry_after, 3),
        "global": verdict.whole_bot,
    }
    headers = {**verdict.headers, "Via": "1.1 google", "Retry-After": str(int(verdict.retry_after) + 1)}
    return _json(body, 429, headers)


def _fault(fault: Fault) -> web.Response:
    if fault.status == 429:
        return _too_many(Verdict({}, fault.retry_after, fault.whole_bot))
    if fault.status in (500, 502, 503, 504):
        return web.Response(status=fault.status, text="upstream error", content_type="text/html")
    return _json({"message": "scripted", "code": 0}, fault.status, {})
