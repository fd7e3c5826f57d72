"""How many tokens a text has on a server whose tokenizer cannot be asked; `chat.py` counts with it.

A server's tokenizer is a request away, and the planner asks hundreds of times a turn. So tokens are guessed from the
kinds of characters, at what the worst of today's chat vocabularies make of them (tests hold this against real ones),
and the guess is corrected by what the servers say that prompts really had. Both err on the safe side: a prompt that
is thought too long is cut a little early, one that is thought too short is refused or, worse, cut by the server.
"""

from __future__ import annotations

import math
import re
from collections import deque
from functools import lru_cache

# Tokens for each character of a kind: what the worst of Llama 2 and 3, Qwen 2 and 3.5, Gemma, Phi, Command R and
# DeepSeek makes of everyday text, rounded up.
WEIGHTS = {
    "word": 1 / 3,  # for each letter, and START for each word
    "long": 1 / 2,  # the same for words of more than 12 letters, and capitals
    "digit": 1.0,
    "mark": 1.0,  # ASCII punctuation, typographic quotes and dashes
    "line": 1.0,
    "gap": 1.0,  # for each run of spaces, and a space before something that is no word
    "latin": 2.0,  # letters with accents: they cut a word in two
    "cyrillic": 0.8,
    "greek": 1.2,  # and Hebrew, Arabic, Armenian, Georgian
    "indic": 2.0,  # and Thai, Lao, Khmer, Burmese
    "kana": 1.5,
    "han": 1.9,
    "hangul": 2.4,
    "symbol": 3.0,  # signs and the marks that join emoji
    "emoji": 4.0,
    "other": 4.0,  # a token for each byte
}
KINDS = re.compile(
    r"(?P<long>[A-Z]?[a-z]{13,}|[A-Z]{2,})|(?P<word>[A-Z]?[a-z]+|[A-Z])|(?P<digit>\d)|(?P<line>[\n\r\t])"
    r"|(?P<gap> {2,}| (?![A-Za-z]))|(?P<space> )|(?P<mark>[\x21-\x7e\u00a0-\u00bf\u2010-\u2027\u2030-\u203a])"
    r"|(?P<latin>[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff])|(?P<cyrillic>[\u0400-\u052f])"
    r"|(?P<greek>[\u0370-\u03ff\u0530-\u06ff\u10a0-\u10ff\u1f00-\u1fff])|(?P<indic>[\u0900-\u109f\u1780-\u17ff])"
    r"|(?P<kana>[\u3000-\u30ff\uff00-\uffef])|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff])"
    r"|(?P<hangul>[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af])"
    r"|(?P<symbol>[\u200b-\u200f\u2028-\u2bff\ufe00-\ufe0f])|(?P<emoji>[\U0001f000-\U0001faff\U000e0020-\U000e007f])"
    r"|(?P<other>.)",
    re.DOTALL,
)
# These count by their letters; of all others each match counts once.
BY_LETTERS = frozenset({"word", "long"})
# What a word costs beside its letters; it is one token at least.
START = 0.2

# Texts whose guess is kept: the lines of some windows.
KEPT = 8192
# Replies whose real counts are remembered; the worst of them is believed.
WATCHED = 16
# What is added to the worst that was seen, because the next text may be worse.
MARGIN = 1.08
# How far the servers' counts may move the guess.
LOWEST, HIGHEST = 0.4, 4.0
# A guess is lowered in steps, and only so often, so that a conversation's room does not wobble from turn to turn.
STEP = 0.1


def guess(text: str) -> float:
    """How many tokens a text has in a vocabulary that does badly on it."""
    tokens = 0.0
    for match in KINDS.finditer(text):
        kind = match.lastgroup or "other"
        weight = WEIGHTS.get(kind, 0.0)
        tokens += max(1.0, START + weight * len(match[0])) if kind in BY_LETTERS else weight
    return tokens


class Estimate:
    """Guesses that learn from the counts that come with the servers' replies."""

    def __init__(self) -> None:
        self._seen: deque[float] = deque(maxlen=WATCHED)
        self._factor = 1.0
        self._guess = lru_cache(maxsize=KEPT)(guess)

    def guess(self, text: str) -> float:
        """How many tokens a text would have if nothing had been learned. Cheap when it is asked again."""
        return self._guess(text)

    def forget(self) -> None:
        """Drop the texts that are kept so that they need not be guessed again."""
        self._guess.cache_clear()

    def corrected(self, guessed: float) -> int:
        """At most how many tokens that is, by all that was learned."""
        return math.ceil(guessed * self._factor)

    def learn(self, guessed: float, counted: int) -> None:
        """A prompt whose texts `guess` took for so many tokens had so many."""
        if guessed <= 0 or counted <= 0:
            return
        self._seen.append(counted / guessed)
        wanted = min(max(max(self._seen) * MARGIN, LOWEST), HIGHEST)
        if wanted > self._factor:
            self._factor = wanted
        elif len(self._seen) == WATCHED and wanted <= self._factor - STEP:
            self._factor -= STEP
