"""Calibrates the gates for one character: `selfsame character calibrate NAME`.

    own = each of the character's references against the others of them     leave one out
    others = every other character's canon against the character's references
    fit(own, others)                                                        kept in identity/ of the data directory

With too few pictures nothing is changed, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.images.identity.eye import Eye, Floats
from engine.images.identity.fit import FEWEST_OTHERS, FEWEST_OWN, Fit, fit
from engine.images.identity.gallery import Gallery, stack
from engine.images.identity.gates import Calibrated, Calibrations, Gates, gates_of
from engine.images.pipelines.port import Materials


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it. `gates`: those that hold now; `own` and `others`: the scores, as the gates count them."""

    sentence: str
    gates: Gates
    own: tuple[float, ...]
    others: tuple[float, ...]
    fitted: Fit | None  # None: too few pictures, and nothing was changed


def calibrate(gallery: Gallery, materials: Materials, name: str) -> Report:
    """Calibrate, and keep the gates. `name`: of the character, for the sentence. Blocks.

    Raises RenderError where a picture cannot be looked at, InputError where the gates cannot be kept.
    """
    eye = gallery.eye
    usual = gates_of(eye.kind)
    shown = gallery.own(materials)
    own = stack([one.vector for one in shown])
    cast = stack([one.vector for one in gallery.cast(materials)])
    genuine, impostors = _scores(eye, usual, own, cast)
    if too_few := _too_few(name, len(own), len(cast), usual):
        return Report(too_few, usual, genuine, impostors, None)
    fitted = fit(genuine, impostors, usual)
    Calibrations(gallery.data).write(
        materials.character_id,
        eye.kind,
        Calibrated(
            model=eye.model,
            canon=shown[0].reference.sha256,
            accept=fitted.accept,
            repair=fitted.repair,
            genuine=len(genuine),
            impostors=len(impostors),
        ),
    )
    gates = usual.model_copy(update={"accept": fitted.accept, "repair": fitted.repair})
    return Report(_told(name, fitted, usual, genuine, impostors), gates, genuine, impostors, fitted)


def _scores(eye: Eye, gates: Gates, own: Floats, cast: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """What the verifier would have measured of each own picture, and of each of the cast's."""
    if len(own) < 2 or not len(cast):
        return (), ()
    genuine = tuple(_score(eye, gates, own[at], np.delete(own, at, axis=0), cast) for at in range(len(own)))
    impostors = tuple(
        _score(eye, gates, cast[at], own, np.delete(cast, at, axis=0)) for at in range(len(cast))
    )
    return genuine, impostors


def _score(eye: Eye, gates: Gates, one: Floats, own: Floats, cast: Floats) -> float:
    likeness = eye.likeness(one, own)
    return likeness - float(eye.compare(one, cast).max()) if gates.ranks and len(cast) else likeness


def _too_few(name: str, own: int, others: int, usual: Gates) -> str:
    """Why nothing can be calibrated, "" if it can."""
    until = f"Until then the usual gates hold: {_gates(usual)}."
    if own < FEWEST_OWN:
        return (
            f"{name} can be seen in {own} of the references; {FEWEST_OWN} are needed to calibrate: "
            f"add angles, expressions and outfits. {until}"
        )
    if others < FEWEST_OTHERS:
        return (
            f"There are {others} other characters to compare {name} with; {FEWEST_OTHERS} are needed to calibrate. "
            f"{until}"
        )
    return ""


def _told(name: str, fitted: Fit, usual: Gates, own: Sequence[float], others: Sequence[float]) -> str:
    gates = f"{_gates(fitted)} (usual: {_gates(usual)})"
    told = f"Calibrated with {len(own)} pictures of {name} and {len(others)} of others: {gates}."
    if fitted.apart:
        return told
    return (
        f"{told} They are not apart: up to {fitted.wrong:.0%} are taken for the other. "
        f"References that show {name} more clearly, or a face less like the others', would help."
    )


def _gates(gates: Gates | Fit) -> str:
    return f"accepted from {gates.accept:.3f} on, repaired from {gates.repair:.3f} on"
