"""Talks with a server that has the OpenAI image API: SGLang-Diffusion, vLLM-Omni and others.

Sources: the API reference (images/generations, images/edits), SGLang-Diffusion's and vLLM-Omni's pages on their image
API, whose own fields (seed, num_inference_steps, guidance_scale, negative_prompt) are left out where a server refuses them.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from engine.errors import RenderError, WeightsError
from engine.images.pipelines.calls import read, session
from engine.images.pipelines.port import Canvas

# Fields that are not the API's own.
EXTRAS = ("seed", "num_inference_steps", "guidance_scale", "negative_prompt")
# Seconds before a busy or stumbling server is asked again; after the last one it is given up.
PAUSES = (1.0, 3.0, 9.0)
AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504})
REFUSED = frozenset({400, 422})


@dataclass(slots=True)
class Client:
    """One server. `plain`: it has refused the fields that are not the API's own."""

    url: str
    model: str
    key: str = field(repr=False)
    timeout: float
    pauses: tuple[float, ...] = PAUSES
    plain: bool = False

    async def make(self, canvas: Canvas) -> bytes:
        """The encoded picture. Raises RenderError, and WeightsError where nobody can be reached."""
        try:
            async with asyncio.timeout(self.timeout), session(self.timeout, self._headers()) as http:
                self.model = self.model or await self._first(http)
                told = await self._asked(http, canvas)
                return await _picture(http, told, self.url)
        except TimeoutError as error:
            raise RenderError(
                f"The picture server took longer than {self.timeout:.0f} seconds (image_server.timeout_seconds)."
            ) from error
        except aiohttp.ClientConnectionError as error:
            raise WeightsError(
                f"The picture server cannot be reached at {self.url}. Start it, or set image_server.url."
            ) from error
        except aiohttp.ClientError as error:
            raise RenderError(
                f"The picture server broke off ({type(error).__name__}). Look at its log."
            ) from error

    async def _first(self, http: aiohttp.ClientSession) -> str:
        """The first model that the server names; servers of one model often name none, and take any."""
        async with http.get(f"{self.url}/models") as response:
            if response.status != 200:
                return "default"
            told = _parsed(await read(response))
        named = [str(one["id"]) for one in told.get("data", ()) if isinstance(one, dict) and one.get("id")]
        return named[0] if named else "default"

    async def _asked(self, http: aiohttp.ClientSession, canvas: Canvas) -> dict[str, Any]:
        for pause in (*self.pauses, None):
            status, body = await self._once(http, canvas)
            if status in REFUSED and not self.plain and any(extra in body for extra in EXTRAS):
                self.plain = True
                status, body = await self._once(http, canvas)
            if status == 200:
                return _parsed(body.encode())
            if status not in AGAIN or pause is None:
                raise _refusal(self.url, status, body)
            await asyncio.sleep(pause)
        raise AssertionError("the last round raises")

    async def _once(self, http: aiohttp.ClientSession, canvas: Canvas) -> tuple[int, str]:
        fields = self._fields(canvas)
        if canvas.references:
            form = aiohttp.FormData()
            for key, value in fields.items():
                form.add_field(key, str(value))
            name = "image" if len(canvas.references) == 1 else "image[]"
            for at, one in enumerate(canvas.references):
                data = await asyncio.to_thread(one.path.read_bytes)
                form.add_field(name, data, filename=f"reference_{at + 1}.png", content_type="image/png")
            call = http.post(f"{self.url}/images/edits", data=form)
        else:
            call = http.post(f"{self.url}/images/generations", json=fields)
        async with call as response:
            return response.status, (await read(response)).decode("utf-8", "replace")

    def _fields(self, canvas: Canvas) -> dict[str, str | int | float]:
        fields: dict[str, str | int | float] = {
            "model": self.model,
            "prompt": canvas.prompt,
            "n": 1,
            "size": f"{canvas.width}x{canvas.height}",
            "response_format": "b64_json",
        }
        if self.plain:
            return fields
        fields["seed"] = canvas.seed
        if canvas.steps:
            fields |= {"num_inference_steps": canvas.steps, "guidance_scale": canvas.guidance}
        if canvas.negative:
            fields["negative_prompt"] = canvas.negative
        return fields

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


async def _picture(http: aiohttp.ClientSession, told: dict[str, Any], url: str) -> bytes:
    """The bytes of the first picture of an answer: inline, or at an address of the same server (it gets the key)."""
    first = next(iter(told.get("data") or ()), None)
    if isinstance(first, dict) and first.get("b64_json"):
        try:
            return base64.b64decode(first["b64_json"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise RenderError("The picture server sent something that is not a picture.") from error
    if isinstance(first, dict) and first.get("url"):
        where = URL(url).join(URL(str(first["url"])))
        if where.origin() != URL(url).origin():
            raise RenderError(
                "The picture server sent an address elsewhere instead of a picture: have it send b64_json."
            )
        async with http.get(where, raise_for_status=True) as response:
            return await read(response)
    raise RenderError("The picture server answered without a picture. Look at its log.")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError as error:
        raise RenderError("What answers there has no OpenAI image API. Is image_server.url right?") from error
    if not isinstance(told, dict):
        raise RenderError("What answers there has no OpenAI image API. Is image_server.url right?")
    return told


def _refusal(url: str, status: int, body: str) -> RenderError:
    """A sentence for a status that is no success."""
    if status in (401, 403):
        return WeightsError(f"The picture server at {url} does not accept the key (image_server.api_key).")
    if status == 404:
        return WeightsError(f"There is no image API at {url}: image_server.url ends in /v1 as a rule.")
    return RenderError(f"The picture server could not make it ({status}: {_said(body)}).")


def _said(body: str) -> str:
    """What a server says of an error, shortened."""
    try:
        told = json.loads(body)
        said = told.get("error", told.get("detail", told)) if isinstance(told, dict) else told
        words = said.get("message", said) if isinstance(said, dict) else said
    except ValueError:
        words = body
    return " ".join(str(words).split())[:200] or "it does not say why"
