"""Facts that people tell about themselves, found by rules and no model; `engine/memory/recall.py` calls `find_facts`.

A message is read in the languages it may be in (`rules/abroad.py`): a clause of `sentences.py` is tried against
`rules/english.py`, or the rules of its language, and the first that understands it wins. Rules return `Found`; whom it
concerns and where it was said is added by recall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from engine.memory.answers import whole_answer
from engine.memory.found import Found, Hearing, Rule
from engine.memory.rules.abroad import readings, tongues
from engine.memory.rules.english import ENGLISH
from engine.memory.rules.events_abroad import find_event
from engine.memory.rules.kin_readers import kin_in
from engine.memory.rules.patterns import ANY_KIN
from engine.memory.rules.since import find_since
from engine.memory.rules.tongue import Tongue
from engine.memory.say import fits
from engine.memory.sentences import REPORTED, UNREAL, Clause, statements
from engine.memory.shorthand import spelled_out
from engine.memory.unfold import before_comma, before_joint, unfold

__all__ = ["Found", "find_facts"]

# Facts taken from one message, at most: more is a pasted text.
MOST_FACTS = 24
# Lines of the talk before a message in which "she" may have been named.
EARLIER_LINES = 6
ENDS = re.compile(r"[.!?\n]")
# Relations that have a beginning.
LASTING = frozenset(
    "lives in|works as|works at|works for|works in|works when|studies|plays|learning|relationship|diet|has|has condition|speaks".split(
        "|"
    )
)
# "I don't eat meat any more" begins something.
HOLDS_AFTER_ALL = frozenset(
    {"diet", "relationship", "died", "event", "does not eat", "does not drink", "does not smoke"}
)
# Somebody new, who has no name yet.
MET = re.compile(
    r"\b(?:i(?:'ve| have)? (?:just )?met (?:someone|somebody|a (?:girl|guy|boy|woman|man))|(?:seeing|dating) (?:someone|somebody)|jemanden? kennengelernt|conocí a alguien|conocido a alguien|rencontré quelqu'un|conheci (?:alguém|uma pessoa|um cara|uma menina))\b",
    re.IGNORECASE,
)
# A child that has no name yet.
BORN = re.compile(
    r"\b(?:had|having|expecting|have) (?:a|our) (?:little |baby )?(?P<child>girl|boy|daughter|son)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^\W*(?:hi+|hey+|hello|hiya|heya|yo|good (?:morning|evening)|hall[oö]chen|hallo+|huhu|moin|servus|guten (?:tag|morgen|abend)|grüezi|na|hol[ai]+s*|buenas|buenos días|qué tal|"
    r"salut|coucou|bonjour|bonsoir|hello|oi+|olá|bom dia|boa (?:tarde|noite)|e aí)\b",
    re.IGNORECASE,
)
# "Remember that the key is under the mat": kept in the person's own words when no rule knows better.
# Who is meant, if the clause before it named somebody.
PRONOUN = re.compile(r"^(?:(?:he|she|it)\b(?='s| )|(?=(?:lives|works|is called)\b))", re.IGNORECASE)
KEEP = re.compile(
    r"^\s*(?:please |and |so |oh,? )?(?:remember|note|don't forget|keep in mind|never forget)(?: this| for me| please)?(?: that\b|:|,)\s*(?P<what>[^?\n]{4,200})$",
    re.IGNORECASE,
)


def find_facts(text: str, *, said_at: datetime, before: Sequence[tuple[bool, str]] = ()) -> Sequence[Found]:
    """What a message tells about its writer. Nothing is better than something that was not meant.

    `before` are the last lines of the talk, each with whether the person said it: they tell whom "she" means and what
    a short answer answers.
    """
    asked = before[-1][1] if before and not before[-1][0] else ""
    found: list[Found] = []
    for tongue in tongues(text, " ".join(line for _, line in before[-2:])):
        hearing = _hearing(text, said_at, tongue, before)
        found = list(_read(text, tongue, hearing, asked))
        if found:
            break
    return _each_once(fact for fact in found or _kept(text) if fact.text or fact.ends)[:MOST_FACTS]


def _hearing(
    text: str, said_at: datetime, tongue: Tongue | None, before: Sequence[tuple[bool, str]]
) -> Hearing:
    hearing = Hearing(
        said_at,
        shouted=text.isupper(),
        greeted=bool(GREETING.match(text)),
        tongue=tongue.code if tongue else "en",
    )
    spoken_of = ""
    for _, line in before[-EARLIER_LINES:]:
        for sentence in ENDS.split(tongue.whole(line) if tongue else spelled_out(line)):
            who = _mentioned(sentence, tongue)
            if REPORTED.search(sentence) or UNREAL.search(sentence):
                # Who only says something is meant only if nobody else is.
                spoken_of = who or spoken_of
            else:
                hearing.last_subject = who or hearing.last_subject
    hearing.last_subject = hearing.last_subject or spoken_of
    return hearing


def _read(text: str, tongue: Tongue | None, hearing: Hearing, asked: str) -> Iterator[Found]:
    answer = whole_answer(asked, text, hearing.tongue)
    if answer:
        first = next(iter(statements(answer, tongue)), None)
        yield from _of_clause(first, tongue, hearing) if first else ()
    for clause in statements(text, tongue):
        yield from _of_clause(clause, tongue, hearing)


def _of_clause(clause: Clause, tongue: Tongue | None, hearing: Hearing) -> Iterator[Found]:
    since = find_since(clause.text, hearing.said_at)
    told: list[Found] = []
    for plain in unfold(clause.text) if tongue is None else readings(clause.text, tongue):
        told += _understand(plain, tongue, hearing)
    if tongue and not told:
        told += find_event(clause.text, tongue.code, hearing)
    for fact in told:
        if clause.over and not fact.ends and fact.relation not in HOLDS_AFTER_ALL:
            continue
        hearing.last_subject = fact.refers or hearing.last_subject
        lasting = since if fact.relation in LASTING else None
        yield replace(fact, source_text=clause.text, valid_from=fact.valid_from or lasting)
    if not any(fact.refers for fact in told):
        hearing.last_subject = _mentioned(clause.text, tongue) or hearing.last_subject


def _mentioned(text: str, tongue: Tongue | None) -> str:
    """Who "she" is after a text: whom of the person's it speaks of last."""
    if MET.search(text):
        return "partner"
    if born := BORN.search(text):
        return {"girl": "daughter", "boy": "son"}.get(born["child"].lower(), born["child"].lower())
    if tongue is None:
        found = ANY_KIN.findall(text)
        return "".join(found[-1]).lower() if found else ""
    return kin_in(text, tongue)


