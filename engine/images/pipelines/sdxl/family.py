"""Loads SDXL: the model itself, and what it sees references with. Nothing is ever fetched."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from engine.errors import WeightsError
from engine.images.pipelines.diffusion.loading import load_pipeline
from engine.images.pipelines.diffusion.precision import cast, check_precision, number
from engine.images.pipelines.facts import Facts, facts_of
from engine.images.pipelines.port import Precision, Workshop
from engine.images.pipelines.sdxl.beside import FACEID, find, wants_faceid
from engine.images.pipelines.sdxl.ip_adapter import IpAdapter, Lens
from engine.images.pipelines.sdxl.renderer import SdxlRenderer

if TYPE_CHECKING:
    from engine.images.identity.eye import Eye

log = logging.getLogger(__name__)

# Eyes for faces, from SDXL's folder and the workshop; None where their files are not here. They may raise WeightsError.
OpenEye = Callable[[Path, Workshop], "Eye | None"]


def open_eye(folder: Path, workshop: Workshop) -> Eye | None:
    """The recogniser that FaceID was trained with; YuNet finds the faces for it."""
    from engine.images.identity.models import find as find_verifier

    recogniser, detector = find("arcface", folder, workshop), find_verifier("yunet", workshop)
    if not recogniser or not detector:
        return None
    from engine.images.identity.faces import Found

    return Found(recogniser[0], detector[0], workshop.device)


class Sdxl:
    """SDXL. Without IP-Adapter's files it is loaded as well, and refuses only pictures with references."""

    name: ClassVar[str] = "sdxl"

    def __init__(self, eyes: OpenEye = open_eye) -> None:
        self._open_eye = eyes

    @property
    def facts(self) -> Facts:
        """What it can do, what it needs, whose it is."""
        return facts_of(self.name)

    def load(self, folder: Path, workshop: Workshop, precision: Precision) -> SdxlRenderer:
        """Load from a diffusers folder on disk. Raises WeightsError with what to do."""
        check_precision(self.facts, precision, workshop.device)
        lens = self._lens(folder, workshop)
        # An adapter is put on weights as they compute; only then may they be stored in fewer bits.
        whole = Precision.BF16 if precision is Precision.FP8 else precision
        pipe = load_pipeline(folder, self.facts, workshop, whole)
        adapter = IpAdapter(pipe, lens, number(whole)) if lens else None
        cast(pipe, precision)
        return SdxlRenderer(pipe, self.facts, folder, workshop, precision, adapter)

    def _lens(self, folder: Path, workshop: Workshop) -> Lens | None:
        faceid = wants_faceid(workshop)
        files = find("ip_adapter", folder, workshop)
        if files is None:
            log.warning("SDXL is loaded without IP-Adapter: its files are not here.")
            return None
        adapter, config, _ = files
        if not faceid:
            return Lens(adapter, config.parent)
        weights = find(FACEID, folder, workshop)
        if weights is None:
            log.warning("FaceID is accepted, but not here; SDXL is loaded without it.")
            return Lens(adapter, config.parent)
        eye = self._open_eye(folder, workshop)
        if eye is None:
            raise WeightsError(
                "FaceID is here, but not what it recognises faces with. "
                "Fetch it: selfsame models pull arcface, selfsame models pull yunet"
            )
        return Lens(adapter, config.parent, weights[0], eye)
