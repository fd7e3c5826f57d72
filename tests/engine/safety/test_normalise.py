"""What a disguised word is read as."""

from __future__ import annotations

import pytest

from engine.safety.normalise import fold, read, squash, variants


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Ｈｅｌｌｏ", ("hello",)),
        ("𝓱𝓮𝓵𝓵𝓸", ("hello",)),
        ("🅷🅴🅻🅻🅾", ("hello",)),
        ("🇭🇮", ("hi",)),
        ("hеllо", ("hello",)),  # Cyrillic е and о
        ("h\u200be\u00adl\u2060lo", ("hello",)),
        ("h̷e̷l̷l̷o̷", ("hello",)),
        ("h e l l o", ("hello",)),
        ("h.e-l_l*o", ("hello",)),
        ("ÇA VA, ŁÓDŹ", ("ca", "va", "lodz")),
        ("it's Ann's", ("its", "anns")),
        ("p@ss $um k!d", ("pass", "sum", "kid")),
        ("14 y.o.", ("14", "yo")),
        ("1.4 y/o", ("14", "yo")),
        ("1️⃣5️⃣", ("15",)),
        ("15歳です", ("15", "歳てす")),
        ("ｶﾀｶﾅ", ("かたかな",)),
    ],
)
def test_reading(written: str, words: tuple[str, ...]) -> None:
    got = read(written).words
    assert got == words or got == tuple("".join(words).split())


def test_spelt_out_words_are_remembered() -> None:
    assert read("say h e l l o now").spaced == ("hello",)


def test_leetspeak_and_stretching() -> None:
    assert "leet" in variants("l33t")
    assert "loli" in variants("l0l1")
    assert variants("2024") == ("2024",)
    assert squash("heeeellooo") == squash("hello")


def test_a_flood_of_different_characters_is_not_kept() -> None:
    text = "".join(chr(code) for code in range(0x100, 0x20000) if not 0xD800 <= code < 0xE000)
    assert fold(text)
