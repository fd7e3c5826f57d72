"""Embedding models in `selfsame models pull recall`. `engine/provision/recall.py` knows them."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from bot.config import Settings
from bot.models.window import bar, say
from engine.provision.recall import choose_recall, pull_recall
from engine.provision.remark import HUB


def pull_recall_model(settings: Settings, data: Path, console: Console, name: str) -> None:
    """Fetch an embedding model. Raises InputError, ModelError."""
    wanted = choose_recall(name)
    say(
        console,
        f"{wanted.repo} ({wanted.megabytes} MB), {wanted.licence}, reads {wanted.reads}: {HUB}/{wanted.repo}",
    )
    with bar(console) as progress:
        pulled = pull_recall(wanted, settings.engine, data, progress)
    was = "was here already" if pulled.already else "is here, and its checksums are right"
    say(console, f"{wanted.repo} {was}: {pulled.folder}")
    if pulled.used:
        say(console, "From the next start on, what was said is found by its meaning, too: selfsame run")
    else:
        say(
            console,
            f'To use it, write into config.toml:\n\n[memory]\nembeddings = "auto"\nembedding_model = "{wanted.repo}"\n',
        )
