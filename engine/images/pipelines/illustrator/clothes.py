"""Draws garments on the bent body: silhouettes by neckline, fit and hem, then details from parts/clothes.

`figure.py` calls it. Surfaces: "inner" is the layer on the skin, "top" the layer over it (or the only one).
"""

from __future__ import annotations

import re

from .body import SOLE, Arm, capsule, draw_arm
from .looks import Looks
from .vector import Bend, bent_path, draw, number, part, path
from .wardrobe import Clothes, Garment

# The upper edge of a garment from the left shoulder to the right one, by neckline.
_NECKS = {
    "crew": "440 463 C 456 490 544 490 560 463", "v": "430 470 C 446 500 480 560 500 576 C 520 560 554 500 570 470",
    "deep_v": "426 472 C 440 520 476 600 500 622 C 524 600 560 520 574 472", "scoop": "422 474 C 432 580 568 580 578 474",
    "collar": "444 456 C 462 476 488 500 500 512 C 512 500 538 476 556 456", "high": "440 463 C 456 490 544 490 560 463",
    "stand": "440 463 C 456 490 544 490 560 463", "high_plate": "440 463 C 456 490 544 490 560 463",
    "notch": "440 463 C 458 480 488 486 500 536 C 512 486 542 480 560 463", "wrap": "438 462 C 452 510 482 586 508 640 C 526 600 552 510 562 462",
    "straps": "", "sweetheart": "", "bardot": "", "bib": "", "open": "", "open_low": "", "cloak": "",
}  # fmt: skip

_ARMHOLE = re.compile(r"\[C(?: [-\d.]+){4}((?: [-\d.]+){2})\]")


def _sides(garment: Garment) -> tuple[str, str]:
    """The right and the left side of a closed top, from shoulder to hem and back."""
    hem, fit = garment.cut.hem, garment.cut.fit
    waist, hip = 112 * fit + 4, 152 * (0.55 + 0.45 * fit) + 4
    chest = 118 + 8 * fit
    low = min(hem, 1060)
    right = (
        f"C 604 482 634 494 661 518 [C 652 540 652 576 {500 + chest + 14} 616] C {500 + chest + 8} 632 {500 + chest + 2} 646 {500 + chest} 660 C {500 + chest - 4} 692 {500 + waist} 760 {500 + waist} 806 "
        f"C {500 + waist + 2} 868 {500 + hip} 904 {500 + hip + 2} {low} C {500 + hip * 0.5} {low + 14} 520 {low + 16} 500 {low + 16} "
    )
    left = (
        f"C 480 {low + 16} {500 - hip * 0.5} {low + 14} {500 - hip - 2} {low} C {500 - hip} 904 {500 - waist - 2} 868 {500 - waist} 806 "
        f"C {500 - waist} 760 {500 - chest + 4} 692 {500 - chest} 660 C {500 - chest - 2} 646 {500 - chest - 8} 632 {500 - chest - 14} 616 [C 348 576 348 540 339 518] C 366 494 396 482 "
    )
    return right, left


def _closed(garment: Garment) -> str:
    neck = _NECKS.get(garment.cut.neck) or _NECKS["crew"]
    right, left = _sides(garment)
    start = neck.split(" C ")[0]
    return f"M {neck} {right}{left}{start} Z"


