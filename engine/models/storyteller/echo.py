"""The person's words turned round: "he sleeps on my keyboard" becomes "on your keyboard"; `talk.py` calls it.

Only what stays grammatical is turned; a sentence that speaks of "you" is left alone.
"""

from __future__ import annotations

import re

SWAPS = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "i'm": "you're", "i've": "you've", "i'll": "you'll", "i'd": "you'd",
    "we": "you", "us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves", "we're": "you're", "we've": "you've", "we'll": "you'll", "we'd": "you'd",
    "am": "are",
}  # fmt: skip
YOU = re.compile(r"\b(?:you|your|yours|yourself|you're|you've|u)\b", re.IGNORECASE)
LEAD = re.compile(
    r"^(?:(?:well|so|and|but|oh|ah|yes|yeah|yep|no|nope|ok|okay|haha|lol|hm+|um+|because|then|actually|honestly|anyway|sure|right|thanks|still)\b[\s,.…–—-]*)+",
    re.IGNORECASE,
)
TRAIL = re.compile(
    r"(?:,? (?:actually|though|too|anyway|lol|haha|tbh|you know|by the way|i think|i guess|honestly|really|at least|as well|again))+$",
    re.IGNORECASE,
)
# The end of a sentence that can stand alone: "on his farm", "an hour in the cold".
END = re.compile(
    r"(?:, |\b)(?P<bit>(?:alone )?(?:in|on|at|under|behind|without|after|before|since|until|over|near|through|from|by) (?:the |an? |my |your |his |her |our |their |every |all )?(?!me\b|him\b|her$|it\b|them\b|us\b|that\b|this\b|which\b|all\b|first\b|least\b|once\b|now\b|then\b|tonight\b|today\b|once\b|i\b|we\b|he\b|she\b|they\b)[^\W\d_][\w'-]*(?: (?!and\b|but\b|is\b|was\b)[^\W\d_][\w'-]*)?)$",
    re.IGNORECASE,
)
CUT = re.compile(
    r", (?:and |but |so |because )?|\s+(?:and|but|so|because) (?=(?:i|he|she|it|we|they|my|the)\b)",
    re.IGNORECASE,
)
# Signs of code, markup and play-acting: such words are not put into one's own mouth.
ODD = re.compile(r"[{}\[\]<>|*_`#\\^~=@$%/\x00-\x09]|https?:")
# A verb with its subject, as far as a scrap can have one.
FINITE = re.compile(
    r"^(?:i|we|he|she|it|they|that|this|there|who|what)\b|\b(?:am|are|was|were|is|has|have|had|did|do|don't|can|will|got|went|think|feel|know|like|love|hate|want|need)\b|'(?:s|m|re|ve|ll|d)\b",
    re.IGNORECASE,
)
# A clause of fewer words is no sentence, one of more is no echo.
LEAST, MOST = 3, 11
SUBJECT = re.compile(
    r"^(?:(?:maybe|perhaps) )?(?:I|i|we|he|she|it|they|my|our|the|this|that|there|his|her|their|a|an|nobody|everybody|everyone|someone|somebody|some|one|two|three|[A-ZÀ-Þ][\w'-]+)\b(?:'|\b)"
)
PLAIN = frozenset(
    "maybe perhaps i we he she it they my our the this that there his her their a an nobody everybody everyone someone somebody some one two three you your you're".split()
)
VERB = re.compile(
    r"\b(?:\w+(?:ed|s)|am|are|was|were|is|has|have|had|did|do|don't|didn't|can|can't|will|won't|might|may|must|should|could|got|went|came|said|told|made|took|gave|found|lost|left|felt|kept|saw|knew|thought|ate|ran|fell|broke|slept|woke|read|met|sat|stood|bought|brought|forgot|wrote|spoke|sang|drove|flew|began|won|hid|bit|cut|put|hit|let|feel|think|know|live|work|want|need|love|like|hate|sleep|eat|keep|call|make|go|come|see|hear|try|hope|miss|talk|play|run|stay|fix|pay)\b|'(?:s|m|re|ve|ll|d)\b"
)


def turned(words: str) -> str:
    """The words from the other side: "my boss" is "your boss"."""
    turn = re.sub(r"\b(?:I|i|we) was\b", "you were", words.replace("’", "'"))
    return re.sub(r"\b[A-Za-z]+(?:'[a-z]+)?\b", lambda match: SWAPS.get(match[0].lower(), match[0]), turn)


def clause(text: str) -> str:
    """One short statement of a message, turned round, to be put into a sentence; "" if there is none."""
    for sentence in _sentences(text):
        for part in (sentence, *CUT.split(sentence)):
            bare = _bare(part)
            if (
                LEAST <= len(bare.split()) <= MOST
                and SUBJECT.match(_lower_pronoun(bare))
                and VERB.search(bare)
                and not YOU.search(bare)
            ):
                return _lowered(turned(bare))
    return ""


def bit(text: str) -> str:
    """The telling end of a message, turned round: "on your keyboard"; "" if there is none."""
    for sentence in reversed(_sentences(text)):
        match = END.search(_bare(sentence))
        if match and not YOU.search(match["bit"]):
            return turned(match["bit"])
    return ""


def scrap(text: str) -> str:
    """A message that is no sentence, turned round: "third time", "nights, mostly", "every single night"."""
    parts = _sentences(text)
    bare = _bare(" ".join([*parts[:1], *(part.lower() for part in parts[1:])]).replace(".", ""))
    short = 1 <= len(bare.split()) <= 6 and not YOU.search(bare) and "?" not in text
    return turned(bare) if short and not FINITE.search(bare) else ""


def _sentences(text: str) -> list[str]:
    plain = text[:600].replace("’", "'")
    if ODD.search(plain):
        return []
    return [
        part.strip() for part in re.findall(r"[^.!?…\n]+[.!?…]*", plain) if not part.rstrip().endswith("?")
    ]


def _bare(sentence: str) -> str:
    return TRAIL.sub("", LEAD.sub("", sentence.strip(' .!…,;:-–—"')).strip())


def _lower_pronoun(words: str) -> str:
    """The words with a plain beginning, so that "It's" and "it's" are one; names keep their capital."""
    first, space, rest = words.partition(" ")
    known = first.lower().split("'")[0] in PLAIN
    return (first.lower() if known else first) + space + rest


def _lowered(words: str) -> str:
    first, space, rest = words.partition(" ")
    return (first.lower() if first.lower().split("'")[0] in PLAIN else first) + space + rest
