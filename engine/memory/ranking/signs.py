"""Small signs in what is said, in five languages: who is meant, whether a time is asked for, told, or nothing but asked.

`asked.py` reads them in the words that are answered, `rank.py` in the turns that may come to mind.
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
# A time is told.
TIME_TOLD = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|last|next|since|weekend|weeks?|months?|years?|recently|morning|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december|"
    r"summer|winter|spring|fall|autumn|birthday|christmas|easter|"
    r"gestern|vorgestern|heute|morgen|neulich|letzte[nrsm]?|nächste[nrsm]?|woche|wochen|monat|monate|jahr|jahre|jahren|seit|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|januar|februar|märz|juni|juli|oktober|dezember|sommer|herbst|frühling|weihnachten|"
    r"ayer|hoy|mañana|hace|pasad[oa]|próxim[oa]|semanas?|mes|meses|años?|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|verano|invierno|otoño|primavera|navidad|"
    r"hier|aujourd'hui|demain|dernier|dernière|prochaine?|semaines?|mois|ans|année|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|été|hiver|printemps|automne|noël|"
    r"ontem|hoje|amanhã|passad[oa]|próxim[oa]|semanas?|mês|anos?|segunda|terça|quarta|quinta|sexta|"
    r"janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|verão|inverno|natal|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
# Ends with a question mark; what a picture shows may stand behind it.
ASKS = re.compile(r"[?？][\s\"'”’»)!]*(?:\[[^\]]*\]|\([^)]*\))?\s*\Z")
