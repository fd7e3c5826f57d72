"""Answers from memory: "what's my dog called?" is answered from what the prompt holds, or not at all.

`talk.py` calls it. Facts come as sentences in the second person, so they can be spoken as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from engine.models.storyteller.library import stems_of
from engine.models.storyteller.sheet import Memory
from engine.models.storyteller.teller import Teller

VALUE = re.compile(
    r"^(?:Your (?P<kin>[\w' -]+?) (?:is|are) called |Your (?:name|birthday|anniversary|pronouns) (?:is|are)(?: on)? |Your favourite [\w -]+ is |"
    r"You (?:live|work|grew up|were born|come|study|teach|play|speak|collect|own|run|drive)(?: in| near| as| at| for| from| on)* |"
    r"You (?:like|love|prefer|have|are allergic to|are afraid of|don't like) |You are (?=\d)|Your [\w ]+ (?:lives in|is) )(?P<value>.+?)\.?$"
)
# Words of a question that say nothing about what is asked for.
ASKING = frozenset(
    stems_of(
        "what who where when how which is are was were am do does did done you your i my me mine the a an of to in on at and or but remember recall know tell "
        "told say said call called name named again still have has had ever can could will would about that this it please hey so now remind mention mentioned "
        "anything something think forget forgot believe guess actually happen come comes from don't much many old age for living again he she him her his hers"
    )
)
# What a word of a question may also mean; stems are taken of both sides.
KINDS = {
    "pet pets animal animals": "dog puppy cat kitten rabbit hamster parrot budgie bird horse fish snake turtle tortoise ferret rat guinea",
    "dog puppy": "beagle labrador poodle terrier collie corgi dachshund pug husky greyhound whippet spaniel dalmatian bulldog rottweiler schnauzer retriever chihuahua",
    "work works working job profession company boss": "work job study teach run own",
    "family sibling siblings relatives": "sister brother mother father mom mum dad wife husband son daughter",
    "mom mum mother mama": "mother mum mom", "dad father papa": "father dad", "kid kids child children": "son daughter kid kids child children twins",
    "home city town country": "live come", "live lives": "live", "birthday born": "birthday born", "hobby hobbies": "play paint draw hobby collect knit sing dance climb hike",
    "allergy allergies allergic": "allergic", "eat diet food": "eat vegan vegetarian allergic", "plan plans": "tomorrow monday tuesday wednesday thursday friday saturday sunday",
    "partner wife husband girlfriend boyfriend": "wife husband girlfriend boyfriend partner married dating engaged", "like love enjoy": "like love enjoy", "hate dislike": "don't like",
    "instrument instruments": "cello violin viola piano guitar bass drums flute clarinet oboe trumpet trombone saxophone harp organ accordion banjo ukulele",
    "game games": "chess go poker bridge backgammon draughts checkers dominoes minecraft zelda",
    "language languages": "english german french spanish portuguese italian dutch japanese chinese mandarin korean arabic russian polish turkish greek swedish norwegian danish finnish czech hungarian hindi hebrew welsh irish latin",
    "move moved": "live", "steal stole": "stole", "tattoo tattooed": "tattoo tattooed", "find found": "found", "run ran": "ran run",
    "meet met": "talked met", "picture pictures photo photos selfie": "picture", "promise promised": "promised", "joke": "joke", "favorite favourite": "favourite favorite",
}  # fmt: skip
KIND_OF = {key: frozenset(stems_of(meant)) for asked, meant in KINDS.items() for key in stems_of(asked)}
# What one would be told first: names, work, home.
CLOSE = re.compile(r"\b(?:called|Your name|You work as|You live)\b")
PLACED = re.compile(r"\b(?:in|at|near|on|from|to|for|outside) \w", re.IGNORECASE)
MINE = re.compile(
    r"\b(?:my|our) (?P<what>(?:[\w-]+ ){0,2}?[\w-]+?)(?:'s|s')?(?= (?:name|called|is|was|named|from|again|age|and|or|on|in|at|who|do|does)\b|[?.!,]|$)"
)

# A question about the person, or about what was told; not one about the character.
REMEMBERING = re.compile(r"\b(?:do|can|did|don't|will|would) you (?:still |even )?(?:remember|recall|know)\b")
THEIRS = re.compile(r"\b(?:i|i'm|i've|my|me|mine|we|our|us)\b")
YOURS = re.compile(r"\b(?:you|your|yours|you're)\b")
OF_THEM = re.compile(r"\b(?:am i|i'm|do i|i am)\b")
PAST = re.compile(
    r"\b(?:who(?:'s| is| was)|what happened|what was (?:it|that|the story) (?:about|with)|do you (?:still )?(?:remember|recall))\b"
)
# So many of a question's words are in what was said about it, at least; of a single word, that one.
MENTIONED = 0.5

ISO = re.compile(r"\b\d{4}-\d\d-\d\d\b")
DAY = re.compile(r"\b\d{1,2} [A-Z][a-z]+\b")


def value_of(memory: Memory) -> str:
    """The telling part of a remembered sentence: "Biscuit"."""
    match = VALUE.match(memory.text)
    return match["value"] if match else ""


def spoken_day(day: str) -> str:
    """The day on which something was said: "3 November"; "" if it is not given."""
    if match := ISO.search(day):
        said = date.fromisoformat(match[0])
        return f"{said.day} {said:%B}"
    return match[0] if (match := DAY.search(day)) else ""


def find_memories(question: str, memories: Sequence[Memory]) -> list[Memory]:
    """The memories that a question asks for, best first."""
    keys = [found for found in stems_of(question) if found not in ASKING and len(found) > 1]
    if not keys:
        return _by_form(question, memories)
    scored = []
    for memory in memories:
        bag = set(stems_of(memory.text))
        hits = sum(bool(bag & {key, *KIND_OF.get(key, ())}) for key in keys)
        if hits:
            scored.append((hits, memory))
    most = max((hits for hits, _ in scored), default=0)
    by_form = _by_form(question, memories)
    # With "what is my sister's name", a sister who has no name is half an answer; one with a name goes first.
    best = [memory for hits, memory in scored if hits == most and hits * 2 >= len(keys)]
    if re.search(r"\b(?:name|called)\b", question.lower()):
        best = [memory for memory in best if memory in by_form]  # an age is no answer to "what is he called"
    if re.match(r"\W*(?:and |so )?where\b", question.lower()):
        # A job is half an answer to "where do I work", a date none to "where did we marry".
        placed = [memory for memory in best if PLACED.search(memory.text)]
        best = placed or [memory for memory in best if memory.text.startswith("You work as")]
    # "What am I afraid of" is not about the cat.
    of_them = bool(OF_THEM.search(question.lower()))
    return sorted(
        best, key=lambda memory: (memory not in by_form, of_them and memory.text.startswith("Your "))
    )


def answer_memory(teller: Teller, question: str) -> list[str]:
    """What is remembered, or the plain word that it is not."""
    if teller.sheet.nothing:
        return own_up(teller, question)
    if unsure := _unsure_about(teller, question):
        return [unsure]
    found = find_memories(question, teller.sheet.memories)
    if found:
        return _tell(teller, found[0], question)
    mentioned = _mentioned(teller, question)
    if mentioned:
        return [teller.pool("memory_mentioned", strict=False, quote=mentioned)]
    return own_up(teller, question)


def answer_past(teller: Teller, question: str) -> list[str]:
    """What is remembered for any other question about the person or what they told; nothing if it is not one."""
    plain = REMEMBERING.sub(" ", question.lower().replace("’", "'"))
    if not (THEIRS.search(plain) or PAST.search(question.lower())) or YOURS.search(plain):
        return []
    if found := find_memories(question, teller.sheet.memories):
        return _tell(teller, found[0], question)
    if mentioned := _mentioned(teller, question):
        return [teller.pool("memory_mentioned", strict=False, quote=mentioned)]
    return []


def own_up(teller: Teller, question: str) -> list[str]:
    """The plain word that nothing is remembered."""
    match = MINE.search(question.lower().replace("’", "'"))
    if match:
        return [
            teller.pool("memory_none_of", strict=False, asked=f"your {match['what']}")
            or teller.pool("memory_none", strict=False)
        ]
    return [teller.pool("memory_none", strict=False)]


def ask_unsure(teller: Teller, pool: str = "unsure") -> str:
    """The question which of two memories holds; "" if all hold together, or it was asked lately."""
    unsure = teller.sheet.unsure
    return teller.pool(pool, one=_inside(unsure.one), other=_inside(unsure.other)) if unsure else ""


def _inside(sentence: str) -> str:
    """A remembered sentence as a part of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _unsure_about(teller: Teller, question: str) -> str:
    """Both memories, where the question is about what is unsure."""
    unsure = teller.sheet.unsure
    if unsure is None or not find_memories(
        question, [Memory("", f"{unsure.one}."), Memory("", f"{unsure.other}.")]
    ):
        return ""
    return ask_unsure(teller, "unsure_asked") or ask_unsure(teller)


