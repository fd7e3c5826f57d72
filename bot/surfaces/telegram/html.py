"""Words for Telegram, each twice: as its HTML, strictly escaped, and plain for when it cannot be read.

Characters write a little markdown (*actions*, **stress**, `code`, ||spoilers||); what is not balanced stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.surfaces.render import utf16
from bot.surfaces.telegram.sending import Words

_SPAN = re.compile(
    r"```(?:[\w+-]*\n)?(?P<pre>[^`]+)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|\|\|(?P<spoiler>(?!\s)[^|\n]+(?<!\s))\|\|"
    r"|\*\*(?P<bold>(?![\s*])(?:[^*\n]|(?<!\*)\*(?!\*))+?(?<!\s))\*\*(?!\*)"
    r"|(?<![\w*])\*(?P<italic>(?![\s*])(?:[^*\n]|\*\*[^*\n]+\*\*)+?(?<!\s))\*(?![\w*])"
)
_TAGS = {"pre": "pre", "code": "code", "spoiler": "tg-spoiler", "bold": "b", "italic": "i"}
_LITERAL = frozenset({"pre", "code"})
# Characters of a heading and of an aside.
HEADING, ASIDE = 120, 300
# What no messenger shows, and half pairs of surrogates, which cannot be sent at all.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def words_of(text: str) -> Words:
    """A character's words with their markdown."""
    text = _UNSENDABLE.sub("", text)
    html, plain, at = [], [], 0
    for found in _SPAN.finditer(text):
        before = text[at : found.start()]
        kind = found.lastgroup or ""
        inner = said(found[kind]) if kind in _LITERAL else words_of(found[kind])
        html += [escape(before), f"<{_TAGS[kind]}>{inner.html}</{_TAGS[kind]}>"]
        plain += [before, inner.plain]
        at = found.end()
    return Words("".join((*html, escape(text[at:]))), "".join((*plain, text[at:])))


def said(text: str) -> Words:
    """Words as they are."""
    text = _UNSENDABLE.sub("", text)
    return Words(escape(text), text)


def bold(text: str) -> Words:
    """Words that stand out: names, headings."""
    return _tagged("b", shorten(text, HEADING))


def italic(text: str) -> Words:
    """Words beside the matter: sources, hints."""
    return _tagged("i", shorten(text, ASIDE))


def quote(text: str) -> Words:
    """Somebody's own words; a long quotation is folded."""
    words = said(text)
    fold = " expandable" if utf16(words.plain) > 240 else ""
    return Words(f"<blockquote{fold}>{words.html}</blockquote>", f"“{words.plain}”")


def folded(words: Words) -> Words:
    """What is read by those who want to: Telegram shows its first lines and unfolds the rest."""
    return Words(f"<blockquote expandable>{words.html}</blockquote>" if words.html else "", words.plain)


def joined(parts: Sequence[Words], separator: str = "\n") -> Words:
    """Words one after another; empty ones are left out."""
    parts = [part for part in parts if part.plain]
    return Words(separator.join(part.html for part in parts), separator.join(part.plain for part in parts))


def fitted(blocks: Sequence[Words], limit: int, separator: str = "\n\n") -> Words:
    """As many whole blocks as fit; a mark says where some were left out."""
    blocks = [block for block in blocks if block.plain]
    whole = joined(blocks, separator)
    if utf16(whole.plain) <= limit:
        return whole
    kept: list[Words] = []
    for block in blocks:
        longer = joined([*kept, block, said("…")], separator)
        if utf16(longer.plain) > limit:
            break
        kept.append(block)
    return joined([*kept, said("…")], separator)


def shorten(text: str, limit: int) -> str:
    """A text of at most `limit` units, cut after a word."""
    text = text.strip()
    if utf16(text) <= limit:
        return text
    while utf16(text) > limit - 1:
        text = text[: len(text) - max(1, (utf16(text) - limit + 1) // 2)]
    return (text.rsplit(None, 1)[0] if " " in text[limit // 2 :] else text).rstrip(" ,;:.") + "…"


def escape(text: str) -> str:
    """Text that is no markup for Telegram."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tagged(tag: str, text: str) -> Words:
    words = said(text)
    return Words(f"<{tag}>{words.html}</{tag}>" if words.html else "", words.plain)
