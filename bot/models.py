"""`selfsame models` and `selfsame models pull`: what is here, what this machine can run, fetching it.

`bot/__main__.py` calls it, `engine/provision.py` knows it. What is fetched is written into the configuration only if
that is asked for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, JustifyMethod
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table
from rich.text import Text

from bot.config import Settings
from engine.errors import ConfigError, InputError
from engine.provision import (
    HUB,
    INSTALL_LLM,
    Choice,
    Fit,
    Here,
    Offload,
    Prospect,
    Survey,
    choose,
    choose_from,
    choose_recall,
    pull,
    pull_recall,
    survey,
)

COLOURS = {Fit.GPU: "green", Fit.RAM: "green", Fit.PARTLY: "yellow", Fit.SLOWLY: "yellow", Fit.NOT: "dim"}
# A line that begins a table.
TABLE = re.compile(r"\s*\[\s*([\w.-]+)\s*\]\s*(#.*)?$")


def print_models(settings: Settings, data: Path, console: Console) -> None:
    """What is configured, what is here, what of the catalogue this machine can run."""
    seen = survey(settings.engine, data)
    console.print(Text.assemble("Configured: ", (seen.configured, "bold")))
    console.print(Text(_machine(seen)))
    if seen.here:
        console.print(_here_table(seen.here, data))
    console.print(_known_table(seen))
    console.print(
        "needs: memory, with one full conversation. room: tokens of all conversations together that are held ready, at "
        "most."
    )
    if seen.recommended:
        name = (seen.recommended.entry.name, "bold")
        console.print(Text.assemble("Recommended here: ", name, ". Fetch it: selfsame models pull chat"))
    else:
        console.print(Text("Nothing of it runs well here. Servers on other machines: docs/servers.md"))
    if not seen.extra:
        console.print(Text(f"llama.cpp is not installed yet. {INSTALL_LLM}"))


def pull_model(
    settings: Settings,
    data: Path,
    console: Console,
    *,
    name: str,
    other: str,
    accepted: bool,
    config: Path | None,
    agree: Callable[[str], bool],
) -> None:
    """Fetch a model and say what to write into the configuration, or write it there if a file is named.

    Who names no model is shown the recommended one, and asked. Raises InputError, ModelError, ConfigError.
    """
    seen = survey(settings.engine, data)
    if name and other:
        raise InputError("Name a model of the catalogue or one with --from, not both.")
    choice = choose_from(other) if other else choose(seen, name, accepted=accepted)
    _say(console, f"{choice.title}, {choice.licence}: {choice.page}")
    if not (name or other) and not agree("Fetch it?"):
        _say(console, "Nothing was fetched. Others: selfsame models")
        return
    _say(console, _fetch(choice, data, console))
    if config:
        configure(config, choice.name)
        _say(console, f"{config} names it now. It answers from the next start on: selfsame run")
    else:
        _say(
            console,
            f"To use it, write into config.toml, or call this again with --configure:\n\n{_lines(choice.name)}",
        )
    if not seen.extra:
        _say(console, f"\nllama.cpp is not installed yet. {INSTALL_LLM}")


def pull_recall_model(settings: Settings, data: Path, console: Console, name: str) -> None:
    """Fetch an embedding model. Raises InputError, ModelError."""
    wanted = choose_recall(name)
    _say(
        console,
        f"{wanted.repo} ({wanted.megabytes} MB), {wanted.licence}, reads {wanted.reads}: {HUB}/{wanted.repo}",
    )
    with _bar(console) as progress:
        pulled = pull_recall(wanted, settings.engine, data, progress)
    was = "was here already" if pulled.already else "is here, and its checksums are right"
    _say(console, f"{wanted.repo} {was}: {pulled.folder}")
    if pulled.used:
        _say(console, "From the next start on, what was said is found by its meaning, too: selfsame run")
    else:
        _say(
            console,
            f'To use it, write into config.toml:\n\n[memory]\nembeddings = "auto"\nembedding_model = "{wanted.repo}"\n',
        )


def _say(console: Console, words: str) -> None:
    """Lines stay as they are, so that a path that is too long for the window can still be copied whole."""
    console.print(Text(words), soft_wrap=True)


def _fetch(choice: Choice, data: Path, console: Console) -> str:
    """Fetch with a bar. Returns a sentence about what is here now."""
    with _bar(console) as progress:
        pulled = pull(choice, data, progress)
    was = "was here already" if pulled.already else "is here, and its checksum is right"
    return f"{pulled.facts.title} {was}: {pulled.path}"


@contextmanager
def _bar(console: Console) -> Generator[Callable[[int, int, str], None]]:
    """A bar that shows what a fetch tells."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task("Fetching", total=None, visible=False)

        def progress(have: int, total: int, doing: str) -> None:
            bars.update(bar, completed=have, total=total, description=doing.capitalize(), visible=True)

        try:
            yield progress
        except KeyboardInterrupt:
            console.print("Stopped. What has arrived is kept: the same command goes on from there.")
            raise


