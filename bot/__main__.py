"""The command line: run, chat, doctor, character, memory, models, bench, config. Each command reads the settings and hands over."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from bot import config
from bot.config import Settings
from engine.errors import InputError, SelfsameError
from engine.log import quieten, set_up_logging

app = typer.Typer(
    help="Selfsame: characters with one voice, one memory of you, one face in every picture.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
character_app = typer.Typer(help="Look at characters.", no_args_is_help=True)
config_app = typer.Typer(help="The configuration file.", no_args_is_help=True)
models_app = typer.Typer(help="Models: what is here, what this machine can run, fetching and verifying them.")
app.add_typer(character_app, name="character")
memory_app = typer.Typer(help="What characters remember.", no_args_is_help=True)
app.add_typer(memory_app, name="memory")
app.add_typer(models_app, name="models")
app.add_typer(config_app, name="config")

# The configuration file that is used when none is named and it exists.
DEFAULT_CONFIG = Path("config.toml")
# The exit code of what was stopped by Ctrl-C.
STOPPED = 130
LOG_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
BENCHMARKS = ("turn", "queue", "selfie", "start", "surfaces", "chat", "facts", "recall", "identity", "images")

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The configuration file; config.toml is used if there is one.")
]
DataOption = Annotated[Path, typer.Option("--data", help="The directory where everything is kept.")]


@app.command()
def run(
    config_file: ConfigOption = None,
    data: DataOption = Path("data"),
    host: Annotated[str | None, typer.Option(help="The address of the page (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="The port of the page (8420).", min=0, max=65535)] = None,
) -> None:
    """Start Selfsame and print the address of the page."""
    from bot.app import run_page

    settings = _settings(config_file, host=host, port=port)
    _wait_for(run_page(settings, data, _announce, _say))


@app.command()
def chat(
    name: Annotated[str, typer.Argument(help="Who to talk with, e.g. noor.")],
    config_file: ConfigOption = None,
    data: DataOption = Path("data"),
) -> None:
    """Talk with a character in this terminal."""
    from bot.app import run_terminal
    from bot.surfaces.terminal.keyboard import read_line

    settings = _settings(config_file)
    # What happens is on the screen already; only what went wrong is worth a line between two others.
    quieten()
    sys.exit(_wait_for(run_terminal(settings, data, name, Console(), read_line)))


@app.command()
def doctor(
    config_file: ConfigOption = None,
    data: DataOption = Path("data"),
    host: Annotated[str | None, typer.Option(help="The address of the page (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="The port of the page (8420).", min=0, max=65535)] = None,
) -> None:
    """Check whether everything that is switched on can work, with what to do where it cannot."""
    from bot.doctor import Given, examine, print_findings

    set_up_logging("WARNING", LOG_FORM)
    findings = asyncio.run(examine(Given(_chosen(config_file), data, host, port)))
    sys.exit(print_findings(findings, Console()))


@character_app.command("sheet")
def sheet(
    name: Annotated[str, typer.Argument(help="Which character, e.g. noor.")],
    out: Annotated[Path | None, typer.Option(help="Where to write the PNG.")] = None,
    data: DataOption = Path("data"),
    config_file: ConfigOption = None,
) -> None:
    """Draw a contact sheet: expressions, framings, places, outfits."""
    from bot.app import draw_sheet

    path = out or Path(f"{name}-sheet.png")
    _wait_for(draw_sheet(_settings(config_file), data, name, path))
    typer.echo(f"Written to {path.resolve()}")


@character_app.command("calibrate")
def calibrate(
    name: Annotated[str, typer.Argument(help="Which character, e.g. noor.")],
    data: DataOption = Path("data"),
    config_file: ConfigOption = None,
) -> None:
    """Draw the line between a character's face and the others', from its references and the rest of the cast."""
    from bot.app import calibrate_character

    typer.echo(_wait_for(calibrate_character(_settings(config_file), data, name)))


@character_app.command("list")
def list_characters(data: DataOption = Path("data"), config_file: ConfigOption = None) -> None:
    """List everyone who is here."""
    from bot.app import print_characters

    _wait_for(print_characters(_settings(config_file), data, Console()))


@memory_app.command("import")
def import_history(
    file: Annotated[
        Path,
        typer.Argument(help="A SillyTavern chat, a Discord data package, an export, a text with names."),
    ],
    character: Annotated[str, typer.Option(help="Who is to remember it, e.g. noor.")],
    me: Annotated[str, typer.Option(help="What you are called in it, if that is not clear.")] = "",
    data: DataOption = Path("data"),
    config_file: ConfigOption = None,
) -> None:
    """Let a character remember what you talked about elsewhere; the same file twice adds nothing."""
    from bot.app import import_history

    _wait_for(import_history(_settings(config_file), data, file.expanduser(), character, me, Console()))


@models_app.callback(invoke_without_command=True)
def list_models(
    context: typer.Context, config_file: ConfigOption = None, data: DataOption = Path("data")
) -> None:
    """List what is configured, what is here, and what this machine can run."""
    if context.invoked_subcommand is None:
        _list_models(config_file, data)


@models_app.command("list")
def list_models_by_name(config_file: ConfigOption = None, data: DataOption = Path("data")) -> None:
    """The same list."""
    _list_models(config_file, data)


def _list_models(config_file: Path | None, data: Path) -> None:
    from bot.models import chat, pictures

    def show() -> None:
        settings, console = _settings(config_file), Console()
        chat.print_models(settings, data, console)
        console.print()
        pictures.print_pictures(settings, data, console)

    _do(show)


@models_app.command("pull")
def pull_model(
    kind: Annotated[
        str,
        typer.Argument(
            help="chat, recall (what messages mean), images (what this machine needs for pictures), "
            "or the name of a picture model."
        ),
    ],
    name: Annotated[
        str, typer.Argument(help="A name of the list; the recommended one if none is given.")
    ] = "",
    other: Annotated[str, typer.Option("--from", help="Any other of the hub: OWNER/REPO/FILE.gguf")] = "",
    accept_licence: Annotated[bool, typer.Option(help="Accept a licence with terms of its own.")] = False,
    configure: Annotated[bool, typer.Option(help="Write it into the configuration file.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Fetch the recommended one without asking.")] = False,
    config_file: ConfigOption = None,
    data: DataOption = Path("data"),
) -> None:
    """Fetch a model with its checksum; what was interrupted goes on."""
    from bot.models import chat, pictures, recall

    target = (_chosen(config_file) or DEFAULT_CONFIG) if configure else None
    settings = _settings(config_file)

    def agree(question: str) -> bool:
        return yes or _agrees(question)

    def work() -> None:
        console = Console()
        if kind == "chat":
            chat.pull_model(
                settings,
                data,
                console,
                name=name,
                other=other,
                accepted=accept_licence,
                config=target,
                agree=agree,
            )
            return
        if other:
            raise InputError(
                "Only chat models are fetched --from elsewhere: selfsame models pull chat --from …"
            )
        if kind == "recall":
            if configure:
                raise InputError("For recall, only the name is asked: selfsame models pull recall [NAME]")
            recall.pull_recall_model(settings, data, console, name)
            return
        if kind != "images" and name:
            raise InputError(f"Write it as one: selfsame models pull {name}, or: selfsame models pull {kind}")
        wanted = name if kind == "images" else kind
        pictures.pull_pictures(
            settings, data, console, name=wanted, accepted=accept_licence, config=target, agree=agree
        )

    _do(work)


@models_app.command("verify")
def verify_models(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of the list; all that is here if none is given.")
    ] = None,
    load: Annotated[bool, typer.Option("--load", help="Also load each, as a picture would.")] = False,
    config_file: ConfigOption = None,
    data: DataOption = Path("data"),
) -> None:
    """Check picture models that are here: whole, of the right family, not damaged."""
    from bot.models.pictures import verify_pictures

    def work() -> None:
        if not verify_pictures(_settings(config_file), data, Console(), names or (), load=load):
            sys.exit(1)

    _do(work)


@config_app.command("example")
def config_example() -> None:
    """Print config.example.toml: every key with its manual and its default."""
    typer.echo(config.example(), nl=False)


@config_app.command("commands")
def config_commands() -> None:
    """Print docs/commands.md: every command with its options."""
    from bot.commands.manual import manual
    from bot.commands.registry import COMMANDS

    typer.echo(manual(COMMANDS.values()), nl=False)


@config_app.command("check")
def config_check(config_file: Annotated[Path, typer.Argument(help="The configuration file.")]) -> None:
    """Say whether a configuration file can be used."""
    _settings(config_file)
    typer.echo(f"{config_file} is fine.")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help=f"Which one: {', '.join(BENCHMARKS)}.")],
    as_json: Annotated[bool, typer.Option("--json", help="One last line of JSON.")] = False,
    quick: Annotated[bool, typer.Option(help="Leave the slow parts out.")] = False,
    llama_server: Annotated[
        str, typer.Option(help="chat: llama-server's binary or address, to compare with it.")
    ] = "",
    model: Annotated[str, typer.Option(help="chat: a GGUF file; one with random weights is made.")] = "",
    shape: Annotated[str, typer.Option(help="chat: the shape of the model that is made.")] = "",
    gpu: Annotated[bool, typer.Option(help="chat: with all layers on the GPU.")] = False,
    part: Annotated[str, typer.Option(help="facts: dev, dev2, check (held back) or all.")] = "",
    misses: Annotated[bool, typer.Option(help="facts: show what went wrong, of dev alone.")] = False,
    data: Annotated[str, typer.Option(help="recall: a file with long talks in LoCoMo's format.")] = "",
    no_vectors: Annotated[bool, typer.Option("--no-vectors", help="recall: by words alone.")] = False,
    embedding_model: Annotated[
        str, typer.Option(help="recall: a folder with model.onnx and tokenizer.json.")
    ] = "",
    scale: Annotated[
        int, typer.Option(help="recall: also time questions beside so many messages of others.", min=0)
    ] = 0,
    cast: Annotated[str, typer.Option(help="identity: a folder with a folder for each character.")] = "",
    models: Annotated[str, typer.Option(help="identity: the data directory that has the models.")] = "",
    out: Annotated[str, typer.Option(help="identity: where to write the contact sheet.")] = "",
    tiny: Annotated[bool, typer.Option(help="images: tiny models alone, also where there is a GPU.")] = False,
) -> None:
    """Measure; prints a table for people, and with --json one last line for programs."""
    if name not in BENCHMARKS:
        _fail(InputError(f"There is no benchmark {name}. There are: {', '.join(BENCHMARKS)}."))
    own: dict[str, dict[str, object]] = {
        "chat": {"llama_server": llama_server, "model": model, "shape": shape, "gpu": gpu},
        "facts": {"part": part, "misses": misses},
        "recall": {
            "data": data,
            "no_vectors": no_vectors,
            "embedding_model": embedding_model,
            "scale": scale,
        },
        "identity": {"cast": cast, "models": models, "out": out},
        "images": {"tiny": tiny},
    }
    module = importlib.import_module(f"benchmarks.{name}")
    try:
        result = asyncio.run(module.run(quick=quick, **_options_of(name, own)))
    except SelfsameError as error:
        _fail(error)
    typer.echo(module.table(result))
    if as_json:
        typer.echo(json.dumps(result))


def main() -> None:
    """The entry point of `selfsame`."""
    app()


def _settings(path: Path | None, *, host: str | None = None, port: int | None = None) -> Settings:
    """The settings of a file with what the command line says instead. Ends the program on a mistake in them."""
    try:
        settings = config.load(_chosen(path))
    except SelfsameError as error:
        _fail(error)
    web = settings.web.model_copy(
        update={key: value for key, value in (("host", host), ("port", port)) if value is not None}
    )
    set_up_logging(settings.log.level, LOG_FORM)
    return settings.model_copy(update={"web": web})


def _chosen(path: Path | None) -> Path | None:
    """The configuration file that is used: the one that was named, or the usual one if it is there."""
    return DEFAULT_CONFIG if path is None and DEFAULT_CONFIG.exists() else path


def _options_of(name: str, own: Mapping[str, Mapping[str, object]]) -> dict[str, Any]:
    """The options of a benchmark that were given. Ends the program where they are another one's."""
    for other, options in own.items():
        if other != name and any(options.values()):
            *some, last = (f"--{option.replace('_', '-')}" for option in options)
            _fail(InputError(f"{', '.join(some)} and {last} are for the benchmark {other}."))
    return {option: value for option, value in own.get(name, {}).items() if value}


