"""Vocabularies of models made here, for `benchmarks/gguf.py`: tokens, merges and templates, the same on every machine.

Nothing is trained: what BPE merges is written down as common words, letter by letter, then as syllables. Plain English has
about three letters a token with it. What a real vocabulary has more is filled up with words that are never written.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from gguf import TokenType

# The commonest first: a small vocabulary takes as many as it has room for.
_WORDS = """the and to of a in is it you that was for on are with as he his they at be this from have or by one had not
but what all were when we there can an your which their said if do will each about how up out them then she many some
so these would other into has more her two like him see time could no make than first been its who now people my made
over did down only way find use may water long little very after words called just where most know get through back
much before go good new write our used me man too any day same right look think also around another came come work
three word must because does part even place well such here take why things help put years different away again off
went old number great tell men say small every found still between name should home big give air line set own under
read last never us left end along while might next sound below saw something thought both few those always looked show
large often together asked house world going want school important until form food keep children feet land side without
boy once animals life enough took sometimes four head above kind began almost live page got earth need far hand high
year mother light parts country father let night following picture being study second eyes soon times story boys since
white days ever paper hard near sentence better best across during today others however sure means knew try told young
miles sun ways thing whole hear example heard several change answer room sea against top turned learn point city play
toward five using himself usually""".split()

# What people talk about with a companion, and how words end.
_TALK = """feel felt really maybe probably honestly sorry thanks please hello okay sure love miss happy sad tired alone friend
friends mother sister brother grandmother work boss job home evening morning tonight yesterday tomorrow weekend week month
afternoon remember forget remembers listen listens speaks asks tells says tell told laugh smile cry sleep dream coffee tea
bread kitchen dinner cook music song play plays guitar cello book books story photo picture walk walks run runs grew grow
taught teach learn lives live lived small shop street harbour boat boats rain snow sunny summer winter spring autumn trip
travel train plane garden cat dog birthday present holiday holidays party dance movie film game beautiful wonderful terrible
strange quiet quietly gently warm cold curious kind shy proud brave honest stubborn careful without about after before
because anything everything nothing nobody somebody everybody whatever whenever conversation message person character bike
bicycle repair memory memories name named voice eyes hair hands face colour green blue red black white would could should
couldn't don't I'm I'd I'll I've you're it's that's can't won't didn't isn't wasn't let's he's she's they're what's""".split()
_ENDINGS = """ing tion ions ings ers ted ted ness ment able ible ful less ous ive ally ant ent ance ence ist ism est ght ther ver
ter ster der mber nder ll ss tt st nd nt ng ck ch sh th ry ty ly rs ks ns ts ds es ed er en on an in or ar al el le ion age""".split()

_VOWELS = "aeiouy"
_CONSONANTS = "bcdfghjklmnpqrstvwxz"

CHATML = (
    "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
# What it has before its answer is a thought, which the template opens itself.
THINKING = CHATML.replace("assistant\\n' }}", "assistant\\n<think>\\n' }}")
# It knows no system role and insists that the roles take turns.
GEMMA = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% set role = 'model' if m['role'] == 'assistant' else m['role'] %}"
    "{{ '<start_of_turn>' + role + '\\n' + m['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)
# The system text is part of the first thing that the user says.
LLAMA2 = (
    "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set system = messages[0]['content'] %}"
    "{% else %}{% set rest = messages %}{% set system = false %}{% endif %}{% for m in rest %}"
    "{% if loop.index0 == 0 and system %}{% set said = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + m['content'] %}"
    "{% else %}{% set said = m['content'] %}{% endif %}"
    "{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + said.strip() + ' [/INST]' }}"
    "{% else %}{{ ' ' + said.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)
LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}"
    "{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\\n\\n' + m['content'] | trim + '<|eot_id|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Specials:
    """The tokens that no text has, in the order in which they are numbered, and what they are for."""

    tokens: tuple[str, ...]
    bos: str
    eos: str
    add_bos: bool = False


