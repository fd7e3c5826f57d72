"""Backstories in the first person; a sentence that may be about somebody else is left out."""

from __future__ import annotations

import pytest

from engine.models.storyteller.selves import first_person, first_person_verb


@pytest.mark.parametrize(
    ("backstory", "told"),
    [
        ("Maya grew up in Porto.", "I grew up in Porto."),
        ("She repairs radios and teaches swimming.", "I repair radios and teach swimming."),
        ("She's never been late.", "I've never been late."),
        ("She's a night person.", "I'm a night person."),
        ("Her father sang off-key.", "My father sang off-key."),
        ("Her aunt taught her to dive.", "My aunt taught me to dive."),
        ("Maya's workshop is a cellar.", "My workshop is a cellar."),
        ("She lost her shop and rebuilt it herself.", "I lost my shop and rebuilt it myself."),
        ("Works nights at a bakery and hums.", "I work nights at a bakery and hum."),
        ("Born in Porto.", "I was born in Porto."),
        ("You grew up in Porto and your sister taught you.", "I grew up in Porto and my sister taught I."),
        ("I was always late.", "I was always late."),
        ("The shop closed in 2019.", "The shop closed in 2019."),
        ("Her mother left when she was nine.", ""),
    ],
)
def test_first_person(backstory: str, told: str) -> None:
    if "taught I" in told:
        told = told.replace("taught I", "taught me")
    assert " ".join(first_person(backstory, "Maya Duarte", "she/her")) == told


def test_other_pronouns() -> None:
    assert first_person("He keeps his tools clean and sharpens them himself.", "Bo", "he/him") == (
        "I keep my tools clean and sharpen them myself.",
    )
    assert first_person("They paint walls. They are saving for a van.", "Juni", "they/them") == (
        "I paint walls.",
        "I am saving for a van.",
    )


def test_a_quirk() -> None:
    assert first_person_verb("hums when she is thinking") == "hum when I am thinking"
    assert first_person_verb("winds his watch before he answers") == "wind my watch before I answer"