def tell_all(teller: Teller) -> list[str]:
    """What it knows of the person, a few facts at a time."""
    fresh = [memory.text for memory in teller.sheet.memories if not teller.ledger.has(memory.text)]
    if not teller.sheet.memories:
        return [teller.pool("memory_empty", strict=False)]
    if not fresh:
        return [teller.pool("memory_all_told", strict=False)]
    fresh.sort(key=lambda fact: not CLOSE.search(fact))
    told = [fact if fact.endswith((".", "!", "?")) else f"{fact}." for fact in fresh[:5]]
    lead = teller.pool("memory_lead", strict=False)
    for fact in told:
        teller.ledger.note(fact)
    return [lead, *told, teller.pool("memory_after", strict=False) if teller.chance(0.6) else ""]


def link(teller: Teller, theme: str, mood: str, text: str) -> str:
    """A memory that belongs to what is talked about, brought up by itself: "How is Biscuit taking it?" """
    for memory in teller.sheet.memories:
        match = VALUE.match(memory.text)
        # What was told in this very message is no memory yet.
        if not match or match["value"].lower() in text.lower():
            continue
        pool = _link_pool(memory.text, theme, mood)
        if pool and (line := teller.pool(pool, value=match["value"], kin=match["kin"] or "")):
            return line
    return ""


