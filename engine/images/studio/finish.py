"""The last steps of a picture: its size, what is to be said of it, and how it came to be."""

from __future__ import annotations

import io
from functools import partial

from PIL import Image

from engine.config import ImagesConfig
from engine.images.pipelines.port import Rendered
from engine.images.routing.table import Work
from engine.images.studio import words
from engine.images.studio.plan import Order
from engine.images.studio.ports import Enlarger, Ports
from engine.images.studio.takes import Take, tried
from engine.images.studio.told import Told
from engine.types import Making, PicturePurpose, Verdict

# Of zlib: half a picture's encoding time (0.23 s instead of 0.50 s for 1024²) for a seventh more bytes.
_COMPRESSION = 1
# Where the enlarging ends within this stretch of the progress.
_ENLARGED = 0.9


def finished(
    asked: Order, take: Take, takes: int, ports: Ports, config: ImagesConfig, told: Told
) -> Rendered:
    """The picture as it is sent, with how it came to be. Raises CancelledError."""
    job = asked.job
    image, enlarged = sized(
        take.image, (job.width, job.height), ports.enlarger if config.upscale else None, told
    )
    making = _making(asked, take, takes, enlarged, _note(asked, take, ports))
    told(1.0, words.DONE)
    made_by = take.route.family
    return Rendered(
        png=_png(image),
        width=image.width,
        height=image.height,
        caption=words.caption(job),
        pipeline="" if made_by == job.pipeline else made_by,
        making=making,
    )


def sized(
    image: Image.Image, size: tuple[int, int], enlarger: Enlarger | None, told: Told
) -> tuple[Image.Image, float]:
    """The picture in the size that was asked for, and how much it was enlarged for that.

    Without an upscaler a smaller picture stays as it is: blurred pixels are no more picture.
    """
    image = _cropped(image, size)
    if image.width >= size[0] and image.height >= size[1]:
        return (image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)), 1.0
    if enlarger is None:
        return image, 1.0
    told(0.0, words.ENLARGING)
    larger = tried("its enlarging", partial(enlarger.enlarge, image, size, told.part(0.0, _ENLARGED)))
    return (larger, round(size[0] / image.width, 3)) if larger else (image, 1.0)


def _cropped(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture in the shape that was asked for: models render whole multiples of pixels."""
    wide = image.width * size[1] - image.height * size[0]
    width = image.width if wide <= 0 else max(round(image.height * size[0] / size[1]), 1)
    height = image.height if wide >= 0 else max(round(image.width * size[1] / size[0]), 1)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _note(asked: Order, take: Take, ports: Ports) -> str:
    """What is honestly to be said. A new face is compared with everybody else's."""
    persona = asked.job.persona
    if asked.work is Work.INTRODUCTION:
        if not _new_canon(asked):
            return words.described(persona) if asked.job.purpose is PicturePurpose.SELFIE else ""
        collide = partial(ports.collide, persona.style, take.image, asked.materials.cast)
        return tried("a look at the others", collide) or ""
    found = take.judgement
    reason, copied = (found.reason, bool(found.copied)) if found else ("", False)
    return words.note(persona, take.verdict, reason, copied=copied, judged=take.judged)


def _new_canon(asked: Order) -> bool:
    """Whether the picture itself is to be what others are compared with."""
    return asked.job.purpose in (PicturePurpose.TAKE, PicturePurpose.CANON)


def _making(asked: Order, take: Take, takes: int, enlarged: float, note: str) -> Making:
    sheet, route, found = take.canvas, take.route, take.judgement
    nothing = asked.work is Work.SCENERY or (asked.work is Work.INTRODUCTION and _new_canon(asked))
    return Making(
        family=route.family,
        precision=route.precision.value if route.facts.vram else "",
        sampler=sheet.sampler,
        steps=sheet.steps,
        guidance=sheet.guidance,
        references=tuple(each.sha256 for each in sheet.references),
        verdict=found.verdict if found else None if nothing else Verdict.UNKNOWN,
        measure=found.measure if found else "",
        similarity=found.similarity if found else None,
        takes=takes,
        repairs=take.repairs,
        enlarged=enlarged,
        note=note,
    )


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG", compress_level=_COMPRESSION)
    return out.getvalue()
