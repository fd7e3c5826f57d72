"""Rules for who somebody is: traits, tension, quirk, speech. Called by `characters.coach.advise`."""

from __future__ import annotations

import re

from characters.character import Persona
from characters.coach.tip import Tip
from characters.coach.wording import is_readable, pick, quoted, telling, tokens, wording
from characters.fields import split_traits

# Three give a shape, five are as many as a reader remembers; the one with tension counts.
FEWEST_TRAITS, MOST_TRAITS = 3, 5
# "likes music": a verb, but everybody's.
LIKING = frozenset({"like", "likes", "love", "loves", "enjoy", "enjoys", "hates", "adores"})
ASSISTANT = re.compile(
    r"how (?:can|may) i (?:help|assist)|as an ai|language model|happy to (?:help|assist)|your assistant|"
    r"what can i do for you",
    re.IGNORECASE,
)


def is_generic(trait: str) -> bool:
    """Whether a trait is made of positive adjectives that say nothing: "very kind"."""
    words = [word for word in tokens(trait) if word not in wording().connecting]
    return bool(words) and all(word in wording().generic for word in words)


def has_tension(text: str) -> bool:
    """Whether a trait pulls against something: a "but", a "secretly", or an edge by itself."""
    manners, words = wording().manners, tokens(text)
    return any(word in manners.turning or word in manners.edged for word in words)


def refuse_generic_traits(value: str, persona: Persona) -> Tip | None:
    """A list of compliments is refused: it gives a chat model nothing to do, and a character no edges."""
    traits = split_traits(value)
    generic = [trait for trait in traits if is_generic(trait)]
    if not generic:
        return None
    stronger = list(dict.fromkeys(strengthen_trait(one) if one in generic else one for one in traits))
    room = MOST_TRAITS - bool(persona.personality.tension)
    blocking = len(generic) >= 3 or len(generic) * 2 > len(traits)
    sentence = (
        f"{_join(generic)}: that is true of everybody one likes, so it gives no edges. "
        "Better: “warm, observant, slightly sarcastic, terrible at small talk”."
        if blocking
        else f"{quoted(generic[0])} alone could be anybody. When does it show, and when does it fail?"
    )
    return Tip("traits", sentence, "\n".join(_enough(stronger[:room], persona)), blocking)


def strengthen_trait(trait: str) -> str:
    """A generic trait as something one could film."""
    manners = wording().manners
    word = next((word for word in tokens(trait) if word in wording().generic), trait)
    if word in manners.traits:
        return pick(manners.traits[word], trait)
    return pick(manners.trait_fallback, trait).format(trait=word)


def count_traits(value: str, persona: Persona) -> Tip | None:
    """Three to five traits in all."""
    traits = split_traits(value)
    tension = bool(persona.personality.tension)
    total = len(traits) + tension
    if not traits or FEWEST_TRAITS <= total <= MOST_TRAITS:
        return None
    if total > MOST_TRAITS:
        kept = traits[: MOST_TRAITS - tension]
        sentence = (
            f"{total} traits are more than anyone can play. Which {MOST_TRAITS - tension} would be missed?"
        )
        return Tip("traits", sentence, "\n".join(kept))
    sentence = f"{total} make a sketch; {FEWEST_TRAITS} to {MOST_TRAITS} make somebody. What else?"
    return Tip("traits", sentence, "\n".join(_enough(list(traits), persona)))


def _enough(traits: list[str], persona: Persona) -> list[str]:
    """The traits, with others added while there are too few."""
    spare = [one for one in wording().manners.extra_traits if one not in traits]
    wanted = FEWEST_TRAITS - bool(persona.personality.tension)
    while len(traits) < wanted:
        traits = [*traits, spare.pop(len("".join(traits)) % len(spare))]
    return traits


def want_tension(value: str, persona: Persona) -> Tip | None:
    """One trait pulls against the others; without it there is nothing to find out."""
    traits = persona.personality.traits
    if not is_readable(value) or (not value and (not traits or any(map(has_tension, traits)))):
        return None
    if value and (has_tension(value) or len(telling(value)) > 4):
        return None
    first = re.sub(r"[.!]+$", "", value or traits[0])
    if is_generic(first):
        first = strengthen_trait(first)
    said = f"{quoted(value)} pulls against nothing. " if value else "Nothing pulls against the rest yet. "
    proposal = f"{first}, {pick(wording().manners.tensions, first)}"
    return Tip("tension", f"{said}Where do two sides of them disagree?", proposal)


def want_behaviour(value: str, persona: Persona) -> Tip | None:
    """A quirk is something they do: something a chat model can reach for and a picture can show."""
    if not is_readable(value) or (value and is_behaviour(value)):
        return None
    manners = wording().manners
    said = f"{quoted(value)} is what they are. " if value else ""
    sentence = f"{said}A quirk is something they do: “hums when concentrating”."
    word = next((word for word in tokens(value) if word in manners.quirks), None)
    if word is not None:
        return Tip("quirk", sentence, pick(manners.quirks[word], value))
    if tokens(value) and tokens(value)[0] in LIKING:
        return Tip(
            "quirk", sentence, f"{value.rstrip('. ')}, and steers every conversation there sooner or later"
        )
    habit = pick(manners.any_quirk, value, persona.name)
    kept = " ".join(telling(value))
    return Tip("quirk", sentence, f"{habit}, a little {kept} about it" if kept else habit)


def is_behaviour(value: str) -> bool:
    """Whether it says what somebody does, rather than what they are."""
    words = [word for word in tokens(value) if word not in ("he", "she", "they", "who", "it")]
    if not words or all(word in wording().generic or word in wording().connecting for word in words):
        return False
    if words[0] in LIKING:
        return len(words) > 3
    acts = words[0] in wording().manners.behaviour or (
        words[0].endswith("s") and not words[0].endswith(("ss", "ous", "us", "less", "ness"))
    )
    return len(words) > 3 or (acts and len(words) > 1) or (words[0].endswith("ing") and len(words) > 1)


def want_speech(value: str, persona: Persona) -> Tip | None:
    """Speech patterns that can be heard: length of sentences, favourite words, what they never say."""
    if not is_readable(value):
        return None
    lines = value.splitlines()
    vague = [line for line in lines if len(telling(line)) < 2 and len(tokens(line)) < 3]
    if lines and not vague:
        return None
    options = wording().manners.speeches
    if not lines:
        first = pick(options, persona.name, *persona.personality.traits)
        second = options[(options.index(first) + 1) % len(options)]
        sentence = (
            "How would one recognise them with closed eyes? Length of sentences, favourite words, habits."
        )
        return Tip("speech", sentence, f"{first}\n{second}")
    stronger = [f"{line.rstrip('. ')}: {pick(options, line)}" if line in vague else line for line in lines]
    return Tip(
        "speech",
        f"{quoted(vague[0])} cannot be heard yet. What exactly is said, or left out?",
        "\n".join(stronger),
    )


def avoid_assistant_lines(value: str, persona: Persona) -> Tip | None:
    """Sample lines teach the voice, so a help desk's lines make a help desk."""
    lines = value.splitlines()
    bad = [line for line in lines if ASSISTANT.search(line)]
    if not bad:
        return None
    kept = "\n".join(line for line in lines if line not in bad)
    return Tip("sample_lines", f"{quoted(bad[0])} is what an assistant says. What would only they say?", kept)


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
