"""Beards: from stubble to braids, grown on the bent jaw. `face.py` calls `draw_beard` before and after the mouth."""

from __future__ import annotations

from .looks import Looks
from .moods import Mood
from .vector import Bend, bent_path, path

# Cheek line, jaw and mouth opening of a beard that covers the lower face.
_OPENING = "C 466 340 484 338 500 338 C 516 338 534 340 542 350 "
_CHEEKS = "M 401 292 C 410 300 414 322 424 334 C 436 346 446 344 456 341 C 470 335 486 336 500 337 C 514 336 530 335 544 341 C 554 344 564 346 576 334 C 586 322 590 300 599 292 "
_SHORT = (
    _CHEEKS
    + "C 602 326 598 344 588 362 C 570 394 534 414 500 414 C 466 414 430 394 412 362 C 402 344 398 326 401 292 Z"
)
_FULL = (
    _CHEEKS
    + "C 602 328 600 350 590 370 C 574 412 542 440 500 442 C 458 440 426 412 410 370 C 400 350 398 328 401 292 Z"
)
_LONG = (
    _CHEEKS
    + "C 602 334 600 360 592 388 C 580 440 552 520 512 572 C 506 580 494 580 488 572 C 448 520 420 440 408 388 C 400 360 398 334 401 292 Z"
)
_GOATEE = "M 462 352 C 460 342 472 338 484 338 C 494 336 506 336 516 338 C 528 338 540 342 538 352 C 542 372 540 394 530 410 C 520 424 480 424 470 410 C 460 394 458 372 462 352 Z"
_MOUTH = "M 470 357 C 474 346 488 347 500 349 C 512 347 526 346 530 357 C 534 364 528 374 518 378 C 508 381 492 381 482 378 C 472 374 466 364 470 357 Z"
_MOUSTACHE = "M 500 339 C 492 335 480 337 472 344 C 466 349 462 357 456 360 C 466 363 476 360 484 355 C 490 352 496 352 500 353 C 504 352 510 352 516 355 C 524 360 534 363 544 360 C 538 357 534 349 528 344 C 520 337 508 335 500 339 Z"


def draw_beard(looks: Looks, mood: Mood, skin: Bend, bend: Bend, *, behind: bool) -> str:
    """The beard behind the mouth, or the moustache over the upper lip."""
    kind = looks.beard
    if not kind:
        return ""
    if not behind:
        return _over(kind, mood, bend)
    if kind == "stubble":
        return path(bent_path(_SHORT.replace("414", "407"), skin), "f-beard", 'opacity="0.3"')
    if kind == "sideburns":
        return path(bent_path(_sideburns(), skin), "f-beard")
    shapes = {"short": _SHORT, "full": _FULL, "long": _LONG, "braided": _FULL, "goatee": _GOATEE}
    if kind not in shapes:
        return ""
    out = path(bent_path(shapes[kind], skin), "f-beard") + path(
        bent_path(shapes[kind], skin), "s-beard-line edge", 'stroke-width="2"'
    )
    out += path(bent_path(_strands(kind), skin), "s-beard-shade", 'stroke-width="2.4" opacity="0.6"')
    out += path(bent_path(_gleams(kind), skin), "s-beard-light", 'stroke-width="2.2" opacity="0.5"')
    if kind == "braided":
        out += _braid(bend)
    return out


def _over(kind: str, mood: Mood, bend: Bend) -> str:
    if kind in ("stubble", "sideburns"):
        return ""
    lift = -3.0 if mood.cheeks else 0.0

    def raised(x: float, y: float) -> tuple[float, float]:
        return bend(x, y + lift - (abs(x - 500) * 0.08 if mood.cheeks else 0.0))

    shape = bent_path(_MOUSTACHE, raised)
    hairs = bent_path(
        "M 496 342 C 486 343 478 349 470 356 M 504 342 C 514 343 522 349 530 356 M 497 346 C 490 347 484 350 478 354 M 503 346 C 510 347 516 350 522 354",
        raised,
    )
    return path(shape, "f-beard") + path(hairs, "s-beard-shade", 'stroke-width="1.8" opacity="0.7"')


def _sideburns() -> str:
    left = "M 400 262 C 404 290 406 320 420 346 C 432 360 446 356 456 346 C 444 342 430 334 424 318 C 418 300 414 282 412 262 Z"
    return (
        left
        + " M 600 262 C 596 290 594 320 580 346 C 568 360 554 356 544 346 C 556 342 570 334 576 318 C 582 300 586 282 588 262 Z"
    )


def _strands(kind: str) -> str:
    low = {"short": 402, "full": 432, "long": 540, "braided": 432, "goatee": 408}[kind]
    xs = (0,) if kind == "goatee" else (-62, -40, -20, 0, 20, 40, 62)
    return " ".join(
        f"M {500 + x * 1.05} {378 - abs(x) * 0.35} C {500 + x} {390} {500 + x * 0.8} {low - 16 - abs(x) * 0.3} {500 + x * 0.62} {low - abs(x) * 0.32}"
        for x in xs
    )


def _gleams(kind: str) -> str:
    if kind == "goatee":
        return "M 488 384 C 487 392 488 400 491 408"
    low = {"short": 396, "full": 420, "long": 500, "braided": 420}[kind]
    return " ".join(
        f"M {500 + x} {376 - abs(x) * 0.3} C {500 + x} 388 {500 + x * 0.85} {low - 20} {500 + x * 0.72} {low - abs(x) * 0.3}"
        for x in (-50, -30, -10)
    )


def _braid(bend: Bend) -> str:
    out = ""
    for row in range(5):
        y, wide = 446 + row * 19, 15 - row * 1.6
        knot = f"M {500 - wide} {y - 6} C {500 - wide * 1.3} {y + 6} {500 - wide * 0.4} {y + 15} 500 {y + 15} C {500 + wide * 0.4} {y + 15} {500 + wide * 1.3} {y + 6} {500 + wide} {y - 6} C {500 + wide * 0.4} {y + 2} {500 - wide * 0.4} {y + 2} {500 - wide} {y - 6} Z"
        out += path(bent_path(knot, bend), "f-beard") + path(
            bent_path(knot, bend), "s-beard-line", 'stroke-width="1.6" opacity="0.6"'
        )
    return out + path(bent_path("M 491 538 L 509 538 L 509 548 L 491 548 Z", bend), "f-metal")
