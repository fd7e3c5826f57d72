"""The last look at a reply's form before it is stored: `engine/turn.py` calls `clean_reply`.

Only what no character would say is cut: leaked template tokens, its own name as a prefix, lines spoken for the
person, a sentence said a moment ago. What may be said at all is for `engine/safety` to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from characters.character import Persona

# Marks that chat templates put around turns; a model that leaks one has gone past the end of its own turn.
LEAKED = re.compile(
    r"<\|[^|<>\n]{1,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<\|?(?:im_start|im_end)\|?>|"
    r"^#{2,4}\s*(?:Instruction|Response|Human|Assistant|User|System)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
# Speakers under which a model writes the other side of the conversation.
OTHER_SPEAKER = re.compile(
    r"^\s*[*_]{0,2}(?:you|user|human|person|me|{{user}}|system)[*_]{0,2}\s*:", re.IGNORECASE
)
OWN_SPEAKER = re.compile(
    r"^\s*[*_]{0,2}(?:assistant|ai|bot|character|model|{{char}})[*_]{0,2}\s*:\s*", re.IGNORECASE
)
# A sentence ends here, with the space behind it.
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
# Shorter sentences ("Oh." "Really?") may come again.
REPEATABLE_WORDS = 4


def clean_reply(text: str, *, persona: Persona, earlier: Sequence[str]) -> str:
    """The reply without what is not the character's own speech; "" if nothing of it was."""
    text = _own_turn(text.replace("\x00", ""), persona.name)
    text = _unrepeated(text, earlier)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _own_turn(text: str, name: str) -> str:
    """The part up to the point where the model began to speak for somebody else."""
    leak = LEAKED.search(text)
    if leak and not text[: leak.start()].strip():
        return _own_turn(text[leak.end() :], name)  # a template's mark before the reply, not behind it
    lines: list[str] = []
    for line in (text[: leak.start()] if leak else text).split("\n"):
        if OTHER_SPEAKER.match(line):
            break
        lines.append(_without_name(line, name))
    return "\n".join(lines)


def _without_name(line: str, name: str) -> str:
    own = re.match(rf"\s*[*_]{{0,2}}{re.escape(name)}[*_]{{0,2}}\s*:\s*[*_]{{0,2}}\s*", line, re.IGNORECASE)
    own = own or OWN_SPEAKER.match(line)
    return line[own.end() :] if own else line


def _unrepeated(text: str, earlier: Sequence[str]) -> str:
    """The reply without its own former sentences, unless nothing else would be left of it."""
    said = {plain for reply in earlier for sentence in _sentences(reply) if (plain := _plain(sentence))}
    lines = []
    for line in text.split("\n"):
        fresh = [sentence for sentence in _sentences(line) if not _is_repeat(sentence, said)]
        if fresh or not line.strip():
            lines.append(" ".join(fresh))
    cleaned = "\n".join(lines)
    return cleaned if cleaned.strip() else text


def _is_repeat(sentence: str, said: set[str]) -> bool:
    plain = _plain(sentence)
    return len(plain.split()) >= REPEATABLE_WORDS and plain in said


def _sentences(text: str) -> list[str]:
    return [part for part in SENTENCE_END.split(text) if part.strip()]


def _plain(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))
