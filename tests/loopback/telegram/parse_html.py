"""HTML of the Bot API → text and entities, with TDLib's own complaints. Called by entities.py."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.loopback.telegram.errors import bad_request
from tests.loopback.telegram.units import units

KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}

TAG = re.compile(r"<(/?)([^\s<>/]*)((?:\s+[^<>]*)?)>")
ATTRIBUTE = re.compile(r"""([A-Za-z][\w-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")

# What can be linked to.
ADDRESS = re.compile(
    r"(?:https?|tg|ton|ftp)://\S+|(?:mailto|tel):\S+|[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:[/?#:]\S*)?$"
)

# Telegram knows only these names and numbers; any other "&x;" stays as it is written.
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")


@dataclass
class Open:
    """A tag that waits for its end."""

    tag: str
    offset: int
    start: int
    """Where its words begin, in characters."""
    attributes: dict[str, str]


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without tags, and what the tags said."""
    return _Reader(source).read()


class _Reader:
    """One pass over the source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = ""
        self.offset = 0
        self.open: list[Open] = []
        self.entities: list[dict[str, Any]] = []

    def read(self) -> tuple[str, list[dict[str, Any]]]:
        """Words and tags in turn, until the source ends with every tag closed."""
        place = 0
        while (start := self.source.find("<", place)) >= 0:
            self._words(self.source[place:start])
            match = TAG.match(self.source, start)
            if match is None:
                raise self._complaint("Unclosed start tag", start)
            self._end(match) if match[1] else self._start(match)
            place = match.end()
        self._words(self.source[place:])
        if self.open:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self.open[-1].tag}\""
            )
        return self.text, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _complaint(self, text: str, place: int, rest: str = "") -> Exception:
        """TDLib's sentence, which counts in bytes."""
        return bad_request(
            f"can't parse entities: {text} at byte offset {len(self.source[:place].encode())}{rest}"
        )

    def _words(self, raw: str) -> None:
        """Plain text, with its character references resolved."""
        words = REFERENCE.sub(lambda match: unescape(match.group()), raw)
        self.text += words
        self.offset += units(words)

    def _start(self, match: re.Match[str]) -> None:
        """A tag opens."""
        tag = match[2].lower()
        if tag not in KINDS:
            raise self._complaint(f'Unsupported start tag "{tag}"', match.start())
        attributes = {
            name.lower(): unescape(value.strip("\"'")) for name, value in ATTRIBUTE.findall(match[3])
        }
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._complaint('Tag "span" must have class "tg-spoiler"', match.start())
        self.open.append(Open(tag, self.offset, len(self.text), attributes))

    def _end(self, match: re.Match[str]) -> None:
        """A tag closes: the innermost open one, or it is an error."""
        tag = match[2].lower()
        if not self.open:
            raise self._complaint("Unexpected end tag", match.start())
        last = self.open.pop()
        if tag and tag != last.tag:
            raise self._complaint(
                "Unmatched end tag", match.start(), f', expected "</{last.tag}>", found "</{tag}>"'
            )
        if self.offset > last.offset:
            self._entity(last)

    def _entity(self, tag: Open) -> None:
        """What a closed tag says about its words."""
        entity: dict[str, Any] = {
            "type": KINDS[tag.tag],
            "offset": tag.offset,
            "length": self.offset - tag.offset,
        }
        language = tag.attributes.get("class", "").removeprefix("language-")
        match tag.tag:
            case "a":
                entity["url"] = tag.attributes.get("href") or self.text[tag.start :]
                if not ADDRESS.match(entity["url"]):
                    # The words stay, without a link.
                    return
            case "tg-emoji":
                entity["custom_emoji_id"] = tag.attributes.get("emoji-id", "")
            case "blockquote" if "expandable" in tag.attributes:
                entity["type"] = "expandable_blockquote"
            case "code" if self.open and self.open[-1].tag == "pre":
                # <pre><code class="language-x"> is one block that knows its language.
                self.open[-1].attributes.setdefault("class", f"language-{language}" if language else "")
                return
            case "pre" if language:
                entity["language"] = language
        self.entities.append(entity)
