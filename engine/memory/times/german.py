"""Times in German, as data for `vocabulary.py`."""

from __future__ import annotations

import re

from engine.memory.times.almanac import Season
from engine.memory.times.vocabulary import Part, Reading, Unit, Vocabulary, forms, meaning, numbered

_LAST, _NEXT = "(?:letzte|vergangene|vorige)[mnrs]?", "(?:nächste|kommende)[mnrs]?"
_THIS = "diese[mnrs]?"
_IN = "(?:(?:im|in|in der|in dem|am|an|an dem|seit|seit dem|bis|bis zum|ab) )?"
_IN_PART = "(?:[ -]?{part})?"
# "Guten Morgen", "am Morgen": the morning, not tomorrow.
_NOT_MORNING = "".join(
    f"(?<!{word} )"
    for word in "guten schönen jeden jedem diesen diesem ganzen der den dem einen am heute gestern vorgestern".split()
)

GERMAN = Vocabulary(
    name="german",
    common=frozenset(
        "ich bin bist du und ist sind nicht mein meine meinen meinem dein deine wir uns mit der die das den dem ein eine einen habe hast hat haben "
        "war wann wie wo wer für auf zu von es mir dir mich dich auch noch aber wenn dass als bei gemacht erzählt weißt "
        "sich sehr aus nach mal ja nein doch schon jetzt immer gern hab man nur zum zur vom beim wird seit uns ihr sie er heute gestern letzten letzte".split()
    ),
    past=re.compile(
        r"\b(?:war|waren|warst|hatte|hattest|hatten|wurde|ging|kam|sah|letzte\w?|gestern|(?:hast|habe|hat|haben|bin|bist|sind) .*\bge\w+(?:t|en))\b"
    ),
    future=re.compile(
        r"\b(?:werde|wirst|wird|werden|nächste\w?|kommende\w?|plane|planst|pläne|vorhabe|vorhast|bald|freue mich|morgen|übermorgen)\b"
    ),
    months=numbered(
        "januar jänner jan|februar feber feb|märz|april|mai|juni|juli|august aug|september sept|oktober okt|november nov|dezember dez"
    ),
    weekdays=numbered("montag|dienstag|mittwoch|donnerstag|freitag|samstag sonnabend|sonntag", first=0),
    units=meaning(
        {
            Unit.MINUTE: "minute|minuten",
            Unit.HOUR: "stunde|stunden",
            Unit.DAY: "tag|tage|tagen",
            Unit.WEEKEND: "wochenende|wochenenden",
            Unit.WEEK: "woche|wochen",
            Unit.MONTH: "monat|monate|monaten",
            Unit.YEAR: "jahr|jahre|jahren",
        }
    ),
    numbers=numbered(
        "ein eine einem einer einen|zwei|drei ein_paar einigen einige wenigen|vier mehreren mehrere|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn"
    ),
    vague=frozenset(("ein paar", "einigen", "einige", "wenigen", "mehreren", "mehrere")),
    parts=meaning(
        {
            Part.MORNING: "früh|morgen|vormittag",
            Part.NOON: "mittag",
            Part.AFTERNOON: "nachmittag",
            Part.EVENING: "abend",
            Part.NIGHT: "nacht",
        }
    ),
    days={
        "vorgestern": (-2, None),
        "gestern": (-1, None),
        "letzte nacht": (-1, Part.NIGHT),
        "heute": (0, None),
        "morgen": (1, None),
        "übermorgen": (2, None),
    },
    seasons=meaning(
        {
            Season.SPRING: "frühling|frühjahr",
            Season.SUMMER: "sommer",
            Season.AUTUMN: "herbst",
            Season.WINTER: "winter",
        }
    ),
    feasts=meaning(
        {
            "christmas": "weihnachten|weihnachtstagen",
            "christmas eve": "heiligabend|heilig abend",
            "new year's eve": "silvester",
            "new year": "neujahr",
            "valentine's day": "valentinstag",
            "carnival": "fasching|karneval|fastnacht",
            "easter": "ostern",
            "pentecost": "pfingsten",
            "halloween": "halloween",
            "all saints": "allerheiligen",
            "epiphany": "dreikönigstag|heilige drei könige",
        }
    ),
    occasions=meaning(
        {
            "my birthday": "meinem geburtstag|meinen geburtstag",
            "our anniversary": "unserem jahrestag|unserem hochzeitstag|unseren jahrestag|unseren hochzeitstag|meinem hochzeitstag",
        }
    ),
    clock=re.compile(r"\b(?:um|gegen|ab) (?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?(?: uhr)?\b"),
    forms=(
        *forms(Reading.DATE, r"(?:der |den |dem |am )?{dom}\.? ?{month}(?: {year})?"),
        *forms(
            Reading.NUMERIC,
            r"(?P<first>0?[1-9]|[12]\d|3[01])\. ?(?P<second>0?[1-9]|1[0-2])\.(?: ?(?P<year>(?:20)?\d\d))?",
        ),
        *forms(Reading.MONTH, rf"{_IN}{_LAST} {{month}}", turn=-1),
        *forms(Reading.MONTH, rf"{_IN}{_NEXT} {{month}}", turn=1),
        *forms(Reading.MONTH, rf"{_IN}{_THIS} {{month}}", turn=0),
        *forms(
            Reading.MONTH, r"(?:im|seit|bis|ab|anfang|mitte|ende|in) {month}(?: {year})?", r"{month} {year}"
        ),
        *forms(Reading.SEASON, rf"{_IN}{_LAST} {{season}}", turn=-1),
        *forms(Reading.SEASON, rf"{_IN}{_NEXT} {{season}}", turn=1),
        *forms(Reading.SEASON, rf"{_IN}{_THIS} {{season}}", turn=0),
        *forms(Reading.SEASON, r"(?:im|seit|bis|den ganzen) {season}(?: {year})?", r"{season} {year}"),
        *forms(Reading.DAY, rf"{_NOT_MORNING}{{day}}(?: {{part}})?"),
        *forms(Reading.FEAST, rf"(?:an |zu |am )?{_LAST} {{feast}}", turn=-1),
        *forms(Reading.FEAST, rf"(?:an |zu |am )?{_NEXT} {{feast}}", turn=1),
        *forms(Reading.FEAST, rf"(?:an |zu |am )?{_THIS} {{feast}}", turn=0),
        *forms(
            Reading.FEAST,
            r"(?:an|zu|zum|über|vor|nach|seit|um|am|bis) {feast}(?: {year})?",
            r"{feast} {year}",
        ),
        *forms(Reading.OCCASION, r"(?:an|zu|vor|nach|seit|bis zu) {occasion}(?: {year})?"),
        *forms(Reading.WEEKDAY, rf"{_IN}{_LAST} {{weekday}}{_IN_PART}", turn=-1),
        *forms(Reading.WEEKDAY, rf"{_IN}nächste[mnrs]? {{weekday}}{_IN_PART}", turn=2),
        *forms(Reading.WEEKDAY, rf"{_IN}kommende[mnrs]? {{weekday}}{_IN_PART}", turn=1),
        *forms(Reading.WEEKDAY, rf"{_IN}{_THIS} {{weekday}}{_IN_PART}", turn=0),
        *forms(Reading.WEEKDAY, rf"(?:(?:am|seit|bis|ab) )?{{weekday}}{_IN_PART}"),
        *forms(Reading.COUNTED, r"vor {number} {unit}", turn=-1),
        *forms(Reading.COUNTED, r"in {number} {unit}", turn=1),
        *forms(
            Reading.WITHIN,
            rf"(?:(?:in|seit|während) (?:den|der) )?{_LAST} {{number}} {{unit}}",
            r"in den letzten {unit}",
            turn=-1,
        ),
        *forms(Reading.WITHIN, rf"(?:in den )?{_NEXT} {{number}} {{unit}}", turn=1),
        *forms(Reading.WHOLE, rf"{_IN}vorletzte[mnrs]? {{whole}}", turn=-2),
        *forms(Reading.WHOLE, rf"{_IN}übernächste[mnrs]? {{whole}}", turn=2),
        *forms(Reading.WHOLE, rf"{_IN}{_LAST} {{whole}}", turn=-1),
        *forms(Reading.WHOLE, rf"{_IN}{_NEXT} {{whole}}", turn=1),
        *forms(Reading.WHOLE, rf"{_IN}{_THIS} {{whole}}", turn=0),
        *forms(Reading.WHOLE, r"(?:am|übers|über das) (?P<whole>wochenende)"),
        *forms(
            Reading.YEAR,
            r"(?:im jahre?|seit|bis|von|in|anno|ab) {year}",
            r"{year}(?= (?:habe|hast|hat|war|bin|bist|sind|haben|waren) )",
        ),
        *forms(Reading.ORDINAL, r"(?:am|seit dem|bis zum) {dom}\.(?! ?\d)"),
    ),
)
