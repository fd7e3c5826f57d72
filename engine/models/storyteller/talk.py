"""One reply, from what was heard to the words that are said; `voice.py` calls `compose`.

A reply is made of up to three parts: a reaction to what was said, something of one's own (a memory, an opinion,
a piece of the past), and now and then a question. Whatever was said within the last turns is not said again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from engine.models.storyteller import remembering, selfmoves
from engine.models.storyteller.hearing import Heard, hear, noun, subject
from engine.models.storyteller.ledger import Ledger, sentences
from engine.models.storyteller.library import Library, Theme, stems_of
from engine.models.storyteller.manner import dress, read_manner
from engine.models.storyteller.sheet import Sheet
from engine.models.storyteller.teller import Teller

# How often a reply ends in a question, by how the speaker is.
ASKS, ASKS_A_LOT = 0.55, 0.8
# Turns after which something the person mentioned may be taken up again.
LATER = 4
# How often somebody who calls people something does.
ADDRESSED = 0.3
# How often a phrase of one's own opens a reply to ordinary talk.
PHRASED = 0.22


def compose(sheet: Sheet, library: Library, rng: random.Random) -> str:
    """The reply to the sheet's last turn."""
    manner = read_manner(sheet, library.tempers, library.domains)
    ledger = Ledger(sheet.own, [sheet.you, *manner.address, *manner.phrases])
    teller = Teller(sheet, library, manner, ledger, rng)
    heard = hear(sheet.said, library)
    answer = [part for part in _answer(teller, heard) if part]
    text = dress(_join(teller, answer or _converse(teller, heard), not answer), manner)
    return _fresh(teller, text, Ledger(sheet.own, [sheet.you, *manner.address, *manner.phrases]))


def _answer(teller: Teller, heard: Heard) -> list[str]:
    """The answer to a known kind of utterance; nothing if it is talk like any other."""
    if heard.language is not None:
        return _abroad(teller, heard)
    if not heard.words:
        return _wordless(teller, heard)
    act = heard.act
    if act is None:
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
        return move(teller, heard)
    return [
        teller.pick(act.lines, strict=False),
        teller.pick(act.asks) if act.asks and teller.chance(0.6) else "",
    ]


def _converse(teller: Teller, heard: Heard) -> list[str]:
    """Talk: react, give, ask."""
    theme, thing = (heard.theme, heard.thing) if heard.theme else _carried(teller)
    if heard.asking and not heard.theme:
        return _unknown_question(teller, heard)
    parts = [_react(teller, heard, theme, thing)]
    given = _give(teller, heard, theme)
    few = teller.manner.terse or (bool(parts[0]) and len(parts[0].split()) > 22)
    if given and (not few or teller.chance(0.35)):
        parts.append(given)
    if _wants_to_ask(teller, heard):
        question = _ask(teller, heard, theme, thing)
        # Somebody who asks before answering does just that, and then has no need of a first remark.
        asks_first = teller.manner.asks and given and heard.mood != "bad" and teller.chance(0.3)
        parts = [question, given] if asks_first else [*parts, question]
    return [part for part in parts if part]


def _react(teller: Teller, heard: Heard, theme: Theme | None, thing: Theme | None) -> str:
    if heard.loud and teller.chance(0.7) and (line := teller.pool("loud")):
        return line
    if (
        not heard.theme
        and heard.mood == "plain"
        and heard.word
        and teller.chance(0.5)
        and (line := teller.pool("word", word=heard.word))
    ):
        return line
    if heard.echo and teller.chance(0.35) and (line := teller.pool(f"echo_{heard.mood}", echo=heard.echo)):
        return line
    sources = [source.reactions(heard.mood) for source in (thing, heard.theme) if source]
    lines = [line for source in sources if (line := teller.pick(source))]
    return lines[0] if lines else teller.pool(f"react_{heard.mood}")


def _give(teller: Teller, heard: Heard, theme: Theme | None) -> str:
    """Something of one's own: a memory of the person, a piece of the past, an opinion, an old thread."""
    name = theme.name if theme else ""
    if teller.chance(0.6) and (line := remembering.link(teller, name, heard.mood, heard.text)):
        return line
    if teller.chance(0.4) and (line := selfmoves.about_theme(teller, stems_of(heard.text))):
        return line
    if theme and heard.mood != "bad" and (line := teller.pick(theme.own)):
        return line
    if heard.mood == "bad":
        return teller.pool("comfort") if teller.chance(0.5) else ""
    if teller.chance(0.35) and (
        line := teller.pool("quirk") if teller.sheet.quirk and teller.chance(0.3) else ""
    ):
        return line
    return _thread(teller) if teller.chance(0.5) else ""


def _ask(teller: Teller, heard: Heard, theme: Theme | None, thing: Theme | None) -> str:
    for source in (thing, theme):
        if source and (line := teller.pick(source.ask)):
            return line
    if heard.mood == "bad" and (line := teller.pool("ask_bad")):
        return line
    if heard.word and teller.chance(0.5) and (line := teller.pool("ask_word", word=heard.word)):
        return line
    return _thread(teller) or teller.pool("ask")


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
    act = heard.act
    assert act is not None
    met = len(teller.sheet.theirs) > 0
    hour = teller.sheet.hour
    part = (
        ""
        if hour is None
        else "morning"
        if 5 <= hour < 11
        else "evening"
        if 17 <= hour < 22
        else "night"
        if hour >= 22 or hour < 5
        else "day"
    )
    lines = [
        teller.pool(f"hello_{part}") if part and teller.chance(0.5) else "",
        teller.pool("hello_again" if met else "hello", strict=False),
    ]
    hello = next((line for line in lines if line), "")
    rest = _about_rest(teller, heard)
    link = (
        ""
        if rest
        else remembering.link(
            teller, teller.rng.choice(("animals", "work", "boredom", "family", "weather")), "good", heard.text
        )
    )
    return [hello, rest or link or (teller.pool("hello_ask") if teller.chance(0.7) else "")]


