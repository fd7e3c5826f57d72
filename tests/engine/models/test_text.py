"""What people see of a model's output, however it is cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.text import REASONING, Letters, RawWords, Stops, Unthought, Words

TAGS = [*REASONING, *REASONING.values(), "<|channel|>analysis<|message|>", "<|end|>", "final<|message|>"]
# Whole tags, their parts and words, in any order.
OUTPUT = st.lists(st.sampled_from([*TAGS, "<", "<th", "ink>", "[", " ", "\n", "Hi", "ä", "語", "🙂"])).map(
    "".join
)


def in_pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({cut % (len(text) + 1) for cut in cuts})
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


def shown(machine: Unthought | Stops | Words, pieces: list[str]) -> str:
    return "".join([machine.feed(piece) for piece in pieces] + [machine.close()])


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("Hello.", "Hello."),
        ("<think>Who is it?</think>\n\nHello.", "Hello."),
        ("<thinking>Hm.</thinking> Hello.", "Hello."),
        ("<reasoning>Hm.</reasoning>Hello.", "Hello."),
        ("[THINK]Hm.[/THINK]Hello.", "Hello."),
        ("<|channel|>analysis<|message|>Hm.<|channel|>final<|message|>Hello.", "Hello."),
        ("<|channel|>final<|message|>Hello.", "Hello."),
        ("Hello. <think>And now?</think> Bye.", "Hello. Bye."),
        ("<think>It never ends", ""),
        ("a < b and [c]", "a < b and [c]"),
        ("it ends in <thin", "it ends in <thin"),
    ],
)
def test_thoughts_are_not_shown(output: str, answer: str) -> None:
    assert shown(Unthought(), [output]) == answer


@pytest.mark.parametrize(
    ("output", "answer"), [("Hm.</think>\nHello.", "Hello."), ("Hm. <think> it never ends", "")]
)
def test_an_output_may_begin_inside_thoughts(output: str, answer: str) -> None:
    assert shown(Unthought("<think>"), [output]) == answer


@given(OUTPUT, st.lists(st.integers(0, 10_000), max_size=20), st.sampled_from(["", *REASONING]))
def test_pieces_do_not_change_what_is_thought(output: str, cuts: list[int], opened: str) -> None:
    assert shown(Unthought(opened), in_pieces(output, cuts)) == shown(Unthought(opened), [output])


@pytest.mark.parametrize(
    ("stops", "output", "answer"),
    [
        (("\nYou:",), "Hello.\nYou: hi", "Hello."),
        (("\nYou:",), "Hello.\nYo", "Hello.\nYo"),
        (("b", "abc"), "abc", "a"),
        (("",), "Hello.", "Hello."),
        ((), "Hello.", "Hello."),
    ],
)
def test_nothing_of_a_stop_is_shown(stops: tuple[str, ...], output: str, answer: str) -> None:
    assert shown(Stops(stops), [output]) == answer


@given(
    st.text("abc", max_size=30),
    st.lists(st.text("abc", max_size=4), max_size=4),
    st.lists(st.integers(0, 100), max_size=20),
)
def test_pieces_do_not_change_where_it_stops(text: str, stops: list[str], cuts: list[int]) -> None:
    whole, parted = Stops(stops), Stops(stops)
    answer = shown(whole, [text])
    assert shown(parted, in_pieces(text, cuts)) == answer
    assert parted.stopped == whole.stopped == any(stop in text for stop in stops if stop)
    assert not any(stop in answer for stop in stops if stop)


@given(
    st.binary(max_size=40) | st.text(max_size=20).map(str.encode), st.lists(st.integers(0, 100), max_size=9)
)
def test_no_half_characters_are_shown(raw: bytes, cuts: list[int]) -> None:
    letters = Letters()
    places = sorted({cut % (len(raw) + 1) for cut in cuts})
    pieces = [raw[a:b] for a, b in zip([0, *places], [*places, len(raw)], strict=True)]
    assert "".join([letters.feed(piece) for piece in pieces] + [letters.close()]) == raw.decode(
        "utf-8", "replace"
    )


@given(OUTPUT, st.integers(1, 7))
def test_bytes_come_to_the_same_as_text(output: str, size: int) -> None:
    raw = output.encode()
    words = RawWords(("Hi\n", "語"))
    pieces = [words.feed(raw[place : place + size]) for place in range(0, len(raw), size)]
    assert "".join([*pieces, words.close()]) == shown(Words(("Hi\n", "語")), [output])


def test_stops_inside_thoughts_do_not_count() -> None:
    assert shown(Words(("\n",)), ["<think>one\ntwo</think>Hello.\nBye."]) == "Hello."


def test_a_form_keeps_its_tags() -> None:
    assert shown(Words(thinks=False), ['{"tag": "<think>"}']) == '{"tag": "<think>"}'
