"""Numbers as people write them in five languages: "34", "thirty-four", "fünf"; the rules call it."""

from __future__ import annotations

from engine.memory.rules.glossary import folded

_ONES = {
    "one un uno una um uma ein eins eine einen une": 1, "two zwei zwo dos deux dois duas": 2, "three drei tres trois": 3,
    "four vier cuatro quatre quatro": 4, "five funf cinco cinq": 5, "six sechs seis": 6, "seven sieben siete sept sete": 7,
    "eight acht ocho huit oito": 8, "nine neun nueve neuf nove": 9, "ten zehn diez dix dez": 10, "eleven elf once onze": 11,
    "twelve zwolf doce douze doze": 12, "thirteen dreizehn trece treize treze": 13, "fourteen vierzehn catorce quatorze": 14,
    "fifteen funfzehn quince quinze": 15, "sixteen sechzehn dieciseis seize dezesseis": 16, "seventeen siebzehn diecisiete dix-sept dezessete": 17,
    "eighteen achtzehn dieciocho dix-huit dezoito": 18, "nineteen neunzehn diecinueve dix-neuf dezenove": 19,
}  # fmt: skip
_TENS = {
    "twenty zwanzig veinte vingt vinte": 20, "thirty dreissig treinta trente trinta": 30, "forty vierzig cuarenta quarante quarenta": 40,
    "fifty funfzig cincuenta cinquante cinquenta": 50, "sixty sechzig sesenta soixante sessenta": 60, "seventy siebzig setenta": 70,
    "eighty achtzig ochenta oitenta": 80, "ninety neunzig noventa": 90,
}  # fmt: skip
ONES = {word: number for line, number in _ONES.items() for word in line.split()}
TENS = {word: number for line, number in _TENS.items() for word in line.split()}
# What may stand where a number stands.
NUMBER = r"(?:\d{1,3}|[^\W\d_]+(?:[ -](?:y |et |e )?[^\W\d_]+)?)"


def number(words: str) -> int | None:
    """The number that words say, if they say one up to 999."""
    plain = folded(words).strip()
    if plain.isdigit():
        return int(plain)
    if plain in ONES or plain in TENS:
        return ONES.get(plain) or TENS[plain]
    return _compound(plain)


def _compound(plain: str) -> int | None:
    parts = [part for part in plain.replace("-", " ").split() if part not in ("y", "et", "e", "and")]
    if len(parts) == 2 and parts[0] in TENS and ONES.get(parts[1], 10) < 10:
        return TENS[parts[0]] + ONES[parts[1]]
    # "vierunddreißig", "veinticinco"
    for tens, value in TENS.items():
        ones = plain.removesuffix(f"und{tens}")
        if ones != plain and ones in ONES:
            return value + ONES[ones]
    ones = plain.removeprefix("veinti")
    return 20 + ONES[ones] if ones != plain and ones in ONES else None
