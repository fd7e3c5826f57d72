"""Serves the page from fixtures, to look at it: python -m tests.bot.surfaces.web.show [PORT]."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.messages import Inbound, Outbound
from bot.surfaces.web.app import create_app
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.server import serve
from bot.surfaces.web.surface import WebSurface
from tests.bot.surfaces.web import views
from tests.bot.surfaces.web.scripted import PaintedPictures, TalkingDoor


class Steps:
    """A wizard that walks, without judging anything."""

    def __init__(self) -> None:
        self.step = "start"

    def __call__(self, inbound: Inbound) -> tuple[Outbound, ...]:
        assert inbound.call
        names = [name for name, _ in views.STEPS]
        options = inbound.call.options
        match options.get("action"):
            case "answer":
                self.step = names[min(names.index(str(options["step"])) + 1, len(names) - 1)]
            case "goto":
                self.step = str(options["step"])
            case "back":
                self.step = names[names.index(self.step) - 1]
            case "publish":
                return (views.wizard("takes", character=views.card(0)),)
        return (views.wizard(self.step),)


async def main(port: int) -> None:
    surface, config = WebSurface(), WebConfig(port=port)
    with tempfile.TemporaryDirectory() as folder:
        door = TalkingDoor(surface, {"create": Steps()})
        pictures = PaintedPictures(Path(folder), 512)
        app = create_app(door=door, pictures=pictures, surface=surface, config=config, person=lambda: "owner")
        await serve(app, config=config, surface=surface, started=lambda address: print(address, flush=True))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8499))
