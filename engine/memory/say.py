"""Values of facts and their sentences: names, places, things, tastes; the fact rules call it.

Each function gives "" for words that are no such thing, which makes the rule find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.memory.found import Found, Hearing
from engine.memory.words import ALSO_NAMES, NOT_NAMES, PETS

MONTH_NAMES = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# A word that cannot begin a thing: what follows is about the talk itself, or no thing at all.
NO_THING = frozenset(
    "you your yours it that this them those these him her us me myself how when what why where who whether being having nothing something everything "
    "anything someone everyone nobody not never no one all both either so such too there here if because than like".split()
)
# "I love my dog" is no taste; "I like the way you talk" is no fact.
NO_TASTE = frozenset("my our his their its the".split()) | {"a", "an"}
PAST_TASTE = re.compile(
    r"\b(yesterday|today|tonight|tomorrow|last (?:night|week|weekend|year|month)|right now|this (?:one|morning|evening)|just now|about you|of you|with you|you|your|me|my|it|here|there)\b",
    re.IGNORECASE,
)
TIMES = re.compile(
    r"\b(tomorrow|tonight|today|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|evening|night|weekend|"
    r"o'clock|minutes?|hours?|an hour|a while|a moment|peace|vain|secret|silence|fear|hell|general|mind|progress|pairs|shifts?|all|the dark|tears|love)\b",
    re.IGNORECASE,
)
NO_PLACE = re.compile(
    r"^(?:fear|peace|hope|hell|heaven|a dream|the moment|the past|the present|the future|my head|a lie|denial|constant|a world|this|that|these|a bubble|a simulation|"
    r"work|here|there|home|school|far|away|bed|love|my|your|his|her|our|their|it|the same|a different|another|a (?:bad|good|rough|happy|weird|strange|difficult|big|small|tiny|nice|new|old|"
    r"large|cramped)? ?(?:house|flat|apartment|place|room|studio|dorm|van)|an? |what|where|which|scratch|experience|nothing|tears|bits|pieces|now|time|one|two|a few|day|hand|memory|under|on|in|at|the (?:shower|gym|office|store|doctor|dentist|beach|meeting|hospital|party|cinema))\b",
    re.IGNORECASE,
)  # fmt: skip
SMALL_TOWN = re.compile(
    r"^an? (?:\w+ ){0,3}(?:town|village|city|suburb|farm|island|houseboat|cabin|cottage|commune|monastery|boat|castle|lighthouse)\b",
    re.IGNORECASE,
)
PLACE_TAIL = re.compile(
    r"(?:,? (?:now|too|as well|at the moment|these days|right now|currently|by the way|actually|anymore|since .*|for .*|with .*|but .*|because .*|and .*|where .*|which .*|until .*|when .*|after .*|before .*|because .*|so .*|above .*|next to .*|in (?:19|20)\d\d.*|last \w+|this \w+|again|alone|today))+$",
    re.IGNORECASE,
)
PARTNERS = frozenset("partner boyfriend girlfriend husband wife fiancé fiance fiancée fiancee".split())
LINKS = frozenset("of the de la le les del di da do dos das am an der den upon and on in near y".split())


def proper(words: str, hearing: Hearing, *, sure: bool) -> str:
    """A name in its usual writing. `sure`: the sentence says it is a name, so lower case is forgiven."""
    if re.search(r"['’]s\b", words):
        return ""  # "Batman's biggest fan"
    parts = words.strip(" .,!").split()
    # "my name is Sam and …", "call me Sam please": the name is what comes before an ordinary word.
    names = []
    for part in parts:
        if sure and part[:1].isupper() and part.lower() in ALSO_NAMES:
            names.append(part)
            continue
        if part.lower() in NOT_NAMES or part.lower() in (
            "from",
            "after",
            "by",
            "though",
            "but",
            "haha",
            "lol",
            "now",
        ):
            break
        names.append(part)
    if not names or any(not re.fullmatch(r"[^\W\d_][\w'’-]{0,24}", name) for name in names):
        return ""
    capital = [name for name in names if name[0].isupper()]
    if hearing.shouted or not capital:
        return names[0].capitalize() if sure and (hearing.shouted or len(parts) == 1) else ""
    return " ".join(names[: len(capital)]) if names[0][0].isupper() else ""


def place(words: str) -> str:
    """A place as it is said: "Lisbon", "a small town near Leeds"."""
    bare = PLACE_TAIL.sub("", words.strip(" .,!"))
    if (
        not bare
        or (NO_PLACE.match(bare) and not SMALL_TOWN.match(bare))
        or any(mark.isdigit() for mark in bare[:1])
    ):
        return ""
    parts = bare.split()
    if any(part[0].isupper() for part in parts) or SMALL_TOWN.match(bare):
        return bare
    if bare.split()[0] in ("the", "a", "an"):
        return (
            bare
            if re.match(
                r"^the (?:countryside|country|mountains|city|suburbs|netherlands|uk|us|usa|woods|north|south|east|west)\b",
                bare,
            )
            else ""
        )
    return " ".join(part if part in LINKS else part.capitalize() for part in parts) if len(parts) <= 3 else ""


def thing(words: str, *, most: int) -> str:
    """A noun phrase of at most so many words."""
    bare = re.sub(r"\s+", " ", words).strip(" .,!-–—:")
    parts = bare.split()
    if not parts or len(parts) > most or (parts[0].lower() in NO_THING and parts[0] != "IT"):
        return ""
    return bare if re.search(r"\w", bare) else ""


def taste(words: str) -> str:
    """What somebody likes in general, not this one thing today."""
    value = thing(re.split(r",? (?:but )?not ", words)[0], most=7)
    if not value or PAST_TASTE.search(value):
        return ""
    first = value.split()[0].lower()
    if first in NO_TASTE and not re.match(
        r"^(?:the (?:sea|ocean|mountains|beach|rain|snow|smell|sound|colou?r|night|theatre|theater|cinema|opera|outdoors|forest|summer|winter|autumn|spring|beatles|cold|heat|dark)|an? good)\b",
        value,
        re.IGNORECASE,
    ):
        return ""
    return value


def is_time(words: str) -> bool:
    """Whether the words say when or how instead of what."""
    return bool(TIMES.search(words)) or words.lower() in ("a team", "the morning", "the evening")


def article(words: str | None) -> str:
    """The article as said, in lower case."""
    return (words or "").lower()


def a(words: str) -> str:
    """The words with their indefinite article."""
    return f"{'an' if words[:1].lower() in 'aeio' else 'a'} {words}"


def topic_of(kin: str) -> str:
    """Under which heading a relation is shown."""
    words = kin.lower().split()
    if (
        any(
            word in PETS
            or word.rstrip("s") in PETS
            or word in ("puppies", "ponies", "bunnies", "mice", "canaries")
            for word in words
        )
        or "guinea" in words
    ):
        return "pets"
    return "family"


def about(kin: str, relation: str, value: str, text: str) -> Found:
    """What is known of a relation, of which there is one: an age, a home, a state."""
    return Found(f"your {kin}", relation, value, text, topic_of(kin), exclusive=True, refers=kin)


def named(kin: str, name: str) -> Sequence[Found]:
    """The fact that a relation has this name; who has a partner is single no longer."""
    kin = kin.lower()
    taken = [Found("you", "relationship", "single", "", "family", ends=True)] if kin in PARTNERS else []
    return [
        *taken,
        Found(
            f"your {kin}",
            "name",
            name,
            f"Your {kin} is called {name}.",
            topic_of(kin),
            exclusive=True,
            confidence=0.95,
            refers=kin,
        ),
    ]


DIETS = ("vegan", "vegetarian", "pescatarian", "flexitarian")


def diet(value: str, text: str) -> Sequence[Found]:
    """How somebody eats: one of these at a time, beside what they leave out ("no alcohol")."""
    others = [other for other in DIETS if other != value] if value in DIETS else []
    ends = [Found("you", "diet", other, "", "health", ends=True) for other in others]
    return [*ends, Found("you", "diet", value, text, "health")]


def no_diet() -> Sequence[Found]:
    """The end of any of them; what is left out ("no alcohol") stays so."""
    return [Found("you", "diet", value, "", "health", ends=True) for value in DIETS]


def plan(verb: str, event: str, when: str) -> Found:
    """Something that lies ahead, with its day."""
    verb = verb.strip(" '")
    does = {
        "ve got": "have",
        "have got": "have",
        "have": "have",
        "ve": "have",
        "m": "are",
        "am": "are",
        "re": "are",
        "are": "are",
        "ll": "will",
    }[verb]
    event = re.sub(r"\b(?:my|our)\b", "your", event)
    return Found("you", "plan", f"{event} {when}", f"You {does} {event} {when}.", "dates")


_HE = frozenset("he er él il ele lui".split())
_SHE = frozenset("she sie ella elle ela".split())
_MEN = frozenset(
    "brother father dad husband boyfriend son grandfather grandpa uncle nephew grandson grandad".split()
)
_WOMEN = frozenset(
    "sister mother mum mom wife girlfriend daughter grandmother grandma aunt niece granddaughter nan gran".split()
)


def fits(pronoun: str, kin: str) -> bool:
    """Whether somebody can be meant by a pronoun: a husband is no "she"."""
    word, who = pronoun.lower().partition("'")[0], kin.rpartition(" ")[2]
    return not (word in _HE and who in _WOMEN) and not (word in _SHE and who in _MEN)
