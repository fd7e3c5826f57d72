"""The fakes at the ports: a door that answers from a script, and pictures made with Pillow."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from bot.messages import Call, Delta, Document, Inbound, Outbound, Replied, Started, Text, Tone
from bot.surfaces.web.surface import WebSurface
from engine.errors import NotFoundError
from engine.types import JobStatus, Role
from tests.bot.surfaces.web import views

Answer = Outbound | tuple[Outbound, ...] | Callable[[Inbound], tuple[Outbound, ...]]


def usual_answers() -> dict[str, Answer]:
    return {
        "characters": views.catalog(),
        "profile": views.profile(),
        "talk": views.chat(),
        "gallery": views.gallery(),
        "memory": views.memories(),
        "help": views.help_view(),
        "privacy": Text("Everything stays on this machine: one database file, and the pictures beside it."),
        "export": Document("selfsame-export.json", "application/json", b'{"you": "yes"}'),
        "create": views.wizard(),
        "edit": views.wizard(),
        "forget": views.confirm(),
        "pin": views.memories(),
        "reset": views.confirm(),
        "forget_me": views.confirm(),
        "delete_picture": views.confirm(),
    }


class ScriptedDoor:
    """Answers each call from its script, and remembers what it was given."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers: dict[str, Answer] = {**usual_answers(), **(answers or {})}
        self.asked: list[Inbound] = []
        self.submitted: list[Inbound] = []

    async def ask(self, inbound: Inbound) -> tuple[Outbound, ...]:
        self.asked.append(inbound)
        name = inbound.call.name if inbound.call else inbound.text.split()[0].removeprefix("/")
        answer = self.answers.get(name)
        if answer is None:
            return (Text(f"There is no command /{name}. Did you mean /selfie?", Tone.ERROR),)
        if callable(answer):
            return answer(inbound)
        return answer if isinstance(answer, tuple) else (answer,)

    def submit(self, inbound: Inbound) -> None:
        self.submitted.append(inbound)

    @property
    def calls(self) -> list[Call]:
        return [inbound.call for inbound in self.asked if inbound.call]


class TalkingDoor(ScriptedDoor):
    """A door that replies through the surface at a human pace, for looking at the page in a browser."""

    def __init__(
        self, surface: WebSurface, answers: Mapping[str, Answer] | None = None, pace: float = 0.05
    ) -> None:
        super().__init__(answers)
        self._surface, self._pace, self._count = surface, pace, 0
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, inbound: Inbound) -> None:
        super().submit(inbound)
        task = asyncio.create_task(
            self._picture(inbound) if inbound.call or inbound.text.startswith("/") else self._reply(inbound)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reply(self, inbound: Inbound) -> None:
        self._count += 1
        said, reply = f"said-{self._count}", f"reply-{self._count}"
        await self._surface.deliver(
            inbound.origin, Started(views.line(said, Role.PERSON, inbound.text), reply)
        )
        words = f"You said “{inbound.text}”. I will think about that while the next record plays."
        await asyncio.sleep(self._pace * 8)
        for word in words.split(" "):
            await self._surface.deliver(inbound.origin, Delta(reply, word + " "))
            await asyncio.sleep(self._pace)
        await self._surface.deliver(inbound.origin, Replied(views.line(reply, Role.CHARACTER, words)))

    async def _picture(self, inbound: Inbound) -> None:
        self._count += 1
        name = f"picture-{self._count}"
        started = Started(views.line(f"said-{self._count}", Role.PERSON, "/selfie at a jazz bar"), name)
        await self._surface.deliver(inbound.origin, started)
        empty = views.line(name, Role.CHARACTER, "")
        view = views.progress(done=0.0)
        view = type(view)(
            **{**{f: getattr(view, f) for f in view.__slots__}, "message_id": name, "job_id": name}
        )
        shown = type(empty)(
            empty.id, empty.role, "Give me a second, I know the place.", empty.created_at, progress=view
        )
        ref = await self._surface.deliver(inbound.origin, Replied(shown))
        for step in range(1, 21):
            await asyncio.sleep(self._pace * 3)
            now = type(view)(
                name, JobStatus.RUNNING, step / 20, view.stage, 0, 3 - step * 0.15, name, "", view.request
            )
            await self._surface.edit(inbound.origin, ref, now)
        done = type(empty)(name, empty.role, shown.text, empty.created_at, picture=views.picture(0))
        await self._surface.edit(inbound.origin, ref, Replied(done))


class PaintedPictures:
    """Placeholder faces, painted once each."""

    def __init__(self, folder: Path, size: int = 64) -> None:
        self._folder, self._size = folder, size

    async def file(self, media_id: str, person_id: str) -> tuple[str, str]:
        if not media_id.startswith("face-"):
            raise NotFoundError
        return str(self._paint(int(media_id.removeprefix("face-")))), "image/png"

    async def preview(self, job_id: str, person_id: str) -> str:
        if not job_id.startswith("job-"):
            raise NotFoundError
        return str(self._paint(2)) if job_id == "job-1" else ""

    async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
        if not draft_id.startswith("draft-"):
            raise NotFoundError
        return str(self._paint(1)), "image/png"

    def _paint(self, index: int) -> Path:
        path = self._folder / f"{index:064x}.png"
        if not path.exists():
            paint_face(index, self._size).save(path)
        return path


def paint_face(index: int, size: int) -> Image.Image:
    grounds = ("#d9b08c", "#7a9e9f", "#b8c4a9", "#35405c", "#88b7c4", "#6f5572", "#c8a951", "#e0a79b")
    skins = ("#8d5a3c", "#d8a683", "#f0cdb1", "#e3b58f", "#5d3a28", "#efd3bf", "#c68e63", "#f2c9a8")
    hairs = ("#2a1a16", "#c9c4bd", "#cf9f55", "#15131a", "#201614", "#6b3b25", "#3b2219", "#b4552d")
    clothes = ("#a34a2a", "#394b46", "#2f5d7c", "#1d1d26", "#e6dcc8", "#22222c", "#7c3d4f", "#f4f1ea")
    pick = index % len(grounds)
    image = Image.new("RGB", (size, size), grounds[pick])
    draw = ImageDraw.Draw(image)
    at = lambda x, y: (x * size, y * size)  # noqa: E731
    glow = Image.new("RGB", (size, size), "#fff3e0")
    mask = Image.new("L", (size, size), 0)
    ImageDraw.Draw(mask).ellipse([*at(0.45, -0.25), *at(1.25, 0.55)], fill=110)
    image.paste(glow, mask=mask.filter(ImageFilter.GaussianBlur(size / 8)))
    draw.ellipse([*at(0.24, 0.14), *at(0.76, 0.8)], fill=hairs[pick])
    draw.rounded_rectangle([*at(0.14, 0.76), *at(0.86, 1.3)], radius=size * 0.22, fill=clothes[pick])
    draw.rounded_rectangle([*at(0.42, 0.62), *at(0.58, 0.84)], radius=size * 0.06, fill=skins[pick])
    draw.ellipse([*at(0.3, 0.2), *at(0.7, 0.72)], fill=skins[pick])
    draw.chord([*at(0.27, 0.12), *at(0.73, 0.52)], 180, 360, fill=hairs[pick])
    for x in (0.41, 0.59):
        draw.ellipse([*at(x - 0.025, 0.45), *at(x + 0.025, 0.5)], fill="#241a1a")
    draw.arc([*at(0.42, 0.52), *at(0.58, 0.63)], 20, 160, fill="#8a3b33", width=math.ceil(size / 90))
    return image
