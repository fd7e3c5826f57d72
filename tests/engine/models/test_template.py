"""Templates of real models: what they can do is found out, words stay words, and what was written stays as it is."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.layout import BEGINS, ChatLine, Dialect, lay_out
from engine.models.port import Prompt, PromptTurn, Section, SectionKind
from engine.models.template import (
    BrokenTemplateError,
    Piece,
    Template,
    _probe_lines,
    open_template,
)
from tests.engine.models import templates

TEMPLATES = {name: open_template(source, bos="<s>", eos="</s>") for name, source in templates.ALL.items()}

DIALECTS = {
    "llama-3": Dialect(late_system=True, alternating=False, user_first=False),
    "llama-3.2": Dialect(late_system=True, alternating=False, user_first=False),
    "llama-2": Dialect(),
    "mistral-7b": Dialect(has_system=False),
    "mistral-nemo": Dialect(has_system=False),
    "gemma-2": Dialect(has_system=False),
    "gemma-3": Dialect(),
    "qwen-3": Dialect(late_system=True, alternating=False, user_first=False),
    "deepseek-r1": Dialect(late_system=False, alternating=False, user_first=False),
    "smol": Dialect(late_system=True, alternating=False, user_first=False),
    "none": Dialect(late_system=True, alternating=False, user_first=False),
}


def text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def prompt(*said: tuple[str, str], scene: str = "Now: Saturday", summary: str = "") -> Prompt:
    sections = [
        Section(SectionKind.PERSONA, "Name: Maya"),
        Section(SectionKind.RELATIONSHIP, "Talks with: Sam"),
        Section(SectionKind.SUMMARY, summary),
        Section(SectionKind.SCENE, scene),
    ]
    return Prompt(
        tuple(section for section in sections if section.text), tuple(PromptTurn(*turn) for turn in said)
    )


@pytest.mark.parametrize("name", templates.ALL)
def test_what_a_template_can_do_is_found_out(name: str) -> None:
    assert TEMPLATES[name].dialect == DIALECTS[name]


def test_no_template_of_these_falls_back(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for source in templates.ALL.values():
            open_template(source)
    assert not caplog.records


def test_the_text_of_a_llama() -> None:
    lines = [ChatLine("system", ("Be Maya.", "\n\nTalk with Sam."), shared=True), ChatLine("user", ("Hi",))]
    assert TEMPLATES["llama-3"].pieces(lines) == (
        Piece("<s><|start_header_id|>system<|end_header_id|>\n\n", words=False, stem=True),
        Piece("Be Maya.", words=True, stem=True),
        Piece("\n\nTalk with Sam.", words=True),
        Piece("<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n", words=False),
        Piece("Hi", words=True),
        Piece("<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n", words=False),
    )


def test_the_day_of_a_template_stands_still() -> None:
    lines = _probe_lines(["system", "user"])
    assert "Today Date: 01 Jan 2025" in text(TEMPLATES["llama-3.2"].pieces(lines))


def test_a_space_before_words_goes_to_the_words() -> None:
    lines = [ChatLine("user", ("Hi",)), ChatLine("assistant", ("Yes?",)), ChatLine("user", ("So",))]
    spaced = TEMPLATES["llama-2"].pieces(lines)
    assert [piece.text for piece in spaced if piece.words] == [" Hi", " Yes?", " So"]
    assert text(spaced) == "<s>[INST] Hi [/INST] Yes? </s><s>[INST] So [/INST]"
    # A tokenizer that puts a space before each text by itself is not given another one.
    bare = Template(templates.LLAMA_2, bos="<s>", eos="</s>", adds_space=True).pieces(lines)
    assert [piece.text for piece in bare if piece.words] == ["Hi", "Yes?", "So"]


def test_thinking_is_switched_off_where_a_template_can() -> None:
    assert text(TEMPLATES["qwen-3"].pieces(_probe_lines(["user"]))).endswith("<think>\n\n</think>\n\n")
    assert TEMPLATES["qwen-3"].opens_reasoning == ""
    assert TEMPLATES["deepseek-r1"].opens_reasoning == "<think>"
    magistral = "{% for m in messages %}[INST]{{ m.content }}[/INST]{% endfor %}[THINK]"
    assert Template(magistral).opens_reasoning == "[THINK]"


def test_how_a_line_is_closed() -> None:
    closings = {name: template.closing for name, template in TEMPLATES.items()}
    assert closings == {
        "llama-3": "<|eot_id|>",
        "llama-3.2": "<|eot_id|>",
        "llama-2": "</s>",
        "mistral-7b": "</s>",
        "mistral-nemo": "</s>",
        "gemma-2": "<end_of_turn>",
        "gemma-3": "<end_of_turn>",
        "qwen-3": "<|im_end|>",
        "deepseek-r1": "<｜end▁of▁sentence｜>",
        "smol": "<|im_end|>",
        "none": "<|im_end|>",
    }


@pytest.mark.parametrize("name", templates.ALL)
def test_a_whole_prompt_in_order(name: str) -> None:
    asked = prompt(
        ("character", "Good evening."),
        ("person", "Hi"),
        ("character", "Hm?"),
        ("person", "Tell me."),
        summary="Cakes.",
    )
    template = TEMPLATES[name]
    whole = text(template.pieces(lay_out(asked, template.dialect)))
    order = ["Maya", "Sam", "Cakes.", "Good evening.", "Hi", "Hm?", "Saturday", "Tell me."]
    places = [whole.index(words) for words in order]
    assert places == sorted(places)
    if template.dialect.user_first:
        assert whole.index(BEGINS) < whole.index("Good evening.")


@pytest.mark.parametrize(
    "source",
    [
        "{% for message in messages %}",
        "{{ raise_exception('no') }}",
        "{{ messages[0].content }}",
        "{% for m in messages %}{{ m.content }}{% endfor %}{{ messages[99].content }}",
        "{% for m in messages %}{{ m.content | nosuch }}{% endfor %}",
        "{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}",
        "{% for m in messages | reverse %}{{ m.content }}{% endfor %}",
        "{{ 1 // 0 }}",
        "{{ ''.__class__.__mro__ }}{% for m in messages %}{{ m.content + 1 }}{% endfor %}",
        "a text that asks for nothing",
    ],
)
def test_a_broken_template_gives_way_to_chatml(source: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(BrokenTemplateError):
        Template(source)
    with caplog.at_level(logging.WARNING):
        template = open_template(source)
    assert template.closing == "<|im_end|>"
    assert "ChatML" in caplog.text


words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<|im_end|>",
            "</s>[INST]",
            "{{ bos_token }}",
            "\ue0000\ue001",
            "{% raw %}",
            "</think>",
            "<|eot_id|>",
            "  ",
        ]
    ),
)
spoken = st.lists(st.tuples(st.sampled_from(["person", "character"]), words), max_size=12)


@given(st.sampled_from(sorted(templates.ALL)), spoken, words, spoken, words)
@settings(max_examples=300, deadline=None)
def test_a_growing_conversation_keeps_what_was_written(
    name: str, before: list[tuple[str, str]], newest: str, after: list[tuple[str, str]], last: str
) -> None:
    """Up to the newest words everything stays, to the letter and piece by piece."""
    template = TEMPLATES[name]
    short = template.pieces(lay_out(prompt(*before, ("person", newest), scene="one"), template.dialect))
    grown = prompt(*before, ("person", newest), *after, ("person", last), scene="another")
    long = template.pieces(lay_out(grown, template.dialect))
    notes = next(place for place, piece in enumerate(short) if "Right now" in piece.text)
    history = max(place for place in range(notes) if short[place].words) + 1
    assert long[:history] == short[:history]
    stems = [[piece for piece in pieces if piece.stem] for pieces in (short, long)]
    assert stems[0] == stems[1] and "Maya" in text(tuple(stems[0]))
    assert "Sam" not in text(tuple(stems[0]))


@given(st.sampled_from(sorted(templates.ALL)), st.lists(words.filter(str.strip), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_nobodys_words_become_a_part_of_the_template(name: str, said: list[str]) -> None:
    template = TEMPLATES[name]
    speakers = ["person" if (len(said) - place) % 2 else "character" for place in range(len(said))]
    harmless = prompt(*((who, "x") for who in speakers))
    harmful = prompt(*zip(speakers, said, strict=True))
    frames = [
        [piece.text for piece in template.pieces(lay_out(asked, template.dialect)) if not piece.words]
        for asked in (harmless, harmful)
    ]
    assert frames[0] == frames[1]