def _bare(garment: Garment) -> str:
    """Tops that leave the shoulders free."""
    hem, fit = garment.cut.hem, garment.cut.fit
    waist, hip = 115 * fit + 4, 150 * (0.55 + 0.45 * fit) + 4
    if garment.cut.neck == "straps":
        top = "M 404 492 L 424 478 C 430 540 452 584 500 586 C 548 584 570 540 576 478 L 596 492 C 604 540 612 590 644 622 "
    elif garment.cut.neck == "bardot":
        top = "M 334 566 C 372 540 440 556 500 560 C 560 556 628 540 666 566 C 668 596 660 620 644 640 "
    elif garment.cut.neck == "bib":
        top = "M 432 590 C 470 596 530 596 568 590 C 576 650 596 690 632 716 "
    else:
        top = "M 366 628 C 384 584 420 566 448 574 C 474 580 490 594 500 610 C 510 594 526 580 552 574 C 580 566 616 584 634 628 "
    chest = {"bib": 132, "bardot": 144}.get(garment.cut.neck, 140)
    right = f"C {500 + chest - 8} 700 {500 + waist} 750 {500 + waist} 806 C {500 + waist + 2} 868 {500 + hip} 904 {500 + hip + 2} {hem} C 560 {hem + 14} 520 {hem + 16} 500 {hem + 16} "
    first = {
        "straps": "356 622 C 388 590 396 540 404 492",
        "bardot": "356 640 C 340 620 332 596 334 566",
        "bib": "368 716 C 404 690 424 650 432 590",
    }
    end = first.get(garment.cut.neck, "366 650 L 366 628")
    head, _, tail = end.partition(" ")
    left = f"C 480 {hem + 16} 440 {hem + 14} {500 - hip - 2} {hem} C {500 - hip} 904 {500 - waist - 2} 868 {500 - waist} 806 C {500 - waist} 750 {500 - chest + 8} 700 {head} {tail} Z"
    return top + right + left


def _panel(garment: Garment) -> str:
    """The right half of an open jacket or coat; the left is its mirror image."""
    hem, fit = garment.cut.hem, garment.cut.fit
    waist, hip = 111 * fit + 4, 156 * (0.55 + 0.45 * fit) + 4
    meet = 512.0 if garment.cut.neck == "open_low" else 546.0
    flare = max(0.0, (hem - 1060) * 0.09)
    chest = 124 + 8 * fit
    shoulder, armhole = "596 478 634 492 662 516", f"[C 654 540 654 576 {500 + chest + 14} 616]"
    if garment.cut.sleeve == "none":  # an armhole, well inside of the sleeve that comes out of it
        shoulder, armhole = "572 470 600 478 622 490", f"C 618 540 622 586 {500 + chest + 14} 616"
    return (
        f"M 548 452 C {shoulder} {armhole} C {500 + chest + 8} 632 {500 + chest + 2} 648 {500 + chest} 664 C {500 + chest - 4} 694 {500 + waist} 760 {500 + waist} 806 "
        f"C {500 + waist + 2} 868 {500 + hip + 2} 906 {500 + hip + 4} 980 L {500 + hip + 4 + flare} {hem} C {meet + 60} {hem + 12} {meet + 30} {hem + 12} {meet + 12} {hem + 8} "
        f"L {meet} 800 C {meet - 2} 700 {540 if meet < 530 else 556} 600 548 452 Z"
    )


def draw_tops(looks: Looks, clothes: Clothes, bend: Bend) -> str:
    """All layers above the waist, from the skin outwards."""
    tone = "inner" if clothes.outer else "top"
    out = _top(looks, clothes.inner, tone, bend)
    under = [each for each in clothes.extras if each.kind in ("tie", "bow_tie", "braces", "sash")]
    over = [each for each in clothes.extras if each.kind not in ("tie", "bow_tie", "braces", "sash")]
    out += "".join(_detail(each.cut.detail, "extra", bend) for each in under)
    if clothes.outer:
        out += _outer(looks, clothes.outer, bend)
    return out + "".join(_detail(each.cut.detail, "extra", bend) for each in over)


def _top(looks: Looks, garment: Garment, tone: str, bend: Bend) -> str:
    data = _closed(garment) if _NECKS.get(garment.cut.neck) else _bare(garment)
    shape = bent_path(data, bend)
    return (
        _cloth(data, tone, bend)
        + _pattern(garment, shape, tone)
        + _bust(looks, tone, bend)
        + _folds(garment, tone, bend)
        + _detail(garment.cut.detail, tone, bend)
    )


def _cloth(data: str, tone: str, bend: Bend) -> str:
    """A garment's shape and its outline, which leaves out the armholes (in brackets): sleeves go on from there."""
    line = _ARMHOLE.sub(r"M\1", data).removesuffix("Z") if "[" in data else data
    return path(bent_path(data, bend), f"f-{tone}") + path(
        bent_path(line, bend), f"s-{tone}-line edge", 'stroke-width="2.4"'
    )


