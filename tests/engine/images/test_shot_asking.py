"""engine/images/shot/asking.py: which words ask for a picture, and which only talk about one."""

from __future__ import annotations

import pytest

from engine.images.shot import picture_wish


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        ("send me a picture of you at the beach", "at the beach"),
        ("Can you send me a selfie?", ""),
        ("could you please take a photo of yourself in the kitchen, laughing?", "in the kitchen, laughing"),
        (
            "Show me a pic of you reading by the lake at golden hour please",
            "reading by the lake at golden hour",
        ),
        ("I'd love to see a picture of you on the rooftop", "on the rooftop"),
        ("Okay, take another selfie, but in the rain", "but in the rain"),
        ("selfie please!", ""),
        ("a selfie at the jazz bar please", "at the jazz bar"),
        ("Schick mir ein Foto von dir am Strand", "am Strand"),
        ("Kannst du mir ein Bild von dir schicken?", ""),
        ("give me a new picture of you in the library", "in the library"),
        ("Hey, can I see a photo of you?", ""),
    ],
)
def test_requests(words: str, scene: str) -> None:
    assert picture_wish(words) == scene


@pytest.mark.parametrize(
    "words",
    [
        "I took a picture of my dog today",
        "Do you like photos?",
        "my sister sent me a selfie from Rome",
        "send me a picture of the menu",
        "show me a photo of my dog",
        "a picture is worth a thousand words",
        "I want to become a photographer",
        "can you tell me a story about a picture?",
        "What is your favourite selfie spot?",
        "the photo of you was lovely",
        "I have a picture that hangs over my bed",
        "",
        "x" * 100_000,
        "send me a picture of you " + "at the beach " * 50,
    ],
)
def test_talk(words: str) -> None:
    assert picture_wish(words) is None
