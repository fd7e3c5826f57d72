"""What becomes of family, friends and pets: health, states, moves, feelings ("My mom is in hospital"); `english.py` puts the rules in order."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.memory import say
from engine.memory.found import NOTHING, Facts, Found, Hearing, Match, Rule, rule
from engine.memory.rules.patterns import KIND, PLACE, TAIL
from engine.memory.words import HEALTH

LASTING = r"(?:in (?:the )?hospital|in rehab|in intensive care|in (?:a|the) (?:nursing|care) home|in prison|pregnant|retired|unemployed|divorced|separated|engaged|married|vegan|vegetarian|blind|deaf|diabetic|deployed|adopted|expecting)"
MORE_ILLNESSES = (
    "dementia",
    "cancer",
    "alzheimer's",
    "parkinson's",
    "covid",
    "pneumonia",
    "a broken leg",
    "a broken hip",
)
ILLNESS = "(?:" + "|".join(re.escape(word) for word in (*HEALTH, *MORE_ILLNESSES)) + ")"


def _kin_is(relation: str) -> Callable[[Match, Hearing], Facts]:
    def read(match: Match, hearing: Hearing) -> Facts:
        kin, how, what = match["kin"].lower(), match["how"].lower().replace("'s", "is"), match["what"].lower()
        how = "has been" if "been" in how else how
        return [say.about(kin, relation, what, f"Your {kin} {how} {_acronym(what)}.")]

    return read


def _acronym(words: str) -> str:
    return (
        words.upper()
        if words in ("adhd", "ptsd", "ocd", "ibs", "pcos")
        else words.replace("alzheimer", "Alzheimer").replace("parkinson", "Parkinson")
    )


def _kin_moves(match: Match, hearing: Hearing) -> Facts:
    kin, place = match["kin"].lower(), say.place(match["place"])
    if not place:
        return NOTHING
    return [say.about(kin, "moves to", place, f"Your {kin} is moving to {place}.")]


def _kin_feels(match: Match, hearing: Hearing) -> Facts:
    kin, verb, value = match["kin"].lower(), match["verb"].lower(), say.taste(match["what"])
    if not value or re.search(r"\b(?:my|our|me|i|him|her|you)\b", value, re.IGNORECASE):
        return NOTHING
    relation = (
        "dislikes" if verb in ("hates", "fears", "dislikes", "is afraid of", "is scared of") else "likes"
    )
    return [
        Found(f"your {kin}", relation, value, f"Your {kin} {verb} {value}.", say.topic_of(kin), refers=kin)
    ]


def _parents(match: Match, hearing: Hearing) -> Facts:
    value = match["what"].lower()
    return [Found("your parents", "are", value, f"Your parents are {value}.", "family", exclusive=True)]


_READ_STATE = _kin_is("state")
_READ_HEALTH = _kin_is("health")

RULES: tuple[Rule, ...] = (
    rule(rf"(?:my|our) {KIND} (?P<how>has been|'s been) (?:very |really |quite |so |seriously |a bit )*(?P<what>ill|sick|unwell|depressed|in hospital|out of work)(?: (?:for|since|again|lately|with|recently) ?.*)?{TAIL}", _READ_HEALTH),
    rule(rf"(?:my|our) {KIND} (?P<how>is|'s) (?:back |still |now )?(?P<what>{LASTING})(?: (?:again|with \w+(?: \w+)?|for \w+(?: \w+)?|since .+|in \w+))?{TAIL}", _READ_STATE),
    rule(rf"(?:my|our) {KIND} (?P<how>has|has got) (?P<what>{ILLNESS}){TAIL}", _READ_HEALTH),
    rule(rf"(?:my|our) {KIND} (?:is|'s) moving (?:back |away )?to {PLACE}", _kin_moves),
    rule(rf"(?:my|our) {KIND} (?:really |absolutely |just |always )?(?P<verb>hates|loves|likes|adores|fears|dislikes|is afraid of|is scared of) (?P<what>.+?){TAIL}", _kin_feels),
    rule(r"(?:my|our) parents (?:are|got) (?P<what>divorced|separated|retired|both retired|both dead|dead)", _parents),
)  # fmt: skip