CHATML_SPECIALS = Specials(("<|endoftext|>", "<|im_start|>", "<|im_end|>"), "<|endoftext|>", "<|im_end|>")
GEMMA_SPECIALS = Specials(
    ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"), "<bos>", "<end_of_turn>", True
)
LLAMA2_SPECIALS = Specials(("<unk>", "<s>", "</s>"), "<s>", "</s>", True)
LLAMA3_SPECIALS = Specials(
    ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    "<|begin_of_text|>",
    "<|eot_id|>",
    True,
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All tokens of a model; `merges` for BPE, `scores` for SentencePiece."""

    tokens: list[str]
    types: list[TokenType]
    merges: list[str]
    scores: list[float]
    readable: list[bool]  # whether the token is text that a person could have written


def bpe(size: int, merges: int, specials: Specials) -> Vocabulary:
    """A byte-level BPE vocabulary of `size` tokens, of which at most `merges` came by merging."""
    letters = _byte_letters()
    tokens = [letters[byte] for byte in range(256)]
    pairs: list[str] = []
    known = set(tokens)
    room = min(merges, size - len(tokens) - len(specials.tokens))
    for left, right in _merges():
        if len(pairs) == room:
            break
        if left + right not in known:
            known.add(left + right)
            tokens.append(left + right)
            pairs.append(f"{left} {right}")
    readable = [_plain(byte) for byte in range(256)] + [True] * len(pairs)
    types = [TokenType.NORMAL] * len(tokens) + [TokenType.CONTROL] * len(specials.tokens)
    tokens += specials.tokens
    readable += [token == specials.eos for token in specials.tokens]
    return _filled(Vocabulary(tokens, types, pairs, [], readable), size, "Ġw")


def sentencepiece(size: int, merges: int, specials: Specials) -> Vocabulary:
    """A SentencePiece vocabulary with a fallback to bytes, as llama 2 has it: the special tokens come first."""
    tokens = [*specials.tokens, *(f"<0x{byte:02X}>" for byte in range(256))]
    types = [TokenType.CONTROL] * len(specials.tokens) + [TokenType.BYTE] * 256
    types[0] = TokenType.UNKNOWN
    readable = [token == specials.eos for token in specials.tokens] + [byte == 10 for byte in range(256)]
    pieces = [chr(byte) for byte in range(33, 127)]
    known = {"▁", *pieces}
    pieces.insert(0, "▁")
    room = min(merges + len(pieces), size - len(tokens))
    for left, right in _merges():
        piece = (left + right).replace("Ġ", "▁")
        if len(pieces) == room:
            break
        if piece not in known:
            known.add(piece)
            pieces.append(piece)
    # What comes first in the list has the best score; bytes and special tokens have none.
    scores = [0.0] * len(tokens) + [-float(rank) for rank in range(len(pieces))]
    vocabulary = Vocabulary(
        tokens + pieces,
        types + [TokenType.NORMAL] * len(pieces),
        [],
        scores,
        readable + [True] * len(pieces),
    )
    return _filled(vocabulary, size, "▁w")


def _filled(vocabulary: Vocabulary, size: int, prefix: str) -> Vocabulary:
    """Words that can be read but never come from a text, up to the real model's number of tokens."""
    missing = size - len(vocabulary.tokens)
    if missing < 0:
        raise ValueError(f"{size} tokens are too few: {len(vocabulary.tokens)} are needed.")
    return Vocabulary(
        vocabulary.tokens + [f"{prefix}{number}" for number in range(missing)],
        vocabulary.types + [TokenType.NORMAL] * missing,
        vocabulary.merges,
        vocabulary.scores + [-1e6] * missing if vocabulary.scores else [],
        vocabulary.readable + [True] * missing,
    )


def _merges() -> Iterator[tuple[str, str]]:
    """Words from their first letter on, the shorter first, so that no beginning of a word stands in another's way."""
    capital = [word.capitalize() for word in (*_WORDS, *_TALK)]
    yield from _letter_by_letter([f"Ġ{word}" for word in _WORDS])
    yield from _letter_by_letter([f"Ġ{word}" for word in (*_TALK, *capital)])
    yield from _letter_by_letter(_ENDINGS)
    yield from _letter_by_letter(capital)
    yield from product(_CONSONANTS + _VOWELS, _VOWELS + _CONSONANTS)
    yield from (("Ġ" + first, second) for first, second in product(_CONSONANTS, _VOWELS))
    yield from (("Ġ", letter) for letter in string.ascii_letters)
    syllables = ["".join(pair) for pair in product(_CONSONANTS, _VOWELS)]
    yield from product(syllables, _CONSONANTS)
    yield from product(syllables, syllables)


def _letter_by_letter(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for length in range(1, max(map(len, words))):
        yield from ((word[:length], word[length]) for word in words if length < len(word))


def _byte_letters() -> dict[int, str]:
    """Which letter stands for which byte in GPT-2's vocabularies."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {byte: chr(byte) for byte in shown} | {byte: chr(256 + n) for n, byte in enumerate(hidden)}


def _plain(byte: int) -> bool:
    return byte == 10 or 32 <= byte < 127