def _outer(looks: Looks, garment: Garment, bend: Bend) -> str:
    if garment.cut.neck == "bib":
        return _cloth(_bare(garment), "top", bend) + _detail(garment.cut.detail, "top", bend)
    if garment.cut.neck == "cloak":
        return _detail("cloak", "top", bend)
    right = _panel(garment)

    def flipped(x: float, y: float) -> tuple[float, float]:
        return bend(1000 - x, y)

    shapes = (bent_path(right, flipped), bent_path(right, bend))
    shade = "".join(
        f'<g transform="translate(7 5)" opacity="0.28">{path(each, "f-inner-deep")}</g>'
        for each in shapes[:1]
    )
    return (
        shade
        + "".join(
            _cloth(right, "top", way) + _pattern(garment, each, "top")
            for each, way in zip(shapes, (flipped, bend), strict=True)
        )
        + _detail(garment.cut.detail, "top", bend)
    )


def _bust(looks: Looks, tone: str, bend: Bend) -> str:
    """The shade under the chest."""
    deep = looks.body.bust
    if deep < 0.15:
        shade = bent_path("M 400 640 C 440 664 480 660 498 648 M 502 648 C 520 660 560 664 600 640", bend)
        return path(shade, f"s-{tone}-shade", 'stroke-width="5" opacity="0.35"')
    drop = 10 * deep
    data = "".join(
        f"M {500 + s * 22} {655 + drop} C {500 + s * 44} {676 + drop * 1.6} {500 + s * 100} {678 + drop * 1.6} {500 + s * 126} {632 + drop} C {500 + s * 110} {664 + drop} {500 + s * 60} {668 + drop} {500 + s * 22} {655 + drop} Z "
        for s in (-1, 1)
    )
    return path(bent_path(data, bend), f"f-{tone}-shade", f'opacity="{min(0.75, 0.35 + 0.3 * deep):.2f}"')


def _folds(garment: Garment, tone: str, bend: Bend) -> str:
    if garment.kind == "armour":
        return ""
    data = (
        "M 386 800 C 410 812 430 812 452 804 M 614 806 C 592 822 572 824 548 816 M 376 846 C 404 866 430 868 458 858 "
        "M 372 640 C 384 664 392 690 396 716 M 628 640 C 616 664 608 690 604 716 M 626 868 C 600 886 580 890 556 884"
    )
    return path(bent_path(data, bend), f"s-{tone}-shade", 'stroke-width="4" opacity="0.6"')


def _pattern(garment: Garment, shape: str, tone: str) -> str:
    """Stripes, checks, dots or flowers, clipped to the garment."""
    if not garment.pattern:
        return ""
    light = f"s-{tone}-light"
    if garment.pattern == "stripes":
        marks = path(
            " ".join(f"M 280 {y} C 420 {y + 14} 580 {y + 14} 720 {y}" for y in range(500, 1090, 34)),
            light,
            'stroke-width="11" opacity="0.75"',
        )
    elif garment.pattern == "plaid":
        marks = path(
            " ".join(f"M 280 {y} L 720 {y}" for y in range(500, 1090, 56)),
            f"s-{tone}-deep",
            'stroke-width="14" opacity="0.45"',
        )
        marks += path(
            " ".join(f"M {x} 440 L {x} 1090" for x in range(300, 720, 56)),
            f"s-{tone}-deep",
            'stroke-width="14" opacity="0.45"',
        )
        marks += path(
            " ".join(f"M {x} 440 L {x} 1090" for x in range(328, 720, 56)),
            light,
            'stroke-width="3" opacity="0.6"',
        )
    else:
        radius = 6 if garment.pattern == "dots" else 9
        spots = [
            (x + (28 if row % 2 else 0), 490 + row * 36) for row in range(17) for x in range(300, 720, 56)
        ]
        marks = "".join(f'<circle cx="{x}" cy="{y}" r="{radius}" class="f-{tone}-light"/>' for x, y in spots)
        if garment.pattern == "floral":
            marks += "".join(f'<circle cx="{x}" cy="{y}" r="3.5" class="f-{tone}-deep"/>' for x, y in spots)
    return f'<clipPath id="cut-{tone}-{abs(len(shape))}"><path d="{shape}"/></clipPath><g clip-path="url(#cut-{tone}-{abs(len(shape))})">{marks}</g>'


