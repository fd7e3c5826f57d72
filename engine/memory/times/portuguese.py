"""Times in Portuguese, as data for `vocabulary.py`."""

from __future__ import annotations

import re

from engine.memory.times.almanac import Season
from engine.memory.times.vocabulary import Part, Reading, Unit, Vocabulary, forms, meaning, numbered

_PAST, _COMING = "(?:passad[oa]s?|anterior)", "(?:que vem|seguinte|próxim[oa])"
_LAST, _NEXT = "(?:últim[oa]|passad[oa])", "(?:próxim[oa])"
_THIS = "(?:n?est[ea]|n?ess[ea])"
_THE = "(?:(?:n[oa]s?|[oa]s?|desde [oa]|até [oa]|durante [oa]|pel[oa]|par?a? [oa]) )?"
_IN_PART = "(?:,? (?:de |à |pela |da |ao )?{part})?"

PORTUGUESE = Vocabulary(
    name="portuguese",
    common=frozenset(
        "o a os as um uma e é são meu minha meus minhas seu sua teu tua eu você tu que quando onde quem como com por para em no na do da dos das "
        "não foi era estava fiz fez tenho tem tinha há está fui disse aconteceu lembra ao pelo".split()
    ),
    past=re.compile(
        r"\b(?:foi|fui|foste|fomos|era|estava|estive|tinha|fiz|fez|fizeste|fizemos|disse|tive|teve|aconteceu|passad[oa]|ontem|atrás|"
        r"(?!(?:vou|sou|dou|estou|ou|meu|seu|teu|eu|sei|hei|dia|tia|vamos|estamos|este|deste|neste|família|academia)(?!\w))\w+(?:aste|este|iste|amos|imos|ei|ou|eu|iu|ava|ia))(?!\w)"
    ),
    future=re.compile(
        r"\b(?:vou|vai|vais|vamos|vão|próxim[oa]|que vem|em breve|planos?|pretendo|quero|amanhã|daqui|\w+(?:arei|erei|irei|ará|erá|irá))(?!\w)"
    ),
    months=numbered(
        "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    ),
    weekdays=numbered(
        "segunda-feira segunda_feira segunda|terça-feira terça_feira terça|quarta-feira quarta_feira quarta|quinta-feira quinta_feira quinta|"
        "sexta-feira sexta_feira sexta|sábado sabado|domingo",
        first=0,
    ),
    units=meaning(
        {
            Unit.MINUTE: "minuto|minutos",
            Unit.HOUR: "hora|horas",
            Unit.DAY: "dia|dias",
            Unit.WEEKEND: "fim de semana|final de semana|fins de semana|fim-de-semana",
            Unit.WEEK: "semana|semanas",
            Unit.MONTH: "mês|meses",
            Unit.YEAR: "ano|anos",
        }
    ),
    numbers=numbered(
        "um uma|dois duas um_par_de|três uns umas alguns algumas poucos poucas|quatro vários várias|cinco|seis|sete|oito|nove|dez|onze|doze|treze|catorze quatorze|quinze"
    ),
    vague=frozenset("um par de|uns|umas|alguns|algumas|poucos|poucas|vários|várias".split("|")),
    parts=meaning(
        {Part.MORNING: "manhã", Part.NOON: "meio-dia", Part.AFTERNOON: "tarde", Part.NIGHT: "noite"}
    ),
    days={
        "anteontem": (-2, None),
        "ontem": (-1, None),
        "hoje": (0, None),
        "esta manhã": (0, Part.MORNING),
        "hoje à noite": (0, Part.EVENING),
        "esta noite": (0, Part.EVENING),
        "esta tarde": (0, Part.AFTERNOON),
        "amanhã": (1, None),
        "depois de amanhã": (2, None),
    },
    seasons=meaning(
        {
            Season.SPRING: "primavera",
            Season.SUMMER: "verão",
            Season.AUTUMN: "outono",
            Season.WINTER: "inverno",
        }
    ),
    feasts=meaning(
        {
            "christmas": "natal",
            "christmas eve": "véspera de natal",
            "new year's eve": "réveillon|véspera de ano novo|passagem de ano|passagem do ano",
            "new year": "ano novo|ano-novo",
            "epiphany": "dia de reis",
            "brazil's valentine's day": "dia dos namorados",
            "carnival": "carnaval",
            "easter": "páscoa",
            "holy week": "semana santa",
            "halloween": "halloween|dia das bruxas",
            "all saints": "dia de todos os santos|dia de finados",
        }
    ),
    occasions=meaning(
        {
            "my birthday": "meu aniversário|meus anos",
            "our anniversary": "nosso aniversário|nosso aniversário de casamento|meu aniversário de casamento",
        }
    ),
    clock=re.compile(
        r"\b(?:às|as|à|pelas) (?P<hour>\d{1,2})(?:[:h](?P<minute>[0-5]\d))?(?: ?(?:h|horas?))?(?: d[ae] (?P<half>manhã|tarde|noite))?(?!\w)"
    ),
    forms=(
        *forms(
            Reading.DATE,
            r"(?:no |em |o )?(?:dia )?{dom}º? de {month}(?: (?:de|do) {year})?",
            r"{dom} {month} {year}",
        ),
        *forms(
            Reading.NUMERIC,
            r"(?P<first>0?[1-9]|[12]\d|3[01])[/.-](?P<second>0?[1-9]|1[0-2])[/.-](?P<year>(?:20)?\d\d)",
        ),
        *forms(
            Reading.MONTH,
            rf"(?:em |n?o )?{_LAST} (?:mês de )?{{month}}",
            rf"(?:em |n?o )?{{month}} (?:{_PAST}|do ano passado)",
            turn=-1,
        ),
        *forms(
            Reading.MONTH,
            rf"(?:em |n?o )?{_NEXT} (?:mês de )?{{month}}",
            rf"(?:em |n?o )?{{month}} {_COMING}",
            turn=1,
        ),
        *forms(Reading.MONTH, rf"{_THIS} (?:mês de )?{{month}}", r"{month} deste ano", turn=0),
        *forms(
            Reading.MONTH,
            r"(?:em|desde|até|durante) (?:o mês de )?{month}(?: (?:de|do) {year})?",
            r"(?:n?o )?(?:início|começo|meados|meio|fim|final|finais) de {month}(?: (?:de|do) {year})?",
            r"{month} (?:de|do) {year}",
        ),
        *forms(Reading.SEASON, rf"{_THE}{_LAST} {{season}}", rf"{_THE}{{season}} {_PAST}", turn=-1),
        *forms(Reading.SEASON, rf"{_THE}{_NEXT} {{season}}", rf"{_THE}{{season}} {_COMING}", turn=1),
        *forms(Reading.SEASON, rf"{_THIS} {{season}}", turn=0),
        *forms(
            Reading.SEASON,
            r"(?:n[oa]|durante [oa]|desde [oa]|em) {season}(?: (?:de|do) {year})?",
            r"{season} (?:de|do) {year}",
        ),
        *forms(Reading.DAY, rf"{{day}}{_IN_PART}"),
        *forms(Reading.FEAST, rf"{_THE}{_LAST} {{feast}}", rf"{_THE}{{feast}} {_PAST}", turn=-1),
        *forms(Reading.FEAST, rf"{_THE}{_NEXT} {{feast}}", rf"{_THE}{{feast}} {_COMING}", turn=1),
        *forms(Reading.FEAST, rf"{_THIS} {{feast}}", turn=0),
        *forms(
            Reading.FEAST,
            r"(?:n[oa]|pel[oa]|desde [oa]|para [oa]|até [oa]) {feast}(?: (?:de|do) {year})?",
            r"{feast} (?:de|do) {year}",
        ),
        *forms(
            Reading.OCCASION, r"(?:no|para o|pelo|desde o|nos|até o|pro) {occasion}(?: (?:de|do|em) {year})?"
        ),
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
        *forms(Reading.WEEKDAY, rf"{_THIS} {{weekday}}{_IN_PART}", turn=0),
        *forms(
            Reading.WEEKDAY,
            rf"(?:n[oa]|desde [oa]|até) {{weekday}}{_IN_PART}",
            rf"(?P<weekday>(?:segunda|terça|quarta|quinta|sexta)[- ]feira|s[áa]bado|domingo){_IN_PART}",
        ),
        *forms(
            Reading.COUNTED,
            r"(?:há|faz) (?:cerca de |já )?{number} {unit}(?: atrás)?",
            r"{number} {unit} atrás",
            turn=-1,
        ),
        *forms(Reading.COUNTED, r"(?:daqui a|dentro de|em) {number} {unit}", turn=1),
        *forms(
            Reading.WITHIN,
            r"(?:n?[oa]s|durante [oa]s) (?:últim[oa]s|passad[oa]s) (?:{number} )?{unit}",
            turn=-1,
        ),
        *forms(Reading.WITHIN, r"n?[oa]s próxim[oa]s {number} {unit}", turn=1),
        *forms(Reading.WHOLE, rf"{_THE}{_LAST} {{whole}}", rf"{_THE}{{whole}} {_PAST}", turn=-1),
        *forms(Reading.WHOLE, rf"{_THE}{_NEXT} {{whole}}", rf"{_THE}{{whole}} {_COMING}", turn=1),
        *forms(Reading.WHOLE, rf"{_THIS} {{whole}}", turn=0),
        *forms(Reading.WHOLE, r"(?:no|durante o) (?P<whole>fim de semana|final de semana|fim-de-semana)"),
        *forms(Reading.YEAR, r"(?:em|desde|de|até|durante) (?:o ano de )?{year}"),
        *forms(Reading.ORDINAL, r"(?:no )?dia {dom}"),
    ),
)
