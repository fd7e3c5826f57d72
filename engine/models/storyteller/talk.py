"""One reply, from what was heard to the words that are said; `voice.py` calls `compose`.

A reply is made of up to three parts: a reaction to what was said, something of one's own (a memory, an opinion,
a piece of the past), and now and then a question. Whatever was said within the last turns is not said again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from engine.models.storyteller import colour, echo, remembering, selfmoves, telling
from engine.models.storyteller.hearing import Heard, hear, noun, subject
from engine.models.storyteller.hearing import mood as mood_of
from engine.models.storyteller.ledger import Ledger, sentences
from engine.models.storyteller.library import Library, Theme, stems_of
from engine.models.storyteller.manner import dress, read_manner
from engine.models.storyteller.sheet import Sheet
from engine.models.storyteller.teller import Teller
from engine.models.storyteller.telling import Told

# How often a reply ends in a question, by how the speaker is.
ASKS, ASKS_A_LOT = 0.55, 0.8
# Turns after which something the person mentioned may be taken up again.
LATER = 4
# How often somebody who calls people something does.
ADDRESSED = 0.25
# How often a speaker who thinks in pictures takes up a name in them.
OWN_NAME = 0.45
# Kinds of utterance that say little by themselves: what is told in the same message is answered instead.
YIELDING = frozenset("own_day opinion brief thanks sorry agree disagree doing intro_too picture".split())
# Kinds of utterance whose answers are as free as talk.
COLOURED = frozenset(
    "yes no unsure brief opinion and_you thanks laugh agree advice how_are_you doing like_it".split()
)
HELLO = re.compile(
    r"^\W*(?:(?i:good) (?i:morning|evening|afternoon|day)|\w+)(?: there| again| everyone)?(?: [A-Z]\w+)?[,.! ]+"
)
CALLED = re.compile(
    r"^\W*(?:(?i:hi|hello|hey)[,!. ]+)?(?:(?i:i'm|i am|my name is|my name's)) (?P<name>[A-ZÀ-Þ][\w-]+)\b(?=[.,!]| and )"
)
REFERS = re.compile(r"\b(?:it|him|her|them|he|she|that|they)\b", re.IGNORECASE)
LEAVING = re.compile(r"\b(?:talking|chatting|speaking|night|bed)\b", re.IGNORECASE)
OPEN_QUESTION = re.compile(r"\b(?:what|which|who|whom|whose|how|where|when|why)\b")


def compose(sheet: Sheet, library: Library, rng: random.Random) -> str:
    """The reply to the sheet's last turn."""
    manner = read_manner(sheet, library.tempers, library.domains)
    ledger = Ledger(sheet.own, [sheet.you, *manner.address, *manner.phrases])
    teller = Teller(sheet, library, manner, ledger, rng)
    heard = hear(sheet.said, library)
    told = telling.find_told(sheet.said, sheet, library, before=telling.last_told(sheet, library))
    answer = [part for part in _answer(teller, heard, told) if part]
    parts = answer or _converse(teller, heard, told)
    parts = colour.paint(teller, parts, _mood(heard, told), _is_talk(heard, answer))
    text = dress(_join(teller, parts), manner)
    return _fresh(teller, text, Ledger(sheet.own, [sheet.you, *manner.address, *manner.phrases]))


def _answer(teller: Teller, heard: Heard, told: Told | None) -> list[str]:
    """The answer to a known kind of utterance; nothing if it is talk like any other."""
    if heard.language is not None:
        return _abroad(teller, heard)
    if teller.sheet.nothing and heard.asking:
        return remembering.own_up(teller, heard.text)
    if not heard.words:
        return _wordless(teller, heard)
    act = heard.act
    if (
        (act is None or act.name == "recall")
        and heard.asking
        and (past := remembering.answer_past(teller, heard.text))
    ):
        return past
    if act is None or (told and act.name in YIELDING):
        return []
    if act.name == "recall":
        return remembering.answer_memory(teller, heard.text)
    if act.name == "about_me":
        return remembering.tell_all(teller)
    if act.name in ("and_you", "opinion"):
        return _opinion(teller, heard)
    if act.name == "greeting":
        return _greet(teller, heard)
    if act.name in ("yes", "no", "unsure", "brief"):
        return _follow(teller, heard, act.name)
    if move := selfmoves.MOVES.get(act.name):
        return _named(teller, heard, act.name, move(teller, heard))
    own = colour.sample_line(teller) if act.name in ("how_are_you", "doing") and teller.chance(0.5) else ""
    return [
        own or teller.pick(act.lines, strict=False),
        _onward(teller)
        if act.name in ("thanks", "laugh", "agree") and not LEAVING.search(heard.text)
        else teller.pick(act.asks)
        if act.asks and teller.chance(0.6)
        else "",
    ]


