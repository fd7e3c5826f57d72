"""What somebody states about themselves: `facts.py` takes it clause by clause, `extract.py` sentence by sentence.

Precision first: questions, hypotheticals, quotes, play-acting and other people's words are left out before any
rule looks, because a wrong memory is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.memory.rules.tongue import SIGNS, Tongue
from engine.memory.shorthand import spelled_out
from engine.memory.words import MONTHS

# Longer messages are texts that were pasted, not things that were told; only their beginning is read.
READ_LENGTH = 4000
# A clause longer than this is prose; no rule describes it well.
CLAUSE_LENGTH = 240
# A condition that comes later than this has a statement before it.
CONDITION_AT = 12
# Make-believe that comes later than this is a figure of speech: "sou alérgica a camarão, imagina".
PLAY_AT = 12
# "I'm a nurse in the game": where it holds makes all of the sentence a play.
FRAMES = (
    "in ",
    "im ",
    "en ",
    "dans ",
    "no ",
    "na ",
    "kidding",
    "joking",
    "role",
    "rollen",
    "my char",
    "mein ",
    "mi ",
    "mon ",
    "meu ",
    "as though",
)

QUOTED = re.compile(
    r"\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|(?<!\w)'[^'\n]{3,}'(?!\w)|```.*?```|`[^`\n]*`", re.DOTALL
)
# Bounded: somebody who opens ten thousand brackets is read as quickly as everybody else.
ACTED = re.compile(r"\*[^*\n]{1,300}\*|\([^()\n]{0,300}\)|\[[^\[\]\n]{0,300}\]|https?://\S+")
QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
ABBREVIATION = re.compile(r"\b(St|Mr|Mrs|Ms|Dr|Prof|Jr|Sr|vs|ca|No|Nr)\.(?=\s)", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?…\n;]+(?:[.!?…;]+|\n|$)")
# "3. Mai": an ordinal, not the end of a sentence.
ORDINAL = re.compile(rf"(?<=\d)\.(?=\s+(?:{'|'.join(MONTHS)}|semester|klasse|geburtstag)\b)", re.IGNORECASE)
# The age of somebody, said in brackets after the name.
AGE_ASIDE = re.compile(r"\s*\((\d{1,2})(?: (?:jahre|years old|años|ans|anos))?\)")

# Make-believe: what it begins lasts until the message ends, or until somebody says that they are back.
FICTION = re.compile(
    r"\b(imagine[ds]?(?! dragons)|suppose|pretend(?:ed|ing)?|hypothetically|role-?play\w*|let's (?:say|play)|my character|"
    r"in (?:the|my|a) (?:game|story|book|movie|film|show|novel|song|dream)|dreamt|dreamed|dream that|kidding|joking|as though|"
    r"stell dir vor|angenommen|tu(?:n wir)? (?:mal )?so als|im (?:spiel|traum|film)|in (?:der|einer) geschichte|mein charakter|geträumt|rollenspiel|"
    r"imag[ií]na\w*|jug(?:amos|uemos) a|haz(?:te)? (?:de )?cuenta|fing\w+ que|en (?:el juego|la novela|la historia|mi sueño|la peli)|mi personaje|soñé|he soñado|supongamos|"
    r"imagin(?:e|ez|ons) que|fais(?:ons)? comme si|on (?:dit|dirait) que|on joue (?:à|que)|dans (?:le jeu|l'histoire|le film|mon rêve)|mon personnage|j'ai rêvé|"
    r"faz(?:er)? de conta|fing[ei]\w* que|vamos (?:fingir|brincar)|no (?:jogo|filme|meu sonho)|na história|meu personagem|sonhei|supõe|imagina que)\b",
    re.IGNORECASE,
)
REAL_AGAIN = re.compile(
    r"\b(real life|irl|for real|seriously|(?:just |only )?(?:kidding|joking)|jk|anyway|enough|"
    r"im (?:echten leben|ernst)|in echt|in wirklichkeit|spa(?:ß|ss) beiseite|ne(?:in)? spa(?:ß|ss)|"
    r"en la vida real|en serio|ya en serio|me aburrí|dans la vraie vie|en vrai|sérieusement|bref|"
    r"na vida real|falando sério|a sério|agora sério)\b",
    re.IGNORECASE,
)
# What is only so under a condition, and all that comes after it.
CONDITION = re.compile(
    r"\b(if|unless|when i (?:win|grow|die|retire)|wenn|falls|sofern|als ob|"
    r"si(?! ?,)(?= )|s'il|s'ils|se (?=eu\b|a gente|um dia|fosse|tivesse|pudesse|der\b|for\b|tudo|você|vc|ganh\w+|não fosse)|caso eu)\b",
    re.IGNORECASE,
)
# Words that make one clause something else than a statement about what is.
UNREAL = re.compile(
    r"\b(wish(?:ed|es)?|would|wouldn't|could|couldn't|might|maybe|perhaps|possibly|probably|almost|nearly|used to|supposed to|someday|some day|"
    r"(?:want|wanted|wants|hope|hoping|dreaming|planning|trying|thinking) (?:to|of|about)|wanna|"
    r"würden?|würd|wären?|wär|hätten?|hätt|könnten?|könnt|vielleicht|wünsch\w*|möcht\w*|früher|fast(?= (?:\d|ein|alle))|beinahe|wollt\w*|"
    r"ojalá|quizás?|tal vez|podría\w*|sería|viviera|fuera|tuviera|quisiera|querría|gustaría|encantaría|quier[oea]\w*|quería\w*|deberíamos|casi|antes|"
    r"peut-être|aimerai[st]|voudrai[st]|veux|veut|voulai[st]|serai[st]|aurai(?:s|t)|vivrai[st]|vivai[st]|étai[st]|presque|avant|faudrait|j'aurais|"
    r"talvez|gostaria|queria\w*|quero|quer|seria|teria|fosse|tivesse|quase|moraria|antigamente|devia\w*)\b|\b(?:i|we)'?d (?=be|like|love|have|never|rather|go|live|move|call)",
    re.IGNORECASE,
)
# What holds no longer: a clause with it only ends what was known.
OVER = re.compile(
    r"\b(no longer|not anymore|any ?more|nicht mehr|kein(?:e[nrm]?)? .*\bmehr|ya no|já não|não .*\bmais|(?:n'|ne )?\w+ plus(?= (?:à|en|au|chez|dans|de|d'|le|la|les|pour|du|végé|vegan|un|une|avec)\b))\b",
    re.IGNORECASE,
)
# Somebody else's words, believed or not.
REPORTED = re.compile(
    r"\b(said|says|saying|told|tells|asked|asks|thinks|thought|believes|believed|claims|claimed|heard|writes|wrote|sings|sang|goes like|"
    r"according to|rumou?r|(?<!everyone )(?<!everybody )calls me|called me|sagt|sagte|gesagt|meint|meinte|behauptet|findet|glaubt|fragt|fragte|dice|dijo|dicen|cree que|piensa que|preguntó|dit que|dit|disait|croit|pense que|"
    r"trouve que|demande|diz|disse|falou que|acha que|perguntou)\b",
    re.IGNORECASE,
)
OWN_REPORT = re.compile(
    r"^(?:like |as )?i(?:'ve| have)?(?: already| just)? (?:said|told (?:you|him|her|them|everyone|my \w+)|mentioned)(?: before| already| earlier)?,?(?: that)? ",
    re.IGNORECASE,
)
# What stands before a statement without changing it.
LEAD = re.compile(
    r"^(?:(?:no|nope|nein|non|não)(?=\s*[,;:–—]|\s+(?:my|i|i'm|our|we|mein|ich|actually)\b)|actually|sorry|well|oh|ah|hey+|hi+|hello|so|and|but|yes|yeah|yep|yup|btw|by the way|fyi|also|anyway|okay|ok|"
    r"um+(?=,)|umm+|uh+|hm+|haha|lol|look|listen|see|right|cool|nice|sure|thanks|thank you|honestly|frankly|to be honest|tbh|in fact|for the record|"
    r"correction|wait|i mean(?:t)?|you know(?: what)?|just so you know|did you know(?: that)?|as you know|you should know(?: that)?|"
    r"the (?:thing|truth|fact) is(?: that)?|let me (?:tell you|introduce myself)|good (?:morning|evening|afternoon)|hiya|heya|yo(?=[ ,]+(?:i|my|it)\b)|moin|huhu|servus|hallöchen|coucou|bonsoir|holaa*|buenas|oii*|bom dia|boa (?:tarde|noite)|nah?(?=,| i\b)|"
    r"(?:please )?(?:remember|note|don't forget)(?: that)?|because|since|meanwhile|plus|however|well|confession|true|you(?: will|'ll)? (?:won't|never|wouldn't) (?:believe|guess) (?:it|this|what)|(?:and )?fun fact|these days|nowadays|currently|right now|at the moment|"
    r"doch|ja|also|übrigens|eigentlich|hallo|und|aber|ach|nun|gut|"
    r"sí|pues|bueno|hola|en realidad|y|pero|por cierto|oye|"
    r"oui|bonjour|salut|en fait|au fait|et|mais|ben|eh bien|alors|"
    r"sim|olá|oi|na verdade|aliás|e|mas|então)\b[\s,:;–—-]*",
    re.IGNORECASE,
)
QUESTION_PART = re.compile(
    r"[,;–—-]\s*(?=(?:and |but |so )?(?:what|how|who|where|when|why|which|do|does|did|are|is|can|will|have|has|was|were|you|yours)\b)|"
    r"\s+(?:and|but|so)\s+(?=(?:what|how|who|where|when|why|which|do|does|did|are|is|can|will|have|has)\b)",
    re.IGNORECASE,
)
# A question that only looks like a statement: nothing before its mark may be believed.
UNSURE = re.compile(
    r"\b(right|correct|isn't it|don't i|am i|no|true|oder|nicht wahr|verdad|n'est-ce pas|hein|né|eh|huh)\s*\?",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"(?:\s*[,;–—]\s*|\s+-\s+|\s+)(?:and|but|so|because|while|although|und|aber|denn|y|pero|porque|et|mais|car|e|mas)\s+"
    r"(?=(?:also |then |now |actually |\w+ly |at least |no,? |tomorrow |yesterday |today |next |this |on \w+day )?(?:lives in|works (?:as|at|for)|is called|i|this|there|you'd|you|i|we|my|our|i'm|i've|we're|he's|she's|it's|they're|he|she|they|it|his|her|its|their|"
    r"ich|wir|mein|meine|unser|unsere|er|sie|seine?|ihre?|yo|mi|mis|me|se|su|vivo|soy|tengo|trabajo|je|j'|mon|ma|mes|nous|il|elle|son|sa|"
    r"eu|meu|minha|moro|sou|tenho|trabalho|ele|ela)\b)|"
    r"\s*[,;–—]\s*(?=(?:now |but |and |so |also |no,? |plus )*(?:(?:can't|cannot|couldn't) stand|don't (?:like|eat|drink)|(?:just )?got an? |bought an?|adopted|started|quit|have an?|studying|play the|single|vegan|hate|love|live in|living in|work(?:ing)? (?:at|as|in|for)|moved to|studying|allergic to|i|we|my|our|i'm|i've|we're|he's|she's|it's|they're|he|she|his name|her name|their names|ich|mein|meine|yo|mi|me llamo|je|j'|mon|ma|eu|meu|minha)\b)",
    re.IGNORECASE,
)
# "…, and you?": what comes before it is stated nonetheless.
AND_YOU = re.compile(
    r"[\s,;.–—-]*¿?\b(?:and|und|y|et|e|en|a) (?:you|du|dir|sie|ihnen|ihr|euch|tú|tu|usted|vos|ti|toi|vous|você|voce|lei|te|jij|ty)\s*\?",
    re.IGNORECASE,
)
# The signs that end sentences in Chinese and Japanese.
FULL_STOP = re.compile(r"(?<=[。！？])")
# "Said she", and "my sister Fran".
SAID = re.compile(
    r"^(?:(?:he|she|they|it|er|sie|él|ella|il|elle|ele|ela|[A-ZÀ-Þ][\w-]+|my \w+) \w+|\w+ (?:he|she|they|er|sie|él|ella|il|elle|ele|ela))$"
)
NAMED = re.compile(r"^(?:\S+ ){1,3}[A-ZÀ-Þ][\w-]+$")
# "My boyfriend and I broke up" is one statement about two.
PARTED = re.compile(
    r"\b((?:my|our) [\w-]+(?: \w+)?|\w+) and I(?= (?:have |'ve |just |recently |finally )*(?:broke|split|separated|got engaged|got married|are engaged|are married|moved in|have been together|aren't|are no longer)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that states something; `over`: that something holds no longer."""

    text: str
    over: bool = False


