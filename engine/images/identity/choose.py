"""Which judge there is for a style of drawing: by the models that are here. The worker's process keeps `Judges`.

Nothing heavy is imported before a model was found. A missing model is no error: nobody judges then, and says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from characters.character import StyleRegister
from engine.errors import WeightsError
from engine.images.extra import INSTALL_IMAGES
from engine.images.identity.gates import eyes_of
from engine.images.identity.models import find, folder_of, verifiers
from engine.images.identity.nobody import Nobody
from engine.images.identity.port import Judge
from engine.images.pipelines.port import Workshop

if TYPE_CHECKING:
    from engine.images.identity.eye import Eye
    from engine.images.identity.gallery import Gallery
    from engine.images.identity.light import Spotter

log = logging.getLogger(__name__)


def open_judge(style: StyleRegister, workshop: Workshop) -> Judge:
    """The judge for a style; one who says why there is none, where no model is here. Blocks for seconds."""
    return _judge(lambda: open_gallery(style, workshop), workshop)


def open_gallery(
    style: StyleRegister, workshop: Workshop, opened: Mapping[str, Gallery] | None = None
) -> Gallery:
    """Reference pictures as the best eye sees them that is here for a style. Raises WeightsError, with what to do.

    `opened`: galleries that are open already, by the kind of their eye.
    """
    wrong: WeightsError | None = None
    for kind in eyes_of(style):
        if opened and kind in opened:
            return opened[kind]
        try:
            eye = open_eye(kind, workshop)
        except ImportError as error:
            wrong = WeightsError(f"{error.name} is not installed. {INSTALL_IMAGES}")
        except WeightsError as error:
            log.warning("%s", error.sentence)
            wrong = error
        else:
            if eye is not None:
                from engine.images.identity.gallery import Gallery

                return Gallery(eye, workshop.data)
    raise wrong or WeightsError(_nothing_here(style))


def open_eye(kind: str, workshop: Workshop) -> Eye | None:
    """An eye; None if its models are not here. Blocks for seconds. Raises WeightsError, ImportError."""
    if kind == "arcface":
        return _open_arcface(workshop)
    paths = _paths(kind, workshop)
    if paths is None:
        return None
    if kind == "sface":
        from engine.images.identity.light import Light

        detector, recogniser = paths
        return Light(detector, recogniser)
    if kind == "ccip":
        from engine.images.identity.anime import Anime

        features, metrics = paths
        return Anime(features, metrics, workshop.device)
    from engine.images.identity.likeness import Likeness

    return Likeness(paths[0], workshop.device)


class Judges:
    """The judges of one process, each opened when it is first asked for, and kept. Not for two threads at a time."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._galleries: dict[str, Gallery] = {}
        self._judges: dict[StyleRegister, Judge] = {}

    def get(self, style: StyleRegister) -> Judge:
        """The judge for a style. One who is nobody is looked for again: models may have been fetched since."""
        judge = self._judges.get(style)
        if judge is None or isinstance(judge, Nobody):
            judge = self._judges[style] = self._open(style)
        return judge

    def gallery(self, style: StyleRegister) -> Gallery:
        """What the style's judge sees with, to compare pictures without judging them. Raises WeightsError."""
        gallery = open_gallery(style, self._workshop, self._galleries)
        self._galleries[gallery.eye.kind] = gallery
        return gallery

    def close(self) -> None:
        """Give all memory back."""
        for gallery in self._galleries.values():
            gallery.close()
        self._galleries.clear()
        self._judges.clear()

    def _open(self, style: StyleRegister) -> Judge:
        return _judge(lambda: self.gallery(style), self._workshop)


def _judge(gallery: Callable[[], Gallery], workshop: Workshop) -> Judge:
    try:
        seen = gallery()
    except WeightsError as error:
        return Nobody(error.sentence)
    from engine.images.identity.verify import Verifier

    return Verifier(seen, None if seen.eye.measure == "face" else _open_spotter(workshop))


def _open_spotter(workshop: Workshop) -> Spotter | None:
    """What finds faces in pictures that are judged as a whole; without it they cannot be repaired."""
    detector = find("yunet", workshop)
    if detector is None:
        return None
    try:
        from engine.images.identity.light import Spotter

        return Spotter(*detector)
    except (ImportError, WeightsError) as error:
        log.warning("Faces of drawn pictures cannot be found: %s", error)
        return None


def _paths(kind: str, workshop: Workshop) -> tuple[Path, ...] | None:
    """The files of all models of an eye; None unless all are here."""
    found = [find(entry.name, workshop) for entry in verifiers().values() if kind in entry.sees]
    if any(paths is None for paths in found):
        return None
    return tuple(path for paths in found if paths for path in paths)


def _open_arcface(workshop: Workshop) -> Eye | None:
    """A pack with a detector whose terms are accepted; AuraFace's own file with YuNet's eyes; a folder of the settings in any case."""
    recogniser, detector = find("auraface", workshop), find("yunet", workshop)
    named = "auraface" in workshop.config.folders
    accepted = "scrfd" in workshop.config.accept
    if (recogniser and accepted and find("scrfd", workshop)) or (named and not recogniser):
        from engine.images.identity.faces import Pack

        return Pack(folder_of("auraface", workshop), workshop.device)
    if recogniser and detector:
        from engine.images.identity.faces import Found

        return Found(recogniser[0], detector[0], workshop.device)
    return None


def _nothing_here(style: StyleRegister) -> str:
    kinds = eyes_of(style)
    missing = [entry for entry in verifiers().values() if kinds[0] in entry.sees]
    names = " and ".join(entry.title for entry in missing)
    fetch = ", ".join(f"selfsame models pull {entry.name}" for entry in missing)
    return f"Nobody here can verify pictures in the style {style.value}: that takes {names}. Fetch: {fetch}"