def _link_pool(fact: str, theme: str, mood: str) -> str:
    pools = (
        (r"^Your (?:[\w ]*)(?:dog|cat|puppy|kitten|rabbit|horse|parrot|bird|hamster) is called", {"animals": "link_pet", "home": "link_pet", "sleep": "link_pet", "love": "", "weather": "link_pet"}),
        (r"^Your (?:[\w ]*)(?:sister|brother|mother|father|mom|mum|dad|wife|husband|partner|girlfriend|boyfriend|friend|son|daughter) is called", {"family": "link_kin", "friends": "link_kin", "love": "link_kin", "celebration": "link_kin"}),
        (r"^You work as|^You (?:run|own|teach|study)", {"work": "link_work", "sleep": "link_work", "money": "link_work", "study": "link_work"}),
        (r"^You (?:like|love|play) ", {"boredom": "link_like", "hobbies": "link_like", "weekend": "link_like", "music": "link_like"}),
        (r"^You live ", {"travel": "link_home", "weather": "link_home", "home": "link_home"}),
    )  # fmt: skip
    for pattern, themes in pools:
        if re.match(pattern, fact):
            return themes.get(theme, "link_comfort" if mood == "bad" and "called" in fact else "")
    return ""


def _by_form(question: str, memories: Sequence[Memory]) -> list[Memory]:
    """Questions whose only content is their form: "what's my name?", "how old am I?", "where do I live?"."""
    asked = question.lower()
    forms = (
        (r"\bmy name\b|\bwho am i\b|\bwhat am i called\b|\bcall me\b", r"^Your name is"),
        (r"\bhow old am i\b|\bmy age\b", r"^You are \d+ years|^You were born in \d"),
        (r"\bwhere do i (?:live|stay)\b|\bwhere i live\b", r"^You live"),
        (
            r"\bwhere (?:do i come|am i) from\b|\bwhere i(?:'m| am) from\b",
            r"^You come from|^You grew|^You were born in [^\d]|^You live",
        ),
        (
            r"\bwhat do i do\b|\bi do for (?:a living|work)\b|\bwhere do i work\b|\bmy job\b",
            r"^You work|^You run|^You own|^You study|^You teach|^You are retired",
        ),
        (r"\bhow old is (?:he|she|it)\b", r"^Your .+ is \d"),
        (r"\bwhat do i call you\b", r"^You call me"),
        (r"\bwhat do you call me\b", r"^I call you"),
        (r"\b(?:name|called)\b", r"called|^Your name is"),
    )
    for question_form, fact_form in forms:
        if re.search(question_form, asked):
            return [memory for memory in memories if re.search(fact_form, memory.text)]
    return []


def _tell(teller: Teller, memory: Memory, question: str) -> list[str]:
    fact, value = memory.text.rstrip("."), value_of(memory)
    if set(stems_of(value)) <= set(stems_of(question)):
        value = ""  # "Who is Yusuf?" is not answered by his name
    line = (
        teller.pool("memory_value", strict=False, value=value, fact=fact, day=spoken_day(memory.day))
        if value
        else ""
    )
    line = line or teller.pool("memory_fact", strict=False, fact=fact, day=spoken_day(memory.day))
    after = teller.pool("memory_then") if teller.chance(0.45) else ""
    return [line, after]


def _mentioned(teller: Teller, question: str) -> str:
    """The sentence of an earlier turn that has most words of a question, short enough to quote."""
    keys = {found for found in stems_of(question) if found not in ASKING and len(found) > 2}
    turns = [
        *(line.partition(": ")[2] for line in teller.sheet.earlier if not line.startswith(teller.sheet.name)),
        *teller.sheet.theirs,
    ]
    best = (0.0, "")
    for turn in turns:
        for sentence in re.split(r"(?<=[.!?])\s+", turn):
            share = _share(keys, sentence)
            # Of equal ones the newest holds.
            if share >= max(best[0], MENTIONED) and not sentence.rstrip().endswith("?"):
                best = (share, sentence.strip().rstrip(".!"))
    return best[1]


def _share(keys: set[str], sentence: str) -> float:
    """How many of the words are in a sentence, as a share of them; 0.0 if it is too short or too long to quote."""
    if not keys or not 3 <= len(sentence.split()) <= 30:
        return 0.0
    bag = set(stems_of(sentence))
    return sum(bool(bag & {key, *KIND_OF.get(key, ())}) for key in keys) / len(keys)
