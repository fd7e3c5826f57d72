"""What the conversation says about where they are, what is worn and how it feels. `planner.py` asks here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from characters.character import Expression
from engine.images.shot.reading import flatten, read
from engine.types import Message, Role, TimeOfDay, Weather

# Lines of the talk that still count: older ones are another scene.
_HEARD = 14  # messages
_MOODY = 4  # messages

# Only who is there themselves says where: "my brother works in an office" says nothing.
_PRESENT = re.compile(
    r"\b(im|i am|we are|youre|you are|lets|let us|meet me|meet you|meeting you|see you|come to|join me|sitting|standing|lying|walking|waiting|arrived?|here at|here in|back at|back in|i just got to|going to|go to|on my way to|am at|still at|still in|heading to|steps? into|looks around|around us|ich bin|wir sind|estoy|estamos|vamos|je suis|on est|nous sommes|estou|vamos|gehen wir)\b"
)
_NOT_NOW = re.compile(
    r"\b(was|were in|used to|yesterday|last (week|year|night|summer)|tomorrow|someday|one day|would|never|if|when i was|dream\w*|not|dont|didnt|wont|remember)\b"
)
_WEARING = re.compile(
    r"\b(im wearing|i am wearing|i wear|i put on|ive put on|i slip\w* into|i changed? into|youre wearing|you are wearing|wear|put on|dressed in|wearing)\b"
)
_RAW_MOODS = (
    (Expression.LAUGHING, re.compile(r"\b(ha(ha)+h?|he(he)+|lol|lmao|rofl|jaja(ja)*|kkk+|mdr)\b|[😂🤣😆😹]")),
    (Expression.SAD, re.compile(r"[😢😭😞😔💔🥺☹]|:\(|:'\(|\b(i miss|passed away|died|funeral|broke up|lost my|so sorry|awful day|terrible day|hard day|im down|heartbroken)\b")),
    (Expression.ANGRY, re.compile(r"[😠😡🤬]|\b(so angry|furious|pissed off|i hate (you|them|him|her))\b")),
    (Expression.SURPRISED, re.compile(r"[😮😲😱🤯]|\b(wow|whoa|no way|oh my god|omg|unbelievable|really\?!)")),
    (Expression.HAPPY, re.compile(r"[😀😃😄😁😊🙂🥰😍❤💕🎉☺😘]|:\)|:-\)|:D|<3|\b(yay|love it|so happy|great news|congratulations|i got the job|cant wait|thank you)\b")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Talk:
    """What the last messages say; "" and None where they say nothing."""

    place: str = ""
    outfit: str = ""
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Expression | None = None


def overhear(recent: Sequence[Message]) -> Talk:
    """The newest word counts in each matter."""
    said = [each for each in recent if each.in_prompt and each.role is not Role.NOTICE and not each.job_id][
        -_HEARD:
    ]
    place, outfit = "", ""
    time: TimeOfDay | None = None
    weather: Weather | None = None
    for message in reversed(said):
        for sentence in reversed(_sentences(message.text)):
            here = bool(_PRESENT.search(sentence)) and not _NOT_NOW.search(sentence)
            dressed = bool(_WEARING.search(sentence)) and not _NOT_NOW.search(sentence)
            if not (here or dressed):
                continue
            heard = read(sentence)
            outfit = outfit or (heard.outfit if dressed else "")
            if here and not place:
                place, time = heard.place, time or heard.time
            if here and not weather and (heard.place or "outside" in sentence):
                weather = heard.weather
    weather = weather or _weather([message.text for message in said])
    return Talk(place, outfit, time, weather, _mood([message.text for message in said[-_MOODY:]]))


# "We're" must not become "were": the one is now, the other was.
_SHORT = re.compile(r"['’](m|re)\b", re.IGNORECASE)


def _long(found: re.Match[str]) -> str:
    return " am" if found.group(1).lower() == "m" else " are"


def _sentences(text: str) -> list[str]:
    """The first sentences of a message, flattened; a few are enough to say where one is."""
    return [
        flat for part in re.split(r"[.!?\n]+", text[:2000])[:12] if (flat := flatten(_SHORT.sub(_long, part)))
    ]


_FALLS = re.compile(
    r"\bits (?:still |really |now )?(raining|pouring|snowing|storming|foggy)\b|\b(regnet|schneit|llueve|il pleut|il neige|chovendo|nevando)\b"
)
_FALLING = {
    "snowing": Weather.SNOW, "schneit": Weather.SNOW, "il neige": Weather.SNOW, "nevando": Weather.SNOW,
    "storming": Weather.STORM, "foggy": Weather.FOG,
}  # fmt: skip


def _weather(texts: Sequence[str]) -> Weather | None:
    for text in reversed(texts):
        if found := _FALLS.search(flatten(text)):
            return _FALLING.get(found.group(1) or found.group(2), Weather.RAIN)
    return None


def _mood(texts: Sequence[str]) -> Expression | None:
    for text in reversed(texts):
        lowered = text[:2000].lower().replace("’", "").replace("'", "")
        for mood, pattern in _RAW_MOODS:
            if pattern.search(lowered):
                return mood
    return None
