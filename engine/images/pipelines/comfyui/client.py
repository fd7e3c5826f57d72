"""Talks with a ComfyUI: uploads references, queues a workflow, follows it, fetches the picture, leaves nothing behind.

Source of the protocol: ComfyUI's server.py and its websockets_api_example (POST /prompt, /ws, /history, /view,
/upload/image, /interrupt, /queue).
"""

from __future__ import annotations

import asyncio
import json
import struct
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from engine.errors import RenderError, WeightsError
from engine.images.pipelines.calls import read, session
from engine.images.pipelines.comfyui.workflow import Nodes
from engine.images.pipelines.port import Reference

# Of a binary message the first number says what it is, the second in which format: 1 is a preview.
PREVIEW = 1
# Seconds between two looks into the history, should the socket break while a picture is made.
PAUSE = 1.0
# Seconds that giving up may take: the worker has others waiting.
FAREWELL = 2.0


@dataclass(slots=True)
class Events:
    """Who is told how it goes on: (done, of) of the node at work, and previews as encoded bytes."""

    step: Callable[[int, int], None]
    preview: Callable[[bytes], None]


@dataclass(slots=True)
class Client:
    """One server. A client makes one picture at a time."""

    url: str
    timeout: float
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    _prompt: str = ""
    _runs: bool = False  # whether the server has begun with it

    async def upload(self, reference: Reference, data: bytes) -> str:
        """Put a reference picture there, named by its content. Returns its name for a LoadImage node."""
        form = aiohttp.FormData()
        form.add_field(
            "image", data, filename=f"selfsame_{reference.sha256[:24]}.png", content_type="image/png"
        )
        form.add_field("overwrite", "true")
        form.add_field("type", "input")
        async with (
            session(self.timeout) as http,
            self._call(http, "POST", "/upload/image", data=form) as response,
        ):
            told = await _json(response)
        folder = str(told.get("subfolder", ""))
        return f"{folder}/{told['name']}" if folder else str(told["name"])

    async def make(self, nodes: Nodes, events: Events) -> bytes:
        """Run a workflow. Returns the encoded picture. Raises RenderError."""
        try:
            async with asyncio.timeout(self.timeout), session(self.timeout) as http:
                async with self._socket(http) as socket:
                    self._prompt = await self._queue(http, nodes)
                    await self._follow(socket, events)
                made = await self._result(http)
                await self._tidy(http)
        except TimeoutError as error:
            await self.give_up()
            raise RenderError(
                f"ComfyUI took longer than {self.timeout:.0f} seconds (comfyui.timeout_seconds) for this picture."
            ) from error
        return made

    async def give_up(self) -> None:
        """Take the picture out of the queue, or interrupt it."""
        if not self._prompt:
            return
        with suppress(RenderError, TimeoutError, aiohttp.ClientError):
            async with session(FAREWELL) as http:
                async with self._call(http, "POST", "/queue", json={"delete": [self._prompt]}):
                    pass
                # Newer servers interrupt this one only, older ones whatever they make: that must be ours.
                if self._runs:
                    async with self._call(http, "POST", "/interrupt", json={"prompt_id": self._prompt}):
                        pass

    def _socket(self, http: aiohttp.ClientSession) -> Any:
        return http.ws_connect(f"{self.url}/ws?clientId={self.id}", heartbeat=20.0, max_msg_size=0)

    async def _queue(self, http: aiohttp.ClientSession, nodes: Nodes) -> str:
        body = {"prompt": nodes, "client_id": self.id}
        async with http.post(f"{self.url}/prompt", json=body) as response:
            told = await _json(response)
            if response.status != 200:
                raise RenderError(_refusal(told))
        return str(told["prompt_id"])

    async def _follow(self, socket: aiohttp.ClientWebSocketResponse, events: Events) -> None:
        """Listen until the workflow has ended, or the socket breaks: then the history tells. Raises RenderError."""
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                _show(message.data, events)
            elif message.type is aiohttp.WSMsgType.TEXT and self._ended(json.loads(message.data), events):
                return

    def _ended(self, message: dict[str, Any], events: Events) -> bool:
        """Whether that was the last word on our workflow. Raises RenderError."""
        kind, data = message.get("type"), message.get("data") or {}
        if data.get("prompt_id") not in (None, self._prompt):
            return False
        self._runs = self._runs or (kind != "status" and data.get("prompt_id") == self._prompt)
        if kind == "progress":
            events.step(int(data["value"]), int(data["max"]))
        elif kind == "execution_error":
            what = " ".join(str(data.get("exception_message", "")).split())
            raise RenderError(f"ComfyUI's node {data.get('node_type', '?')} failed: {what}")
        elif kind == "execution_interrupted":
            raise RenderError("Somebody interrupted this picture in ComfyUI.")
        return kind == "execution_success" or (kind == "executing" and data.get("node", "") is None)

    async def _result(self, http: aiohttp.ClientSession) -> bytes:
        """The picture, as soon as the history has it. Raises RenderError."""
        while True:
            async with self._call(http, "GET", f"/history/{self._prompt}") as response:
                told = (await _json(response)).get(self._prompt)
            if told is not None:
                break
            await asyncio.sleep(PAUSE)
        if (told.get("status") or {}).get("status_str") == "error":
            raise RenderError("ComfyUI could not make this picture. Its log says why.")
        shown = [image for output in told.get("outputs", {}).values() for image in output.get("images", ())]
        if not shown:
            raise RenderError(
                "The workflow ended without a picture: does it have a SaveImage or PreviewImage node?"
            )
        last = shown[-1]
        where = {key: str(last.get(key, "")) for key in ("filename", "subfolder", "type")}
        async with self._call(http, "GET", "/view", params=where) as response:
            return await read(response)

    async def _tidy(self, http: aiohttp.ClientSession) -> None:
        """Nobody's words stay in the server's history."""
        async with self._call(http, "POST", "/history", json={"delete": [self._prompt]}):
            self._prompt = ""

    def _call(self, http: aiohttp.ClientSession, method: str, path: str, **keys: Any) -> Any:
        return http.request(method, f"{self.url}{path}", raise_for_status=True, **keys)


def unreachable(url: str, error: aiohttp.ClientError) -> RenderError:
    """What to say when a call did not work."""
    if isinstance(error, aiohttp.ClientResponseError):
        return RenderError(f"ComfyUI at {url} answered {error.status} {error.message}. Is this its address?")
    return WeightsError(f"ComfyUI cannot be reached at {url}. Start it, or set comfyui.url.")


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        told = json.loads(await read(response))
    except ValueError as error:
        raise RenderError("What answers there is not ComfyUI. Is comfyui.url its address?") from error
    if not isinstance(told, dict):
        raise RenderError("What answers there is not ComfyUI. Is comfyui.url its address?")
    return told


def _show(data: bytes, events: Events) -> None:
    if len(data) > 8 and struct.unpack(">I", data[:4])[0] == PREVIEW:
        events.preview(data[8:])


def _refusal(told: dict[str, Any]) -> str:
    """ComfyUI's reasons for not taking a workflow: the first node's first one says most."""
    for node in (told.get("node_errors") or {}).values():
        for error in node.get("errors", ()):
            where = f"{node.get('class_type', '?')}: {error.get('message', '')} {error.get('details', '')}"
            return (
                f"ComfyUI does not take the workflow ({' '.join(where.split())}). Try it there once by hand."
            )
    said = (told.get("error") or {}).get("message", "it does not say why")
    return f"ComfyUI does not take the workflow ({said}). Try it there once by hand."
