"""A server with the OpenAI image API as a family of picture models."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from engine.errors import WeightsError
from engine.images.pipelines.calls import Remote, fitted, picture, waited
from engine.images.pipelines.facts import Facts, facts_of
from engine.images.pipelines.openai_images.client import Client
from engine.images.pipelines.port import Canvas, Precision, Watch, Workshop


class OpenAIImages:
    """The family."""

    facts = facts_of("openai_images")

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> ServerRenderer:
        """Take the server of the settings; `folder` and `precision` are its affair. Raises WeightsError."""
        settings = workshop.image_server
        if not settings.url:
            raise WeightsError(
                'For a picture server, set image_server.url, e.g. "http://127.0.0.1:30000/v1". See docs/images.md.'
            )
        key = settings.api_key.get_secret_value()
        return ServerRenderer(Client(settings.url.rstrip("/"), settings.model, key, settings.timeout_seconds))


class ServerRenderer(Remote):
    """One server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def facts(self) -> Facts:
        """What such a server can do."""
        return OpenAIImages.facts

    def one(self, canvas: Canvas, watch: Watch) -> Image.Image:
        """The server tells nothing before it is done. Raises RenderError, CancelledError."""
        steps = max(canvas.steps, 1)
        data = waited(self._client.make(canvas), lambda: watch.step(0, steps), _nothing)
        watch.step(steps, steps)
        return fitted(picture(data, "The picture server"), canvas)


async def _nothing() -> None:
    """The API has no way to give up: closing the connection is all that can be done."""
