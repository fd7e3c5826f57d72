"""The table of routes as docs/images.md shows it, made from the routes themselves.

python -m tests.engine.provision.routes_table prints it anew.
"""

from __future__ import annotations

from pathlib import Path

from characters.character import StyleRegister
from engine.config import ComfyConfig, ImagesConfig, ImageServerConfig
from engine.images.pipelines.port import Workshop
from engine.images.routing.overview import Suggestion, suggestions
from engine.images.routing.table import Work

# Columns: what kind of picture, in which style.
COLUMNS = (
    ("characters", Work.SELFIE, StyleRegister.PHOTOREAL),
    ("anime", Work.SELFIE, StyleRegister.ANIME),
    ("scenery", Work.SCENERY, StyleRegister.PHOTOREAL),
    ("with others", Work.COMPANY, StyleRegister.PHOTOREAL),
    ("a last take", Work.SECOND, StyleRegister.PHOTOREAL),
)


def lines() -> list[str]:
    """The table in Markdown, line by line."""
    workshop = Workshop(Path("nowhere"), ImagesConfig(pipeline="auto"), ComfyConfig(), ImageServerConfig())
    tiers: dict[str, dict[tuple[Work, StyleRegister], str]] = {}
    for one in suggestions(workshop):
        tiers.setdefault(one.tier.name, {})[one.work, one.style] = _said(one)
    head = ["card", *(title for title, _, _ in COLUMNS)]
    rows = [
        [name, *(said[work, style] for _, work, style in COLUMNS)]
        for name, said in tiers.items()
        if any(text != "–" for text in said.values())
    ]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _said(one: Suggestion) -> str:
    if one.route is None:
        return "–"
    return f"{one.route.family} {one.route.precision}" + ("" if one.route.whole else ", block by block")


if __name__ == "__main__":
    print("\n".join(lines()))
