"""What makes a speaker audible: a way to begin, to count, to swear, to compare; `talk.py` calls it.

All of it is read off the persona's own words (speech patterns, quirk, sample lines), so a character that somebody
made yesterday is coloured in the same way as a shipped one.
"""

from __future__ import annotations

import re

from engine.models.storyteller.ledger import sentences
from engine.models.storyteller.library import Conceit, stems_of
from engine.models.storyteller.selfmoves import COMMON
from engine.models.storyteller.sheet import Sheet
from engine.models.storyteller.teller import Teller

# How often a manner shows, where it fits: often enough to be heard, rare enough not to be a tic.
OPENS, OPENS_ALWAYS, COUNTS, SHOUTS, SOUNDS, SWEARS, CLOSES, DICTATES, DROPS = (
    0.25, 0.55, 0.3, 0.5, 0.2, 0.4, 0.15, 0.3, 0.4,
)  # fmt: skip
SAYS = re.compile(r"[\"“„]([^\"”“]{2,40})[\"”]")
BEGINS = re.compile(
    r"\b(?:begins?|starts?|opens?) (?:\w+ ){0,3}with [\"“„]([^\"”“]{1,20})[\"”]", re.IGNORECASE
)
# What is said instead of something or to somebody is no way to begin a sentence.
UNSAID = re.compile(r"instead of|calls?\b|address|signs? off|aloud|the way others", re.IGNORECASE)
LISTED = re.compile(
    r"(?:phrasing|turns of phrase|sounds? into sentences|words|dialect)[^:]*: (?P<words>[\w', -]+)",
    re.IGNORECASE,
)
NOISE = re.compile(r"\b(?:\w*([a-z])\1\1\w*|(\w{2,4})(?:-\2)+)\b", re.IGNORECASE)
VEGETABLES = ("Oh, leeks and radishes.", "Turnips!", "Sweet celeriac.", "Oh, sprouts and cabbages.", "Burnt parsnips!", "Holy artichoke.", "Oh, kohlrabi.")  # fmt: skip
DIALECT = (("nothing", "nowt"), ("anything", "owt"), ("yes", "aye"), ("something", "summat"))
NUMBERS = ("One", "Two", "Three", "Four")
ARTICLES = re.compile(r"(?<=\w )(?:the|a|an) (?=[a-z])")


def conceit_line(teller: Teller, mood: str) -> str:
    """A remark in the pictures the speaker thinks in; "" if the persona names none."""
    conceit = _conceit(teller)
    if conceit is None:
        return ""
    lines = {"good": conceit.good, "bad": conceit.bad}.get(mood, conceit.plain)
    return teller.pick(lines)


def own_name_for(teller: Teller, it: str) -> str:
    """What was told, said in the pictures the speaker thinks in: "Copy: Biscuit. I have it on the board." """
    conceit = _conceit(teller)
    return teller.pick(conceit.names, it=it) if conceit and it else ""


def sample_line(teller: Teller, text: str = "") -> str:
    """One of the persona's own lines: any that is a plain remark, or one on what is talked about."""
    wanted = {word for word in stems_of(text) if len(word) > 3} - COMMON
    fitting = [
        line for line in teller.sheet.samples
        if (wanted & set(stems_of(line)) if text else not re.search(r"\byou(?:r|'re)?\b|\?", line, re.IGNORECASE))
    ]  # fmt: skip
    return teller.first(teller.rng.sample(fitting, len(fitting)))


def own_question(teller: Teller) -> str:
    """A question that the speaker is known for: "And underneath that?"."""
    asked = [said for said in SAYS.findall(_speech(teller.sheet)) if said.endswith("?")]
    known = teller.first(said[:1].upper() + said[1:] for said in asked)
    conceit = _conceit(teller)
    return known or (teller.pick(conceit.asks) if conceit else "")


def paint(teller: Teller, parts: list[str], mood: str, talked: bool) -> list[str]:
    """The parts of a reply in the speaker's manner; what is said stays the same."""
    speech = _speech(teller.sheet).lower()
    if not parts:
        return parts
    if talked and "capitals" in speech and "no capitals" not in speech and teller.chance(SHOUTS):
        parts[0] = _shouted(parts[0])
    if talked and len(parts) > 1 and re.search(r"\bnumber(?:s|ed)\b", speech) and teller.chance(COUNTS):
        parts = [_counted(" ".join(parts), _known(teller.sheet))]
    elif opener := _opener(teller, mood, talked):
        parts = _opened(opener, parts, _known(teller.sheet))
    if talked and re.search(r"drops? articles", speech) and teller.chance(DROPS):
        parts = [ARTICLES.sub("", part) for part in parts]
    if "comma" in speech and talked and teller.chance(DICTATES):
        parts[-1] = parts[-1].replace(", ", ", comma, ", 1)
    if re.search(r"\b(?:nowt|owt)\b", speech):
        parts = [_dialect(part) for part in parts]
    return [*parts, _closer(teller) if talked else ""]