def _named(teller: Teller, heard: Heard, act: str, said: list[str]) -> list[str]:
    """A move; who says their name hears it in the speaker's own pictures now and then."""
    if act == "intro" and teller.chance(OWN_NAME):
        said[0] = colour.own_name_for(teller, selfmoves.called(heard)) or said[0]
    return said


def _converse(teller: Teller, heard: Heard, told: Told | None) -> list[str]:
    """Talk: take up what was said, give something of one's own, ask on."""
    if heard.asking and not told and not heard.theme:
        return _unknown_question(teller, heard)
    mood = _mood(heard, told)
    if mood == "plain" and not told and _still_sad(teller, heard):
        mood = "bad"
    taken = _take_up(teller, told, mood) if told else ""
    taken = taken or _react(teller, heard, mood)
    parts = [_name_first(teller, heard), taken]
    few = teller.manner.terse and len(taken.split()) > 6
    if (given := _give(teller, heard, told, mood)) and (not few or teller.chance(0.6)):
        parts.append(given)
    if mood != "bad" and (unsure := remembering.ask_unsure(teller)):
        parts.append(unsure)
    elif _wants_to_ask(teller, heard):
        parts.append(_ask(teller, heard, told, mood))
    return [part for part in parts if part]


def _still_sad(teller: Teller, heard: Heard) -> bool:
    """Whether "it" and "her" speak of something sad that was told just before."""
    before = (
        telling.find_told(teller.sheet.theirs[-1], teller.sheet, teller.library)
        if teller.sheet.theirs
        else None
    )
    return before is not None and before.telling.mood == "bad" and bool(REFERS.search(heard.text))


def _name_first(teller: Teller, heard: Heard) -> str:
    """A nod to the name, where a message begins with it and goes on: "I'm Dana. I run a bookshop." """
    match = CALLED.match(heard.text)
    return teller.pool("intro_short", strict=False, called=match["name"]) if match else ""


def _take_up(teller: Teller, told: Told, mood: str) -> str:
    """What was told, by its name: in one's own pictures, or as anybody would."""
    own = colour.own_name_for(teller, told.it) if mood != "bad" and teller.chance(OWN_NAME) else ""
    return own or telling.take_up(teller, told)


def _mood(heard: Heard, told: Told | None) -> str:
    """How it sounds: what is told weighs more than the words it is told in."""
    if told is None:
        return heard.mood
    return told.telling.mood or ("good" if heard.mood == "good" else "plain")


def _is_talk(heard: Heard, answer: Sequence[str]) -> bool:
    """Whether the reply is one of ordinary talk, where a manner of speaking may show."""
    return not answer or (heard.act is not None and heard.act.name in COLOURED)


def _react(teller: Teller, heard: Heard, mood: str) -> str:
    """The first sentence, with the person's own words in it wherever they can be turned round."""
    if heard.loud and teller.chance(0.7) and (line := teller.pool("loud")):
        return line
    if scrap := echo.scrap(heard.text):
        return teller.pool("scrap", scrap=scrap) or teller.pool(f"react_{mood}")
    bit, clause = echo.bit(heard.text), echo.clause(heard.text)
    if bit and (teller.chance(0.45) or not clause) and (line := teller.pool(f"bit_{mood}", bit=bit)):
        return line
    if clause and (line := teller.pool(f"echo_{mood}", echo=clause)):
        return line
    sources = [source.reactions(mood) for source in (heard.thing, heard.theme) if source]
    lines = [line for source in sources if (line := teller.pick(source))]
    return lines[0] if lines else teller.pool(f"react_{mood}")


def _give(teller: Teller, heard: Heard, told: Told | None, mood: str) -> str:
    """Something of one's own: a picture one thinks in, a piece of the past, a memory of the person, a view."""
    if teller.chance(0.55) and (line := colour.conceit_line(teller, mood)):
        return line
    if mood != "bad" and teller.chance(0.5) and (line := colour.sample_line(teller, heard.text)):
        return line
    if mood != "bad" and teller.chance(0.4) and (line := selfmoves.about_theme(teller, stems_of(heard.text))):
        return line
    name = heard.theme.name if heard.theme else ""
    if teller.chance(0.3) and (line := remembering.link(teller, name, mood, heard.text)):
        return line
    if mood == "bad":
        return teller.pool("comfort") if teller.chance(0.5) else ""
    if heard.theme and not told and teller.chance(0.4):
        return teller.pick(heard.theme.own)
    return ""


