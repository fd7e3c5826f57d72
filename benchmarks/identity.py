"""`selfsame bench identity --cast DIR`: whether pictures show who they are meant to show, before and after repair.

DIR has a folder for each character, named after it:

    canon.png                                   the canonical headshot
    references/*.png                            more references of it (optional)
    character.toml                              style = "anime" (photoreal, where there is none)
    beach.png                                   pictures that are meant to show it
    bar.before.png, bar.after.png               pairs: as it was rendered, and repaired

Every picture is judged by the product's own verifier against its character, with the others of its style as the cast,
and then against each of those others: a picture that is taken for somebody else is what must not happen. The contact
sheet shows all of it.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, UnidentifiedImageError

from characters.character import StyleRegister
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.errors import InputError, WeightsError
from engine.images.identity.choose import open_gallery
from engine.images.identity.port import Judgement
from engine.images.pipelines.port import Materials, Reference, Workshop
from engine.types import ReferenceRole, Verdict

if TYPE_CHECKING:
    from engine.images.identity.gallery import Gallery

# Where fetched models are, as the command line has it.
MODELS_IN = Path("data")
SHEET = Path("identity-sheet.png")
KINDS = (".png", ".jpg", ".jpeg", ".webp")
BEFORE, AFTER = ".before", ".after"
# Pictures of each character with --quick.
QUICK = 4

Open = Callable[[StyleRegister, Path], "Gallery"]


@dataclass(frozen=True, slots=True)
class Actor:
    """One character of the cast, as its folder has it."""

    name: str
    style: StyleRegister
    own: tuple[Reference, ...]
    pictures: tuple[Path, ...]
    pairs: tuple[tuple[Path, Path], ...]  # before, after


@dataclass(frozen=True, slots=True)
class Look:
    """A picture, what was said of it, and the others whom it would have been taken for."""

    path: Path
    said: Judgement
    strangers: tuple[Judgement, ...] = ()

    @property
    def taken(self) -> int:
        """How many of the others it would have been sent as."""
        return sum(one.verdict is Verdict.SAME for one in self.strangers)


@dataclass(frozen=True, slots=True)
class Seen:
    """All pictures of a character, judged."""

    actor: Actor
    looks: tuple[Look, ...]
    pairs: tuple[tuple[Look, Look], ...]


async def run(
    *, quick: bool = False, cast: str = "", models: str = "", out: str = "", opened: Open | None = None
) -> dict[str, Any]:
    """Measure, and draw the contact sheet. `models`: the data directory that they are in. `opened`: other eyes."""
    if not cast:
        raise InputError(
            "Which cast? Write: selfsame bench identity --cast DIR (a folder for each character)"
        )
    return await asyncio.to_thread(
        _run, Path(cast), quick, Path(models) if models else MODELS_IN, out, opened
    )


def _run(folder: Path, quick: bool, models: Path, out: str, opened: Open | None) -> dict[str, Any]:
    from benchmarks.identity_sheet import draw

    actors = read(folder, QUICK if quick else None)
    seen: list[Seen] = []
    styles: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as temporary:
        for style in StyleRegister:
            if not (these := [actor for actor in actors if actor.style is style]):
                continue
            try:
                gallery = (opened or _opened(models))(style, Path(temporary))
            except WeightsError as error:
                styles[style.value] = {"judged": False, "why": error.sentence}
                continue
            judged = measure(these, gallery)
            styles[style.value] = {"judged": True, "eye": gallery.eye.kind, **figures(judged)}
            seen += judged
            gallery.close()
    sheet = Path(out) if out else SHEET
    if seen:
        draw(seen, sheet)
    return {"characters": len(actors), "styles": styles, "sheet": str(sheet) if seen else ""}


def _opened(models: Path) -> Open:
    def opened(style: StyleRegister, data: Path) -> Gallery:
        from engine.images.identity.gallery import Gallery

        workshop = Workshop(models, ImagesConfig(), ComfyConfig(), ImageServerConfig())
        # What is read here is kept nowhere: these are no pictures of the product's.
        return Gallery(open_gallery(style, workshop).eye, data)

    return opened


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    rows = [f"{result['characters']} characters"]
    for style, found in result["styles"].items():
        if not found["judged"]:
            rows.append(f"  {style:<10} not judged: {found['why']}")
            continue
        rows.append(
            f"  {style:<10} by {found['eye']}: {found['pictures']} pictures, "
            f"hit rate {_shown(found['hit_rate'])}, similarity {_shown(found['similarity'])}, "
            f"unknown {_shown(found['unknown'])}, copies {found['copies']}, "
            f"taken for others {_shown(found['taken'])}, apart {_shown(found['apart'])}"
        )
        if pairs := found["repair"]:
            rows.append(
                f"  {'':<10} repair of {pairs['pairs']}: similarity {_shown(pairs['before'])} → "
                f"{_shown(pairs['after'])}, hit rate {_shown(pairs['hit_rate_before'])} → "
                f"{_shown(pairs['hit_rate_after'])}, mended {_shown(pairs['mended'])}, "
                f"made worse {_shown(pairs['worse'])}"
            )
    if result["sheet"]:
        rows.append(f"  contact sheet: {result['sheet']}")
    return "\n".join(rows)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


# ---------------------------------------------------------------- the cast


def read(folder: Path, most: int | None = None) -> list[Actor]:
    """The characters of a folder, by name; at most so many pictures of each. Raises InputError."""
    actors = [
        _actor(one, most) for one in sorted(folder.glob("*")) if one.is_dir() and _canon(one) is not None
    ]
    if not actors:
        raise InputError(f"{folder} has no folder with a canon.png in it. See: selfsame bench --help")
    return actors


def _actor(folder: Path, most: int | None) -> Actor:
    canon = _canon(folder)
    assert canon is not None
    own = [_reference(ReferenceRole.HEADSHOT, folder.name, canon)]
    own += [_reference(ReferenceRole.ANGLE, path.stem, path) for path in _images(folder / "references")]
    others = [path for path in _images(folder) if path != canon]
    before = {path.name.replace(BEFORE, "", 1): path for path in others if path.stem.endswith(BEFORE)}
    after = {path.name.replace(AFTER, "", 1): path for path in others if path.stem.endswith(AFTER)}
    plain = [path for path in others if not path.stem.endswith((BEFORE, AFTER))]
    return Actor(
        folder.name,
        _style(folder / "character.toml"),
        tuple(own),
        tuple(plain[:most]),
        tuple((before[name], after[name]) for name in sorted(before.keys() & after.keys())[:most]),
    )


def _canon(folder: Path) -> Path | None:
    return next((path for kind in KINDS if (path := folder / f"canon{kind}").is_file()), None)


def _images(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in KINDS)


def _reference(role: ReferenceRole, name: str, path: Path) -> Reference:
    return Reference(role, name, hashlib.sha256(path.read_bytes()).hexdigest(), path)


def _style(path: Path) -> StyleRegister:
    if not path.exists():
        return StyleRegister.PHOTOREAL
    try:
        return StyleRegister(tomllib.loads(path.read_text(encoding="utf-8")).get("style", "photoreal"))
    except (OSError, ValueError) as error:
        styles = ", ".join(style.value for style in StyleRegister)
        raise InputError(f"{path} names no style. There are: {styles}.") from error


# ---------------------------------------------------------------- judging


def measure(actors: Sequence[Actor], gallery: Gallery) -> list[Seen]:
    """Judge all pictures of characters of one style. Raises InputError where a picture cannot be read."""

    def look(path: Path, actor: Actor) -> Look:
        return _look(path, actor, actors, gallery)

    return [
        Seen(
            actor,
            tuple(look(path, actor) for path in actor.pictures),
            tuple((look(before, actor), look(after, actor)) for before, after in actor.pairs),
        )
        for actor in actors
    ]


def _look(path: Path, actor: Actor, actors: Sequence[Actor], gallery: Gallery) -> Look:
    """One picture: looked at once, judged for its own character, and for each of the others."""
    from engine.images.identity.verify import Verifier

    try:
        with Image.open(path) as file:
            image = file.convert("RGB")
    except (OSError, UnidentifiedImageError) as error:
        raise InputError(f"{path} cannot be read as a picture.") from error
    sights = gallery.eye.look(image)
    verifier = Verifier(gallery)

    def judged(one: Actor) -> Judgement:
        materials = Materials(one.own, tuple(other.own[0] for other in actors if other is not one))
        return verifier.judge_sights(sights, image.height, materials, same_pose=False)

    return Look(path, judged(actor), tuple(judged(other) for other in actors if other is not actor))


# ---------------------------------------------------------------- counting


def figures(seen: Sequence[Seen]) -> dict[str, Any]:
    """Shares from 0 to 1 of the pictures that could be judged; None where there was none.

    hit_rate: accepted. taken: of all comparisons with strangers those that were accepted. apart: how often a picture
    scores higher with its own character than another one does with a stranger (1 is always, 0.5 is chance).
    """
    looks = [look for one in seen for look in one.looks]
    known = [look for look in looks if look.said.verdict is not Verdict.UNKNOWN]
    strangers = [one for look in looks for one in look.strangers if one.similarity is not None]
    return {
        "pictures": len(looks),
        "hit_rate": _share(known, _hit),
        "near": _share(known, lambda look: look.said.verdict is Verdict.NEAR),
        "unknown": _share(looks, lambda look: look.said.verdict is Verdict.UNKNOWN),
        "similarity": _mean(look.said.similarity for look in known),
        "copies": sum(bool(look.said.copied) for look in known),
        "taken": _share(strangers, lambda one: one.verdict is Verdict.SAME),
        "apart": apart([look.said.score for look in known], [one.score for one in strangers]),
        "repair": _repair([pair for one in seen for pair in one.pairs]),
    }


def apart(own: Sequence[float], others: Sequence[float]) -> float | None:
    """How often one of the first is above one of the second; a draw counts half."""
    if not own or not others:
        return None
    above = sum((one > other) + 0.5 * (one == other) for one in own for other in others)
    return round(above / (len(own) * len(others)), 4)


def _repair(pairs: Sequence[tuple[Look, Look]]) -> dict[str, Any] | None:
    """mended: of those that were not accepted before, those that are after. worse: less alike than before."""
    if not pairs:
        return None
    both = [
        (one.said.similarity, two.said.similarity)
        for one, two in pairs
        if one.said.similarity is not None and two.said.similarity is not None
    ]
    return {
        "pairs": len(pairs),
        "before": _mean(before for before, _ in both),
        "after": _mean(after for _, after in both),
        "hit_rate_before": _share(pairs, lambda pair: _hit(pair[0])),
        "hit_rate_after": _share(pairs, lambda pair: _hit(pair[1])),
        "mended": _share([pair for pair in pairs if not _hit(pair[0])], lambda pair: _hit(pair[1])),
        "worse": _share(both, lambda pair: pair[1] < pair[0]),
    }


def _hit(look: Look) -> bool:
    return look.said.verdict is Verdict.SAME


def _share(of: Sequence[Any], counts: Callable[[Any], bool]) -> float | None:
    return round(sum(map(counts, of)) / len(of), 4) if of else None


def _mean(values: Iterator[float | None]) -> float | None:
    listed = [value for value in values if value is not None]
    return round(statistics.fmean(listed), 4) if listed else None
