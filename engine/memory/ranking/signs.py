"""Small signs in what is said, in five languages: who is meant, whether a time or many things are asked for, a time is
told, or nothing but asked.

`asked.py` reads them in the words that are answered, `rank.py` and `telling.py` in the turns that may come to mind.
"""

from __future__ import annotations

import re

# Only asks to remember: says nothing about whom the memory is.
WRAPPING = re.compile(
    r"\b(?:(?:do|don't|can|could|would|will) you (?:still |even |ever |please )*(?:remember|recall|know|tell me|remind me)|"
    r"(?:did|have|had) i (?:ever |already )*(?:tell|told|mention|mentioned|said|say)(?: to)?(?: you)?|(?:tell|remind) me|"
    r"i (?:already |once )*(?:told|mentioned to) you|"
    r"wei(?:ß|ss)t du(?: noch)?|erinnerst du dich(?: noch)?|hab(?:e)? ich dir|kannst du mir sagen|sag mir|"
    r"te acuerdas|recuerdas|sabes|dime|te (?:he )?(?:dije|dicho|conté|contado)|"
    r"tu te souviens|te souviens[- ]tu|tu sais|sais[- ]tu|dis[- ]moi|je t'ai dit|"
    r"(?:você |tu )?(?:se |te )?lembras?(?: de| do| da)?|(?:você )?sabes?|diz[- ]me|me diga|eu te (?:disse|contei))\b",
    re.IGNORECASE,
)
PERSONS = frozenset(
    "i me my mine myself i'm i've i'd i'll we our us ich mir mich mein meine meinen meinem meiner meines wir unser unsere "
    "yo me mi mis mí mío mía conmigo nosotros nuestro nuestra je j'ai moi mon ma mes mien mienne nous notre nos "
    "eu mim meu minha meus minhas comigo nós nosso nossa".split()
)
CHARACTERS = frozenset(
    "you your yours yourself you're you've you'd you'll du dir dich dein deine deinen deinem deiner deines euch "
    "tú tu tus te ti tuyo tuya contigo toi ton ta tes tien tienne vous votre vos você vocês teu tua teus tuas "
    "seu sua".split()
)
# A time is asked for.
WHEN = re.compile(
    r"\b(?:when|what (?:date|day|month|year|time)|which (?:date|day|month|year)|how long(?: ago)?|since when|wann|wie lange|seit wann|"
    r"an welchem tag|in welchem (?:jahr|monat)|cuándo|cuanto tiempo|cuánto tiempo|qué (?:día|año|mes)|quand|depuis quand|combien de temps|"
    r"quel (?:jour|mois)|quelle (?:date|année)|quando|desde quando|há quanto tempo|que (?:dia|ano|mês))\b",
    re.IGNORECASE,
)
# More than one thing is asked for: several at once, or whatever there was so far.
MANY = re.compile(
    r"\b(?:how many|(?:what|which|where|who|how)\b.*\b(?:has|have)|(?:what|who|which) are|both|"
    # What or which with a plural close behind.
    r"(?:what|which) (?:[\w'-]+ )??(?!(?:is|was|does|has|this|his|its)\b)[\w'-]+(?<![s'])s|"
    r"wie (?:viele|oft)|welche|was alles|wo überall|beide|cuántos|cuántas|cuáles|ambos|ambas|"
    r"combien de|quels|quelles|tous les deux|toutes les deux|quantos|quantas|quais)\b",
    re.IGNORECASE,
)
# A time is told.
TIMES = frozenset(
    "yesterday today tonight tomorrow ago last next since weekend week weeks month months year years recently morning "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october "
    "november december summer winter spring fall autumn birthday christmas easter "
    "gestern vorgestern heute morgen neulich letzte letzten letzter letztes nächste nächsten nächster nächstes woche wochen monat "
    "monate jahr jahre jahren seit montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz juni juli oktober "
    "dezember sommer herbst frühling weihnachten "
    "ayer hoy mañana hace pasado pasada próximo próxima semana semanas mes meses año años lunes martes miércoles jueves viernes "
    "sábado domingo enero febrero marzo abril mayo junio julio septiembre octubre noviembre diciembre verano invierno otoño "
    "primavera navidad "
    "hier aujourd demain dernier dernière prochain prochaine semaine semaines mois ans année lundi mardi mercredi jeudi vendredi "
    "samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre été hiver printemps "
    "automne noël "
    "ontem hoje amanhã passado passada mês ano anos segunda terça quarta quinta sexta janeiro fevereiro março maio junho julho "
    "setembro outubro novembro dezembro verão inverno natal".split()
)
_WORD = re.compile(r"\w+")
_BARE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Ends with a question mark; what a picture shows may stand behind it.
ASKS = re.compile(r"[?？][\s\"'”’»)!]*(?:\[[^\]]*\]|\([^)]*\))?\s*\Z")


def bare_words(text: str) -> list[str]:
    """The words of a text in lower case, with what an apostrophe ties to them ("i'm"), without numbers."""
    return _BARE.findall(text.lower().replace("’", "'"))


def tells_time(text: str) -> bool:
    """Whether a text tells when something was or will be."""
    return not TIMES.isdisjoint(_WORD.findall(text.lower())) or bool(_YEAR.search(text))


def asks(text: str) -> bool:
    """Whether a text ends by asking."""
    return ("?" in text or "？" in text) and bool(ASKS.search(text))
