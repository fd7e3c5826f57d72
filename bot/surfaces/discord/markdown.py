"""Words → Discord's markdown, so that they look as they were meant and nothing becomes markup by accident.

`spoken` is for what characters and people say: emphasis stays, as they use it for *actions*. `plain` is for everything
else that stands in our own sentences. `sending.py` shows streamed replies by `spoken`; all views call both.
"""

from __future__ import annotations

import re

# What a line begins with when Discord would make a heading, small print, a list or a quotation of it.
_BLOCK = re.compile(r"^([ \t]*)(#{1,3}(?=\s)|-#(?=\s)|[-*+](?=\s)|>{1,3}(?=\s))", re.MULTILINE)
_NUMBER = re.compile(r"^([ \t]*\d+)([.)])(?=\s)", re.MULTILINE)
# Mentions, emoji by id, timestamps, and names of commands and channels.
_TAG = re.compile(r"<(?=[@#/:]|a:|t:|id:)")
_EVERYONE = re.compile(r"@(?=everyone|here)")
_FENCE = "```"
_ADDRESS = re.compile(r"https?://\S+")
# Underscores inside a word are none: /forget_me.
_ANY_MARK = re.compile(r"([\\*~`|\[\]]|(?<![^\W_])_|_(?![^\W_]))")
# What stays as it is in somebody's own words: addresses, and finished code, where Discord shows backslashes, too.
_KEPT = rf"`[^`\n]+`(?!`)|{_ADDRESS.pattern}"
# And what does not: a backslash that would vanish (¯\_(ツ)_/¯), a fence that is never closed, lines through and over
# words, and a link with other words than its address, which could lead anywhere.
_SHOWN = rf"\\(?:[!-/:-@\[-`{{-~]|\Z)|{_FENCE}|~~|\|\||__|\[(?=[^\]\n]*\]\()|{_TAG.pattern}"
_SAID = re.compile(rf"(?<!`)(?:{_KEPT})|({_SHOWN})")
# Stands between “@” and “everyone” and is not seen.
_NOTHING = "\u200b"


def spoken(words: str) -> str:
    """Somebody's own words: bold, italics and finished code stay, everything else is shown as it was written."""
    pieces = words.split(_FENCE)
    if len(pieces) % 2 == 0:  # a fence that is never closed would swallow the rest
        pieces[-2:] = [pieces[-2] + _FENCE + pieces[-1]]
    shown = [piece if number % 2 else _said(piece) for number, piece in enumerate(pieces)]
    return _EVERYONE.sub("@" + _NOTHING, _FENCE.join(shown))


def plain(words: str) -> str:
    """Words without any markup; addresses stay whole, so that they can be clicked."""
    shown, at = [], 0
    for address in _ADDRESS.finditer(words):
        shown += [_escaped(words[at : address.start()]), address[0]]
        at = address.end()
    return "".join((*shown, _escaped(words[at:])))


def small(words: str) -> str:
    """A line of small print; the words are markup already."""
    return "-# " + " ".join(words.split())


def quoted(words: str) -> str:
    """A quotation; the words are markup already."""
    return "\n".join(f"> {one}" for one in words.splitlines())


def _said(words: str) -> str:
    return _unblocked(_SAID.sub(_as_it_is, words))


def _as_it_is(found: re.Match[str]) -> str:
    return "".join("\\" + one for one in found[1]) if found[1] else found[0]


def _escaped(words: str) -> str:
    words = _ANY_MARK.sub(r"\\\1", words)
    words = _TAG.sub(r"\\<", words)
    return _EVERYONE.sub("@" + _NOTHING, _unblocked(words))


def _unblocked(words: str) -> str:
    words = _NUMBER.sub(r"\1\\\2", words)
    return _BLOCK.sub(r"\1\\\2", words)
