"""Times in Spanish, as data for `vocabulary.py`."""

from __future__ import annotations

import re

from engine.memory.times.almanac import Season
from engine.memory.times.vocabulary import Part, Reading, Unit, Vocabulary, forms, meaning, numbered

_PAST, _COMING = "(?:pasad[oa]s?|anterior)", "(?:que viene|próxim[oa]|siguiente)"
_LAST, _NEXT = "(?:pasad[oa]|últim[oa])", "(?:próxim[oa])"
_THIS = "(?:est[ea]|estos|estas)"
_THE = "(?:(?:en |por |desde |hasta |durante |para )?(?:el |la |los |las ))?"
_IN_PART = "(?:,? (?:por la |a la |en la |de la |al )?{part})?"

SPANISH = Vocabulary(
    name="spanish",
    common=frozenset(
        "el la los las un una y es son mi mis tu tus yo tú que qué cuando cuándo donde dónde quién cómo con por para en de del se me te no "
        "fue era estaba hice hiciste tengo tienes tenía hay está fui fuiste dije pasó recuerdas".split()
    ),
    past=re.compile(
        r"\b(?:fue|fui|fuiste|fuimos|era|estaba|estuve|estuviste|había|hice|hiciste|hicimos|dije|dijo|tuve|tuviste|pasó|pasad[oa]|ayer|anoche|hace|"
        r"(?!(?:qué|porqué|café|sé|día|todavía|vamos|estamos|río|tía|mía)(?!\w))\w+(?:aste|iste|amos|imos|é|ó|aba|ía))(?!\w)"
    ),
    future=re.compile(
        r"\b(?:voy a|vas a|va a|vamos a|van a|próxim[oa]|que viene|pronto|planes?|pienso|quiero|mañana|\w+(?:aré|eré|iré|arás|erás|irás))(?!\w)"
    ),
    months=numbered(
        "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre setiembre|octubre|noviembre|diciembre"
    ),
    weekdays=numbered("lunes|martes|miércoles miercoles|jueves|viernes|sábado sabado|domingo", first=0),
    units=meaning(
        {
            Unit.MINUTE: "minuto|minutos",
            Unit.HOUR: "hora|horas",
            Unit.DAY: "día|días|dia|dias",
            Unit.WEEKEND: "fin de semana|fines de semana|finde",
            Unit.WEEK: "semana|semanas",
            Unit.MONTH: "mes|meses",
            Unit.YEAR: "año|años",
        }
    ),
    numbers=numbered(
        "un una uno|dos un_par_de|tres unos unas unos_pocos unas_pocas algunos algunas pocos pocas|cuatro varios varias|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince"
    ),
    vague=frozenset(
        "un par de|unos|unas|unos pocos|unas pocas|algunos|algunas|pocos|pocas|varios|varias".split("|")
    ),
    parts=meaning(
        {
            Part.MORNING: "mañana",
            Part.NOON: "mediodía",
            Part.AFTERNOON: "tarde",
            Part.NIGHT: "noche",
        }
    ),
    days={
        "anteayer": (-2, None),
        "antes de ayer": (-2, None),
        "antier": (-2, None),
        "ayer": (-1, None),
        "anoche": (-1, Part.NIGHT),
        "hoy": (0, None),
        "esta mañana": (0, Part.MORNING),
        "esta tarde": (0, Part.AFTERNOON),
        "esta noche": (0, Part.EVENING),
        "mañana": (1, None),
        "pasado mañana": (2, None),
    },
    seasons=meaning(
        {
            Season.SPRING: "primavera",
            Season.SUMMER: "verano",
            Season.AUTUMN: "otoño",
            Season.WINTER: "invierno",
        }
    ),
    feasts=meaning(
        {
            "christmas": "navidad|navidades",
            "christmas eve": "nochebuena",
            "new year's eve": "nochevieja|fin de año",
            "new year": "año nuevo",
            "epiphany": "reyes|día de reyes",
            "valentine's day": "san valentín",
            "carnival": "carnaval|carnavales",
            "easter": "pascua",
            "holy week": "semana santa",
            "halloween": "halloween",
            "all saints": "todos los santos|día de muertos",
        }
    ),
    occasions=meaning(
        {"my birthday": "mi cumpleaños|mi cumple", "our anniversary": "nuestro aniversario|mi aniversario"}
    ),
    clock=re.compile(
        r"\b(?:a|sobre) las? (?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d))?(?: de la (?P<half>mañana|tarde|noche))?(?!\w)"
    ),
    forms=(
        *forms(
            Reading.DATE, r"(?:el )?(?:día )?{dom} de {month}(?: (?:de|del) {year})?", r"{dom} {month} {year}"
        ),
        *forms(
            Reading.NUMERIC,
            r"(?P<first>0?[1-9]|[12]\d|3[01])[/-](?P<second>0?[1-9]|1[0-2])[/-](?P<year>(?:20)?\d\d)",
        ),
        *forms(Reading.MONTH, rf"{_THE}{_LAST} (?:mes de )?{{month}}", rf"{_THE}{{month}} {_PAST}", turn=-1),
        *forms(Reading.MONTH, rf"{_THE}{_NEXT} (?:mes de )?{{month}}", rf"{_THE}{{month}} {_COMING}", turn=1),
        *forms(Reading.MONTH, rf"(?:en )?{_THIS} (?:mes de )?{{month}}", r"{month} de este año", turn=0),
        *forms(
            Reading.MONTH,
            r"(?:en|desde|hasta|durante|por) (?:el mes de )?{month}(?: (?:de|del) {year})?",
            r"(?:a )?(?:principios|mediados|finales|fines) de {month}(?: (?:de|del) {year})?",
            r"{month} (?:de|del) {year}",
        ),
        *forms(Reading.SEASON, rf"{_THE}{_LAST} {{season}}", rf"{_THE}{{season}} {_PAST}", turn=-1),
        *forms(Reading.SEASON, rf"{_THE}{_NEXT} {{season}}", rf"{_THE}{{season}} {_COMING}", turn=1),
        *forms(Reading.SEASON, rf"(?:en )?{_THIS} {{season}}", turn=0),
        *forms(
            Reading.SEASON,
            r"(?:en|durante|desde) (?:el |la )?{season}(?: (?:de|del) {year})?",
            r"(?:el |la )?{season} (?:de|del) {year}",
        ),
        *forms(Reading.DAY, rf"(?<!esta )(?<!la )(?<!de )(?<!cada ){{day}}{_IN_PART}"),
        *forms(Reading.FEAST, rf"{_THE}{_LAST}s? {{feast}}", rf"{_THE}{{feast}} {_PAST}", turn=-1),
        *forms(Reading.FEAST, rf"{_THE}{_NEXT}s? {{feast}}", rf"{_THE}{{feast}} {_COMING}", turn=1),
        *forms(Reading.FEAST, rf"(?:en )?{_THIS} {{feast}}", turn=0),
        *forms(
            Reading.FEAST,
            r"(?:en|por|para|desde|durante|hasta) (?:la |el |las |los )?{feast}(?: (?:de|del) {year})?",
            r"{feast} (?:de|del) {year}",
        ),
        *forms(Reading.OCCASION, r"(?:en|por|para|el día de|desde) {occasion}(?: (?:de|del) {year})?"),
        *forms(
            Reading.WEEKDAY,
            rf"{_THE}{_LAST} {{weekday}}{_IN_PART}",
            rf"{_THE}{{weekday}} {_PAST}{_IN_PART}",
            turn=-1,
        ),
        *forms(
            Reading.WEEKDAY,
            rf"{_THE}{_NEXT} {{weekday}}{_IN_PART}",
            rf"{_THE}{{weekday}} {_COMING}{_IN_PART}",
            turn=1,
        ),
        *forms(Reading.WEEKDAY, rf"este {{weekday}}{_IN_PART}", turn=0),
        *forms(Reading.WEEKDAY, rf"(?<!los )(?:(?:el|desde el|hasta el) )?{{weekday}}{_IN_PART}"),
        *forms(Reading.COUNTED, r"hace (?:ya |como )?{number} {unit}", r"{number} {unit} atrás", turn=-1),
        *forms(Reading.COUNTED, r"(?:dentro de|en) {number} {unit}", turn=1),
        *forms(
            Reading.WITHIN,
            r"(?:en |durante |por )?(?:l[oa]s|est[oa]s) (?:últim[oa]s|pasad[oa]s) (?:{number} )?{unit}",
            r"(?:en |durante )?l[oa]s {number} últim[oa]s {unit}",
            turn=-1,
        ),
        *forms(Reading.WITHIN, r"(?:en )?(?:l[oa]s|est[oa]s) próxim[oa]s {number} {unit}", turn=1),
        *forms(Reading.WHOLE, rf"{_THE}{_LAST} {{whole}}", rf"{_THE}{{whole}} {_PAST}", turn=-1),
        *forms(Reading.WHOLE, rf"{_THE}{_NEXT} {{whole}}", rf"{_THE}{{whole}} {_COMING}", turn=1),
        *forms(Reading.WHOLE, rf"(?:en )?{_THIS} {{whole}}", turn=0),
        *forms(Reading.WHOLE, r"(?:en |durante )?el (?P<whole>fin de semana|finde)"),
        *forms(Reading.YEAR, r"(?:en|desde|del?|hasta|durante) (?:el año )?{year}"),
        *forms(Reading.ORDINAL, r"el día {dom}"),
    ),
)
