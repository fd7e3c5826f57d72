"""The wizard's questions: complete, in order, and every suggestion can be taken without being coached."""

from __future__ import annotations

import re

import pytest

from bot.messages import Choice, FieldKind
from bot.wizard.steps import STEPS, Question, Step
from characters.archetypes import start_from
from characters.character import Persona, missing
from characters.coach import advise

QUESTIONS = [question for step in STEPS for question in step.fields]
START = start_from("artist", 1)


def choices_of(question: Question) -> tuple[Choice, ...]:
    return question.choices(START) if callable(question.choices) else question.choices


SUGGESTIONS = [(question, choice) for question in QUESTIONS for choice in choices_of(question)]


def test_the_steps_come_in_the_order_of_the_guide() -> None:
    order = ["archetype", "who", "looks", "outfit", "personality", "backstory", "style", "takes"]
    assert [step.id for step in STEPS] == order
    assert STEPS[-1].fields == ()


def test_names_are_unique() -> None:
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.id)
def test_every_step_says_what_it_is_for(step: Step) -> None:
    assert step.title
    assert step.intro.endswith((".", "?"))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_every_question_shows_an_example_that_can_be_taken(question: Question) -> None:
    written = question.write(START, question.example)
    assert question.read(written)
    assert advise(question.name, question.read(written), persona=START) == ()
    assert question.max_length > 0


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_reading_and_writing_are_inverse(question: Question) -> None:
    named = START if question.name != "name" else question.write(START, "Ines")
    assert question.write(named, question.read(named)) == named


@pytest.mark.parametrize(
    ("question", "choice"), SUGGESTIONS, ids=lambda one: one.name if isinstance(one, Question) else one.value
)
def test_every_suggestion_is_stored_as_it_is_and_needs_no_coaching(
    question: Question, choice: Choice
) -> None:
    assert choice.label
    assert type(choice.value) is str
    written = question.write(START, choice.value)
    assert question.read(written) == choice.value
    assert advise(question.name, choice.value, persona=START) == ()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_choices_and_suggestions_have_some(question: Question) -> None:
    offered = choices_of(question)
    assert bool(offered) == (question.kind in (FieldKind.CHOICE, FieldKind.SUGGEST))
    assert len({choice.value for choice in offered}) == len(offered)


@pytest.mark.parametrize("name", ["skin_tone", "hair_colour", "eyes"])
def test_colours_show_a_swatch(name: str) -> None:
    question = next(one for one in QUESTIONS if one.name == name)
    swatches = [choice.swatch for choice in choices_of(question) if choice.swatch]
    assert len(swatches) >= 9
    assert all(re.fullmatch("#[0-9a-f]{6}", swatch) for swatch in swatches)


def test_archetypes_are_cards() -> None:
    cards = choices_of(QUESTIONS[0])
    assert len(cards) == 7
    assert all(len(card.description) > 40 for card in cards)


def test_the_questions_cover_all_that_publishing_wants() -> None:
    persona = Persona(name="")
    for question in QUESTIONS:
        persona = question.write(persona, question.example)
    assert [problem.field for problem in missing(persona)] == ["headshot"]


def test_required_questions_are_those_that_publishing_wants() -> None:
    blank = start_from("custom", 0)
    for question in QUESTIONS:
        if question.required and question.name not in ("archetype", "name", "traits"):
            assert question.example
    optional = {question.name for question in QUESTIONS if not question.required}
    wanted = {problem.field for problem in missing(blank)}
    assert not optional & wanted
