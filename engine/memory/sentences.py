"""What somebody states about themselves: `facts.py` takes it clause by clause, `extract.py` sentence by sentence.

Precision first: questions, hypotheticals, quotes, play-acting and other people's words are left out before any
rule looks, because a wrong memory is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Longer messages are texts that were pasted, not things that were told; only their beginning is read.
READ_LENGTH = 4000
# A clause longer than this is prose; no rule describes it well.
CLAUSE_LENGTH = 240

QUOTED = re.compile(
    r"\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|(?<!\w)'[^'\n]{3,}'(?!\w)|```.*?```|`[^`\n]*`", re.DOTALL
)
ACTED = re.compile(r"\*[^*\n]+\*|\([^)\n]*\)|\[[^\]\n]*\]|https?://\S+")
QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
ABBREVIATION = re.compile(r"\b(St|Mr|Mrs|Ms|Dr|Prof|Jr|Sr|vs|ca|No|Nr)\.(?=\s)", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?…\n;]+(?:[.!?…;]+|\n|$)")
# "3. Mai": an ordinal, not the end of a sentence.
ORDINAL = re.compile(r"(?<=\d)\.(?=\s+[A-Za-zäöü])")

# Words that make a sentence something else than a statement about what is.
UNREAL = re.compile(
    r"\b(if|unless|wish|wished|imagine|imagined|suppose|pretend|pretended|pretending|would|wouldn't|could|couldn't|might|"
    r"maybe|perhaps|possibly|probably|as though|dreamt|dreamed|dream that|let's say|hypothetically|role-?play|"
    r"in the (?:game|story|book|movie|film|show|novel|song)|my character|kidding|joking|used to|"
    r"no longer|not anymore|any ?more|almost|nearly|supposed to|someday|some day|"
    r"wenn|falls|würde|würden|wäre|hätte|könnte|vielleicht|stell dir vor|angenommen|früher|nicht mehr|"
    r"ojalá|quizás?|tal vez|imagina|podría|sería|viviera|fuera|tuviera|"
    r"peut-être|imagine que|j'aimerais|je voudrais|serais|aurais|vivais|étais|"
    r"talvez|gostaria|queria|seria|teria|fosse|tivesse)\b|\bi'd\b|\bwe'd\b",
    re.IGNORECASE,
)
# Somebody else's words, believed or not.
REPORTED = re.compile(
    r"\b(said|says|saying|told|tells|asked|asks|thinks|thought|believes|believed|claims|claimed|heard|writes|wrote|sings|sang|goes like|"
    r"according to|rumou?r|calls me|called me|sagt|sagte|meint|behauptet|dice|dijo|cree|dit que|a dit|pense que|diz|disse|acha que)\b",
    re.IGNORECASE,
)
OWN_REPORT = re.compile(
    r"^(?:like |as )?i(?:'ve| have)?(?: already| just)? (?:said|told you|mentioned)(?: before| already| earlier)?,?(?: that)? ",
    re.IGNORECASE,
)
# What stands before a statement without changing it.
LEAD = re.compile(
    r"^(?:(?:no|nope|nein|non|não)(?=\s*[,;:–—]|\s+(?:my|i|i'm|our|we|mein|ich|actually)\b)|actually|sorry|well|oh|ah|hey+|hi+|hello|so|and|but|yes|yeah|yep|yup|btw|by the way|fyi|also|anyway|okay|ok|"
    r"um+|uh+|hm+|haha|lol|look|listen|see|right|cool|nice|sure|thanks|thank you|honestly|frankly|to be honest|tbh|in fact|for the record|"
    r"correction|wait|i mean(?:t)?|you know(?: what)?|just so you know|did you know(?: that)?|as you know|you should know(?: that)?|"
    r"the (?:thing|truth|fact) is(?: that)?|let me (?:tell you|introduce myself)|good (?:morning|evening|afternoon)|"
    r"(?:please )?(?:remember|note|don't forget)(?: that)?|because|since|these days|nowadays|currently|right now|at the moment|"
    r"doch|ja|also|übrigens|eigentlich|hallo|und|aber|ach|nun|gut|"
    r"sí|pues|bueno|hola|en realidad|y|pero|por cierto|oye|"
    r"oui|bonjour|salut|en fait|au fait|et|mais|ben|eh bien|alors|"
    r"sim|olá|oi|na verdade|aliás|e|mas|então)\b[\s,:;–—-]*",
    re.IGNORECASE,
)
QUESTION_PART = re.compile(
    r"[,;–—-]\s*(?=(?:and |but |so )?(?:what|how|who|where|when|why|which|do|does|did|are|is|can|will|have|has|was|were|you|yours)\b)|"
    r"\s+(?:and|but|so)\s+(?=(?:what|how|who|where|when|why|which|do|does|did|are|is|can|will|have|has)\b)",
    re.IGNORECASE,
)
# A question that only looks like a statement: nothing before its mark may be believed.
UNSURE = re.compile(
    r"\b(right|correct|isn't it|don't i|am i|no|true|oder|nicht wahr|verdad|n'est-ce pas|hein|né|eh|huh)\s*\?",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"(?:\s*[,;–—]\s*|\s+-\s+|\s+)(?:and|but|so|because|while|although|und|aber|denn|y|pero|porque|et|mais|car|e|mas)\s+"
    r"(?=(?:also |then |actually |tomorrow |yesterday |today |next |this |on \w+day )?(?:i|we|my|our|i'm|i've|we're|he's|she's|it's|they're|he|she|they|it|his|her|its|their|"
    r"ich|wir|mein|meine|unser|unsere|er|sie|seine?|ihre?|yo|mi|mis|me|se|su|vivo|soy|tengo|trabajo|je|j'|mon|ma|mes|nous|il|elle|son|sa|"
    r"eu|meu|minha|moro|sou|tenho|trabalho|ele|ela)\b)|"
    r"\s*[,;–—]\s*(?=(?:i|we|my|our|i'm|i've|we're|he's|she's|it's|they're|he|she|his name|her name|their names|ich|mein|meine|yo|mi|me llamo|je|j'|mon|ma|eu|meu|minha)\b)",
    re.IGNORECASE,
)
# "…, and you?": what comes before it is stated nonetheless.
AND_YOU = re.compile(
    r"[\s,;.–—-]*¿?\b(?:and|und|y|et|e|en|a) (?:you|du|dir|sie|ihnen|ihr|euch|tú|tu|usted|vos|ti|toi|vous|você|voce|lei|te|jij|ty)\s*\?",
    re.IGNORECASE,
)
# The signs that end sentences in Chinese and Japanese.
FULL_STOP = re.compile(r"(?<=[。！？])")
# "My boyfriend and I broke up" is one statement about two.
PARTED = re.compile(
    r"\b((?:my|our) [\w-]+(?: \w+)?) and I(?= (?:have |'ve |just |recently |finally )*(?:broke|split|separated)\b)",
    re.IGNORECASE,
)


def statements(text: str) -> Iterator[str]:
    """The clauses of a text that state something, in order, without what introduces them."""
    for sentence in _sentences(text):
        if stated := _stated(sentence):
            yield from _clauses(stated)


def told(text: str) -> Iterator[str]:
    """The sentences of a text that state something, as they stand; a model reads them better whole than in clauses."""
    for part in _sentences(text):
        for sentence in FULL_STOP.split(AND_YOU.sub("", part)):
            if "？" not in sentence and (stated := _stated(sentence)):
                yield (stated if "?" in sentence or "¿" in sentence else sentence).replace("§", "…").strip()


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text, without what is quoted or acted in them."""
    plain = text[:READ_LENGTH].replace("’", "'").replace("‘", "'").replace("´", "'")
    for pattern in (QUOTED_LINE, QUOTED, ACTED):
        plain = pattern.sub(" § ", plain)
    plain = ORDINAL.sub("", ABBREVIATION.sub(r"\1", plain))
    for match in SENTENCE.finditer(plain):
        yield match.group().strip()


def _stated(sentence: str) -> str:
    """The part of a sentence that is stated; "" if it asks, supposes or quotes."""
    if "?" in sentence or "¿" in sentence:
        if UNSURE.search(sentence):
            return ""
        parts = QUESTION_PART.split(sentence)
        sentence = ", ".join(parts[:-1]) if len(parts) > 1 else ""
    sentence = OWN_REPORT.sub("", _without_lead(sentence.strip(" \t.!?…;,¡")))
    return "" if UNREAL.search(sentence) or REPORTED.search(sentence) else sentence


def _clauses(sentence: str) -> Iterator[str]:
    for part in CLAUSE.split(PARTED.sub(r"\1 & I", sentence)):
        clause = " ".join(_without_lead(part.strip(" \t.!?…;,:")).split())
        # What stood in quotes was somebody's words, so the clause around it says little of its own.
        if clause and "§" not in clause and len(clause) <= CLAUSE_LENGTH:
            yield clause


def _without_lead(clause: str) -> str:
    while (shorter := LEAD.sub("", clause, count=1)) != clause:
        clause = shorter
    return clause