def _ask(teller: Teller, heard: Heard, told: Told | None, mood: str) -> str:
    """A question that stays with what was said."""
    if mood != "bad" and teller.chance(0.25) and (line := colour.own_question(teller)):
        return line
    before = told or telling.last_told(teller.sheet, teller.library)
    if before and (told or not heard.theme) and (line := telling.ask_on(teller, before)):
        return line
    for source in (heard.thing, heard.theme):
        if source and teller.chance(0.35) and (line := teller.pick(source.ask)):
            return line
    return (
        teller.pool("ask_bad" if mood == "bad" else "ask_more") or teller.pool("ask_more") or _thread(teller)
    )


def _onward(teller: Teller) -> str:
    """A question that goes on with what was told last, or takes up an older thread."""
    before = telling.last_told(teller.sheet, teller.library)
    return (telling.ask_on(teller, before) if before else "") or _thread(teller)


def _wants_to_ask(teller: Teller, heard: Heard) -> bool:
    """Two questions in a row are a talk; four are an interrogation."""
    lately = [own.rstrip().endswith("?") for own in teller.sheet.own[-2:]]
    share = ASKS_A_LOT if teller.manner.asks else ASKS
    if len(lately) == 2 and all(lately):
        share *= 0.4
    elif not any(lately):
        share += 0.2
    return teller.chance(share)


def _greet(teller: Teller, heard: Heard) -> list[str]:
    """A hello; if more came with it, a short one, and then that."""
    met = len(teller.sheet.theirs) > 0
    if rest := _about_rest(teller, heard):
        return [teller.pool("hello_short", strict=False), *rest]
    part = _part_of_day(teller.sheet.hour)
    other = re.search(r"\b(?:morning|evening|night|afternoon)\b", heard.text.lower())
    hello = (
        teller.pool(f"hello_{part}")
        if part and (not other or other[0] == part) and teller.chance(0.5)
        else ""
    )
    hello = hello or teller.pool("hello_again" if met else "hello", strict=False)
    theme = teller.rng.choice(("animals", "work", "boredom", "family", "weather"))
    link = remembering.link(teller, theme, "good", heard.text)
    return [hello, link or ("" if hello.endswith("?") else teller.pool("hello_ask"))]


def _part_of_day(hour: int | None) -> str:
    if hour is None:
        return ""
    return (
        "morning"
        if 5 <= hour < 11
        else "day"
        if 11 <= hour < 17
        else "evening"
        if 17 <= hour < 22
        else "night"
    )


def _about_rest(teller: Teller, heard: Heard) -> list[str]:
    """What follows a greeting in the same message: "hi, how are you?", "hello, I had a bad day"."""
    rest = HELLO.sub("", heard.text, count=1)
    if len(rest.split()) < 2 or rest == heard.text:
        return []
    inner = hear(rest, teller.library)
    if inner.act and inner.act.name == "greeting":
        return []
    told = telling.find_told(rest, teller.sheet, teller.library)
    return [part for part in _answer(teller, inner, told) if part] or _converse(teller, inner, told)


def _follow(teller: Teller, heard: Heard, how: str) -> list[str]:
    """A short word back: take it as the answer to what was asked, and lead on with the same thing."""
    asked = (
        sentences(teller.sheet.own[-1])[-1].lower()
        if teller.sheet.own and teller.sheet.own[-1].rstrip().endswith("?")
        else ""
    )
    # "Yes" to "who was there?" is a nod and no answer.
    opened = OPEN_QUESTION.search(asked)
    lead = teller.pool(f"after_{how}" if how == "unsure" or (asked and not opened) else "after_brief")
    onward = _onward(teller)
    give = ""
    if not onward or teller.chance(0.35):
        give = colour.sample_line(teller) or colour.conceit_line(teller, "plain")
    return [lead, give, onward or teller.pool("ask")]


def _opinion(teller: Teller, heard: Heard) -> list[str]:
    """ "And you?", "do you like jazz?": a view of one's own."""
    theme = heard.theme or (_carried(teller)[0] if heard.act and heard.act.name == "and_you" else None)
    touching = selfmoves.about_theme(teller, stems_of(heard.text)) or colour.sample_line(teller, heard.text)
    own = teller.pick(theme.own) if theme and (not touching or teller.chance(0.5)) else ""
    if not own and not touching:
        own = (
            teller.pool("opinion_word", word=heard.word)
            if heard.word
            else teller.pool("opinion", strict=False)
        )
    ask = (teller.pick(theme.ask) if theme else "") if teller.chance(0.5) else ""
    return [own, touching, ask]


