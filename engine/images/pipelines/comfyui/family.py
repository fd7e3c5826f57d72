"""ComfyUI as a family of picture models: `load` reads the workflow, `render` has it made there."""

from __future__ import annotations

from pathlib import Path

import aiohttp
from PIL import Image

from engine.errors import RenderError
from engine.images.pipelines.calls import Remote, fitted, picture, waited
from engine.images.pipelines.comfyui.client import Client, Events, unreachable
from engine.images.pipelines.comfyui.workflow import MANUAL, Workflow, read_workflow
from engine.images.pipelines.facts import Facts, facts_of
from engine.images.pipelines.port import Canvas, Precision, Watch, Workshop


class ComfyUI:
    """The family."""

    facts = facts_of("comfyui")

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> ComfyRenderer:
        """Read the workflow that the settings name; `folder` and `precision` are the server's affair.

        Raises WeightsError.
        """
        settings = workshop.comfyui
        path = Path(settings.workflow).expanduser()
        if not settings.workflow:
            raise RenderError(f"For ComfyUI, set comfyui.workflow to a workflow in API format. {MANUAL}")
        workflow = read_workflow(path if path.is_absolute() else workshop.data / path)
        return ComfyRenderer(settings.url.rstrip("/"), settings.timeout_seconds, workflow)


class ComfyRenderer(Remote):
    """One ComfyUI with one workflow."""

    def __init__(self, url: str, timeout: float, workflow: Workflow) -> None:
        self._url, self._timeout, self._workflow = url, timeout, workflow
        self._facts = facts_of("comfyui").model_copy(update={"references": workflow.references})

    @property
    def facts(self) -> Facts:
        """What the workflow can do."""
        return self._facts

    def one(self, canvas: Canvas, watch: Watch) -> Image.Image:
        """Raises RenderError, CancelledError."""
        client = Client(self._url, self._timeout)
        at = (0, max(canvas.steps, 1))

        def step(done: int, of: int) -> None:
            nonlocal at
            at = (done, of)
            watch.step(done, of)

        events = Events(step, lambda data: watch.preview(picture(data, "ComfyUI")))
        try:
            data = waited(self._made(client, canvas, events), lambda: watch.step(*at), client.give_up)
        except aiohttp.ClientError as error:
            raise unreachable(self._url, error) from error
        return fitted(picture(data, "ComfyUI"), canvas)

    async def _made(self, client: Client, canvas: Canvas, events: Events) -> bytes:
        shown = canvas.references[: self._workflow.references]
        uploaded = tuple([await client.upload(one, one.path.read_bytes()) for one in shown])
        return await client.make(self._workflow.fill(canvas, uploaded), events)