def _detail(name: str, tone: str, bend: Bend) -> str:
    """A file of parts/clothes, in the garment's tone."""
    if not name:
        return ""
    text = "".join(draw(shapes, bend) for shapes in part("clothes", name).values())
    return text.replace("-top", f"-{tone}")


def draw_arms(looks: Looks, clothes: Clothes, arms: tuple[Arm, ...]) -> str:
    """Arms in their sleeves: those of the outer layer, or of the inner one."""
    tone, sleeve = "top", clothes.inner.cut.sleeve
    if clothes.outer:
        if clothes.outer.cut.sleeve == "none":
            tone = "inner"
        else:
            sleeve = clothes.outer.cut.sleeve
    out = ""
    for arm in arms:
        metal = "prosthetic" in looks.worn and arm.side > 0
        out += draw_arm(arm, "none" if sleeve == "straps" else sleeve, tone, metal)
    return out


def draw_lower(looks: Looks, clothes: Clothes, bend: Bend, *, legs: bool = True) -> str:
    """Hips and, in wide shots, legs, skirts and shoes."""
    kind, below = clothes.lower.kind, clothes.inner.cut.below
    skirt = "" if below in ("", "trousers") else below
    skirt = skirt or {"skirt": "knee_skirt", "long_skirt": "gown_skirt"}.get(kind, "")
    tone = (
        "top"
        if below and below != "trousers" and not clothes.outer
        else "inner"
        if below and below != "trousers"
        else "lower"
    )
    out = ""
    if legs:
        bare = bool(skirt) or kind == "shorts"
        out += "".join(_leg(looks, side, "skin" if bare else "lower", kind) for side in (-1, 1))
        if kind == "shorts" and not skirt:
            out += "".join(_short_leg(looks, side) for side in (-1, 1))
        out += "".join(_shoe(clothes.shoe, side) for side in (-1, 1))
    if skirt:
        return out + _skirt(skirt, tone, bend)
    hips = bent_path(
        "M 384 820 C 374 880 346 930 346 1010 L 348 1090 C 420 1130 470 1120 500 1136 C 530 1120 580 1130 652 1090 L 654 1010 C 654 930 626 880 616 820 Z",
        bend,
    )
    return (
        out
        + path(hips, "f-lower")
        + path(
            bent_path(
                "M 500 1010 C 498 1060 500 1100 500 1136 M 400 1096 C 430 1106 460 1108 488 1104 M 600 1096 C 570 1106 540 1108 512 1104",
                bend,
            ),
            "s-lower-line",
            'stroke-width="3" opacity="0.5"',
        )
    )


def _leg(looks: Looks, side: int, tone: str, kind: str) -> str:
    body = looks.body
    hip, thick = 500 + side * 78 * body.hips, body.limbs
    loose = (
        {"leggings": -7.0, "jeans": 2.0, "joggers": 10.0, "trousers": 7.0}.get(kind, 0.0)
        if tone == "lower"
        else -6.0
    )
    knee, ankle = 500 + side * 86 * (0.5 + 0.5 * body.hips), 500 + side * 82
    shapes = (
        capsule(hip, 1060, 70 * body.hips + loose * 0.4, knee, 1450, 46 * thick + loose),
        capsule(
            knee,
            1450,
            46 * thick + loose,
            ankle,
            1830,
            (25 if tone == "skin" else 27) * (0.5 + 0.5 * thick) + loose,
        ),
    )
    lines = "".join(path(each, f"s-{tone}-line edge", 'stroke-width="5"') for each in shapes)
    fold = f"M {number(knee - 30)} 1440 C {number(knee - 10)} 1456 {number(knee + 12)} 1456 {number(knee + 28)} 1444 M {number(ankle - 22)} 1806 C {number(ankle - 6)} 1816 {number(ankle + 10)} 1814 {number(ankle + 22)} 1804"
    return (
        lines
        + "".join(path(each, f"f-{tone}") for each in shapes)
        + path(fold, f"s-{tone}-shade", 'stroke-width="4.5" opacity="0.6"')
    )