def _machine(seen: Survey) -> str:
    machine = seen.machine
    gpus = ", ".join(f"{one.title} with {_gb(one.total)}, {_gb(one.free)} free" for one in machine.devices)
    return (
        f"This machine: {_gb(machine.ram)} of memory, {_gb(machine.ram_free)} free; {machine.cores} cores; "
        f"{gpus or 'no GPU that llama.cpp sees'}; {_gb(seen.disk_free)} of disk free."
    )


def _here_table(here: tuple[Here, ...], data: Path) -> Table:
    table = _table(f"In {data / 'models'}", "llm.model", "size", "context", "needs", "here")
    for one in here:
        state = (
            Text(one.trouble, "red")
            if one.trouble
            else Text("configured" if one.configured else "ready", "green")
        )
        context = f"{one.facts.context:,}" if one.facts else ""
        table.add_row(Text(one.name), _gb(one.size), context, _needs(one.least), state)
    return table


def _known_table(seen: Survey) -> Table:
    table = _table(
        "Known models: selfsame models pull chat NAME",
        "name",
        "size",
        "licence",
        "needs",
        "room",
        "runs here",
    )
    for one in seen.prospects:
        name = Text(one.entry.name, "bold" if one is seen.recommended else "")
        table.add_row(
            name,
            f"{one.entry.gigabytes:.1f} GB",
            _licence(one),
            _needs(one.least),
            f"{one.most.kv_tokens:,}" if one.most else "",
            Text(one.fit, COLOURS[one.fit]),
        )
    return table


def _licence(one: Prospect) -> str:
    return one.entry.licence + (" (non-commercial)" if one.entry.terms == "non-commercial" else "")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=Text(title), title_justify="left", title_style="", box=None, pad_edge=False)
    for column in columns:
        # Names are there to be copied: they are folded rather than cut.
        side: JustifyMethod = "right" if column in ("size", "context", "room") else "left"
        table.add_column(column, justify=side, no_wrap=column == "name", overflow="fold")
    return table


def _needs(least: Offload | None) -> str:
    """Memory for one full conversation."""
    if least is None:
        return ""
    gpu, ram = least.gpu_bytes, least.ram_bytes
    return f"{_gb(gpu)} GPU + {_gb(ram)}" if gpu else _gb(ram)


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


# ---------------------------------------------------------------- the configuration


def configure(path: Path, name: str) -> None:
    """Name a model in a configuration file; everything else in it stays as it is, comments too. Raises ConfigError."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    try:
        wanted = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Mend it first.") from None
    new = text
    for table, key, value in _entries(name):
        wanted.setdefault(table, {})[key] = value
        new = _with(new, table, key, value)
    if not _says(new, wanted):
        raise ConfigError(
            f"{path} is written in a way that only you can change. Write into it:\n\n{_lines(name)}"
        )
    part = path.with_name(f"{path.name}.new")
    part.write_text(new, encoding="utf-8")
    part.replace(path)


def _entries(name: str) -> tuple[tuple[str, str, str], ...]:
    return (("chat", "model", "llama"), ("llm", "model", name))


def _lines(name: str) -> str:
    return "\n".join(f'[{table}]\n{key} = "{value}"\n' for table, key, value in _entries(name))


def _with(text: str, table: str, key: str, value: str) -> str:
    """The text with one key changed, or added below its table, or with the table at its end."""
    lines = text.splitlines()
    line = f'{key} = "{value}"'
    start = next((at for at, one in enumerate(lines) if (t := TABLE.match(one)) and t[1] == table), None)
    if start is None:
        return "\n".join([*lines, *([""] if lines else []), f"[{table}]", line, ""])
    stop = next((at for at in range(start + 1, len(lines)) if lines[at].lstrip().startswith("[")), len(lines))
    own = [at for at in range(start + 1, stop) if re.match(rf"\s*{key}\s*=", lines[at])]
    if own:
        lines[own[0]] = line
    else:
        lines.insert(start + 1, line)
    return "\n".join([*lines, ""])


def _says(text: str, wanted: dict[str, object]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
