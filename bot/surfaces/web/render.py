"""Views → HTML. pages.py, chat.py and wizard.py render whole pages, surface.py the pieces that it streams.

Everything that comes from a view is escaped by Jinja; only our own icon files are inserted as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from bot.messages import Call, Confirm, MessageView, ProgressView
from bot.surfaces.render import wait_words

HERE = Path(__file__).parent
STATIC = HERE / "static"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# As spoken.js has it: **stress** and *actions* on one line; what is not closed stays as it was written.
EMPHASIS = re.compile(
    r"\*\*(?P<strong>(?![\s*])[^*\n]+(?<!\s))\*\*(?!\*)"
    r"|(?<![\w*])\*(?P<em>(?![\s*])(?:[^*\n]|\*\*[^*\n]+\*\*)+?(?<!\s))\*(?![\w*])"
)


@lru_cache(maxsize=1)
def static_version() -> str:
    """A word that changes with any of our static files, so that browsers may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def icon(name: str) -> Markup:
    """One of our own icon files, drawn in the colour of the text around it."""
    return Markup((STATIC / "icons" / f"{name}.svg").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def colour(value: str) -> str:
    """A swatch's colour, or a grey where it is not one."""
    return value if COLOUR.fullmatch(value) else "#888888"


def day_and_time(value: datetime) -> str:
    """A time for people; the page's script rewrites it into their own time zone."""
    return f"{value.astimezone(UTC):%d %B %Y, %H:%M} UTC".lstrip("0")


def day(value: datetime) -> str:
    """A date for people."""
    return f"{value.astimezone(UTC):%d %B %Y}".lstrip("0")


def spoken(words: str) -> Markup:
    """Somebody's own words with their **stress** and their *actions*; the page's script has the same rule."""
    shown, at = Markup(), 0
    for found in EMPHASIS.finditer(words):
        tag = "strong" if found["strong"] else "em"
        inner = spoken(found["strong"] or found["em"])
        shown += Markup("{}<{}>{}</{}>").format(words[at : found.start()], tag, inner, tag)
        at = found.end()
    return shown + words[at:]


def call_text(call: Call) -> str:
    """A call as the hidden field of a form carries it."""
    return json.dumps({"name": call.name, "options": dict(call.options)}, sort_keys=True)


class Renderer:
    """Our templates."""

    def __init__(self) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._environment.globals.update(icon=icon, static=f"/static/{static_version()}", csrf="", Call=Call)
        self._environment.filters.update(
            colour=colour,
            day_and_time=day_and_time,
            day=day,
            wait_words=wait_words,
            call_text=call_text,
            spoken=spoken,
        )

    def page(self, template: str, **values: object) -> str:
        """A whole page, or a piece that has its own file."""
        return self._environment.get_template(template).render(**values)

    def message(self, view: MessageView, *, conversation_id: str) -> str:
        """A line of a conversation."""
        return self.page("_message_alone.html", message=view, conversation_id=conversation_id)

    def progress(self, view: ProgressView, *, conversation_id: str) -> str:
        """A picture under way."""
        return self.page("_progress_alone.html", progress=view, conversation_id=conversation_id)

    def confirm(self, view: Confirm, *, conversation_id: str) -> str:
        """A question before something that cannot be undone."""
        return self.page("_confirm_alone.html", confirm=view, conversation_id=conversation_id)


def progress_data(view: ProgressView) -> dict[str, object]:
    """What the page's script needs to move a progress bar in place."""
    return {**asdict(view), "final": view.status.final, "words": wait_words(view)}
