"""Picture models in `selfsame models`: what this machine can run, what is here, fetching it, whether it is whole.

`bot/__main__.py` calls it, `engine/provision/pictures/` knows it. What is fetched is written into the configuration only
if that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.config import Settings
from bot.models.configure import Entry, configure, lines
from bot.models.window import bar, gb, say, table
from engine.errors import InputError
from engine.images.device.hardware import CPU
from engine.images.extra import INSTALL_IMAGES
from engine.images.pipelines.facts import facts_of
from engine.images.pipelines.port import Precision
from engine.images.routing.overview import Row
from engine.provision.pictures.known import Piece, along, find_piece
from engine.provision.pictures.pull import Pulled, must_be_accepted, must_have_room_for, page, pull
from engine.provision.pictures.survey import PictureSurvey, State, survey
from engine.provision.pictures.verify import Verified, try_to_load, verify, wanted

COLOURS = {State.USED: "green", State.HERE: "green", State.NOT_ACCEPTED: "yellow", State.ABSENT: ""}
MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "dim")}
# Settings that a small model is used by, beside images.accept.
SWITCHES: dict[str, tuple[str, str | bool]] = {
    "gfpgan": ("restore", "gfpgan"),
    "codeformer": ("restore", "codeformer"),
    "inswapper": ("swap", True),
}


def print_pictures(settings: Settings, data: Path, console: Console) -> None:
    """What draws pictures, what is here, and what this machine can run. Blocks for a moment."""
    seen = survey(settings.engine, data)
    console.print(
        Text.assemble("Pictures: ", (seen.configured, "bold"), f" (images.pipeline), {_machine(seen)}")
    )
    console.print(_families_table(seen))
    console.print(_small_table(seen))
    if seen.starter:
        names = ", ".join(piece.name for piece in seen.starter)
        console.print(
            f"Recommended here: {names} ({_size(seen.starter)}). Fetch them: selfsame models pull images"
        )
        if seen.more:
            more = ", ".join(f"{piece.name} ({_size(along(piece))})" for piece in seen.more)
            console.print(f"Used here as well, once they are fetched: {more}")
    else:
        console.print(Text("No picture model runs well here: docs/images.md says what to do without a card."))
    if seen.missing:
        console.print(Text(f"Not installed yet: {', '.join(seen.missing)}. {INSTALL_IMAGES}"))


def pull_pictures(
    settings: Settings,
    data: Path,
    console: Console,
    *,
    name: str,
    accepted: bool,
    config: Path | None,
    agree: Callable[[str], bool],
) -> None:
    """Fetch what was named with what it needs, or the set for this machine, and say what to write into the settings.

    Who names nothing is shown the set, and asked. Raises InputError, ModelError, WeightsError, ConfigError.
    """
    chosen = along(find_piece(name)) if name else _starter(settings, data)
    images = settings.engine.images
    for piece in chosen:
        must_be_accepted(piece, accepted=accepted)
        say(console, f"{piece.title} ({piece.gigabytes:.2f} GB), {piece.licence}: {page(piece)}")
    must_have_room_for(chosen, images, data)
    if not name and not agree(f"Fetch them, {_size(chosen)} in all?"):
        say(console, "Nothing was fetched. One by one: selfsame models pull NAME")
        return
    for piece in chosen:
        with bar(console) as progress:
            pulled = pull(piece, images, data, progress)
        say(console, _fetched(pulled))
    entries = _entries(chosen, settings)
    if not entries:
        say(console, "It is used from the next start on: selfsame run")
    elif config:
        configure(config, entries)
        say(console, f"{config} names it now. It is used from the next start on: selfsame run")
    else:
        say(
            console,
            f"To use it, write into config.toml, or call this again with --configure:\n\n{lines(entries)}",
        )
    missing = survey(settings.engine, data).missing
    if missing:
        say(console, f"\nNot installed yet: {', '.join(missing)}. {INSTALL_IMAGES}")


def verify_pictures(
    settings: Settings, data: Path, console: Console, names: Sequence[str], *, load: bool
) -> bool:
    """Look whether pieces are whole, and with `load` whether they load. Returns whether all are. Raises InputError."""
    chosen = wanted(names, settings.engine, data)
    if not chosen:
        say(
            console,
            "No picture model is here yet. Fetch what suits this machine: selfsame models pull images",
        )
        return True
    fine = True
    for piece in chosen:
        with bar(console) as progress:
            found = verify(piece, settings.engine, data, progress)
        _print_verified(found, console)
        if load and found.ok is not False:
            loaded = try_to_load(piece, settings.engine, data)
            _print_verified(loaded, console)
            fine = fine and bool(loaded.ok)
        fine = fine and found.ok is not False
    return fine


def _print_verified(found: Verified, console: Console) -> None:
    mark, colour = MARKS[found.ok]
    line = Text.assemble((mark, colour), "  ", (found.piece.name.ljust(10), "bold"), "  ", found.sentence)
    console.print(line, soft_wrap=True)


def _starter(settings: Settings, data: Path) -> tuple[Piece, ...]:
    """The set for this machine. Raises InputError where no model runs well."""
    seen = survey(settings.engine, data)
    if seen.starter:
        return seen.starter
    raise InputError(
        "No picture model runs well without a graphics card, and none is seen here. docs/images.md says what to do: a "
        "server on another machine, a card that is not seen, or patience (selfsame models pull klein)."
    )


def _fetched(pulled: Pulled) -> str:
    was = "was here already" if pulled.already else "is here, and its checksums are right"
    said = f"{pulled.piece.title} {was} ({gb(pulled.size)}): {pulled.folder}"
    if pulled.instead:
        said += f"\nBut images.folders.{pulled.piece.name} names {pulled.instead}, which is used instead."
    return said


def _entries(chosen: Sequence[Piece], settings: Settings) -> tuple[Entry, ...]:
    """What the configuration has to say so that the pieces are used, without what it says already."""
    images = settings.engine.images
    made: list[Entry] = []
    if images.pipeline == "illustrator" and any(piece.files is None for piece in chosen):
        made.append(("images", "pipeline", "auto"))
    accept = tuple(dict.fromkeys([*images.accept, *(piece.accept for piece in chosen if piece.accept)]))
    if accept != images.accept:
        made.append(("images", "accept", accept))
    for piece in chosen:
        switch = SWITCHES.get(piece.name)
        if switch and getattr(images, switch[0]) != switch[1]:
            made.append(("images", *switch))
    return tuple(made)


def _machine(seen: PictureSurvey) -> str:
    where = f"{seen.card.name}, {seen.card.total_mib / 1024:.1f} GiB" if seen.card else "no card is seen"
    return f"{seen.device}: {where}"


def _families_table(seen: PictureSurvey) -> Table:
    shown = table(
        "Picture models: selfsame models pull NAME",
        "name",
        "size",
        "licence",
        "VRAM in GB",
        "runs here",
        "here",
    )
    for row in seen.rows:
        if not row.download:
            continue
        state = seen.states[row.family]
        name = Text(row.family, "bold" if row.recommended else "")
        shown.add_row(
            name,
            f"{row.download:.1f} GB",
            _licence(row.licence, row.terms),
            _vram(row),
            _runs(row, seen.device),
            Text(state, COLOURS[state]),
        )
    return shown


def _small_table(seen: PictureSurvey) -> Table:
    shown = table("Beside them: selfsame models pull NAME", "name", "size", "licence", "what for", "here")
    for one in seen.small:
        piece = one.piece
        shown.add_row(
            Text(piece.name),
            f"{piece.gigabytes * 1000:,.0f} MB",
            _licence(piece.licence, piece.terms),
            Text(piece.note),
            Text(one.state, COLOURS[one.state]),
        )
    return shown


def _licence(licence: str, terms: str) -> Text:
    """As it stands: brackets in it are no markup."""
    named = terms == "non-commercial" and terms not in licence.casefold()
    return Text(f"{licence} (non-commercial)" if named else licence)


def _vram(row: Row) -> Text:
    """Memory by precision; the one that is taken here stands out."""
    text = Text()
    for precision, gigabytes in facts_of(row.family).vram.items():
        if precision is Precision.FP32 and row.precision is not Precision.FP32:
            continue
        style = "bold" if precision is row.precision else ""
        text.append(f"{', ' if text else ''}{precision} {gigabytes:g}", style)
    return text


def _runs(row: Row, device: str) -> Text:
    if row.precision is None:
        return Text("does not fit", "dim")
    if device == CPU:
        return Text("minutes each", "yellow")
    return Text(row.precision, "green") if row.whole else Text(f"{row.precision}, slowly", "yellow")


def _size(chosen: Sequence[Piece]) -> str:
    return f"{sum(piece.gigabytes for piece in chosen):.1f} GB"
