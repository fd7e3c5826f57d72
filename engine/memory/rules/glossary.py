"""English for the things that people tell of in German, Spanish, French and Portuguese; `values.py` looks them up here.

One memory reads as one, whatever language it was told in: "Krankenschwester" and "enfermera" are a nurse. What is not
in the tables of `glossary.toml` stays as it was said.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

_TABLES: dict[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

WORK = _TABLES["work"]
PLACES_OF_WORK = _TABLES["places_of_work"]
STUDIES = _TABLES["studies"]
TASTES = _TABLES["tastes"]
TONGUES = _TABLES["tongues"]
HEALTH = _TABLES["health"]
NATIONS = _TABLES["nations"]

LANGUAGES = ("de", "es", "fr", "pt")
ARTICLE = {
    "de": re.compile(r"^(?:der|die|das|den|dem|ein|eine|einen|einem|einer|eines) ", re.IGNORECASE),
    "es": re.compile(r"^(?:el|la|los|las|lo|un|una|unos|unas) ", re.IGNORECASE),
    "fr": re.compile(r"^(?:le |la |les |l'|un |une |des |du |de la |de l'|d'|de )", re.IGNORECASE),
    "pt": re.compile(r"^(?:o|a|os|as|um|uma|uns|umas) ", re.IGNORECASE),
}
ENDINGS = {"de": ("", "n", "en", "e"), "es": ("", "s", "es"), "fr": ("", "s", "x"), "pt": ("", "s", "es")}
# "Profesora de yoga" is a yoga teacher.
OF = {
    "de": re.compile(r"^(?P<head>\w+) für (?P<of>.+)$"),
    "es": re.compile(r"^(?P<head>\w+) de (?P<of>.+)$"),
    "fr": re.compile(r"^(?P<head>[\w-]+) (?:de la |de l'|du |de |d'|en )(?P<of>.+)$"),
    "pt": re.compile(r"^(?P<head>\w+) d[eoa] (?P<of>.+)$"),
}


def english(words: str, tongue: str, *tables: str) -> str:
    """The words in English, from the first table that has them; "" if none does."""
    form = bare(words, tongue)
    for table in tables:
        known = _table(table, tongue)
        # The table mostly has the plural; "medo de aranha" is of all of them.
        found = next((known[form + end] for end in ENDINGS[tongue] if form + end in known), "")
        if found:
            return found
    return ""


def translated(words: str, tongue: str, *tables: str) -> str:
    """The words in English, as far as the tables know them; the rest as it was said."""
    whole = english(words, tongue, *tables)
    if whole:
        return whole
    match = OF[tongue].match(words.lower())
    head = english(match["head"], tongue, *tables) if match else ""
    of = english(match["of"], tongue, *ALL) if match else ""
    return f"{of} {head}" if head and of else ""


def bare(words: str, tongue: str) -> str:
    """Words without article and accents, in lower case, as the tables' keys are."""
    return folded(ARTICLE[tongue].sub("", words.strip()))


def folded(words: str) -> str:
    """Lower case without accents."""
    flat = unicodedata.normalize("NFKD", words.lower().replace("ß", "ss"))
    return "".join(sign for sign in flat if not unicodedata.combining(sign))


@cache
def _table(table: str, tongue: str) -> dict[str, str]:
    column = LANGUAGES.index(tongue) + 1
    known: dict[str, str] = {}
    for line in table.strip().splitlines():
        cells = line.split("|")
        for form in cells[column].split("/"):
            if form:
                known.setdefault(bare(form, tongue), cells[0])
    return known


ALL = (TASTES, STUDIES, WORK, PLACES_OF_WORK, TONGUES, HEALTH)