def _kept(text: str) -> Iterator[Found]:
    """What somebody asks to remember, in their own words."""
    if asked := KEEP.match(text.replace("’", "'")):
        what = asked["what"].strip(" .!")
        sentence = f"You asked to remember: {what}."
        yield Found("you", "asked to remember", what, sentence, "other", source_text=text.strip())


def _understand(clause: str, tongue: Tongue | None, hearing: Hearing) -> Sequence[Found]:
    """What the first rule that understands a clause finds; a last try is the part before its comma."""
    if tongue:
        heads = (clause, clause.partition(",")[0].strip(), tongue.joint.split(clause, maxsplit=1)[0].strip())
        tried = (_by_rules(head, tongue.rules, hearing) for head in dict.fromkeys(heads))
        return next((found for found in tried if found), ())
    return (
        _by_rules(clause, ENGLISH, hearing)
        or _by_rules(_resolved(clause, hearing), ENGLISH, hearing)
        or _by_rules(before_comma(clause), ENGLISH, hearing)
        or _by_rules(before_joint(clause), ENGLISH, hearing)
        or _by_rules(_resolved(before_joint(clause), hearing), ENGLISH, hearing)
    )


def _by_rules(clause: str, rules: Sequence[Rule], hearing: Hearing) -> Sequence[Found]:
    if not clause:
        return ()
    for rule in rules:
        match = rule.pattern.match(clause)
        if match and (found := rule.read(match, hearing)):
            return found
    return ()


def _resolved(clause: str, hearing: Hearing) -> str:
    """ "He hates thunder" about whom the last clause was; "" if it was about nobody, or about several."""
    match = PRONOUN.match(clause)
    kin = hearing.last_subject
    if not match or not kin or (kin.endswith("s") and kin != "boss") or not fits(match[0], kin):
        return ""
    rest = re.sub(r"^'s (?=an? |in |been |[a-z]+ed\b)", " is ", clause[match.end() :]).replace(
        " is been", "'s been"
    )
    return f"my {kin}{rest if match[0] else f' {rest}'}"


def _each_once(found: Iterable[Found]) -> Sequence[Found]:
    unique: dict[tuple[str, str, str], Found] = {}
    for fact in found:
        unique[(fact.subject, fact.relation, fact.value.lower())] = fact
    return list(unique.values())
