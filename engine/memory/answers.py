"""What a short answer says once its question is known: "What's his name?" – "Max."; `facts.py` asks for the whole sentence.

The character's last line asks; the person's first words answer. They are completed to a sentence of the person's, and
the rules read that: what no rule would believe from a person, no answer tells either.
"""

from __future__ import annotations

import re

# Language, what is asked, and how the answer begins when it is said in full.
_ASKED = (
    ("en", r"(?:what(?:'s| is) your name|what (?:do|should|can) i call you|and you are)\b", "my name is "),
    ("en", r"(?:what(?:'s| is| are) (?:(?:his|her|its|their) name|(?:he|she|it|your [\w ]+?|the [\w ]+?) called|your [\w ]+?'s name)|who(?:'s| is) the lucky)", "his name is "),
    ("en", r"how old (?:is|are) (?!you\b)", "he's "),
    ("en", r"how old are you", "I'm "),
    ("en", r"where (?:are you|do you come) (?:\w+ )?from", "I'm from "),
    ("en", r"where (?:do you live|are you (?:based|living))", "I live in "),
    ("en", r"(?:what do you do(?: for (?:a living|work))?|what(?:'s| is) your job|what do you work as)\s*\?", "I work as a "),
    ("en", r"what (?:do you study|are you studying|'s your major)", "I study "),
    ("en", r"do you speak (?P<what>\w+)", "I speak {what} "),
    ("en", r"when(?:'s| is) your birthday", "my birthday is "),
    ("en", r"what do you play|which instrument", "I play "),
    ("de", r"wie hei(?:ß|ss)t du|wie ist dein name", "ich heiße "),
    ("de", r"wie hei(?:ß|ss)(?:t|en) |wie ist (?:sein|ihr) name", "er heißt "),
    ("de", r"wie alt (?:ist|sind) ", "er ist "),
    ("de", r"wie alt bist du", "ich bin "),
    ("de", r"woher (?:kommst|bist) du|wo kommst du (?:\w+ )?her", "ich komme "),
    ("de", r"wo (?:wohnst|lebst) du", "ich wohne "),
    ("de", r"was (?:machst du (?:beruflich|so beruflich)|arbeitest du)|was bist du von beruf", "ich bin "),
    ("de", r"was studierst du", "ich studiere "),
    ("de", r"sprichst du (?P<what>\w+)", "ich spreche {what} "),
    ("de", r"wann (?:hast du geburtstag|ist dein geburtstag)", "mein geburtstag ist "),
    ("es", r"cómo te llamas|(?:cuál es )?tu nombre", "me llamo "),
    ("es", r"cómo se llama", "se llama "),
    ("es", r"cuántos (?:años|meses) tienes", "tengo "),
    ("es", r"(?:cuántos (?:años|meses)|qué edad) tiene", "él tiene "),
    ("es", r"de dónde eres", "soy "),
    ("es", r"dónde vives", "vivo en "),
    ("es", r"(?:a qué te dedicas|en qué trabajas|de qué trabajas|qué haces en la vida)", "soy "),
    ("es", r"qué (?:estudias|estás estudiando|carrera)", "estudio "),
    ("es", r"hablas (?P<what>\w+)", "hablo {what} "),
    ("es", r"cuándo (?:es tu cumpleaños|cumples)", "mi cumpleaños es el "),
    ("fr", r"(?:comment|tu) (?:tu )?t'appelles|comment t'appelles-tu|ton (?:pré)?nom|c'est quoi ton", "je m'appelle "),
    ("fr", r"(?:comment|il|elle) (?:il |elle )?s'appelle|s'appelle(?:-t-(?:il|elle))? comment|c'est quoi son", "il s'appelle "),
    ("fr", r"quel âge (?:as-tu|tu as)|tu as quel âge|t'as quel âge", "j'ai "),
    ("fr", r"(?:il|elle) a quel âge|quel âge (?:a-t-(?:il|elle)|(?:il|elle) a|a )", "il a "),
    ("fr", r"tu viens d'où|d'où (?:viens-tu|tu viens|es-tu)|tu es d'où", "je viens "),
    ("fr", r"tu habites où|où (?:habites-tu|tu habites|vis-tu)", "j'habite "),
    ("fr", r"tu (?:fais quoi|bosses|travailles)(?: dans la vie| comme quoi)|que fais-tu|qu'est-ce que tu fais dans la vie", "je suis "),
    ("fr", r"tu étudies quoi|qu'est-ce que tu étudies|études (?:de|en) quoi", "j'étudie "),
    ("fr", r"(?:tu parles|parles-tu) (?P<what>\w+)", "je parle {what} "),
    ("fr", r"(?:c'est quand )?ton anniversaire", "mon anniversaire est le "),
    ("pt", r"(?:como (?:você|vc|tu) (?:se|te) chamas?|como te chamas|qual (?:é )?(?:o )?(?:seu|teu) nome)", "me chamo "),
    ("pt", r"como (?:(?:ele|ela) )?se chama|como é (?:que (?:ele|ela) se chama|o nome)|qual (?:é )?o nome (?:dele|dela|d[oa])|quem é [oa] (?:pessoa de sorte|sortud[oa])", "o nome dele é "),
    ("pt", r"quantos anos (?:você|vc|tu) tem|quantos anos tens|que idade tens", "tenho "),
    ("pt", r"(?:quantos (?:anos|meses)|que idade) (?:(?:ele|ela) )?tem", "ele tem "),
    ("pt", r"de onde (?:você|vc|tu) (?:é|és)|(?:és|é) de onde", "sou "),
    ("pt", r"onde (?:você|vc|tu )?(?:mora|moras|vives|vive)", "moro em "),
    ("pt", r"(?:com o que|em que|no que|o que) (?:você |vc |tu )?(?:trabalhas?|fazes? da vida|faz na vida)|qual (?:é )?(?:a )?(?:sua|tua) profissão", "sou "),
    ("pt", r"o que (?:você |vc |tu )?(?:estudas?|cursas?)|(?:estudas?|cursa) o quê", "estudo "),
    ("pt", r"(?:você |vc |tu )?falas? (?P<what>\w+)\s*\?", "falo {what} "),
    ("pt", r"quando (?:é|faz) (?:o )?(?:seu|teu) aniversário|quando fazes anos", "meu aniversário é "),
)  # fmt: skip
ASKED = tuple((tongue, re.compile(pattern, re.IGNORECASE), start) for tongue, pattern, start in _ASKED)
# "Oui avec ma grand-mère": the answer to whether; what follows a yes does not matter, and a no is none.
YES = re.compile(r"^(?:yes|yeah|yep|yup|ja|jep|sí|si|claro|oui|ouais|sim|claro que sim)\b", re.IGNORECASE)
LEAD = re.compile(
    r"^(?:(?:oh|ah|um+|well|so|ja|na|also|pues|bueno|ben|bah|ah|bom|é|she's|he's|it's|er|sie|o|a|os|the|called)[\s,]+)+(?=\S)",
    re.IGNORECASE,
)


def whole_answer(asked: str, text: str, tongue: str) -> str:
    """The answer as a sentence of its own; "" if nothing was asked that a sentence can be made of."""
    question = asked.replace("’", "'")
    if "?" not in question or "?" in text[:60] or not text.strip():
        return ""
    for known, pattern, start in ASKED:
        match = pattern.search(question) if known == tongue else None
        if match:
            return _completed(match, start, text.replace("’", "'").strip())
    return ""


def _completed(match: re.Match[str], start: str, text: str) -> str:
    if "{what}" in start:
        return start.format(what=match["what"]) if YES.match(text) else ""
    return start + LEAD.sub("", text)
