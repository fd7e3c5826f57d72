"""What two people went through together, from what was said; `engine/memory/consolidate.py` calls `find_episodes`.

Rules for what is certain: their first talk, pictures, promises, appointments, and outings that were played. What
somebody's words were is kept in their words, in quotes, so nothing has to be translated or retold; what a chat model
finds beyond that is in `recount.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo

from engine.memory.happened import Happened, sessions
from engine.memory.sentences import told
from engine.memory.times.when import when
from engine.types import Message, Role

# The longest words that are quoted, in characters; longer ones are shortened at their end.
QUOTE = 160

# Promises that are made here and now, to the other: "I promised my mother" is none.
PROMISES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # English
        r"\bi(?: do| really| solemnly)? (?:promise|swear)(?: you| to you)?[,:]?(?: that)? (?P<what>(?:i(?:'ll| will| won't| am going to|'m going to) |(?:to|not to|never to) (?!my |the |god)).{3,})",
        r"(?P<what>\bi(?:'ll| will| won't) .{3,200}?),? (?:i promise|i swear|promise|pinky promise|cross my heart)$",
        # German
        r"\bich verspreche? (?:es )?dir,? (?:hoch und heilig,? )?(?P<what>(?!nichts|nicht)(?:dass .{3,}|.{3,} zu \w+))",
        r"(?P<what>\bich .{3,200}?),? (?:versprochen|das verspreche ich dir|ehrenwort)$",
        # Spanish
        r"(?<!no )\bte (?:lo )?prometo,? (?P<what>(?:que .{3,}|\w+[aei]r(?:te|lo|la|me)?\b.*))",
        r"(?P<what>\b(?:voy a|te) .{3,200}?),? (?:te lo prometo|lo prometo|prometido)$",
        # French
        r"\bje (?:te |vous )(?:le )?promets,? (?P<what>(?:que |qu'|de |d').{3,})",
        r"(?P<what>\bje .{3,200}?),? (?:je te le promets|promis|c'est promis|promis juré)$",
        # Portuguese
        r"(?<!não )(?<!no )(?<!te )(?<!lo )(?<!lhe )\b(?:te |lhe )?prometo(?: a você| pra você| para você| te)?,? (?P<what>(?:que .{3,}|\w+[aei]r\b.*))",
        r"(?P<what>\b(?:eu )?vou .{3,200}?),? (?:prometo|eu prometo|prometido)$",
    )
)  # fmt: skip
# Words by which two make an appointment; without a day it is only a wish.
MEETINGS = re.compile(
    r"\b(?:let's|let us|shall we|meet me|we have a date|it's a date|our date is|i'll pick you up|i'll meet you)\b|\bsee you\b.*\bat \d|"
    r"\b(?:lass uns|treffen wir uns|wir treffen uns|wir haben ein date|ich hole? dich .*ab)\b|\bwir sehen uns\b.*\bum \d|"
    r"\b(?:quedamos|veámonos|encontrémonos|tenemos una cita|paso a buscarte|vayamos)\b|\bnos vemos\b.*\ba las? \d|"
    r"\b(?:on se (?:voit|retrouve)|retrouvons-nous|rejoins-moi|on a rendez-vous|je passe te prendre|voyons-nous|allons)\b|"
    r"\b(?:vamos (?:nos|juntos|juntas)|a gente se (?:vê|encontra)|encontremo-nos|temos um encontro|passo para te buscar|passo aí)\b",
    re.IGNORECASE,
)
# Played between asterisks: that the two go somewhere, or do something together there.
_WHERE = r"(?:in|into|to|through|along|at|on|onto|across|by|over|up|down|inside|around|towards?|past|under)"
OUTINGS = re.compile(
    rf"\bwe(?:'re| are)? (?:\w+ly |both |then |finally |all )?(?:go|walk|stroll|drive|ride|head|arrive|step|sit|dance|sail|hike|climb|cycle|run|fly|travel|wander|swim|picnic)(?:ing)?(?: down| out| together| back)? {_WHERE} \w+|"
    rf"\bwe enter \w+|\b(?:leads?|takes?|brings?|walks?|drives?|pulls?|guides?) (?:you|us)(?: by the hand| along| gently| down)? {_WHERE} (?!bed\b|a halt\b|your)\w+|"
    r"\bwir (?:gehen|laufen|spazieren|fahren|kommen|schlendern|wandern|tanzen|setzen uns|steigen|schwimmen|reiten)\b.*\b(?:in|im|ins|zu|zum|zur|auf|an|am|ans|nach|durch|über|entlang)\b \w+|\bwir betreten \w+|"
    r"\b(?:führt|führe|nimmt|nehme|bringt|bringe|zieht|ziehe) dich\b.*\b(?:in|ins|zu|zum|zur|auf|an|ans|nach|durch)\b \w+|"
    r"\b(?:vamos|caminamos|paseamos|llegamos|entramos|nos sentamos|bailamos|subimos|viajamos|nadamos)(?: juntos| juntas)? (?:a|al|en|por|hasta|hacia|sobre) \w+|\bte (?:lleva|llevo|guía|guío) (?:a|al|hasta|por) \w+|"
    r"\b(?:nous|on) (?:nous |s')?(?:allons|va|entrons|entre|marchons|marche|arrivons|arrive|asseyons|assoit|dansons|danse|partons|part|montons|promenons|promène|nageons)\b.*\b(?:à|au|aux|dans|sur|vers|le long|chez|par|en)\b \w+|\bt'(?:emmène|entraîne|emmènes) \w+|"
    r"\b(?:caminhamos|passeamos|chegamos|entramos|sentamos|nos sentamos|dançamos|subimos|viajamos|nadamos)(?: juntos| juntas)? (?:a|ao|à|em|no|na|nos|nas|por|pelo|pela|até) \w+|\b(?:te levo|leva você|te leva) (?:a|ao|à|até|para|pelo|pela) \w+",
    re.IGNORECASE,
)  # fmt: skip
ACTED = re.compile(r"\*([^*\n]{4,400})\*")
CLAUSES = re.compile(r"(?<=[.!?;…])\s+|\n")


def find_episodes(
    lines: Sequence[Message], name: str, zone: tzinfo, *, first: bool = False
) -> Sequence[Happened]:
    """What happened in a stretch of a talk with the character of that name. `first`: the talk begins with it."""
    # What was imported may have been said before what stands before it.
    told_in_order = sorted(lines, key=lambda line: line.created_at)
    shown = [line for line in told_in_order if line.in_prompt and line.role is not Role.NOTICE]
    requests = {line.reply_to for line in shown if line.job_id}
    said = [line for line in shown if not line.job_id and line.id not in requests]
    found: list[Happened] = []
    if first:
        found += _first_talk(said, name, zone)
    found += _outings(said, name)
    for line in said:
        found += _promises(line, name, zone)
        found += _meetings(line, name, zone)
    return found


def find_pictures(lines: Sequence[Message], name: str) -> Sequence[Happened]:
    """The pictures that the character sent; those that are still being made come later."""
    return [
        Happened("picture", line.text, f"{name} sent you a picture: {line.text}.", line, line.text, happens_at=line.created_at)
        for line in lines
        if line.media_id and line.in_prompt and line.role is Role.CHARACTER and line.text.strip()
    ]  # fmt: skip


def quoted(words: str) -> str:
    """Words in quotes, in one line and not too long."""
    line = " ".join(words.split()).strip(" ,;:–—-").rstrip(".")
    line = line.replace("“", "‘").replace("”", "’")
    return f"“{line if len(line) <= QUOTE else line[: QUOTE - 1].rstrip() + '…'}”"


def _first_talk(said: Sequence[Message], name: str, zone: tzinfo) -> Iterator[Happened]:
    """Since when they know each other: the day of the person's first words."""
    line = next((line for line in said if line.role is Role.PERSON), None)
    if line is not None:
        began = line.created_at.astimezone(zone)
        day = f"{began.day} {began:%B %Y}"
        text = f"You and {name} first talked on {day}."
        yield Happened("first talk", day, text, line, line.text, happens_at=line.created_at)


