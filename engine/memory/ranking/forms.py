"""Forms of English words that no stemmer brings together ("buy", "bought"); `asked.py` looks for all of them.

Questions are asked in one tense and answered in another: "What did she buy?", "I bought a cello." In the other
languages of the product the stem mostly stays the same, or differs with every verb; there it is the meaning that helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_FORMS = (
    "become became|begin began begun|bend bent|bite bit bitten|blow blew blown|break broke broken|bring brought|build built|"
    "burn burnt|buy bought|catch caught|choose chose chosen|deal dealt|dig dug|draw drew drawn|dream dreamt|drink drank drunk|"
    "drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|fly flew flown|forget forgot forgotten|"
    "forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|hang hung|hear heard|"
    "hide hid hidden|hold held|keep kept|know knew known|lay laid|lead led|learn learnt|leave left|lend lent|light lit|lose lost|"
    "make made|mean meant|meet met|pay paid|ride rode ridden|ring rang rung|rise rose risen|run ran|see saw seen|seek sought|"
    "sell sold|send sent|shake shook shaken|shine shone|shoot shot|show shown|sing sang sung|sink sank sunk|sit sat|sleep slept|"
    "speak spoke spoken|spend spent|spill spilt|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|"
    "swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|"
    "understand understood|wake woke woken|wear wore worn|weep wept|win won|write wrote written|child children|foot feet|life lives|"
    "man men|mouse mice|person people|tooth teeth|wife wives|woman women|bad worse worst|good better best"
)
_GROUPS: Mapping[str, tuple[str, ...]] = {
    word: tuple(group.split()) for group in _FORMS.split("|") for word in group.split()
}


def forms(word: str) -> tuple[str, ...]:
    """The word and its other forms, itself first."""
    found = next((_GROUPS[plain] for plain in _plain(word) if plain in _GROUPS), ())
    return (word, *(form for form in found if form != word))


def _plain(word: str) -> Iterator[str]:
    """The word, and what it may be a regular form of: "buying", "taking", "getting", "buys"."""
    yield word
    if word.endswith("ing"):
        yield from (word[:-3], f"{word[:-3]}e", word[:-4])
    elif word.endswith("s"):
        yield word[:-1]
