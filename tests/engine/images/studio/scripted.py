"""Scripted ports of the studio: real pictures, judged by a number that is painted into them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from characters.character import Appearance, Hair, Outfit, Persona, StyleRegister
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.images.device.hardware import Card
from engine.images.identity.port import Box, Judge, Judgement
from engine.images.pipelines.facts import Facts
from engine.images.pipelines.port import (
    NOTHING,
    Canvas,
    Materials,
    Patch,
    Precision,
    Progress,
    Reference,
    Rendered,
    Watch,
    Workshop,
)
from engine.images.routing.route import Ground
from engine.images.studio.ports import Paint, Ports, Repaired
from engine.images.studio.studio import Studio
from engine.types import PictureJob, PicturePurpose, ReferenceRole, Shot, Verdict

LOCAL = ("klein", "qwen_edit", "sdxl", "z_image")
FACE = Box(40, 20, 90, 80)
SIZE = 128
# A picture's red says how like the character its face is.
SAME, NEAR, OTHER, UNKNOWN, FACELESS, COPY = 250, 150, 50, 20, 10, 240
STEPS = 4


def picture(red: int, size: tuple[int, int] = (SIZE, SIZE)) -> Image.Image:
    """A picture whose face is as like the character as its red says."""
    return Image.new("RGB", size, (red, 0, 0))


def red_of(image: Image.Image) -> int:
    """What a picture says of its face."""
    value = image.getpixel((FACE.left + 10, FACE.top + 10))
    assert isinstance(value, tuple)
    return int(value[0])


@dataclass
class Painter:
    """Renders what the script says: one entry for each take; an error is raised, a number is painted."""

    script: list[int | Exception] = field(default_factory=lambda: [SAME])
    patched: int | Exception = SAME  # what a repair's parts become
    size: tuple[int, int] | None = None  # smaller than asked, as when memory ran out
    asked: list[tuple[str, Precision, Canvas]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def render(
        self, family: str, precision: Precision, canvases: Sequence[Canvas], watch: Watch
    ) -> list[Image.Image]:
        self.batches.append(len(canvases))
        self.asked += [(family, precision, canvas) for canvas in canvases]
        for step in range(STEPS):
            watch.step(step + 1, STEPS)
            watch.preview(picture(step))
        return [self._one(canvas) for canvas in canvases]

    def _one(self, canvas: Canvas) -> Image.Image:
        entry = (
            self.patched if canvas.patch else self.script.pop(0) if len(self.script) > 1 else self.script[0]
        )
        if isinstance(entry, Exception):
            raise entry
        return picture(entry, self.size or (canvas.width, canvas.height))

    @property
    def canvases(self) -> list[Canvas]:
        """All that were asked for."""
        return [canvas for _, _, canvas in self.asked]

    @property
    def families(self) -> list[str]:
        """By whom."""
        return [family for family, _, _ in self.asked]


@dataclass
class Scripted:
    """A judge who reads the red; what it was asked."""

    measure: str = "face"
    seen: list[tuple[int, Materials, bool]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def judge(self, image: Image.Image, materials: Materials, *, same_pose: bool) -> Judgement:
        red = red_of(image)
        self.seen.append((red, materials, same_pose))
        if self.fails:
            raise self.fails.pop(0)
        if not self.measure:
            return Judgement(Verdict.UNKNOWN, reason="Nobody is here to judge.")
        if red == FACELESS:
            return Judgement(Verdict.UNKNOWN, self.measure, reason="No face can be seen in it.")
        if red == UNKNOWN:
            return Judgement(
                Verdict.UNKNOWN,
                self.measure,
                0.3,
                0.3,
                FACE,
                reason="The face is too small to be recognised.",
            )
        verdict = Verdict.SAME if red >= 200 else Verdict.NEAR if red >= 100 else Verdict.OTHER
        copied = "e" * 64 if red == COPY and not same_pose else ""
        return Judgement(verdict, self.measure, red / 255, red / 255, FACE, copied)

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Mender:
    """Paints the face's box anew with the studio's renderer, as the real one does."""

    got: list[Image.Image] = field(default_factory=list)
    near: list[Canvas] = field(default_factory=list)
    swaps: bool = False
    fails: Exception | None = None

    def repair(
        self, image: Image.Image, face: Box, canvas: Canvas, render: Paint, facts: Facts, progress: Progress
    ) -> Repaired:
        self.got.append(image)
        self.near.append(canvas)
        if self.fails:
            raise self.fails
        if not facts.patch:
            return Repaired(image)
        progress(0.0, "repairing the face")
        box = (face.left, face.top, face.right, face.bottom)
        part = image.crop(box).resize((64, 64))
        stranger = Reference(ReferenceRole.HEADSHOT, "stranger", "f" * 64, Path("stranger.png"))
        patch = Patch(part, Image.new("L", (64, 64), 255), 0.5)
        # Whatever references a repairer asks for, it gets the canon's.
        (painted,) = render(
            [
                Canvas(
                    canvas.prompt,
                    canvas.seed,
                    64,
                    64,
                    canvas.steps,
                    canvas.guidance,
                    references=(stranger,),
                    patch=patch,
                )
            ]
        )
        mended = image.copy()
        mended.paste(painted.resize((face.width, face.height)), (face.left, face.top))
        return Repaired(mended, ("face",))

    def swap(self, image: Image.Image, face: Box, canon: Image.Image, progress: Progress) -> Repaired:
        if not self.swaps:
            return Repaired(image)
        swapped = image.copy()
        swapped.paste(canon.resize((face.width, face.height)), (face.left, face.top))
        return Repaired(swapped, ("swapped",))


@dataclass
class Larger:
    """Enlarges, or has no model."""

    error: Exception | None = None
    asked: list[tuple[int, int]] = field(default_factory=list)

    def enlarge(self, image: Image.Image, to: tuple[int, int], progress: Progress) -> Image.Image:
        self.asked.append(to)
        if self.error:
            raise self.error
        return image.resize(to)


class Drawer:
    """An illustrator."""

    name = "illustrator"

    def __init__(self) -> None:
        self.jobs: list[PictureJob] = []

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        self.jobs.append(job)
        progress(0.5, "drawing")
        return Rendered(b"drawn", job.width, job.height, "Drawn.")


class Listener:
    """A progress that remembers, shows previews, and may stop."""

    def __init__(self, stop_at: Callable[[str], Exception | None] = lambda _words: None) -> None:
        self.heard: list[tuple[float, str]] = []
        self.previews: list[Image.Image] = []
        self._stop_at = stop_at

    def __call__(self, share: float, words: str) -> None:
        self.heard.append((share, words))
        if error := self._stop_at(words):
            raise error

    def preview(self, image: Image.Image) -> None:
        self.previews.append(image)


@dataclass
class Bench:
    """A studio with scripted ports."""

    data: Path
    settings: dict[str, Any] = field(default_factory=dict)
    here: Sequence[str] = LOCAL
    device: str = "cuda:0"
    gigabytes: int = 24
    name: str = "auto"
    painter: Painter = field(default_factory=Painter)
    judge: Scripted = field(default_factory=Scripted)
    mender: Mender = field(default_factory=Mender)
    larger: Larger = field(default_factory=Larger)
    drawer: Drawer = field(default_factory=Drawer)
    collision: str = ""
    listener: Listener = field(default_factory=Listener)

    @property
    def studio(self) -> Studio:
        """The studio."""
        workshop = Workshop(
            self.data, ImagesConfig(**self.settings), ComfyConfig(), ImageServerConfig(), self.device
        )
        total = self.gigabytes * 1016
        card = Card("A card", total, total, self.device) if self.device != "cpu" else None

        def judge(_style: StyleRegister) -> Judge:
            return self.judge

        def collide(_style: StyleRegister, _image: Image.Image, _cast: Sequence[Reference]) -> str:
            return self.collision

        ports = Ports(
            renderers=self.painter,
            judge=judge,
            repairer=self.mender,
            enlarger=self.larger,
            collide=collide,
            illustrator=self.drawer,
            ground=lambda: Ground(workshop, card, lambda facts: facts.name in self.here),
        )
        return Studio(self.name, workshop, ports)

    def render(self, job: PictureJob | None = None, materials: Materials | None = None) -> Rendered:
        """One picture."""
        return self.studio.render(
            job or picture_job(), self.listener, canon(self.data) if materials is None else materials
        )


MAYA = Persona(
    "Maya",
    pronouns="she/her",
    style=StyleRegister.PHOTOREAL,
    appearance=Appearance(
        age=31,
        presentation="woman",
        face_shape="heart-shaped",
        features="crooked nose",
        hair=Hair("copper", "shoulder-length", "waves"),
        eyes="hazel",
        skin_tone="light olive",
        build="tall",
        outfit=Outfit("everyday", "blue coat"),
        distinctive="scar through the brow",
    ),
)


def picture_job(**changes: Any) -> PictureJob:
    """A selfie at a jazz bar."""
    given: dict[str, Any] = {
        "purpose": PicturePurpose.SELFIE,
        "persona": MAYA,
        "shot": Shot(place="jazz bar"),
        "seed": 7,
        "width": SIZE,
        "height": SIZE,
        "pipeline": "auto",
        "character_id": "maya",
    }
    return PictureJob(**{**given, **changes})


def reference(folder: Path, role: ReferenceRole, name: str, red: int = SAME) -> Reference:
    """A reference with a real file."""
    path = folder / f"{role}-{name}.png"
    if not path.exists():
        picture(red).save(path)
    return Reference(role, name, hashlib.sha256(path.read_bytes() + name.encode()).hexdigest(), path)


def canon(folder: Path) -> Materials:
    """Maya's references, and another character's canon."""
    own = (
        reference(folder, ReferenceRole.HEADSHOT, "headshot"),
        reference(folder, ReferenceRole.LOCATION, "jazz bar"),
    )
    cast = (reference(folder, ReferenceRole.HEADSHOT, "other", OTHER),)
    return Materials(own, cast, "maya")