def _unknown_question(teller: Teller, heard: Heard) -> list[str]:
    """A question that no rule understands: say so as oneself would, without pretending."""
    line = teller.pool("question_word", word=heard.word) if heard.word and teller.chance(0.6) else ""
    turn = teller.pool("question_turn") if teller.chance(0.6) else ""
    return [line or teller.pool("question", strict=False), turn]


def _wordless(teller: Teller, heard: Heard) -> list[str]:
    """Nothing but signs: emoji, dots, or silence."""
    if not heard.text.strip():
        return [teller.pool("silence", strict=False)]
    if not re.search(r"[^\W_]", heard.text) and re.fullmatch(r"[\s.…?!,;:-]+", heard.text):
        return [teller.pool("dots", strict=False)]
    return [
        teller.pool(f"emoji_{heard.mood}", strict=False),
        teller.pool("ask") if teller.chance(0.5) else "",
    ]


def _abroad(teller: Teller, heard: Heard) -> list[str]:
    """A few sentences in the person's language, then English again."""
    assert heard.language is not None
    if teller.sheet.nothing:
        nothing = next((act for act in heard.language.acts if act.name == "nothing"), None)
        return [teller.pick(nothing.lines)] if nothing else remembering.own_up(teller, heard.text)
    if heard.act:
        return [teller.pick(heard.act.lines), teller.pick(heard.act.asks)]
    fallback = next(act for act in heard.language.acts if act.name == "else")
    return [teller.pick(fallback.lines), teller.pick(fallback.asks)]


def _carried(teller: Teller) -> tuple[Theme | None, Theme | None]:
    """What the last turns were about, where the newest one does not say."""
    for text in reversed(teller.sheet.theirs[-3:]):
        if text.rstrip().endswith("?"):
            continue  # "What's my cat called?" is no talk about cats
        theme, thing = subject(text, teller.library)
        if theme:
            return theme, thing
    return None, None


def _thread(teller: Teller) -> str:
    """Something the person mentioned a while ago, taken up again."""
    older = teller.sheet.theirs[: -LATER or None] if len(teller.sheet.theirs) > LATER else ()
    spoken = " ".join(teller.sheet.own[-6:]).lower()
    for text in _shuffled(teller, older):
        word = noun(text)
        if (
            word
            and mood_of(text, teller.library) != "bad"
            and word.lower() not in spoken
            and not text.rstrip().endswith("?")
            and (line := teller.pool("thread", word=word))
        ):
            return line
    return ""


def _shuffled(teller: Teller, texts: Sequence[str]) -> list[str]:
    return teller.rng.sample(list(texts), len(texts))


def _join(teller: Teller, parts: Sequence[str]) -> str:
    """The parts as one text, with hesitation or an address where the speaker has such a thing."""
    kept = [part.strip() for part in parts if part and part.strip()]
    if kept and teller.manner.hesitant and teller.chance(0.2) and not re.match(r"\w+(?:,| —)", kept[0]):
        kept[0] = (
            f"{teller.rng.choice(('Um', 'Well', 'I mean', 'Hm'))}… {colour.small(kept[0], teller.sheet)}"
        )
    if kept and teller.manner.address and teller.chance(ADDRESSED):
        address = teller.rng.choice(teller.manner.address)
        lately = any(address.lower() in text.lower() for text in (*teller.sheet.own[-1:], *kept))
        kept[0] = kept[0] if lately else _called(kept[0], address)
    return " ".join(kept)


def _called(text: str, address: str) -> str:
    """The first sentence, if it is short, with the address before its end: "There you are, love." """
    first = sentences(text)[0]
    short = first.endswith((".", "!")) and not first.endswith("..") and 2 <= len(first.split()) <= 8
    if not short or address.lower() in text.lower():
        return text
    return text.replace(first, f"{first[:-1]}, {address}{first[-1]}", 1)


def _fresh(teller: Teller, text: str, ledger: Ledger) -> str:
    """The text without any sentence that was said lately, and never empty."""
    kept: list[str] = []
    for sentence in sentences(text):
        if not ledger.has(sentence):
            kept.append(sentence)
            ledger.note(sentence)
    text = " ".join(kept) or _anything(teller, ledger)
    return text if teller.manner.lower else text[:1].upper() + text[1:]


def _anything(teller: Teller, ledger: Ledger) -> str:
    """A sentence that was never said: the parts of the last resort multiply to thousands."""
    pools = teller.library.pools
    for _ in range(200):
        line = teller.rng.choice(pools["last_resort"]).text
        text = dress(teller.fill(line, thing=teller.rng.choice(pools["last_things"]).text), teller.manner)
        if text and not ledger.has_any(text):
            return text
    return f"I have run out of new sentences; that is {len(teller.sheet.own)} turns, and worth a rest."
