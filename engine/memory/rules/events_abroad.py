"""What lies ahead, told in German, Spanish, French and Portuguese: an event that is known, and its day; `facts.py` calls it.

"Am Freitag habe ich eine Prüfung" is understood by its two nouns, so the order of its words does not matter.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from engine.memory import say
from engine.memory.days import find_date, spoken_day
from engine.memory.found import NOTHING, Facts, Found, Hearing
from engine.memory.rules.glossary import folded
from engine.memory.words import MONTHS

_EVENTS = {
    "an exam": "prufung|klausur|examen(?: final)?|parciales?|partiel|prova|teste",
    "a driving test": "fahrprufung|examen de conducir|permis de conduire|prova de conducao|exame de conducao",
    "a job interview": "vorstellungsgesprach|bewerbungsgesprach|entrevista(?: de trabajo| de emprego)?|entretien(?: d'embauche)?",
    "a dentist appointment": "zahnarzttermin|zahnarzt|dentista|dentiste",
    "a doctor's appointment": "arzttermin|cita (?:con el )?medic[oa]|rendez-vous (?:chez le )?medecin|consulta(?: medica)?",
    "an operation": "operation|op|operacion|operan|operent|opere|cirurgia|operacao",
    "a wedding": "hochzeit|heiraten|heirate|boda|nos casamos|me caso|mariage|on se marie|je me marie|casamento|vou casar|vamos casar|casamos",
    "a concert": "konzert|concierto|concert|concerto|show",
    "a half marathon": "halbmarathon|media maraton|semi-marathon|meia maratona",
    "a presentation": "prasentation|vortrag|referat|presentacion|ponencia|expose|apresentacao|palestra",
    "a marathon": "marathon|maraton|maratona|halbmarathon|media maraton|semi-marathon",
    "a baby": "baby|nachwuchs|bebe|accouche|dar a luz|nummer zwei|petite soeur|petit frere",
    "a holiday": "urlaub|vacaciones|vacances|ferias|lua de mel|luna de miel|lune de miel",
    "a move": "umzug|ziehe|ziehen|me mudo|nos mudamos|je demenage|on demenage|vou me mudar|me mudo|vamos nos mudar|mudanza|demenagement|mudanca",
    "a trip": "reise|viaje|voyage|viagem|fliege|fliegen|vuelo|volamos|je pars|on part|viajo|viajamos|vamos pra|vou pra|vou para|vamos para|me voy a|nos vamos a",
    "a party": "party|feier|fiesta|fete|soiree|festa",
    "a training": "ausbildung|umschulung",
    "a new start": "fange an|empiezo|je commence|comeco|vou comecar|vou abrir",
}  # fmt: skip
EVENTS = [(name, re.compile(rf"\b(?:{forms})\b")) for name, forms in _EVENTS.items()]
_DONE = {
    "quit smoking": "mit (?:dem )?rauchen aufgehort|(?:he dejado|deje) de fumar|(?:j'ai )?arrete de fumer|parei de fumar|deixei de fumar",
    "got your driving licence": "(?:den|meinen) fuhrerschein (?:bestanden|gemacht|geschafft)|fuhrerschein bestanden|(?:me he sacado|me saque|aprobe|he aprobado) el carnet|j'ai (?:eu|obtenu|passe) mon permis|(?:tirei|passei na) (?:a )?(?:carta|carteira|cnh)",
    "passed your exam": "(?:habe|hab) (?:die|meine) (?:prufung|klausur|abschlussprufung) (?:bestanden|geschafft)|(?:aprobe|he aprobado) (?:el|los|mi|mis) examen\\w*|j'ai (?:eu|reussi) mon (?:examen|bac|diplome)|passei (?:na prova|no exame|no vestibular)",
    "bought a house": "haben? (?:uns )?ein haus gekauft|(?:hemos comprado|compramos|me he comprado) una casa|(?:j'ai|on a) achete une maison|compramos uma casa|comprei uma casa",
    "bought a flat": "haben? (?:uns )?eine wohnung gekauft|(?:hemos comprado|compramos|me he comprado) un piso|(?:j'ai|on a) achete un appart\\w*|compramos um apartamento|comprei um apartamento",
    "got promoted": "(?:wurde|bin) befordert|me han ascendido|me ascendieron|j'ai ete promue?|fui promovid[oa]",
}  # fmt: skip
DONE = [(value, re.compile(rf"\b(?:{forms})\b")) for value, forms in _DONE.items()]
# Of others, of the past, or no event after all.
NOT_MINE = re.compile(
    r"\b(?:hatte|hatten|war|waren|ging|gestern|letzte\w*|tuve|fue|era|ayer|pasad[oa]|j'avais|avait|etait|hier|dernier|derniere|tive|foi|ontem|passad[oa]|kein\w*|nicht|nao|ne|pas|no)\b"
)
MINE = re.compile(
    r"\b(?:ich|wir|mein\w*|unser\w*|habe|haben|muss|yo|mi|nos|tengo|tenemos|me|voy|vamos|je|j'\w+|on|nous|mon|ma|notre|eu|meu|minha|tenho|temos|vou|a gente|nossa|kommt|sa|vamos)\b"
)
_DAYS = {
    "montag lunes lundi segunda segunda-feira": 0, "dienstag martes mardi terca terca-feira": 1, "mittwoch miercoles mercredi quarta quarta-feira": 2,
    "donnerstag jueves jeudi quinta quinta-feira": 3, "freitag viernes vendredi sexta sexta-feira": 4, "samstag sonnabend sabado samedi": 5, "sonntag domingo dimanche": 6,
}  # fmt: skip
WEEKDAYS = {word: day for words, day in _DAYS.items() for word in words.split()}
_DAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(
    sorted({folded(month) for month in MONTHS if len(month) > 3 or month in ("mai",)}, key=len, reverse=True)
)
PLAIN_MONTHS = {folded(name): number for name, number in MONTHS.items()}
RELATIVE = re.compile(
    rf"\b(?P<next>ubermorgen|pasado manana|apres-demain|depois de amanha|morgen|manana|demain|amanha|heute|hoy|aujourd'hui|hoje|gestern|ayer|hier|ontem)\b|\b(?P<day>{_DAY})\b|"
    rf"\b(?P<week>nachste woche|(?:la )?semana que viene|la proxima semana|la semaine prochaine|semana que vem|proxima semana)\b|\b(?P<in>nachsten monat|(?:el )?mes que viene|le mois prochain|mes que vem|proximo mes)\b|"
    rf"\b(?:im|ab|en|in|em|anfang|ende)? ?(?P<month>{_MONTH})\b|\b(?P<season>im herbst|im fruhling|im sommer|im winter|en otono|en verano|en invierno|en primavera|cet ete|en ete|cet hiver|a la rentree|no verao|no inverno)\b"
)
AHEAD = {
    "ubermorgen": 2, "pasado manana": 2, "apres-demain": 2, "depois de amanha": 2, "morgen": 1, "manana": 1, "demain": 1, "amanha": 1,
    "heute": 0, "hoy": 0, "aujourd'hui": 0, "hoje": 0, "gestern": -1, "ayer": -1, "hier": -1, "ontem": -1,
}  # fmt: skip
SEASONS = {"herbst": "autumn", "fruhling": "spring", "sommer": "summer", "winter": "winter", "otono": "autumn", "verano": "summer", "invierno": "winter", "primavera": "spring", "ete": "summer", "hiver": "winter", "rentree": "September", "verao": "summer", "inverno": "winter"}  # fmt: skip
BIRTHDAY = re.compile(
    r"\b(?:geburtstag|mi cumple(?:anos)?|mon anniv(?:ersaire)?|meu (?:aniversario|niver)|faco anos|cumplo anos|cumplo)\b"
)
PLACE = re.compile(r"\b(?:nach|a|para|pra|à|en|ao|pro) (?P<place>[A-ZÀ-Þ][\w-]+(?: [A-ZÀ-Þ][\w-]+)?)")
MONTH_NAMES = say.MONTH_NAMES


def find_event(clause: str, tongue: str, hearing: Hearing) -> Facts:
    """The plan or the birthday that a clause tells of, with its day."""
    plain = folded(clause)
    for value, forms in DONE:
        if forms.search(plain):
            return [Found("you", "event", value, f"You {value}.", "other")]
    when = _when(clause, plain, hearing.said_at.date())
    if when is None or not MINE.search(plain):
        return NOTHING
    if BIRTHDAY.search(plain) and not re.search(
        r"\b(?:dein|deinen|tu cumple|ton|teu|seu|sein|ihr|su)\b", plain
    ):
        return _birthday(when[1])
    if NOT_MINE.search(plain):
        return NOTHING
    event = next((name for name, forms in EVENTS if forms.search(plain)), "")
    if not event:
        return NOTHING
    where = PLACE.search(clause) if event in ("a trip", "a holiday", "a move") else None
    value = f"{event.partition(' ')[2]}{' to ' + where['place'] if where else ''} {when[0]}"
    return [
        Found(
            "you",
            "plan",
            value,
            f"You have {event}{' to ' + where['place'] if where else ''} {when[0]}.",
            "dates",
        )
    ]


def _birthday(day: date | None) -> Facts:
    if day is None:
        return NOTHING
    value = f"{day.day} {day:%B}"
    return [Found("you", "birthday", value, f"Your birthday is on {value}.", "dates", exclusive=True)]


def _when(clause: str, plain: str, today: date) -> tuple[str, date | None] | None:
    """The day that is spoken of, in English words and as a date where it is one."""
    calendar = find_date(clause)
    if calendar:
        day = _coming(calendar[1], calendar[0], today)
        return (f"on {spoken_day(day)}", day) if day else None
    match = RELATIVE.search(plain)
    if match is None:
        return None
    if match["next"] or match["day"]:
        ahead = AHEAD[match["next"]] if match["next"] else (WEEKDAYS[match["day"]] - today.weekday()) % 7 or 7
        day = today + timedelta(days=ahead)
        return f"on {spoken_day(day)}", day
    return _span(match, today), None


def _span(match: re.Match[str], today: date) -> str:
    if match["week"]:
        monday = today + timedelta(days=7 - today.weekday())
        return f"in the week of {monday.day} {monday:%B %Y}"
    if match["season"]:
        return f"in {SEASONS[match['season'].split()[-1]]}"
    month = PLAIN_MONTHS[match["month"]] if match["month"] else today.month % 12 + 1
    return f"in {MONTH_NAMES[month]} {today.year + (month < today.month)}"


def _coming(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year + 5):
        try:
            coming = date(year, month, day)
        except ValueError:
            continue
        if coming >= today:
            return coming
    return None
