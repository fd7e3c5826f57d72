"""One picture: figure + scene + light + style → SVG → PNG. The worker calls `Illustrator.render`; previews call `compose`."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace

from characters.character import StyleRegister
from engine.errors import RenderError
from engine.images.pipelines.port import NOTHING, Materials, Progress, Rendered
from engine.types import Framing, PictureJob, Shot

from .caption import caption
from .figure import Figure, draw_figure, draw_silhouette
from .light import BOARD, Light, Scene
from .looks import Looks
from .paint import lit, palette, stylesheet
from .pose import strike
from .register import RENDERINGS, Rendering, texture
from .scene import stage
from .studio import studio
from .wardrobe import Clothes, read_clothes
from .words import read_looks

# Figure → board: how large the figure is drawn. A head is 272 units high.
_SCALES = {Framing.CLOSE_UP: 1.78, Framing.MEDIUM: 1.12, Framing.WIDE: 0.472}
# Where the middle of the face (y=268 of the figure) lies on the board.
_FACES = {Framing.CLOSE_UP: 462.0, Framing.MEDIUM: 372.0}
# Shallow depth: the place is rendered at this many pixels and enlarged, which softens it and saves time.
_DEPTH = {Framing.CLOSE_UP: 230, Framing.MEDIUM: 410}
# How near the place is: 1 is the whole board.
_ZOOM = {Framing.CLOSE_UP: 1.4, Framing.MEDIUM: 1.1, Framing.WIDE: 1.0}
_SVG = '<svg xmlns="http://www.w3.org/2000/svg"'


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a job's words came to."""

    looks: Looks
    clothes: Clothes
    rendering: Rendering
    figure: Figure


def compose(job: PictureJob) -> str:
    """The picture as SVG text; the same job gives the same text."""
    return _assemble(job, _plan(job), _scene(job))


def _plan(job: PictureJob) -> _Plan:
    """The words of the job as parts."""
    shot = job.shot
    outfit = shot.outfit or job.persona.appearance.outfit
    # A hat or sunglasses belong to the clothes of this picture; the face does not depend on them.
    looks = read_looks(replace(job.persona.appearance, outfit=outfit))
    clothes = read_clothes(outfit.description or outfit.name, looks.face_seed)
    rendering = RENDERINGS[job.persona.style]
    pose = strike(looks, shot, job.seed)
    figure = Figure(looks, clothes, shot.expression, pose, shot.framing is Framing.WIDE, rendering.large_eyes)
    return _Plan(looks, clothes, rendering, figure)


def _scene(job: PictureJob) -> Scene:
    """The place; a studio wall where none is named."""
    if not job.shot.place.strip():
        return studio(job.persona.appearance)
    return stage(job.shot, seed=job.seed, style=job.persona.style)


def _assemble(job: PictureJob, plan: _Plan, scene: Scene) -> str:
    """Scene, figure and texture as one SVG."""
    framing = job.shot.framing
    colours = lit(palette(plan.looks, plan.clothes.colours()), scene.light, plan.rendering)
    style, gradients = stylesheet(colours, scene.light, plan.looks, plan.rendering)
    pattern, strokes, grain = texture(plan.rendering)
    place = _place(job.shot, scene, plan.looks)
    figure = f'<g transform="{place}">{_rim(plan.figure, scene.light)}{draw_figure(plan.figure)}</g>'
    front = f'<g transform="{_zoomed(framing)}">{scene.front}</g>' if scene.front else ""
    # In a close-up nothing stands between the camera and the face.
    layers = front + figure if framing is Framing.CLOSE_UP else figure + front
    return (
        f'{_SVG} viewBox="0 0 {BOARD} {BOARD}" width="{job.width}" height="{job.height}" preserveAspectRatio="xMidYMid slice">'
        f"{style}<defs>{gradients}{scene.defs}{pattern}</defs>"
        f"{_backdrop(scene, framing, job)}{strokes}{_ground_shadow(framing, scene)}{layers}{grain}</svg>"
    )


