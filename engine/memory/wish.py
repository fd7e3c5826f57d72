"""Whether words ask to forget something; `bot/commands/chat.py` asks before it takes them as said. Words only.

Someone who says "forget that" may mean it, or only go on in the story. So a wish is one only where nothing else is
said with it; where something follows ("forget that, let's dance") the words are said, and the person is asked.
"Forget it" alone is a way of saying "never mind" and no wish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Longer words are no plain request.
REQUEST_LENGTH = 300

# "No, forget that" is a wish, and "no olvides eso" is the contrary: a "no" has its comma.
_ASKING = (
    r"(?:(?:please|now|so|ok(?:ay)?|oh|hey|sorry|actually|wait|no[,!.])[,!. ]+)*(?:(?:can|could|would|will) you (?:please )?|"
    r"you (?:can|should|may|must) |i(?:'d like| want| need) you to |i would like you to )?(?:please )?forget",
    r"(?:(?:bitte|ok(?:ay)?|ach|entschuldigung|sorry|halt|nein[,!.])[,!. ]+)*(?:(?:kannst|könntest|würdest) du (?:bitte )?)?vergiss(?: bitte)?(?: mal)?",
    r"(?:(?:por favor|vale|ay|perdón|perdona|espera|no[,!.])[,!. ]+)*(?:(?:puedes|podrías) olvidar|quiero que olvides|olvid[ae])",
    r"(?:(?:s'il te pla[iî]t|ok|ah|pardon|attends|non[,!.])[,!. ]+)*(?:(?:peux-tu|tu peux|pourrais-tu|tu pourrais) oublier|oubliez?)",
    r"(?:(?:por favor|ok|ah|desculpa|desculpe|espera|não[,!.])[,!. ]+)*(?:(?:você )?(?:pode|poderia) esquecer|quero que você esqueça|esque(?:ce|ça))",
)
# What may follow it to mean what was said last; `match.py` knows it by these as well.
THAT = (
    r"(?:that|this|(?:about )?what i(?: just|'ve just| have just)? (?:said|told you|wrote)(?: just now)?|(?:my|the) last (?:message|line|thing(?: i said)?))",
    r"(?:das|dies(?:es)?|was ich (?:dir )?(?:gerade|eben|grad|vorhin) (?:gesagt|erzählt|geschrieben) habe?|meine letzte nachricht)(?: bitte)?(?: wieder)?",
    r"(?:eso|esto|lo(?: [uú]ltimo)?(?: que)? (?:acabo de decir(?:te)?|te acabo de decir|dije|te dije)|mi [uú]ltimo mensaje)",
    r"(?:[cç]a|cela|ce que je viens de (?:te )?dire|ce que j'ai dit|mon dernier message)",
    r"(?:isso|isto|o que (?:eu )?(?:acabei de (?:te )?dizer|disse|te disse)|(?:a )?minha [uú]ltima mensagem)",
)
# How a request begins that says itself what it is about.
_ABOUT = (
    r"(?:that (?:i|i'm|i've|my|our|we|you know)\b|(?:everything |anything |all )?(?:of )?what i(?:'ve| have)? (?:said|told you|wrote) about\b|"
    r"(?:everything|all)(?: (?:that )?(?:you know|i said|i told you))?(?: about\b|(?=[\s.!]*$))|what you know about\b|about my\b|my\b|where i\b|who i\b|when i\b)",
    r"(?:,? ?dass? (?:ich|mein\w*|wir|unser\w*)\b|was ich (?:dir )?(?:über|von)\b|alles(?:,? was du)? über\b|alles(?=[\s.!]*$)|mein\w* (?!nicht)|wo ich\b)",
    r"(?:que (?:yo |me |mi |mis |soy|tengo|vivo|trabajo|estoy|trabajo|nací|fui|he )|lo que (?:te )?(?:dije|conté) (?:de|sobre)\b|todo (?:lo que )?(?:sobre|sabes)\b|todo(?=[\s.!]*$)|mis? |d[oó]nde (?:vivo|trabajo))",
    r"(?:que (?:je |j'|mon |ma |mes )|ce que (?:je t'ai|j'ai) dit (?:sur|de)\b|tout (?:ce que )?(?:sur|tu sais)\b|tout(?=[\s.!]*$)|mon |ma |mes |o[uù] j)",
    r"(?:que (?:eu |me |meu |minha |moro|tenho|sou|trabalho|estou|nasci|fui )|o que (?:eu )?(?:te )?(?:disse|contei) (?:de|sobre)\b|tudo (?:o que )?(?:sobre|você sabe)\b|tudo(?=[\s.!]*$)|meus? |minhas? |onde (?:eu )?(?:moro|trabalho))",
)
_POLITE = r"(?:,? (?:please|bitte|por favor|s'il te pla[iî]t|thanks|thank you|danke|gracias|merci|obrigad[oa])|,? ok(?:ay)?)?"
_WHOLE = re.compile(
    "|".join(
        rf"(?:{ask}(?:,? (?P<that{n}>{that})|,? (?P<about{n}>{about}.*?)))(?:{_POLITE})[\s.!…]*\??\s*$"
        for n, (ask, that, about) in enumerate(zip(_ASKING, THAT, _ABOUT, strict=True))
    ),
    re.IGNORECASE,
)
_BEGUN = re.compile(
    "|".join(rf"(?:{ask},? {that})\s*[,.;:!…–—-]+\s*\S" for ask, that in zip(_ASKING, THAT, strict=True)),
    re.IGNORECASE,
)
# A request that is a question.
_ASKED = re.compile(
    r".{0,20}\b(?:can|could|would|will|kannst|könntest|würdest|puedes|podrías|peux|pourrais|pode|poderia)\b",
    re.IGNORECASE,
)
# "Forget my brother" may be said of anybody, and be no wish about the memory.
_SOMEBODY = re.compile(r"(?:about )?(?:my|mein\w*|mis?|mon|ma|mes|meus?|minhas?)\b", re.IGNORECASE)
# Something else comes after it, or the words are said on a stage.
_MORE = re.compile(
    r"[.!?…;:\n]\s*\S|\*|[\"“„«]|\b(?:and|but|und|aber|y|pero|et|mais|e|mas) (?:let|lass|vamos|kiss|come|then)\b"
)


@dataclass(frozen=True, slots=True)
class ForgetWish:
    """A wish to forget. `plain`: nothing else is said with it; else the person may be telling a story.

    `clear`: it says that something is to be forgotten which was told ("that I …"), and not somebody ("my brother").
    """

    what: str
    plain: bool
    clear: bool = False


def forget_wish(text: str) -> ForgetWish | None:
    """The wish that words are, or None where they ask to forget nothing."""
    words = " ".join(text.replace("’", "'").split())
    if len(words) > REQUEST_LENGTH:
        return None
    match = _WHOLE.match(words)
    if match is None or _MORE.search(words.rstrip(" .!?…")):
        return ForgetWish("that", plain=False) if _BEGUN.match(words) else None
    if words.endswith("?") and not _ASKED.match(words):
        return None
    parts = {name[:-1]: part for name, part in match.groupdict().items() if part}
    what = parts.get("about", "that").strip(" ,.!?")
    return ForgetWish(what, plain=True, clear=not _SOMEBODY.match(what))
