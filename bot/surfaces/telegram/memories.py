"""What a character remembers, on Telegram: by topic, each with the words it comes from. views.py calls it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.messages import Call, FactView, Memories, OptionValue
from bot.surfaces.telegram.html import bold, fitted, italic, joined, quote, said, shorten
from bot.surfaces.telegram.keys import number_of, page
from bot.surfaces.telegram.pictures import pager, short_id
from bot.surfaces.telegram.post import TEXT_LENGTH, Key, Keyboard, Post
from bot.surfaces.telegram.sending import Words

# Memories on a page: two rows of three buttons for each thing that can be done.
FACTS = 6
# Memories of a group, all on one page: what is pressed in the private chat is about that one.
GROUP_FACTS = 10
# Characters of a memory, of the words it was taken from, and of what it replaced.
FACT, SOURCE, BEFORE = 200, 160, 100


def memories(view: Memories, look: str) -> Post:
    """One page of memories, or the question before one is forgotten or corrected."""
    every = [fact for _, facts in view.topics for fact in facts]
    if look[:1] in ("f", "c"):
        for fact in every:
            if short_id(fact.id) == look[1:]:
                return _sure(view, fact) if look[0] == "f" else _correction(view, fact)
    shown, number, count = page(every, number_of(look, "p"), FACTS)
    first = number * FACTS + 1
    blocks = [_heading(view, len(every)), *_by_topic(view, shown, first)]
    words = fitted(blocks, TEXT_LENGTH)
    keys = (*_keys(view, shown, first, number), *pager(_again(view), number, count), *_all(view))
    return Post(words.html, words.plain, keys)


def of_a_group(view: Memories) -> Post:
    """What a character knows from a group, as it is shown to this person alone in their private chat."""
    every = [fact for _, facts in view.topics for fact in facts]
    more = f"And {len(every) - GROUP_FACTS} more. " if len(every) > GROUP_FACTS else ""
    there = (
        f"{more}This is from the group where you asked. In the group, /forget and a word makes it forgotten."
    )
    blocks = [_heading(view, len(every)), *_by_topic(view, every[:GROUP_FACTS], 1)]
    words = fitted([*blocks, italic(there)] if every else blocks, TEXT_LENGTH)
    return Post(words.html, words.plain)


def _heading(view: Memories, count: int) -> Words:
    name = view.card.name
    if view.query:
        title = bold(f"What {name} knows about “{shorten(view.query, 80)}”")
        return title if count else joined([title, said("Nothing, so far.")])
    title = bold(f"What {name} remembers about you")
    if count:
        return title
    return joined(
        [title, said(f"Nothing yet. Tell {name} something about yourself, and it is here, with where it came from.")]
    )  # fmt: skip


def _by_topic(view: Memories, shown: Sequence[FactView], first: int) -> list[Words]:
    """One block for each topic on the page."""
    blocks, number = [], first
    for topic, facts in view.topics:
        lines = [bold(topic.capitalize())]
        for fact in facts:
            if fact in shown:
                lines.append(_entry(fact, number))
                number += 1
        if len(lines) > 1:
            blocks.append(joined(lines))
    return blocks


def _entry(fact: FactView, number: int) -> Words:
    pin = "📌 " if fact.pinned else ""
    lines = [said(f"{number}. {pin}{shorten(fact.text, FACT)}"), italic(_source(fact))]
    if fact.superseded_text:
        lines.append(italic(f"before: {shorten(fact.superseded_text, BEFORE)}"))
    return joined(lines)


def _source(fact: FactView) -> str:
    words = shorten(" ".join(fact.source_text.split()), SOURCE)
    return f"you said “{words}”, {_day(fact.said_at)}" if words else f"since {_day(fact.said_at)}"


def _day(value: datetime) -> str:
    return f"{value.astimezone(UTC):%d %B %Y}".lstrip("0")


def _keys(view: Memories, shown: Sequence[FactView], first: int, number: int) -> Keyboard:
    pins = [
        Key(f"{'Unpin' if fact.pinned else '📌 Pin'} {at}", Call("pin", {"fact": fact.id}), look=f"p{number}")
        for at, fact in enumerate(shown, first)
    ]
    forgets = [
        Key(f"🗑 Forget {at}", _again(view), look=f"f{short_id(fact.id)}")
        for at, fact in enumerate(shown, first)
    ]
    corrects = [
        Key(f"✏️ Correct {at}", _again(view), look=f"c{short_id(fact.id)}")
        for at, fact in enumerate(shown, first)
    ]
    if len(shown) < 3:
        return tuple(zip(pins, corrects, forgets, strict=True))
    kinds = (pins, corrects, forgets)
    return tuple(tuple(keys[at : at + 3]) for keys in kinds for at in range(0, len(keys), 3))


def _sure(view: Memories, fact: FactView) -> Post:
    """The question before a memory goes."""
    words = joined(
        [
            bold("Forget this?"),
            quote(shorten(fact.text, FACT)),
            said(f"{view.card.name} will not use it in any reply from then on."),
        ]
    )
    forget = Call("forget", {"character": view.card.id, "fact": fact.id})
    return Post(words.html, words.plain, ((Key("Yes, forget it", forget), Key("Keep it", _again(view))),))


def _correction(view: Memories, fact: FactView) -> Post:
    """The question what is right; the answer takes the memory's place."""
    words = joined(
        [
            bold("How is it really?"),
            quote(shorten(fact.text, FACT)),
            said("Answer this message with what is right. What was known before stays readable."),
        ]
    )
    call = Call("remember", {"character": view.card.id, "fact": fact.id})
    return Post(words.html, words.plain, force_reply="My dog is called Max now.", expects=call, option="what")


def _all(view: Memories) -> Keyboard:
    return ((Key("Show everything", Call("memory", {"character": view.card.id})),),) if view.query else ()


def _again(view: Memories) -> Call:
    options: dict[str, OptionValue] = {"character": view.card.id}
    return Call("memory", options | ({"query": view.query} if view.query else {}))
