"""The gate for words: one judgement for what is said, replied, asked of a picture, drawn, or written of a character.

`engine/turn.py`, `engine/selfie.py`, `engine/casting.py` and `picture.py` call `Gate.check`; it applies the rules
of `policy.py`. Logs and verdicts name rules, never words.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from engine.safety.lexicon import Hit
from engine.safety.normalise import read
from engine.safety.people import names_somebody
from engine.safety.policy import HELPLINES, Action, Pair, Policy, Rule, Where

__all__ = ["Action", "Gate", "Verdict", "Where"]

log = logging.getLogger(__name__)

# Recent lines that are looked back at; what was said longer ago is another scene.
CONTEXT_LINES = 8
# Characters of a recent line that are looked back at, so that one long message cannot slow down every later one.
CONTEXT_LENGTH = 2_000
UNCHECKED = "These words could not be checked, so they were not taken. Try to say it in another way."
DESCRIBING = frozenset({Where.SHOT, Where.PICTURE, Where.CHARACTER})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the words: the action, the rule that decided ("" if none) and the sentence for the person."""

    action: Action
    rule: str = ""
    sentence: str = ""


ALLOWED = Verdict(Action.ALLOW)


class Gate:
    """Judges words by a policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def check(self, text: str, where: Where, *, context: Sequence[str] = ()) -> Verdict:
        """The verdict on a text; `context` are the lines before it, oldest first. Never raises."""
        try:
            return self._judge(text, where, context)
        except Exception as error:  # noqa: BLE001 - fixed rules fail closed, whatever went wrong
            log.error("the safety gate failed on %s: %s", where, type(error).__name__)
            return Verdict(Action.REFUSE, "unchecked", UNCHECKED)

    def _judge(self, text: str, where: Where, context: Sequence[str]) -> Verdict:
        hits = self._hits(text, where)
        if not hits:
            return ALLOWED
        tags = _by_tag(hits)
        before: dict[str, list[Hit]] | None = None
        for rule in self._policy.rules:
            if where not in rule.where:
                continue
            if rule.across and before is None and context:
                before = self._before(context, where)
            if _holds(rule, tags, before or {}):
                return Verdict(rule.action, rule.id, self._sentence(rule, tags))
        return ALLOWED

    def _hits(self, text: str, where: Where) -> list[Hit]:
        hits = self._policy.lexicon.find(read(text))
        if where in DESCRIBING and names_somebody(text, self._policy.not_people):
            hits.append(Hit("look_alike", 0, 0))
        return hits

    def _before(self, context: Sequence[str], where: Where) -> dict[str, list[Hit]]:
        lines = (line[-CONTEXT_LENGTH:] for line in context[-CONTEXT_LINES:])
        return _by_tag([hit for line in lines for hit in self._hits(line, where)])

    def _sentence(self, rule: Rule, tags: dict[str, list[Hit]]) -> str:
        if rule.sentence != HELPLINES:
            return rule.sentence
        language = next((hit.language for tag in sorted(rule.any) for hit in tags.get(tag, ())), "en")
        return self._policy.helplines.get(language, self._policy.helplines["en"])


def _by_tag(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    """Hits by their tag, in the order of the text. A crisis that is none ("Suicide Squad") is left out."""
    calm = {at for hit in hits if hit.tag == "no_crisis" for at in range(hit.start, hit.end)}
    tags: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: hit.start):
        if hit.tag != "crisis" or not calm.intersection(range(hit.start, hit.end)):
            tags.setdefault(hit.tag, []).append(hit)
    return tags


def _holds(rule: Rule, tags: dict[str, list[Hit]], before: dict[str, list[Hit]]) -> bool:
    if any(tag in tags for tag in rule.any):
        return True
    if any(_near(pair, tags) for pair in rule.near):
        return True
    return any(_across(pair, tags, before) for pair in rule.across)


def _near(pair: Pair, tags: dict[str, list[Hit]]) -> bool:
    starts = sorted({at for hit in tags.get(pair.one, ()) for at in (hit.start, hit.end - 1)})
    if not starts:
        return False
    for hit in tags.get(pair.other, ()):
        at = bisect_left(starts, hit.start - pair.within)
        if at < len(starts) and starts[at] <= hit.start + pair.within:
            return True
    return False


def _across(pair: Pair, tags: dict[str, list[Hit]], before: dict[str, list[Hit]]) -> bool:
    if pair.one in tags and (pair.other in tags or pair.other in before):
        return True
    return pair.one in before and pair.other in tags
