"""An OpenAI-compatible server on 127.0.0.1 that speaks the real protocol, and misbehaves on request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

KEY = "sk-very-secret"


@dataclass(frozen=True)
class Play:
    """How one request is answered."""

    words: Sequence[str] = ("Hello", " there", ".")
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None
    """The body of a refusal; with status 200 an event in mid-stream, after the words."""

    reason: str | None = "stop"
    usage: Mapping[str, Any] | None = field(
        default_factory=lambda: {"prompt_tokens": 50, "completion_tokens": 3, "total_tokens": 53}
    )
    done: bool = True
    """Whether [DONE] ends the stream."""

    thoughts: Sequence[str] = ()
    """Sent first, as reasoning_content."""

    by_byte: bool = False
    comments: bool = False
    """Keep-alive comments between the events."""

    hangs_after: int | None = None
    """Says nothing more after so many words, until the client goes."""

    hangs_at_end: bool = False
    """… after the reason, before the counts."""

    drops_after: int | None = None
    """Breaks the connection after so many words."""

    silent: bool = False
    """Does not even send headers."""

    waits: asyncio.Event | None = None
    """Waits for it after the headers, before the first word."""

    content_type: str = "text/event-stream; charset=utf-8"
    raw: bytes | None = None
    """Sent as it is, in place of everything."""


class Loopback:
    """One server. Use it as `async with Loopback() as server`."""

    def __init__(
        self, software: str = "unknown", *, models: Sequence[str] = ("tiny",), key: str = ""
    ) -> None:
        self.software = software
        self.models = list(models)
        self.key = key
        self.default = Play()
        self.plays: list[Play] = []
        """The next answers; then the default one."""
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.paths: list[str] = []
        """Everything else that was asked for."""
        self.erased: list[int] = []
        self.clients: set[object] = set()
        """The connections by which replies were asked for."""
        self.running = self.most_running = self.gone = 0
        """`gone`: clients that went before their answer's end."""
        self.is_well = True
        self.slots = 4
        self.context = 4096
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._changed = asyncio.Condition()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; on the same port again after a stop."""
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._list)
        app.router.add_post("/slots/{slot}", self._slot)
        app.router.add_get("/{path:.*}", self._beside)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def until(self, running: int) -> None:
        """Until so many replies are being written."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.running == running)

    async def until_gone(self, count: int) -> None:
        """Until so many clients have gone before the end."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.gone >= count)

    # Requests

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        if refusal := self._refusal(request):
            return refusal
        self.bodies.append(await request.json())
        self.clients.add(request.transport.get_extra_info("peername") if request.transport else None)
        play = self.plays.pop(0) if self.plays else self.default
        await self._count(1)
        try:
            return await self._answer(request, play)
        except asyncio.CancelledError:
            self.gone += 1
            raise
        finally:
            await asyncio.shield(self._count(-1))

    async def _count(self, change: int) -> None:
        async with self._changed:
            self.running += change
            self.most_running = max(self.most_running, self.running)
            self._changed.notify_all()

    async def _answer(self, request: web.Request, play: Play) -> web.StreamResponse:
        if play.silent:
            await asyncio.Event().wait()
        if play.status != 200:
            return web.json_response({"error": play.error or {}}, status=play.status, headers=play.headers)
        response = web.StreamResponse(headers={"Content-Type": play.content_type})
        await response.prepare(request)
        if play.raw is not None:
            await response.write(play.raw)
            return response
        if play.waits is not None:
            await play.waits.wait()
        await Writer(request, response, play).write()
        return response

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            said = {"message": f"Incorrect API key provided: {request.headers.get('Authorization')}"}
            return web.json_response({"error": said}, status=401)
        if not self.is_well:
            return web.json_response({"error": {"message": "Loading model"}}, status=503)
        return None

    async def _list(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        owner = {"llama-server": "llamacpp", "vLLM": "vllm", "SGLang": "sglang", "Ollama": "library"}
        entries: list[dict[str, Any]] = [
            {"id": model, "object": "model", "owned_by": owner.get(self.software, "somebody")}
            for model in self.models
        ]
        for entry in entries if self.software in {"vLLM", "SGLang"} else ():
            entry["max_model_len"] = self.context
        return self._refusal(request) or web.json_response({"object": "list", "data": entries})

    async def _beside(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        said = self._sayings().get(request.path)
        if said is None:
            return web.json_response({"detail": "Not Found"}, status=404)
        return self._refusal(request) or (web.json_response(said) if said else web.Response())

    def _sayings(self) -> Mapping[str, Any]:
        """What each software says beside /v1."""
        return {
            "llama-server": {
                "/health": {"status": "ok"},
                "/props": {
                    "default_generation_settings": {"n_ctx": self.context},
                    "total_slots": self.slots,
                    "chat_template_caps": {"supports_system_role": True},
                },
            },
            "vLLM": {"/health": "", "/version": {"version": "0.22.1"}},
            "SGLang": {"/health": ""},
            "Ollama": {
                "/api/tags": {"models": []},
                "/api/version": {"version": "0.40"},
                "/api/ps": {"models": [{"name": self.models[0], "context_length": self.context}]},
            },
            "LM Studio": {
                "/api/v0/models": {
                    "data": [{"id": name, "loaded_context_length": self.context} for name in self.models]
                }
            },
        }.get(self.software, {})

    async def _slot(self, request: web.Request) -> web.Response:
        assert request.query["action"] == "erase"
        self.erased.append(int(request.match_info["slot"]))
        return web.json_response({"id_slot": self.erased[-1], "n_erased": 10})


class Writer:
    """Writes the events of one reply."""

    def __init__(self, request: web.Request, response: web.StreamResponse, play: Play) -> None:
        self._request, self._response, self._play = request, response, play

    async def write(self) -> None:
        play = self._play
        await self._event({"role": "assistant", "content": None})
        for thought in play.thoughts:
            await self._event({"reasoning_content": thought})
        for place, word in enumerate(play.words):
            if await self._misbehaves(place):
                return
            await self._event({"content": word})
        if await self._misbehaves(len(play.words)):
            return
        if play.error is not None:
            await self._send({"error": play.error})
            return
        if play.reason is not None:
            await self._event({}, play.reason)
        if play.hangs_at_end:
            await asyncio.Event().wait()
        if play.usage is not None:
            await self._send({"object": "chat.completion.chunk", "choices": [], "usage": play.usage})
        if play.done:
            await self._raw(b"data: [DONE]\n\n")

    async def _misbehaves(self, place: int) -> bool:
        if place == self._play.hangs_after:
            await asyncio.Event().wait()
        if place == self._play.drops_after:
            assert self._request.transport is not None
            self._request.transport.abort()
            return True
        return False

    async def _event(self, delta: Mapping[str, Any], reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        await self._send({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]})

    async def _send(self, event: Mapping[str, Any]) -> None:
        if self._play.comments:
            await self._raw(b": still here\n\n")
        await self._raw(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())

    async def _raw(self, data: bytes) -> None:
        for place in range(0, len(data), 1 if self._play.by_byte else len(data)):
            await self._response.write(data[place : place + 1] if self._play.by_byte else data)
