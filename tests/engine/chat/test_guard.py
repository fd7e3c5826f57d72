"""What is cut from a reply, and what is left as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.character import Persona
from engine.chat.guard import clean_reply

MAYA = Persona(name="Maya")


@pytest.mark.parametrize(
    ("reply", "cleaned"),
    [
        ("Maya: Hello there.", "Hello there."),
        ("**Maya:** Hello there.", "Hello there."),
        ("Assistant: Hello there.", "Hello there."),
        ("Hello there.\nYou: hi Maya\nMaya: how are you?", "Hello there."),
        ("Hello there.\nUser: hi", "Hello there."),
        ("Hello there.<|im_end|>\n<|im_start|>user\nhi", "Hello there."),
        ("<|start_header_id|>Hello there.<|eot_id|>", "Hello there."),
        ("Hello there.</s>", "Hello there."),
        ("[INST] Hello there.", "Hello there."),
        ("Hello there.<end_of_turn>", "Hello there."),
        ("Hello there.\n### Human: hi", "Hello there."),
        ("User: hi", ""),
        ("  \n", ""),
        ("Two lines.\n\n\n\nMaya: of mine.", "Two lines.\n\nof mine."),
        ("I said: hello there.", "I said: hello there."),
        ("You: what a word to begin with", ""),
        ("You are kind: it shows.", "You are kind: it shows."),
        ("a < b and <b>bold</b>", "a < b and <b>bold</b>"),
    ],
)
def test_what_is_cut(reply: str, cleaned: str) -> None:
    assert clean_reply(reply, persona=MAYA, earlier=()) == cleaned


def test_a_sentence_said_before_is_left_out() -> None:
    earlier = ["The kettle is on for you. Sit down."]
    assert clean_reply("The kettle is on for you! It rains.", persona=MAYA, earlier=earlier) == "It rains."


def test_a_reply_that_was_all_said_before_stays_rather_than_nothing() -> None:
    assert clean_reply("The kettle is on for you.", persona=MAYA, earlier=["The kettle is on for you."])


def test_short_words_may_come_again() -> None:
    assert clean_reply("Oh. Really? Go on.", persona=MAYA, earlier=["Oh. Really?"]) == "Oh. Really? Go on."


@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=5), st.text(min_size=1, max_size=20))
def test_any_reply_is_cleaned_without_harm_and_once(reply: str, earlier: list[str], name: str) -> None:
    once = clean_reply(reply, persona=Persona(name=name), earlier=earlier)
    assert len(once) <= len(reply)
