"""Whether somebody asks about the past, and whether anything that came to mind tells; `engine/chat/planner.py` asks.

A model that is given some memories likes to make up the one that is missing. So where a question is about what was
told, and neither a memory, nor an earlier turn, nor the talk itself has a word of it, the prompt says that nothing is
remembered. In doubt it does not: a false "nothing" hides what is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engine.memory.words import FAMILY, FOREIGN, OTHERS, PETS, content_words, related, stem
from engine.types import Fact, Message, Role

# Longer messages tell something, and ask beside it.
QUESTION_LENGTH = 300
# What asks for something that was told or done before, in five languages.
PAST = re.compile(
    # English
    r"\b(?:do|did|don't|can|will|would) you (?:still |even |actually )?(?:remember|recall) (?:what|who|where|when|which|how|my|the name|our|that time|the (?:time|day|night))\b|"
    r"\bremember (?:when|what|my|our|the (?:time|day|night))\b[^.!]*\?|\bdo you (?:still )?know (?:my|our|who my|where i (?:live|work)|when my)\b|"
    r"\b(?:what|who|where|when|which|how|did|have) (?:did |have )?(?:i|we) (?:ever |once |already |first )?(?:tell|told|say|said|mention|mentioned|talk|talked|promise|promised|do(?! wrong| now)|go|meet|met)\b|"
    r"\bwhat(?:'s| is| was| are| were) (?:the names? of )?(?:my|our) (?!best|next|problem|fault|worst|chance|option)|\bwho(?:'s| is| was| are| were) (?:my|our)\b|"
    r"\bhow old (?:is|are|am) (?:my|our|i)\b|\b(?:where|when)(?:'s| is| are| was| were| does| did) (?:my|our)\b|\bwhere do i (?:live|work|study|teach|come|go to)\b|"
    r"\bwhat do i (?:do for|work|study|play|teach|collect|drive)\b|\bwhat did you promise\b|"
    # German
    r"\b(?:weißt|weisst) du (?:noch|eigentlich noch)?,? ?(?:wie|wer|was|wo|wann|welche\w*|dass|mein\w*)\b|\berinnerst du dich\b|"
    r"\b(?:wie|wer|was|wo|wann) (?:heißt|heisst|hieß|ist|war|sind|wohnt|arbeitet) (?:noch ?mal |nochmal )?(?:mein|meine|unser|unsere)\b|"
    r"\bwie alt (?:ist|sind|bin) (?:mein\w*|unser\w*|ich)\b|\bwas (?:habe|hab|hatte) ich (?:dir|euch)\b|\bwann haben wir\b|\bwas haben wir\b|\b(?:wo|wie) (?:wohne|arbeite|heiße|heisse) ich\b|"
    # Spanish
    r"\b(?:te acuerdas|recuerdas|sabes) (?:de )?(?:cómo|como|qué|que|quién|quien|dónde|donde|cuándo|cuando|cuál|mi|mis|nuestr\w+|lo que)\b|"
    r"\b(?:cómo|como) se llama(?:ba|n)? (?:mi|mis|nuestr\w+)\b|\bcuál es mi\b|\bquién es mi\b|\bqué te (?:dije|conté|he (?:dicho|contado))\b|\bdónde (?:vivo|trabajo)\b|\bcuántos años (?:tiene|tengo)\b|\bcuándo (?:fuimos|nos|hablamos)\b|"
    # French
    r"\btu te (?:souviens|rappelles)\b|\bte souviens-tu\b|\btu sais (?:comment|qui|où|quand|quel\w*|encore)\b|"
    r"\bcomment s'appelle(?:nt|ait)? (?:mon|ma|mes|notre|nos)\b|\bquel(?:le)? est (?:mon|ma)\b|\bqui est (?:mon|ma)\b|\bqu'est-ce que je t'ai (?:dit|raconté)\b|\boù (?:est-ce que )?j'habite\b|\bquel âge a (?:mon|ma)\b|"
    # Portuguese
    r"\b(?:você )?(?:se lembra|lembra-se|lembra|te lembras|lembras-te|sabe) (?:de |do |da )?(?:como|qual|quem|onde|quando|o que|meu|minha|nosso|nossa)\b|"
    r"\bcomo (?:se chama|é o nome d[oae])(?:va|m)? (?:o |a )?(?:meu|minha|nosso|nossa)\b|\b(?:qual|quem) é (?:o |a )?(?:meu|minha)\b|\bo que (?:é que )?(?:eu )?(?:te|lhe) (?:disse|contei)\b|\bonde (?:eu )?(?:moro|trabalho)\b",
    re.IGNORECASE,
)  # fmt: skip
# Of these words a question is made; they do not say what it is about.
ASKING = frozenset(
    stem(word)
    for word in (
        "name names called call old age again exactly actually ever recall remembered mention mentioned talk talked told tell time day first last night week "
        "weißt weisst noch erinnerst dich dir mir heißt heisst heiße hieß alt nochmal mal habe hab hatte haben erzählt gesagt eigentlich genau meinem meinen meiner "
        "unser unsere wohnt wohne arbeitet arbeite denn bitte acuerdas recuerdas sabes cómo como llama llaman cuál quién quien dónde donde cuándo cuando cuántos años "
        "tiene tengo dije conté dicho contado mis nuestro nuestra te me se souviens rappelles sais comment appelle quel quelle où quand âge raconté dit mes notre nos "
        "encore est-ce qu'est-ce que t'ai s'appelle j'habite lembra lembras sabe você chama nome qual quem onde quando disse contei nosso nossa eu"
    ).split()
)
# Words of a time: what was said then need not say so.
TIMES = frozenset(
    stem(word)
    for word in (
        "summer winter spring autumn fall yesterday week weekend month year christmas easter monday tuesday wednesday thursday friday saturday sunday "
        "january february march april june july august september october november december morning evening "
        "sommer herbst frühling gestern woche wochenende monat jahr weihnachten verano invierno primavera otoño ayer semana mes año navidad "
        "été hiver printemps automne hier semaine mois an année noël verão inverno outono ontem mês ano natal letzten letzte pasado pasada dernier dernière passado"
    ).split()
)
# Stems of what a question asks of somebody, and the relation of a fact that answers it.
NAMED = re.compile(
    r"\b(?:name|called|heißt|heisst|hieß|llama\w*|s'appelle\w*|chama\w*|nome)\b", re.IGNORECASE
)
AGED = re.compile(r"\b(?:how old|wie alt|cuántos años|quel âge|quantos anos)\b", re.IGNORECASE)
AGES = frozenset(("age", "birthday", "born in year", "born"))
# Somebody of one's own may be meant by these words.
KIN = frozenset((*PETS, *FAMILY, *OTHERS))
KIN_STEMS = frozenset(stem(word) for word in KIN)
RELATIVES = frozenset(stem(word) for word in FAMILY)
# Different words for the same relative, and for the same that two people do.
SAME = tuple(
    frozenset(stem(word) for word in words.split())
    for words in (
        "mother mom mum mommy mama",
        "father dad daddy papa",
        "wife husband partner girlfriend boyfriend fiancé fiance fiancée fiancee spouse",
        "grandmother grandma granny nana",
        "grandfather grandpa",
        "son daughter kid child baby",
        "meet met talk talked",
    )
)


def asks_about_past(text: str) -> bool:
    """Whether a message asks what was told, said or done before."""
    plain = text.replace("’", "'")
    return "?" in plain and len(plain) <= QUESTION_LENGTH and bool(PAST.search(plain))


def nothing_found(
    question: str, facts: Sequence[Fact], earlier: Sequence[Message], history: Sequence[Message]
) -> bool:
    """Whether a question about the past has no answer in what came to mind, nor in the talk."""
    if not asks_about_past(question) or not (keys := _keys(question)):
        return False
    if earlier and _about_time(question):
        return False  # found by when it was said
    if any(_tells(fact, keys, question) for fact in facts):
        return False
    return not any(_says(message, keys, question) for message in (*earlier, *history))


def _keys(question: str) -> list[str]:
    """The stems of what it is about, English for the relations that the rules know."""
    words = (FOREIGN.get(word, word) for word in content_words(question))
    return [key for word in words if (key := stem(word)) not in ASKING | TIMES and len(key) > 1]


def _about_time(question: str) -> bool:
    return any(stem(word) in TIMES or word.isdigit() for word in content_words(question))


def _tells(fact: Fact, keys: Sequence[str], question: str) -> bool:
    """Whether a fact has a word of what is asked, and, if a name or an age is, is one."""
    words = content_words(f"{fact.text} {fact.relation} {fact.topic} {fact.source_text}")
    bag = {stem(FOREIGN.get(word, word)) for word in words}
    if not bag & _wide(keys):
        return False
    whose = fact.subject.removeprefix("your ").split()[-1:]
    if not set(whose) & KIN or not bag & set(keys):
        return True
    if NAMED.search(question) and fact.relation != "name":
        return _may_name(fact.source_text)
    return not AGED.search(question) or fact.relation in AGES or any(map(str.isdigit, fact.source_text))


def _wide(keys: Iterable[str]) -> frozenset[str]:
    """The keys with what belongs to them: "pet" brings "dog", but "brother" no other relative."""
    keys = frozenset(keys)
    named = keys & RELATIVES
    same = {key for circle in SAME if circle & keys for key in circle}
    return related([key for key in keys if key not in named]) | keys | same


def _says(message: Message, keys: Sequence[str], question: str) -> bool:
    """Whether a line has a word of what is asked, and is no question itself."""
    text = message.text
    if message.role is Role.NOTICE or text == question or text.rstrip().endswith("?"):
        return False
    bag = {stem(FOREIGN.get(word, word)) for word in content_words(text)}
    if not bag & set(keys):
        return False
    return not (NAMED.search(question) and KIN_STEMS.issuperset(keys)) or _may_name(text)


def _may_name(text: str) -> bool:
    """Whether there is a word in the middle of a sentence that is written like a name."""
    return bool(re.search(r"(?<=[^.!?…\s]\s)[A-ZÀ-Þ](?!\s|')[^\W\d_]+", text))
