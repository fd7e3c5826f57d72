"""Whether words in a talk ask for a picture: "send me a picture of you at the beach". `bot/commands/chat.py` asks.

Only a plain request counts; talk about pictures ("I took a picture of my dog", "do you like photos?") is talk.
"""

from __future__ import annotations

import re

# Words that are longer than this are a story, not a request.
REQUEST_LENGTH = 240  # characters

_PICTURE = r"(?:selfie|picture|pic|photo|photograph|snapshot|foto|selfi|imagen|imagem|bild)"
_OF_YOU = r"(?:\s+(?:of|from|von|de)\s+(?:you(?:rself)?|u|dir|ti|toi|você)\b)?"
_WISH = re.compile(
    r"^\W*(?:(?:hey|hi|ok|okay|please|and|so|now|oh|bitte|por favor|s'il te plaît)\W+)*"
    r"(?:(?:can|could|would|will|may)\s+(?:you|i)\s+(?:please\s+)?|kannst du\s+(?:mir\s+)?|puedes\s+|peux-tu\s+|pode\s+|"
    r"i(?:'d| would) (?:like|love)\s+(?:to (?:see|get|have)\s+)?|i want\s+(?:to see\s+)?)?"
    r"(?:(?:send|show|take|give|snap|make|draw|schick(?:e)?|zeig(?:e)?|mach(?:e)?|envía(?:me)?|mánda(?:me)?|muéstra(?:me)?|"
    r"envoie|montre|envie|manda|mostre|get|have|see)(?:[- ](?:me|us|mir|moi|me))?\s+)?"
    rf"(?:(?:a|an|another|one more|your|ein|eine|una|une|um|uma|un)\s+)(?:(?:new|nice|quick|little|neues|schönes)\s+)?{_PICTURE}\b{_OF_YOU}"
    r"(?P<scene>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(
    rf"^\W*(?:selfie|{_PICTURE} of you)(?:\s+please)?\W*(?P<scene>.*)$", re.IGNORECASE | re.DOTALL
)
# What shows that a verb or a question word was meant: "a picture is worth …" is no request.
_ASKS = re.compile(
    r"\b(send|show|take|give|snap|make|draw|can|could|would|will|may|want|like|love|please|see|get|have|schick\w*|zeig\w*|"
    r"mach\w*|kannst|env\w+|m[aá]nda\w*|mu[eé]stra\w*|puedes|peux|montre|mostre|pode|bitte|selfie)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^\s+(?:of|from|von|de)\s+(?:my|the|his|her|their|our|this|that|a|an|mein\w*|mi|mon|ma)\b", re.IGNORECASE
)
_POLITE = re.compile(
    r"\b(please|bitte|por favor|s'il te plaît|thanks|thank you|for me|okay|ok|schicken|zeigen|machen)\b",
    re.IGNORECASE,
)


def picture_wish(text: str) -> str | None:
    """The scene that a request names ("" for none), or None where the words ask for no picture of the character."""
    if len(text) > REQUEST_LENGTH:
        return None
    match = _WISH.match(text) or _BARE.match(text)
    if match is None or not _ASKS.search(text) or _OTHERS.match(match["scene"]):
        return None
    scene = _POLITE.sub(" ", match["scene"])
    if re.match(r"\s+(?:is|was|are|were|that|which|i|we|he|she|they)\b", scene, re.IGNORECASE):
        return None
    return " ".join(scene.strip(" \t\n,.;:!?…").split())