def _place(shot: Shot, scene: Scene, looks: Looks) -> str:
    """Where the figure stands and how large it is."""
    scale = _SCALES[shot.framing] * (looks.body.height if shot.framing is Framing.WIDE else 1.0)
    x = BOARD / 2 - 500 * scale
    y = scene.ground - 1904 * scale if shot.framing is Framing.WIDE else _FACES[shot.framing] - 268 * scale
    return f"translate({x:.1f} {y:.1f}) scale({scale:.3f})"


def _zoomed(framing: Framing) -> str:
    """The place comes nearer with the camera, around a point a little above its middle."""
    zoom = _ZOOM[framing]
    return f"translate({512 * (1 - zoom):.1f} {560 * (1 - zoom):.1f}) scale({zoom})"


def _backdrop(scene: Scene, framing: Framing, job: PictureJob) -> str:
    """The place behind the figure: sharp in wide shots, out of focus in near ones."""
    if framing not in _DEPTH or not job.shot.place.strip():
        return scene.back
    pixels = _DEPTH[framing]
    svg = (
        f'{_SVG} viewBox="0 0 {BOARD} {BOARD}" width="{pixels}" height="{pixels}"><defs>{scene.defs}</defs>'
        f'<g transform="{_zoomed(framing)}">{scene.back}</g></svg>'
    )
    data = b64encode(ink(svg, pixels, pixels)).decode("ascii")
    size = f'width="{BOARD}" height="{BOARD}" preserveAspectRatio="none"'
    # "smooth" is bilinear: as soft as wanted here, and half the time of the default.
    return f'<image {size} style="image-rendering:smooth" href="data:image/png;base64,{data}"/>'


def _ground_shadow(framing: Framing, scene: Scene) -> str:
    if framing is not Framing.WIDE:
        return ""
    return f'<ellipse cx="512" cy="{scene.ground:.0f}" rx="150" ry="20" fill="url(#g-contact)"/>'


def _rim(figure: Figure, light: Light) -> str:
    """An edge of light from behind: the silhouette, shifted to the side away from the key."""
    if not light.rim or light.rim_strength <= 0:
        return ""
    shift = -5 if light.key_from == "right" else 5
    # In the paint, not as a layer over the whole picture, which would take a tenth of the time.
    rules = f".rim path,.rim ellipse,.rim circle{{fill:{light.rim};fill-opacity:{min(1.0, light.rim_strength):.2f};stroke:none}}"
    return (
        f'<style>{rules}</style><g class="rim" '
        f'transform="translate({shift} -3)">{draw_silhouette(figure)}</g>'
    )


def ink(svg: str, width: int, height: int) -> bytes:
    """SVG → PNG. No fonts, no files, no addresses are ever loaded. Raises RenderError."""
    import resvg_py  # heavy, and only the worker needs it

    try:
        return bytes(
            resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, skip_system_fonts=True)
        )
    except ValueError as error:
        raise RenderError from error


class Illustrator:
    """The pipeline that needs no weights."""

    name = "illustrator"

    def render(self, job: PictureJob, progress: Progress, materials: Materials = NOTHING) -> Rendered:
        """Draw the job. Raises RenderError, or what `progress` raises."""
        progress(0.05, "sketching the face")
        plan = _plan(job)
        progress(0.15, "dressing for the scene")
        scene = _scene(job)
        progress(0.3, f"lighting the {scene.name}")
        svg = _assemble(job, plan, scene)
        progress(0.5, _INKING[job.persona.style])
        png = ink(svg, job.width, job.height)
        progress(0.98, "letting it dry")
        return Rendered(png, job.width, job.height, caption(job, plan.looks, scene))


_INKING = {
    StyleRegister.PHOTOREAL: "developing", StyleRegister.ANIME: "inking the lines", StyleRegister.PAINTERLY: "painting",
    StyleRegister.THREE_D: "rendering", StyleRegister.HYBRID: "inking and painting",
}  # fmt: skip
