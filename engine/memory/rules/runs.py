"""Statements inside a longer clause of German, Spanish, French and Portuguese, and what holds no longer.

`abroad.py` asks for the run-ons of a clause; the languages' files put `ends` last of all their rules. `spans.py` is the
same for English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.memory.found import Facts, Hearing, Match, Rule, rule
from engine.memory.rules.spans import ended

# Beginnings within a clause that are tried: more is a list of something.
MOST_RUNS = 3
# A statement about oneself that begins without a comma before it.
STARTS = {
    "de": r"ich|wir|hab|habe|bin|wohne|arbeite|mein|meine|unser|unsere",
    "es": r"yo|vivo|soy|tengo|trabajo|estudio|me llamo|me gustan?|me encantan?|nací|odio|adoro|hablo|toco|juego|estoy|colecciono|mi|mis|nuestr[oa]",
    "fr": r"je|j'\w+|on|mon|ma|mes|notre",
    "pt": r"eu|moro|vivo|sou|tenho|trabalho|estudo|me chamo|gosto|nasci|odeio|adoro|falo|toco|estou|coleciono|faço|(?:o |a )?(?:meu|minha)",
}
RUNS = {code: re.compile(rf"(?<=\s)(?:{starts})(?= )", re.IGNORECASE) for code, starts in STARTS.items()}
# A word before it that makes it a condition, a comparison, a thought, or part of what stands before.
BARRED = {
    "de": re.compile(r"(?:^|[\s,])(?:dass|ob|wenn|falls|wie|als|was|wo|wer|warum|bevor|bis|nachdem|der|die|das|den|dem|von|mit|bei|für|auf|in|an|zu|aus|glaube?|denke?|hoffe?|nicht|wäre|würde|hätte|und|oder|über|ohne|gegen|um|seit|vor)$", re.IGNORECASE),
    "es": re.compile(r"(?:^|[\s,])(?:que|si|cuando|como|donde|quien|cual|con|de|a|en|por|para|sin|sobre|creo|espero|ojalá|no|ni|ya|es|era|lo|y|o|te|se|le|nos)$", re.IGNORECASE),
    "fr": re.compile(r"(?:^|[\s,])(?:que|qui|si|quand|comme|où|dont|avec|de|à|en|pour|sans|sur|chez|et|ou|crois|pense|espère|lorsque|est|c'est|dans|par|moi|toi|demain|ce)$|'$", re.IGNORECASE),
    "pt": re.compile(r"(?:^|[\s,])(?:que|se|quando|como|onde|quem|qual|com|de|a|em|por|pra|para|sem|sobre|acho|espero|tomara|não|nem|já|é|era|do|da|no|na|e|ou|o|me|te)$", re.IGNORECASE),
}  # fmt: skip
# "No longer", and so the same said as if it held.
NO_LONGER = {
    "de": re.compile(r"\bnicht mehr\b|\bkein(?:e[nrm]?)? (?=.*\bmehr\b)|\bmehr\b", re.IGNORECASE),
    "es": re.compile(r"\bya no\b|\bno (?=.*\bmás\b)|\bmás\b", re.IGNORECASE),
    "fr": re.compile(r"\bne |\bn'|\bplus (?=\w)|\bplus$", re.IGNORECASE),
    "pt": re.compile(r"\bjá não\b|\bnão (?=.*\bmais\b)|\bmais\b", re.IGNORECASE),
}
OVER = {
    "de": r"\b(?:nicht|kein(?:e[nrm]?)? .*)\b ?mehr\b",
    "es": r"\bya no\b|\bno\b.*\bmás\b",
    "fr": r"\b(?:ne |n').*\bplus\b|\w+ plus (?=à|en|au|chez|dans|de|d'|du)",
    "pt": r"\bjá não\b|\bnão\b.*\bmais\b",
}


def runs(clause: str, code: str) -> Iterator[str]:
    """The statements about oneself that begin within a clause."""
    for match in list(RUNS[code].finditer(clause))[:MOST_RUNS]:
        if not BARRED[code].search(clause[: match.start()].rstrip()):
            yield clause[match.start() :]


def ends(code: str, core: Sequence[Rule]) -> Sequence[Rule]:
    """The last rule of a language: what the others understand without "no longer" has ended."""

    def read(match: Match, hearing: Hearing) -> Facts:
        held = " ".join(NO_LONGER[code].sub(" ", match[0]).split())
        for one in core:
            told = one.pattern.match(held)
            if told and (found := one.read(told, hearing)):
                return ended(found)
        return ()

    return (rule(rf"(?=.*(?:{OVER[code]})).*", read),)