def _promises(line: Message, name: str, zone: tzinfo) -> Iterator[Happened]:
    for sentence in told(line.text):
        plain = sentence.strip(" .!…")
        match = next((match for pattern in PROMISES if (match := pattern.search(plain))), None)
        if match is None:
            continue
        words = quoted(match["what"])
        text = (
            f"You promised {name}: {words}." if line.role is Role.PERSON else f"{name} promised you: {words}."
        )
        relation = "promised" if line.role is Role.PERSON else "was promised"
        yield Happened(
            relation,
            words.strip("“”"),
            text,
            line,
            sentence,
            happens_at=when(sentence, line.created_at, zone),
        )


def _meetings(line: Message, name: str, zone: tzinfo) -> Iterator[Happened]:
    for sentence in _sentences(line.text):
        if not MEETINGS.search(sentence) or any(pattern.search(sentence) for pattern in PROMISES):
            continue
        at = when(sentence, line.created_at, zone)
        if at is None or at < line.created_at - timedelta(days=1):
            continue
        day = f"{at:%A}, {at.day} {at:%B %Y}"
        text = f"You and {name} wanted to meet on {day}: {quoted(sentence)}."
        yield Happened("meeting", f"{day}: {quoted(sentence)}", text, line, sentence, happens_at=at)


def _outings(said: Sequence[Message], name: str) -> Iterator[Happened]:
    """One outing for each time they played one; where they went on to are its further sources."""
    for session in sessions(said):
        played = [
            (line, clause) for line in session for clause in _acted(line.text) if OUTINGS.search(clause)
        ]
        if not played:
            continue
        start, clause = played[0]
        value = quoted(clause)
        text = f"You and {name} played an outing: {value}."
        for line, own in played:
            yield Happened("outing", value.strip("“”"), text, line, own, happens_at=start.created_at)


def _acted(text: str) -> Iterator[str]:
    for acted in ACTED.findall(text):
        yield from (clause for clause in CLAUSES.split(acted) if clause.strip())


def _sentences(text: str) -> Iterator[str]:
    """The sentences outside of play, a proposal in the form of a question too."""
    for sentence in CLAUSES.split(ACTED.sub(" ", text)[:2000]):
        if sentence.strip():
            yield " ".join(sentence.replace("’", "'").split())
