"""The shorthand of English chat written out ("im a nurse rn" is "I'm a nurse"); `sentences.py` calls it."""

from __future__ import annotations

import re

_PAIRS = (
    (r"\bim\b", "I'm"), (r"\bive\b", "I've"), (r"\b(he|she|it|that|what|who|name)s(?= (?:\w+ing|a|an|the|my|called|named|in|from|\d+|not|so|very|name)\b)", r"\1's"),
    (r"\bhes\b", "he's"), (r"\bshes\b", "she's"), (r"\b(do|does|did|is|are|was|ca|wo|have|has|could|would|should)nt\b", r"\1n't"), (r"\bill(?= (?:be|have|go|start|turn|move)\b)", "I'll"),
    (r"\btheyre\b", "they're"), (r"\bwere(?= (?:moving|getting|expecting|having|going|engaged|married)\b)", "we're"), (r"\bid(?= (?:be|like|love|have|never|rather|go|live|move)\b)", "I'd"),
    (r"\bur\b", "your"), (r"\bu\b", "you"), (r"\b(?:bday|b-day)\b", "birthday"), (r"\bbf\b", "boyfriend"), (r"\bgf\b", "girlfriend"), (r"\bbff\b", "best friend"), (r"\bbro\b(?= (?:is|lives|\w+s)\b)", "brother"),
    (r"\b(?:fave|fav)\b", "favourite"), (r"\bfavs\b", "favourites"), (r"\buni\b", "university"), (r"\bsis\b", "sister"), (r"\bmums\b(?= (?:name|called|a|in|from)\b)", "mum's"),
    (r"\bwe both\b", "we"), (r"\byoure\b", "you're"), (r"\bthats\b", "that's"), (r"\bits(?= (?:a|so|called|my|been|not|just|in|on)\b)", "it's"), (r"\bweve\b", "we've"), (r"\btheyve\b", "they've"), (r"\b(mum|dad|sister|brother|son|daughter|wife|husband|dog|cat|boyfriend|girlfriend)s(?= (?:name|called|a|an|from|in|starting|turning|getting|been|having|moving|allergic)\b)", r"\1's"), (r"\bgonna\b", "going to"), (r"\bgotta\b", "have to"), (r"\byrs?\b", "years"), (r"\byo\b(?=$|[ ,.])", "years old"), (r"\b(\d+)yo\b", r"\1 years old"),
    (r"\bya know\b", "you know"), (r"\b(?:cos|cuz|bc|coz|cause)\b(?= )", "because"), (r"\bw/", "with "), (r"\bdidnt\b", "didn't"), (r"(?<=\w) & (?=\w)", " and "),
)  # fmt: skip
PAIRS = tuple((re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _PAIRS)
# What chat says beside what it tells.
ASIDES = re.compile(
    r"(?<![\w'-])(?:btw|tbh|ngl|fyi|omg|lol|lmao|imo|tho|rn|atm|haha\w*|hehe\w*|ugh+|sooo+|uh+|um+|oops|yay+|literally|obviously|honestly|apparently|basically|like(?= (?:\d|a billion))|(?:ok )?so update|guess what|finally|"
    r"for real|fun fact|not gonna lie|i guess|i swear|to be fair|thank god|believe it or not|officially|on the side|dont laugh|don't laugh|actually|just so you know|ok enough|real life|irl|anyway|by the way|i mean|you know what|obv|legit|lowkey|honestly speaking|for the record|technically|turns out|no joke|fr fr|ikr|yep|anyways|news|update|spoiler|big news|plot twist|in case you forgot|(?:ok )?real talk)(?![\w'-]):?",
    re.IGNORECASE,
)


def spelled_out(text: str) -> str:
    """A text in whole words, without the asides of chat."""
    for pattern, instead in PAIRS:
        text = pattern.sub(instead, text)
    return re.sub(r"^[\s,;:–—-]+|(?<=,)(?:\s*,)+", "", " ".join(ASIDES.sub(" ", text).split())).replace(
        " ,", ","
    )