def _about_rest(teller: Teller, heard: Heard) -> str:
    """What follows a greeting in the same message: "hi, how are you?", "hello, I had a bad day"."""
    rest = re.sub(r"^\W*\w+(?: there| again| everyone| \w+)?[,.! ]+", "", heard.text, count=1)
    if len(rest.split()) < 2 or rest == heard.text:
        return ""
    inner = hear(rest, teller.library)
    if inner.act and inner.act.name != "greeting":
        return " ".join(part for part in _answer(teller, inner) if part)
    return " ".join(_converse(teller, inner)) if inner.theme or inner.mood != "plain" else ""


def _follow(teller: Teller, heard: Heard, how: str) -> list[str]:
    """A short word back: take it as the answer to what was asked, and lead on."""
    theme, _thing = _carried(teller)
    asked = teller.sheet.own[-1].rstrip().endswith("?") if teller.sheet.own else False
    # "Yes" to "who was there?" is a nod and no answer.
    opened = (
        re.search(
            r"\b(?:what|which|who|whom|whose|how|where|when|why)\b",
            sentences(teller.sheet.own[-1])[-1].lower(),
        )
        if asked
        else None
    )
    lead = teller.pool(f"after_{how}" if how == "unsure" or (asked and not opened) else "after_brief")
    give = teller.pick(theme.own) if theme and teller.chance(0.5) else ""
    give = give or (selfmoves.past(teller, "", 1) or [""])[0] if teller.chance(0.4) else give
    onward = _thread(teller) if teller.chance(0.5) else ""
    return [lead, give, onward or (teller.pick(theme.ask) if theme else "") or teller.pool("ask")]


def _opinion(teller: Teller, heard: Heard) -> list[str]:
    """ "And you?", "do you like jazz?": a view of one's own."""
    theme = heard.theme or _carried(teller)[0]
    own = teller.pick(theme.own) if theme else ""
    touching = selfmoves.about_theme(teller, stems_of(heard.text))
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
            and word.lower() not in spoken
            and not text.rstrip().endswith("?")
            and (line := teller.pool("thread", word=word))
        ):
            return line
    return ""


def _shuffled(teller: Teller, texts: Sequence[str]) -> list[str]:
    return teller.rng.sample(list(texts), len(texts))


def _join(teller: Teller, parts: Sequence[str], talked: bool) -> str:
    """The parts as one text, with the speaker's own phrase or hesitation before it now and then."""
    kept = [part.strip() for part in parts if part and part.strip()]
    if kept and teller.manner.phrases and talked and teller.chance(PHRASED):
        phrase = teller.rng.choice(teller.manner.phrases)
        if (
            not any(phrase.lower() in own.lower() for own in teller.sheet.own[-2:])
            and phrase.lower() not in kept[0].lower()
        ):
            kept[0] = f"{phrase[:1].upper()}{phrase[1:]}, {_lowered(kept[0])}"
    elif kept and teller.manner.hesitant and teller.chance(0.3):
        kept[0] = f"{teller.rng.choice(('Um', 'Well', 'I mean', 'Hm'))}… {_lowered(kept[0])}"
    if kept and teller.manner.address and teller.chance(ADDRESSED):
        kept[0] = _called(kept[0], teller.rng.choice(teller.manner.address))
    return " ".join(kept)


def _called(text: str, address: str) -> str:
    """The first sentence, if it is short, with the address before its end: "There you are, love." """
    first = sentences(text)[0]
    short = first.endswith((".", "!")) and not first.endswith("..") and 2 <= len(first.split()) <= 8
    if not short or address.lower() in text.lower():
        return text
    return text.replace(first, f"{first[:-1]}, {address}{first[-1]}", 1)


def _lowered(text: str) -> str:
    return text if re.match(r"(?:I\b|I'|[A-Z]{2}|[A-Z][a-z]+ [A-Z])", text) else text[:1].lower() + text[1:]


def _fresh(teller: Teller, text: str, ledger: Ledger) -> str:
    """The text without any sentence that was said lately, and never empty."""
    kept: list[str] = []
    for sentence in sentences(text):
        if not ledger.has(sentence):
            kept.append(sentence)
            ledger.note(sentence)
    return " ".join(kept) or _anything(teller, ledger)


def _anything(teller: Teller, ledger: Ledger) -> str:
    """A sentence that was never said: the parts of the last resort multiply to thousands."""
    pools = teller.library.pools
    for _ in range(200):
        line = teller.rng.choice(pools["last_resort"]).text
        text = dress(teller.fill(line, thing=teller.rng.choice(pools["last_things"]).text), teller.manner)
        if text and not ledger.has_any(text):
            return text
    return f"I have run out of new sentences; that is {len(teller.sheet.own)} turns, and worth a rest."