def statements(text: str, tongue: Tongue | None = None) -> Iterator[Clause]:
    """The clauses of a text that state something, in order, without what introduces them; English without a `tongue`."""
    playing = False
    for sentence in _sentences(text):
        sentence = AND_YOU.sub("", SIGNS.sub(", ", sentence))
        unreal = FICTION.search(REAL_AGAIN.sub("", sentence))
        playing = (playing and not REAL_AGAIN.search(sentence)) or bool(unreal and unreal.start() < PLAY_AT)
        if playing or (unreal and unreal[0].lower().startswith(FRAMES)):
            continue
        sentence = sentence[: max(sentence.rfind(",", 0, unreal.start()), 0)] if unreal else sentence
        sentence = tongue.whole(tongue.pair.sub(r"\g<my>", sentence)) if tongue else spelled_out(sentence)
        asked = _without_question(sentence)
        yield from _clauses(asked, tongue)


def told(text: str) -> Iterator[str]:
    """The sentences of a text that state something, as they stand; a model reads them better whole than in clauses."""
    for part in _sentences(text):
        for sentence in FULL_STOP.split(AND_YOU.sub("", part)):
            if "？" not in sentence and (stated := _stated(sentence)):
                yield (stated if "?" in sentence or "¿" in sentence else sentence).replace("§", "…").strip()


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text, without what is quoted or acted in them."""
    plain = text[:READ_LENGTH].replace("’", "'").replace("‘", "'").replace("´", "'")
    plain = AGE_ASIDE.sub(r", \1,", plain)
    for pattern in (QUOTED_LINE, QUOTED, ACTED):
        plain = pattern.sub(" § ", plain)
    plain = ORDINAL.sub("", ABBREVIATION.sub(r"\1", plain))
    for match in SENTENCE.finditer(plain):
        yield match.group().strip()


def _stated(sentence: str) -> str:
    """The part of a sentence that is stated; "" if it asks, supposes or quotes."""
    sentence = OWN_REPORT.sub("", _without_question(sentence))
    unreal = any(words.search(sentence) for words in (FICTION, CONDITION, UNREAL, OVER, REPORTED))
    return "" if unreal else sentence


def _without_question(sentence: str) -> str:
    if "?" in sentence or "¿" in sentence:
        if UNSURE.search(sentence):
            return ""
        parts = QUESTION_PART.split(sentence)
        sentence = ", ".join(parts[:-1]) if len(parts) > 1 else ""
    return _without_lead(sentence.strip(" \t.!?…;,¡"))


def _clauses(sentence: str, tongue: Tongue | None) -> Iterator[Clause]:
    sentence = OWN_REPORT.sub("", sentence)
    parts = _parted(PARTED.sub(r"\1 & I", sentence), tongue)
    # ", she said": all of it was hers.
    if any(REPORTED.search(part) and SAID.match(part.strip(" .!")) for part in parts[1:]):
        return
    for part in parts:
        part = OWN_REPORT.sub("", part)
        condition, reported = CONDITION.search(part), REPORTED.search(part)
        if reported or (condition and condition.start() < CONDITION_AT):
            yield from _who_said(part, reported)
            return
        real = _real(part[: condition.start()] if condition else part)
        clause = " ".join(_without_lead(real.strip(" \t.!?…;,:")).split())
        # What stood in quotes was somebody's words, so the clause around it says little of its own.
        if clause and "§" not in clause and len(clause) <= CLAUSE_LENGTH:
            yield Clause(clause, over=bool(OVER.search(clause)))
        if condition:
            return


def _who_said(part: str, reported: re.Match[str] | None) -> Iterator[Clause]:
    """Of "my sister Fran says …" that there is a sister Fran; of "got arthritis, the doctor says …" the beginning."""
    if reported is None:
        return
    before = part[: reported.start()].strip()
    head, comma, _ = before.rpartition(",")
    own = re.search(r"\bi(?: \w+)? ?$", before, re.IGNORECASE)
    if NAMED.match(before):
        yield Clause(before)
    elif comma and len(head.split()) > 1 and (own or len(part[reported.end() :].split()) > 1):
        yield Clause(_without_lead(head.strip()))


def _parted(sentence: str, tongue: Tongue | None) -> list[str]:
    pattern = CLAUSE if tongue is None else tongue.clause
    return [part for part in pattern.split(sentence) if part and part.strip()]


def _real(part: str) -> str:
    """A clause up to the comma before a word that makes it a wish or a guess."""
    match = UNREAL.search(part)
    return part if match is None else part[: max(part.rfind(",", 0, match.start()), 0)]


def _without_lead(clause: str) -> str:
    while (shorter := LEAD.sub("", clause, count=1)) != clause:
        clause = shorter
    return clause