def _short_leg(looks: Looks, side: int) -> str:
    body = looks.body
    x = 500 + side * 80 * body.hips
    shape = f"M {x - 74 * body.hips} 1060 L {x + 74 * body.hips} 1060 L {x + side * 6 + 66 * body.hips} 1330 L {x + side * 6 - 66 * body.hips} 1330 Z"
    return path(shape, "f-lower") + path(shape, "s-lower-line edge", 'stroke-width="3"')


def _shoe(shoe: Garment, side: int) -> str:
    x, y = 500 + side * 86, SOLE

    def at(dx: float, dy: float) -> str:
        return f"{number(x + side * dx)} {number(y + dy)}"

    if shoe.kind == "barefoot":
        shape = f"M {at(-24, -70)} C {at(-28, -40)} {at(-34, -14)} {at(-26, 0)} L {at(42, 0)} C {at(50, -12)} {at(30, -30)} {at(26, -70)} Z"
        return path(shape, "f-skin") + path(shape, "s-skin-line edge", 'stroke-width="3"')
    top = {"boots": -190, "heels": -52, "sandals": -40}.get(shoe.kind, -62)
    shape = f"M {at(-31, top)} C {at(-32, -60)} {at(-40, -20)} {at(-36, 0)} L {at(50, 0)} C {at(62, -18)} {at(36, -40)} {at(32, top)} Z"
    sole = f"M {at(-37, -12)} L {at(55, -12)} L {at(53, 4)} L {at(-37, 4)} Z"
    tone = "f-teeth" if shoe.kind == "sneakers" else "f-shoe-deep"
    laces = f"M {at(-6, -44)} L {at(22, -38)} M {at(-4, -34)} L {at(26, -28)}"
    return (
        path(shape, "f-shoe")
        + path(shape, "s-shoe-line edge", 'stroke-width="3"')
        + path(sole, tone)
        + path(laces, "s-shoe-light", 'stroke-width="3" opacity="0.7"')
    )


_SKIRTS = {
    "knee_skirt": (1400.0, 190.0),
    "dress_skirt": (1480.0, 235.0),
    "gown_skirt": (1800.0, 250.0),
    "robe_skirt": (1800.0, 205.0),
}


def _skirt(kind: str, tone: str, bend: Bend) -> str:
    hem, wide = _SKIRTS[kind]
    x = wide

    def free(px: float, py: float) -> tuple[float, float]:
        # Below the hips a skirt falls free.
        return bend(px, min(py, 965.0))[0], py

    shape = bent_path(
        f"M 386 800 C 370 880 346 920 340 1000 C 330 1150 {500 - x + 10} {hem - 150} {500 - x} {hem} C {500 - x * 0.6} {hem + 26} {500 - x * 0.3} {hem + 10} 500 {hem + 24} "
        f"C {500 + x * 0.3} {hem + 10} {500 + x * 0.6} {hem + 26} {500 + x} {hem} C {500 + x - 10} {hem - 150} 670 1150 660 1000 C 654 920 630 880 614 800 Z", free)  # fmt: skip
    folds = bent_path(
        f"M 430 960 C 420 1100 {500 - x * 0.62} {hem - 120} {500 - x * 0.6} {hem + 14} M 480 1000 C 476 1150 {500 - x * 0.2} {hem - 100} {500 - x * 0.2} {hem + 10} "
        f"M 560 960 C 576 1100 {500 + x * 0.5} {hem - 120} {500 + x * 0.52} {hem + 14} M 524 1060 C 530 1200 {500 + x * 0.16} {hem - 80} {500 + x * 0.18} {hem + 12}", free)  # fmt: skip
    return (
        path(shape, f"f-{tone}")
        + path(shape, f"s-{tone}-line edge", 'stroke-width="3"')
        + path(folds, f"s-{tone}-shade", 'stroke-width="7" opacity="0.6"')
    )
