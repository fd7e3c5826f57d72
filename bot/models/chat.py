"""Language models in `selfsame models`: what is here, what this machine can run, fetching one.

`bot/__main__.py` calls it, `engine/provision/chat.py` knows it. What is fetched is written into the configuration only
if that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.config import Settings
from bot.models.configure import Entry, configure, lines
from bot.models.window import bar, gb, say, table
from engine.errors import InputError
from engine.provision.chat import (
    INSTALL_LLM,
    Choice,
    Fit,
    Here,
    Offload,
    Prospect,
    Survey,
    choose,
    choose_from,
    pull,
    survey,
)

COLOURS = {Fit.GPU: "green", Fit.RAM: "green", Fit.PARTLY: "yellow", Fit.SLOWLY: "yellow", Fit.NOT: "dim"}


def print_models(settings: Settings, data: Path, console: Console) -> None:
    """What is configured, what is here, what of the catalogue this machine can run. Blocks for a second."""
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
    say(console, f"{choice.title}, {choice.licence}: {choice.page}")
    if not (name or other) and not agree("Fetch it?"):
        say(console, "Nothing was fetched. Others: selfsame models")
        return
    say(console, _fetch(choice, data, console))
    if config:
        configure(config, _entries(choice.name))
        say(console, f"{config} names it now. It answers from the next start on: selfsame run")
    else:
        say(
            console,
            f"To use it, write into config.toml, or call this again with --configure:\n\n{lines(_entries(choice.name))}",
        )
    if not seen.extra:
        say(console, f"\nllama.cpp is not installed yet. {INSTALL_LLM}")


def _fetch(choice: Choice, data: Path, console: Console) -> str:
    """Fetch with a bar. Returns a sentence about what is here now."""
    with bar(console) as progress:
        pulled = pull(choice, data, progress)
    was = "was here already" if pulled.already else "is here, and its checksum is right"
    return f"{pulled.facts.title} {was}: {pulled.path}"


def _machine(seen: Survey) -> str:
    machine = seen.machine
    gpus = ", ".join(f"{one.title} with {gb(one.total)}, {gb(one.free)} free" for one in machine.devices)
    return (
        f"This machine: {gb(machine.ram)} of memory, {gb(machine.ram_free)} free; {machine.cores} cores; "
        f"{gpus or 'no GPU that llama.cpp sees'}; {gb(seen.disk_free)} of disk free."
    )


def _here_table(here: tuple[Here, ...], data: Path) -> Table:
    shown = table(f"In {data / 'models'}", "llm.model", "size", "context", "needs", "here")
    for one in here:
        state = (
            Text(one.trouble, "red")
            if one.trouble
            else Text("configured" if one.configured else "ready", "green")
        )
        context = f"{one.facts.context:,}" if one.facts else ""
        shown.add_row(Text(one.name), gb(one.size), context, _needs(one.least), state)
    return shown


def _known_table(seen: Survey) -> Table:
    shown = table(
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
        shown.add_row(
            name,
            f"{one.entry.gigabytes:.1f} GB",
            _licence(one),
            _needs(one.least),
            f"{one.most.kv_tokens:,}" if one.most else "",
            Text(one.fit, COLOURS[one.fit]),
        )
    return shown


def _licence(one: Prospect) -> str:
    return one.entry.licence + (" (non-commercial)" if one.entry.terms == "non-commercial" else "")


def _needs(least: Offload | None) -> str:
    """Memory for one full conversation."""
    if least is None:
        return ""
    gpu, ram = least.gpu_bytes, least.ram_bytes
    return f"{gb(gpu)} GPU + {gb(ram)}" if gpu else gb(ram)


def _entries(name: str) -> tuple[Entry, ...]:
    """What the configuration says for a model."""
    return (("chat", "model", "llama"), ("llm", "model", name))