def _opener(teller: Teller, mood: str, talked: bool) -> str:
    """A first word of the speaker's own, if one is due."""
    speech = _speech(teller.sheet)
    if mood == "bad" and re.search(r"vegetables", speech, re.IGNORECASE):
        return teller.first(teller.rng.sample(VEGETABLES, 7), strict=False) if teller.chance(SWEARS) else ""
    if begins := BEGINS.findall(speech):
        word = teller.rng.choice(begins).strip(" .,")
        twice = all(own.startswith(word) for own in teller.sheet.own[-2:]) and len(teller.sheet.own) > 1
        return f"{word}," if talked and not twice and teller.chance(OPENS_ALWAYS) else ""
    if re.search(r"\bsounds?\b", speech, re.IGNORECASE) and mood != "bad" and (made := _noises(teller.sheet)):
        lately = " ".join(teller.sheet.own[-3:]).lower()
        fresh = [noise for noise in made if noise.lower() not in lately]
        return f"{teller.rng.choice(fresh)} —" if fresh and teller.chance(SOUNDS) else ""
    words = _phrases(teller.sheet)
    if not (talked and words and teller.chance(OPENS)):
        return ""
    chosen = teller.rng.choice(words).strip(" .,!")
    return (
        "" if any(own.lower().startswith(chosen.lower()) for own in teller.sheet.own[-2:]) else f"{chosen},"
    )


def _opened(opener: str, parts: list[str], known: str) -> list[str]:
    """The parts behind an opener; one of several words is a sentence of its own."""
    if opener.endswith("."):
        return [opener, *parts]
    first = re.sub(r"^(?:So|Ah|Right|Oh)[, ]+", "", parts[0])
    if re.search(rf"\b{re.escape(opener.rstrip(',— '))}\b", " ".join(parts), re.IGNORECASE):
        return parts
    return [f"{opener[:1].upper()}{opener[1:]} {_small(first, known)}", *parts[1:]]


def _closer(teller: Teller) -> str:
    signs = re.findall(r"signs? off[^\"“]*[\"“]([^\"”]+)[\"”]", _speech(teller.sheet))
    return teller.first([_sentence(sign) for sign in signs]) if signs and teller.chance(CLOSES) else ""


def _phrases(sheet: Sheet) -> list[str]:
    """What the speaker is known to say at the beginning of things."""
    said = [
        phrase
        for line in sheet.speech
        if not UNSAID.search(line)
        for phrase in SAYS.findall(line)
        if not phrase.endswith("?") and len(phrase.split()) <= 3
    ]
    listed = [
        word.strip()
        for line in sheet.speech
        if (match := LISTED.search(line))
        for word in match["words"].split(",")
    ]
    return [
        *said,
        *(
            word
            for word in listed
            if word and " " not in word and word not in ("owt", "nowt") and not NOISE.search(word)
        ),
    ]


def _noises(sheet: Sheet) -> list[str]:
    listed = [
        word.strip()
        for line in sheet.speech
        if "sound" in line and (match := LISTED.search(line))
        for word in match["words"].split(",")
    ]
    heard = [match[0] for line in sheet.samples for match in NOISE.finditer(line)]
    return [*listed, *heard]


def _sentence(words: str) -> str:
    words = words.strip(" ,.!")
    return f"{words[:1].upper()}{words[1:]}."


def _counted(text: str, known: str) -> str:
    said = sentences(text)
    short = any(
        len(part.split()) < 3 or ":" in part or part.split()[0].rstrip(":") in NUMBERS for part in said
    )
    if not 2 <= len(said) <= 3 or short:
        return text
    return " ".join(f"{number}: {_small(part, known)}" for number, part in zip(NUMBERS, said, strict=False))


def small(part: str, sheet: Sheet) -> str:
    """The part with a small beginning, as after an opener, unless it begins with "I" or a name that came up."""
    return _small(part, _known(sheet))


def _small(part: str, known: str) -> str:
    first = re.match(r"[\w'-]+", part)
    if (
        not first
        or first[0] in ("I", "I'm", "I've", "I'd", "I'll")
        or (len(first[0]) > 1 and first[0].isupper())
    ):
        return part
    name = re.search(rf"(?<=[\w,] ){re.escape(first[0])}\b", known)
    return part if name else part[:1].lower() + part[1:]


def _known(sheet: Sheet) -> str:
    """Where a word with a capital inside a sentence is a name."""
    return "\n".join(
        [*(memory.text for memory in sheet.memories), sheet.said, *sheet.theirs[-3:], sheet.backstory]
    )


def _shouted(text: str) -> str:
    words = [
        word
        for word in re.findall(r"\b[a-z]{4,9}\b", text)
        if word not in ("that", "with", "this", "have", "from", "your", "what", "they")
    ]
    return re.sub(rf"\b{words[-1]}\b", words[-1].upper(), text, count=1) if words else text


def _dialect(text: str) -> str:
    for plain, spoken in DIALECT:
        text = re.sub(rf"\b{plain}\b", spoken, text)
        text = re.sub(rf"\b{plain.capitalize()}\b", spoken.capitalize(), text)
    return text


def _conceit(teller: Teller) -> Conceit | None:
    return _find(
        teller.library.conceits,
        " | ".join([_speech(teller.sheet), teller.sheet.label("Quirk"), teller.sheet.label("About")]),
    )


def _find(conceits: tuple[Conceit, ...], words: str) -> Conceit | None:
    return next((conceit for conceit in conceits if conceit.known_by.search(words)), None)


def _speech(sheet: Sheet) -> str:
    return "\n".join(sheet.speech)