def _wait_for(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end; a mistake that a person can mend is one sentence, not a trace."""
    try:
        return asyncio.run(_until_asked(work))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    except SelfsameError as error:
        _fail(error)
    except BaseExceptionGroup as group:
        mendable = group.subgroup(SelfsameError)
        if mendable is None:
            raise
        leaf: BaseException = mendable
        while isinstance(leaf, BaseExceptionGroup):
            leaf = leaf.exceptions[0]
        _fail(leaf)


def _do(work: Callable[[], None]) -> None:
    """Run what needs no event loop; a mistake that a person can mend is one sentence, not a trace."""
    try:
        work()
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except SelfsameError as error:
        _fail(error)


async def _until_asked(work: Coroutine[Any, Any, Any]) -> Any:
    """Do the work until it ends, or until the system asks to stop (Ctrl-C is asyncio's own)."""
    task = asyncio.current_task()
    assert task is not None
    with contextlib.suppress(NotImplementedError):  # Windows has no such signal
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def _agrees(question: str) -> bool:
    """Whether the person says yes; a script is not asked."""
    try:
        return not sys.stdin.isatty() or typer.confirm(question, default=True)
    except typer.Abort:  # Ctrl-C, in the middle of the line
        typer.echo()
        return False


def _fail(error: BaseException) -> NoReturn:
    typer.secho(str(error), fg="red", err=True)
    sys.exit(2)


def _announce(address: str) -> None:
    typer.secho(f"\n  Selfsame is here: {address}\n  Ctrl-C stops it.\n", bold=True)


def _say(line: str) -> None:
    typer.echo(f"  {line}")


if __name__ == "__main__":
    main()
