"""Rules for the name, the age, and what is told: tagline, backstory, relationship, greeting.

Called by `characters.coach.advise`. The backstory is what a chat model reads on every turn: facts to hold
on to, and not a novel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import sqrt

from characters.archetypes import FORMS, inflect, load_archetypes
from characters.character import ADULT_AGE, BACKSTORY_LENGTH, OLDEST_AGE, Persona
from characters.coach.person import ASSISTANT
from characters.coach.tip import Tip
from characters.coach.wording import is_readable, pick, quoted, telling, tokens, wording
from characters.fields import clean_age
from characters.text import TextError

# At most three short paragraphs; more cannot be referred to in every reply.
MOST_PARAGRAPHS = 3
# Words of a backstory: the guide's example has 100 of them, and 230 still fit into a prompt.
MOST_WORDS, FEWEST_WORDS = 230, 15
# A cut backstory leaves room for what its person will add again.
CUT_WORDS = 190
# Characters of a tagline on a phone's card.
TAGLINE_ON_A_CARD = 90

ASPECTS: Mapping[str, re.Pattern[str]] = {
    "where they are from": re.compile(
        r"\b(grew up|grown up|born|raised|from|moved|lives?|living|came to|comes|native|hometown)\b",
        re.IGNORECASE,
    ),
    "what they do": re.compile(
        r"\b(work(?:s|ed|ing)?|job|runs?|ran|teach(?:es|er)?|taught|stud(?:y|ies|ied|ent)|owns?|drives?|driver|"
        r"paints?|painter|repairs?|writes?|writer|makes?|builds?|sells?|keeps?|kept|bakes?|baker|cooks?|chef|"
        r"dispatch(?:es)?|moves|retired|serves?|bends?|composes?|career|profession|nurse|doctor|lawyer|engineer|"
        r"architect|soldier|artist|scientist|became|apprentice|professor|programmer|designer|barista|pilot)\b",
        re.IGNORECASE,
    ),
    "what they care about": re.compile(
        r"\b(cares?|loves?|likes?|hates?|wants?|afraid|dreams?|misses|hopes?|saving|favou?rite|proud|worries|"
        r"believes?|obsessed|longs?|fears?|collects?|plays?)\b",
        re.IGNORECASE,
    ),
    "what they are to you": re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE),
}
NUMBERS = re.compile(
    r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|youngest|"
    r"oldest|eldest|only child|twin)\b",
    re.IGNORECASE,
)
# A capitalised word that does not start a sentence: Lisbon, Tuesday, Halina.
PROPER = re.compile(r"(?<![.!?…:“\"\n])\s(?!I\b|I')([A-ZÀ-Ý][\w'’-]+)")
NAMES: Mapping[str, Sequence[str]] = {
    "she/her": ("Ines Okafor", "Mirela Castanho", "Oona Hartmann", "Thandeka Lund"),
    "he/him": ("Tobiah Lund", "Rashid Penhallow", "Iker Sandoval", "Olumide Hart"),
    "they/them": ("Yuki Sandoval", "Robin Castanho", "Ash Okafor", "Sol Penhallow"),
}
# The pronouns that a text is written in, by its first "she" or "he".
FORM_OF = {forms[0]: pronouns for pronouns, forms in FORMS.items()}
MINOR = re.compile(
    r"\b(girl|boy|teen|teenager|teenage|kid|child|schoolgirl|schoolboy|lolita|loli|shota)\b", re.IGNORECASE
)
RELATION_ENDINGS = (
    "since the evening you both missed the last bus",
    "who still owes you a very long story",
    "and still a little surprised that it lasts",
    "with a standing appointment on Thursdays",
)
OPENINGS = (
    "I was just arguing with the kettle. Whose side are you on?",
    "Before anything else: what's the oddest thing you saw today?",
    "Mind the boxes, I'm looking for something. Tell me how your day really was.",
)


def be_adult(value: str, persona: Persona) -> Tip | None:
    """Characters are adults; nothing is proposed, since an age is not a wording."""
    try:
        clean_age(value)
    except TextError as error:
        return Tip("age", error.sentence, blocking=True)
    return None


def name_adults(value: str, persona: Persona) -> Tip | None:
    """The class word of every picture is an adult's."""
    found = MINOR.search(value)
    if found is None:
        return None
    sentence = f"Characters are adults, {ADULT_AGE} to {OLDEST_AGE}: say woman, man or person."
    adult = {"girl": "woman", "boy": "man"}.get(found[0].casefold(), "")
    return Tip("presentation", sentence, adult, blocking=True)


def name_somebody(value: str, persona: Persona) -> Tip | None:
    """A name one could call across a street."""
    words = tokens(value)
    if not words or not all(word in wording().manners.nameless for word in words):
        return None
    return Tip(
        "name",
        f"{quoted(value)} is a label. What do their friends call them?",
        pick(NAMES[_pronouns(persona)], value),
    )


def say_what_they_do(value: str, persona: Persona) -> Tip | None:
    """A tagline is what they do, with a twist; compliments are not."""
    if not value or not is_readable(value):
        return None
    if len(value) > TAGLINE_ON_A_CARD:
        sentence = f"{len(value)} characters; a card shows {TAGLINE_ON_A_CARD}. What is the one thing?"
        return Tip("tagline", sentence, _shorter(value))
    if len(telling(value)) >= 2:
        return None
    habit = persona.personality.quirk or "Reads maps in bed"
    sentence = f"{quoted(value)} fits anybody. What do they do that one would tell a friend about?"
    return Tip("tagline", sentence, habit[0].upper() + habit[1:])


