"""One picture: figure + scene + light + style → SVG → PNG. The worker calls `Illustrator.render`; previews call `compose`."""

from __future__ import annotations

from characters.character import Persona
from engine.errors import RenderError
from engine.images.pipelines.port import Progress, Rendered
from engine.types import Framing, PictureJob, Shot

from .figure import Figure, draw_figure
from .light import BOARD, Scene
from .looks import Looks
from .paint import lit, palette, stylesheet
from .pose import strike
from .studio import studio
from .wardrobe import read_clothes
from .words import read_looks

# Figure → board: how large the figure is drawn. A head is 272 units high.
_SCALES = {Framing.CLOSE_UP: 1.66, Framing.MEDIUM: 1.12, Framing.WIDE: 0.472}
# Where the middle of the face (y=268) lies on the board.
_FACES = {Framing.CLOSE_UP: 470.0, Framing.MEDIUM: 372.0}


def compose(job: PictureJob) -> str:
    """The picture as SVG text; the same job gives the same text."""
    looks = read_looks(job.persona.appearance)
    shot = job.shot
    outfit = shot.outfit or job.persona.appearance.outfit
    clothes = read_clothes(outfit.description or outfit.name, looks.face_seed)
    scene = _scene(job, looks)
    colours = lit(palette(looks, clothes.colours()), scene.light)
    style, gradients = stylesheet(colours, scene.light, looks, 0.75)
    figure = Figure(looks, clothes, shot.expression, strike(looks, shot, job.seed), shot.framing is Framing.WIDE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BOARD} {BOARD}" width="{job.width}" height="{job.height}" '
        f'preserveAspectRatio="xMidYMid slice">{style}<defs>{gradients}{scene.defs}</defs>'
        f"{scene.back}<g transform=\"{_place(shot, scene, looks)}\">{draw_figure(figure)}</g>{scene.front}</svg>"
    )


def _place(shot: Shot, scene: Scene, looks: Looks) -> str:
    scale = _SCALES[shot.framing] * (looks.body.height if shot.framing is Framing.WIDE else 1.0)
    x = BOARD / 2 - 500 * scale
    y = scene.ground - 1904 * scale if shot.framing is Framing.WIDE else _FACES[shot.framing] - 268 * scale
    return f"translate({x:.1f} {y:.1f}) scale({scale:.3f})"


def _scene(job: PictureJob, looks: Looks) -> Scene:
    if not job.shot.place:
        return studio(looks, job.persona.appearance, job.seed)
    from .scene import stage

    return stage(job.shot, seed=job.seed, style=job.persona.style)


class Illustrator:
    """The pipeline that needs no weights."""

    name = "illustrator"

    def render(self, job: PictureJob, progress: Progress) -> Rendered:
        """Draw the job. Raises RenderError, or what `progress` raises."""
        import resvg_py

        progress(0.1, "sketching the face")
        svg = compose(job)
        progress(0.5, "inking")
        try:
            png = resvg_py.svg_to_bytes(svg_string=svg, width=job.width, height=job.height, skip_system_fonts=True)
        except ValueError as error:
            raise RenderError from error
        progress(1.0, "done")
        return Rendered(png, job.width, job.height, caption(job))


def caption(job: PictureJob) -> str:
    """The picture in words."""
    persona: Persona = job.persona
    return f"{persona.name}, {persona.appearance.presentation}"
