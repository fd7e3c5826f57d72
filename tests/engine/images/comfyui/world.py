"""A ComfyUI on loopback: its paths, its socket's words, its history; what it makes is a square of the prompt's colour."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

from aiohttp import web

from tests.engine.images.serving import png


class World:
    """What the server knows and does. `trouble`: "", "error", "invalid", "slow", "waits", "deaf", "empty", "garbage"."""

    def __init__(self, trouble: str = "") -> None:
        self.trouble = trouble
        self.uploads: dict[str, bytes] = {}
        self.queued: list[dict[str, Any]] = []
        self.history: dict[str, Any] = {}
        self.calls: list[tuple[str, Any]] = []
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self.stopped = asyncio.Event()
        self.app = web.Application(client_max_size=2**24)
        self.app.add_routes(
            [
                web.get("/ws", self._socket),
                web.post("/prompt", self._prompt),
                web.post("/upload/image", self._upload),
                web.get("/history/{id}", self._history),
                web.post("/history", self._note),
                web.post("/queue", self._note),
                web.post("/interrupt", self._interrupt),
                web.get("/view", self._view),
            ]
        )

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets[request.query["clientId"]] = socket
        await socket.send_json({"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}}})
        async for _ in socket:
            pass
        return socket

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        field = form["image"]
        assert isinstance(field, web.FileField)
        self.uploads[field.filename] = field.file.read()
        return web.json_response({"name": field.filename, "subfolder": "", "type": str(form["type"])})

    async def _prompt(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.trouble == "invalid":
            wrong = {"message": "Value not in list", "details": "ckpt_name: 'gone.safetensors'"}
            node = {"4": {"class_type": "CheckpointLoaderSimple", "errors": [wrong]}}
            return web.json_response({"error": {"message": "invalid"}, "node_errors": node}, status=400)
        number = f"prompt-{len(self.queued)}"
        self.queued.append(body)
        self._work = asyncio.create_task(self._make(number, body))
        return web.json_response({"prompt_id": number, "number": 1, "node_errors": {}})

    async def _make(self, number: str, body: dict[str, Any]) -> None:
        socket = self.sockets[body["client_id"]]

        async def tell(kind: str, **data: Any) -> None:
            if not socket.closed:
                await socket.send_json({"type": kind, "data": {**data, "prompt_id": number}})

        await socket.send_json(
            {"type": "progress", "data": {"value": 7, "max": 9, "prompt_id": "somebody else's"}}
        )
        if self.trouble == "waits":
            return
        await tell("execution_start")
        if self.trouble == "deaf":
            await socket.close()
        for step in (1, 2, 3):
            await tell("progress", value=step, max=3, node="3")
            if not socket.closed:
                await socket.send_bytes(struct.pack(">II", 1, 1) + png("grey", (8, 8), "JPEG"))
            if self.trouble == "slow":
                await self.stopped.wait()
                return
        if self.trouble == "error":
            await tell("execution_error", node_type="KSampler", exception_message="out of\n memory")
            return
        images = [{"filename": "out.png", "subfolder": "", "type": "temp"}]
        outputs = {} if self.trouble == "empty" else {"9": {"images": images}}
        self.history[number] = {"outputs": outputs, "status": {"status_str": "success", "completed": True}}
        await tell("executing", node=None)

    async def _history(self, request: web.Request) -> web.Response:
        found = self.history.get(request.match_info["id"])
        return web.json_response({request.match_info["id"]: found} if found else {})

    async def _note(self, request: web.Request) -> web.Response:
        self.calls.append((request.path, await request.json()))
        return web.Response()

    async def _interrupt(self, request: web.Request) -> web.Response:
        self.stopped.set()
        return await self._note(request)

    async def _view(self, request: web.Request) -> web.Response:
        if self.trouble == "garbage":
            return web.Response(body=b"not a picture")
        text = json.dumps(self.queued[-1]["prompt"])
        return web.Response(body=png("red" if "a red room" in text else "blue"))