def _shorter(value: str) -> str:
    """The first clause that fits, or as many words as do."""
    clause = re.split(r"[.;,–—]\s", value)[0]
    words = clause.split()
    while len(" ".join(words)) > TAGLINE_ON_A_CARD:
        words.pop()
    return " ".join(words)


def cut_novels(value: str, persona: Persona) -> Tip | None:
    """At most three short paragraphs."""
    words, paragraphs = len(value.split()), len(_paragraphs(value))
    if words <= MOST_WORDS and paragraphs <= MOST_PARAGRAPHS:
        return None
    sentence = (
        f"{words} words in {paragraphs} paragraphs are a novel; keep {MOST_PARAGRAPHS} short paragraphs, "
        f"{MOST_WORDS} words at most. The proposal keeps your sentences that hold the most facts."
    )
    return Tip("backstory", sentence, cut_to_facts(value), blocking=True)


def cut_to_facts(text: str) -> str:
    """The sentences with the most facts in their own order, in at most three paragraphs."""
    paragraphs = [_sentences(paragraph) for paragraph in _paragraphs(text)]
    placed = [(n, sentence) for n, sentences in enumerate(paragraphs) for sentence in sentences]
    kept: set[int] = set()
    words = 0
    for at in sorted(range(len(placed)), key=lambda at: (-_density(placed[at][1]), at)):
        length = len(placed[at][1].split())
        letters = sum(len(placed[one][1]) + 2 for one in (*kept, at))
        if words + length <= CUT_WORDS and letters <= BACKSTORY_LENGTH:
            kept.add(at)
            words += length
    groups: dict[int, list[str]] = {}
    for at in sorted(kept):
        group = placed[at][0] * MOST_PARAGRAPHS // len(paragraphs)
        groups.setdefault(group, []).append(placed[at][1])
    return "\n\n".join(" ".join(sentences) for sentences in groups.values())


def want_facts(value: str, persona: Persona) -> Tip | None:
    """Where from, does what, cares about what, and what they are to you."""
    if not value or not is_readable(value):
        return None
    absent = missing_aspects(value, persona)
    if not is_vague(value, persona):
        return None
    asked = f"Missing: {'; '.join(absent)}. " if absent else ""
    sentence = f"There is little to hold on to. {asked}Places, names, numbers and habits make it real."
    return Tip("backstory", sentence, _with_sketch(value, persona))


def is_vague(value: str, persona: Persona) -> bool:
    """Whether a backstory gives too little to refer to."""
    words = len(value.split())
    few_facts = count_facts(value) == 0 and words < 2 * FEWEST_WORDS
    return words < FEWEST_WORDS or len(missing_aspects(value, persona)) > 1 or few_facts


def missing_aspects(value: str, persona: Persona) -> tuple[str, ...]:
    """Which of the four things a backstory leaves out."""
    told = "you" if persona.relationship else ""
    return tuple(name for name, pattern in ASPECTS.items() if not pattern.search(f"{value} {told}"))


def count_facts(text: str) -> int:
    """Names, places and numbers."""
    return len(set(PROPER.findall(f" {text}"))) + len(NUMBERS.findall(text))


def _density(sentence: str) -> float:
    """How much a sentence is worth in a prompt: its facts and aspects, by the root of its length."""
    aspects = sum(bool(pattern.search(sentence)) for pattern in ASPECTS.values())
    return (count_facts(sentence) + 1.5 * aspects) / sqrt(max(len(sentence.split()), 1))


def _with_sketch(value: str, persona: Persona) -> str:
    """The person's words, followed by as much of an archetype's sketch as it takes. "" if nothing helps."""
    sketches = [one for one in load_archetypes() if one.sketch.backstory]
    own = [one for one in sketches if one.id == persona.archetype]
    sketch = own[0] if own else sketches[len(value) % len(sketches)]
    said = [FORM_OF[word] for word in tokens(value) if word in FORM_OF]
    parts = _paragraphs(inflect(sketch.sketch.backstory, said[0] if said else _pronouns(persona)))
    start = value if value[-1] in ".!?…" else f"{value}."
    for added in (parts[:1], (parts[0], parts[-1]), parts):
        proposal = "\n\n".join((f"{start} {added[0]}", *added[1:]))
        if cut_novels(proposal, persona) is None and not is_vague(proposal, persona):
            return proposal
    return ""


def _pronouns(persona: Persona) -> str:
    return persona.pronouns if persona.pronouns in FORMS else "they/them"


def _paragraphs(text: str) -> Sequence[str]:
    return [part for part in re.split(r"\n\s*\n", text.strip()) if part]


def _sentences(paragraph: str) -> Sequence[str]:
    return [part for part in re.split(r"(?<=[.!?…])\s+", " ".join(paragraph.split())) if part]


def want_history(value: str, persona: Persona) -> Tip | None:
    """A relationship has a history; "friend" has none."""
    if not value or not is_readable(value) or len(telling(value)) >= 3:
        return None
    sentence = f"{quoted(value)}: since when, and how did it come about?"
    return Tip("relationship", sentence, f"{value.rstrip('. ')}, {pick(RELATION_ENDINGS, value)}")


def open_mid_scene(value: str, persona: Persona) -> Tip | None:
    """First words that only they would say, and that are easy to answer."""
    if not is_readable(value):
        return None
    served = ASSISTANT.search(value)
    if not served and len(tokens(value)) >= 6:
        return None
    kept = [one for one in _sentences(value) if not ASSISTANT.search(one)]
    said = "That is what an assistant says. " if served else ""
    sentence = (
        f"{said}First words work best in the middle of something, with a question that is easy to answer."
    )
    return Tip("greeting", sentence, " ".join((*kept, pick(OPENINGS, value, persona.name))))
