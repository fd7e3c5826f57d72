"""Times in French, as data for `vocabulary.py`."""

from __future__ import annotations

import re

from engine.memory.times.almanac import Season
from engine.memory.times.vocabulary import Part, Reading, Unit, Vocabulary, forms, meaning, numbered

_PAST, _COMING = "(?:derni(?:er|ère|ers|ères)|passée?s?)", "(?:prochaine?s?|qui vient)"
_THIS = "(?:ce|cet|cette|ces)"
_THE = "(?:(?:depuis |pendant |durant |dès |jusqu'à )?(?:le |la |l'|les |au |à l'|à la |du ))?"
_IN_PART = "(?:,? (?:dans la |à |en |au |le )?{part})?"

FRENCH = Vocabulary(
    name="french",
    common=frozenset(
        "le la les un une des et est sont mon ma mes ton ta tes je tu il elle on nous vous que qui quand où comment avec pour dans du de pas ne "
        "ai as avons suis es était j c d l qu n s m t fait dit souviens quoi".split()
    ),
    past=re.compile(
        r"\b(?:(?:ai|as|a|avons|avez|ont|suis|es|est)(?:-(?:je|tu|t-il|t-elle|t-on|nous|vous))? (?:pas |déjà |bien )?(?:fait|dit|eu|vu|pris|mis|reçu|venue?s?|née?|\w+ée?s?)|"
        r"était|étais|étaient|avait|avais|dernière?s?|hier|il y a)\b"
    ),
    future=re.compile(
        r"\b(?:vais|vas|allons|allez|vont|prochaine?s?|bientôt|prévois|prévu|demain|après-demain|\w+(?:erai|irai|eras|iras|erons|irons))\b"
    ),
    months=numbered(
        "janvier janv|février fevrier|mars|avril|mai|juin|juillet|août aout|septembre|octobre|novembre|décembre decembre"
    ),
    weekdays=numbered("lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche", first=0),
    units=meaning(
        {
            Unit.MINUTE: "minute|minutes",
            Unit.HOUR: "heure|heures",
            Unit.DAY: "jour|jours|journée|journées",
            Unit.WEEKEND: "week-end|weekend|week-ends|weekends",
            Unit.WEEK: "semaine|semaines",
            Unit.MONTH: "mois",
            Unit.YEAR: "an|ans|année|années",
        }
    ),
    numbers=numbered(
        "un une|deux|trois quelques|quatre plusieurs|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze une_quinzaine_de"
    ),
    vague=frozenset(("quelques", "plusieurs", "une quinzaine de")),
    parts=meaning(
        {
            Part.MORNING: "matin|matinée",
            Part.NOON: "midi",
            Part.AFTERNOON: "après-midi",
            Part.EVENING: "soir|soirée",
            Part.NIGHT: "nuit",
        }
    ),
    days={
        "avant-hier": (-2, None),
        "hier": (-1, None),
        "la nuit dernière": (-1, Part.NIGHT),
        "aujourd'hui": (0, None),
        "ce matin": (0, Part.MORNING),
        "cet après-midi": (0, Part.AFTERNOON),
        "ce soir": (0, Part.EVENING),
        "demain": (1, None),
        "après-demain": (2, None),
    },
    seasons=meaning(
        {
            Season.SPRING: "printemps",
            Season.SUMMER: "été",
            Season.AUTUMN: "automne",
            Season.WINTER: "hiver",
        }
    ),
    feasts=meaning(
        {
            "christmas": "noël",
            "christmas eve": "réveillon de noël|veille de noël",
            "new year's eve": "saint-sylvestre|réveillon|réveillon du nouvel an",
            "new year": "nouvel an|jour de l'an",
            "epiphany": "épiphanie",
            "valentine's day": "saint-valentin",
            "carnival": "carnaval",
            "easter": "pâques",
            "pentecost": "pentecôte",
            "halloween": "halloween",
            "all saints": "toussaint",
        }
    ),
    occasions=meaning(
        {
            "my birthday": "mon anniversaire",
            "our anniversary": "notre anniversaire|notre anniversaire de mariage|mon anniversaire de mariage",
        }
    ),
    clock=re.compile(r"\b(?:à|vers) (?P<hour>\d{1,2}) ?(?:h|heures?|:)(?: ?(?P<minute>[0-5]\d))?\b"),
    forms=(
        *forms(Reading.DATE, r"(?:le )?{dom}(?:er)? {month}(?: {year})?"),
        *forms(
            Reading.NUMERIC,
            r"(?P<first>0?[1-9]|[12]\d|3[01])[/.](?P<second>0?[1-9]|1[0-2])[/.](?P<year>(?:20)?\d\d)",
        ),
        *forms(Reading.MONTH, rf"(?:en |au mois de )?{{month}} {_PAST}", turn=-1),
        *forms(Reading.MONTH, rf"(?:en |au mois de )?{{month}} {_COMING}", turn=1),
        *forms(Reading.MONTH, r"ce mois de {month}", r"en {month} de cette année", turn=0),
        *forms(
            Reading.MONTH,
            r"(?:en|depuis|jusqu'en|dès|au mois de|courant|début|fin|mi-) ?{month}(?: {year})?",
            r"{month} {year}",
        ),
        *forms(Reading.SEASON, rf"{_THE}{{season}} {_PAST}", turn=-1),
        *forms(Reading.SEASON, rf"{_THE}{{season}} {_COMING}", turn=1),
        *forms(Reading.SEASON, rf"{_THIS} {{season}}", turn=0),
        *forms(
            Reading.SEASON,
            r"(?:en|au|pendant l'|pendant le|durant l'|à l'|depuis l'|tout l') ?{season}(?: (?:de )?{year})?",
            r"(?:l'|le )?{season} {year}",
        ),
        *forms(Reading.DAY, rf"{{day}}{_IN_PART}"),
        *forms(Reading.FEAST, rf"(?:à |pour )?{_THE}{{feast}} {_PAST}", turn=-1),
        *forms(Reading.FEAST, rf"(?:à |pour )?{_THE}{{feast}} {_COMING}", turn=1),
        *forms(
            Reading.FEAST,
            r"(?:à|au|pour|depuis|avant|après|pendant|dès) (?:la |le |l')?{feast}(?: (?:de )?{year})?",
            r"{feast} {year}",
        ),
        *forms(
            Reading.OCCASION,
            r"(?:à|pour|le jour de|depuis|lors de|avant|après) {occasion}(?: (?:de |en )?{year})?",
        ),
        *forms(Reading.WEEKDAY, rf"(?:le )?{{weekday}} {_PAST}{_IN_PART}", turn=-1),
        *forms(Reading.WEEKDAY, rf"(?:le )?{{weekday}} prochain{_IN_PART}", turn=2),
        *forms(Reading.WEEKDAY, rf"(?:le )?{{weekday}} qui vient{_IN_PART}", turn=1),
        *forms(Reading.WEEKDAY, rf"ce {{weekday}}{_IN_PART}", turn=0),
        *forms(Reading.WEEKDAY, rf"(?:(?:depuis|jusqu'à|dès) )?{{weekday}}{_IN_PART}"),
        *forms(Reading.COUNTED, r"(?:il )?y a (?:environ )?{number} {unit}", turn=-1),
        *forms(Reading.COUNTED, r"(?:dans|d'ici) {number} {unit}", turn=1),
        *forms(
            Reading.WITHIN,
            r"(?:ces|les|au cours des|pendant les|durant les|dans les) (?:{number} )?(?:derniers|dernières) {unit}",
            turn=-1,
        ),
        *forms(Reading.WITHIN, r"(?:ces|les|dans les) {number} (?:prochains|prochaines) {unit}", turn=1),
        *forms(Reading.WHOLE, rf"{_THE}{{whole}} {_PAST}", turn=-1),
        *forms(Reading.WHOLE, rf"{_THE}{{whole}} {_COMING}", turn=1),
        *forms(Reading.WHOLE, rf"{_THIS} {{whole}}", turn=0),
        *forms(Reading.WHOLE, r"(?:pendant )?le (?P<whole>week-end|weekend)"),
        *forms(Reading.YEAR, r"(?:en|depuis|jusqu'en|dès|pendant l'année|de l'année) {year}"),
        *forms(Reading.ORDINAL, r"le {dom}(?=[.,;!?]|$)"),
    ),
)
