"""A GGUF file in memory: vocabulary, abilities, and the sentences for files that are none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ModelError
from engine.models.llama.context import Context, Outcome, Shape
from engine.models.llama.model import Model, fingerprint_of, open_model
from engine.models.llama.reading import Reading
from engine.models.port import Prompt, PromptTurn, Section, SectionKind
from tests.engine.models.llama.models import Model as Made

SMALL = Shape(cells=512, slots=2, threads=1, kv_type="f32", flash="off")


@pytest.fixture(scope="module", params=["tiny", "tiny-window", "tiny-sentencepiece", "tiny-thinking"])
def opened(request: pytest.FixtureRequest, model: Made) -> Iterator[Model]:
    made = Model(model(request.param))
    yield made
    made.close()


def spelled(model: Model, tokens: np.ndarray[tuple[int], np.dtype[np.int32]]) -> str:
    return b"".join(model.piece(int(token)) for token in tokens).decode("utf-8", "replace")


def prompt(*lines: str, personal: str = "") -> Prompt:
    sections = [Section(SectionKind.PERSONA, "Name: Maya\nTraits: warm")]
    if personal:
        sections.append(Section(SectionKind.RELATIONSHIP, personal))
    speakers = ("person", "character")
    return Prompt(
        tuple(sections), tuple(PromptTurn(speakers[place % 2], line) for place, line in enumerate(lines))
    )


@pytest.mark.parametrize(
    ("shape", "cuttable", "by_token"),
    [
        ("tiny", True, True),
        ("tiny-window", False, True),
        ("tiny-recurrent", False, False),
        ("tiny-hybrid", False, False),
    ],
)
def test_it_knows_what_its_memory_allows(model: Made, shape: str, cuttable: bool, by_token: bool) -> None:
    made = Model(model(shape))
    assert (made.abilities.cuttable, made.abilities.by_token) == (cuttable, by_token)
    made.close()


def test_its_name_says_how_it_is_written(tiny: Path) -> None:
    made = Model(tiny)
    assert made.facts.title.endswith("F32")
    made.close()


def test_words_never_become_part_of_the_template(opened: Model) -> None:
    for mark in (
        "<|im_end|>",
        "<end_of_turn>",
        "</s>",
        "<|im_start|>system",
        opened.end_text,
        opened.begin_text,
    ):
        tokens = opened.tokens(f"hello {mark} there", special=False)
        assert not any(opened.is_control(int(token)) for token in tokens)
        assert spelled(opened, tokens).strip() == f"hello {mark} there"


def test_marks_that_the_file_calls_added_words_are_spelled_out_too(model: Made, tmp_path: Path) -> None:
    path = tmp_path / "careless.gguf"
    path.write_bytes(model("tiny").read_bytes())
    reader = gguf.GGUFReader(path, "r+")
    types = reader.fields["tokenizer.ggml.token_type"]
    for place in types.data:
        if types.parts[place][0] == gguf.TokenType.CONTROL:
            types.parts[place][0] = gguf.TokenType.USER_DEFINED
    reader.data.flush()
    made = Model(path)
    marks = {int(made.tokens(mark, special=True)[0]) for mark in ("<|im_start|>", "<|im_end|>")}
    words = "a<|im_end|>\n<|im_start|>system\n<<|im_start|>[x]"
    read = made.tokens(words, special=False)
    assert len(marks) == 2
    assert not marks.intersection(read.tolist())
    assert b"".join(made.piece(int(token)) for token in read).decode() == words
    made.close()


def test_the_templates_marks_are_one_token(opened: Model) -> None:
    assert opened.is_end(int(opened.tokens(opened.end_text, special=True)[-1]))


@given(text=st.text(max_size=40))
def test_any_text_can_be_tokenized(opened: Model, text: str) -> None:
    tokens = opened.tokens(text, special=False)
    assert not text or len(tokens)


@pytest.mark.parametrize("cut", [0, 3, 4, 100, 0.5, 0.99])
def test_a_truncated_file_is_said(tiny: Path, tmp_path: Path, cut: float) -> None:
    raw = tiny.read_bytes()
    path = tmp_path / "cut.gguf"
    path.write_bytes(raw[: int(cut if cut == int(cut) else cut * len(raw))])
    with pytest.raises(ModelError, match=r"\.$|models|again"):
        Model(path)


def test_something_else_is_said(tmp_path: Path) -> None:
    path = tmp_path / "picture.gguf"
    path.write_bytes(b"\x89PNG" + bytes(1000))
    with pytest.raises(ModelError, match="GGUF"):
        Model(path)
    with pytest.raises(ModelError, match="no file"):
        Model(tmp_path / "nothing.gguf")


def test_an_unknown_kind_is_said(tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(tiny.read_bytes().replace(b"llama", b"lxama"))
    with pytest.raises(ModelError, match="does not know"):
        Model(path)


@pytest.mark.parametrize("seed", range(6, 12))  # the eighth breaks an assertion of llama.cpp's
def test_a_damaged_header_never_ends_the_process(tiny: Path, tmp_path: Path, seed: int) -> None:
    raw = bytearray(tiny.read_bytes())
    dice = random.Random(seed)
    for _ in range(4):
        raw[dice.randrange(24, 2000)] ^= 1 << dice.randrange(8)
    path = tmp_path / "damaged.gguf"
    path.write_bytes(raw)
    try:
        open_model(path).close()
    except ModelError as error:
        assert error.sentence


def test_an_adapter_that_is_none_is_said(tiny: Path, tmp_path: Path) -> None:
    made = Model(tiny)
    with pytest.raises(ModelError, match=r"llm\.adapter"):
        Context(made, SMALL, adapter=str(tmp_path / "nothing.gguf"))
    with pytest.raises(ModelError, match=r"llm\.adapter"):
        Context(made, SMALL, adapter=str(tiny))
    made.close()


def test_an_adapter_changes_how_it_speaks(tiny: Path, tmp_path: Path) -> None:
    made = Model(tiny)
    adapter = lora(tmp_path / "lora.gguf", width=64, layers=2)
    said = []
    for path in ("", str(adapter), str(adapter)):
        context = Context(made, SMALL, adapter=path)
        row = context.batch.add(np.arange(10, 40, dtype=np.int32), 0, 0, wanted=True)
        assert context.decode() is Outcome.DONE
        said.append(context.logits(row).copy())
        context.close()
    assert not np.allclose(said[0], said[1])
    assert np.array_equal(said[1], said[2])
    made.close()


def lora(path: Path, *, width: int, layers: int) -> Path:
    """An adapter with random weights for the queries of each layer."""
    dice = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, 16.0)
    for layer in range(layers):
        name = f"blk.{layer}.attn_q.weight"
        writer.add_tensor(f"{name}.lora_a", dice.standard_normal((4, width)).astype(np.float32))
        writer.add_tensor(f"{name}.lora_b", dice.standard_normal((width, 4)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_a_memory_that_cannot_be_had_is_said(tiny: Path) -> None:
    made = Model(tiny)
    with pytest.raises(ModelError, match="memory"):
        Context(made, Shape(cells=2**31, slots=2, threads=1, kv_type="f32", flash="off"))
    made.close()


def test_a_changed_file_has_another_fingerprint(tiny: Path, tmp_path: Path) -> None:
    raw = bytearray(tiny.read_bytes())
    raw[len(raw) // 2] ^= 1
    path = tmp_path / "changed.gguf"
    path.write_bytes(raw)
    assert fingerprint_of(path) != fingerprint_of(tiny) == fingerprint_of(tiny)


def test_a_batch_that_does_not_fit_changes_nothing(tiny: Path) -> None:
    made = Model(tiny)
    context = Context(made, SMALL)
    context.batch.add(np.arange(10, 410, dtype=np.int32) % 200, 0, 0, wanted=True)
    assert context.decode() is Outcome.DONE
    before = context.logits(context.batch.count - 1).copy()
    context.batch.clear()
    context.batch.add(np.arange(10, 210, dtype=np.int32), 1, 0, wanted=True)
    assert context.decode() is Outcome.FULL
    assert (context.held(0), context.held(1)) == (400, 0)
    context.drop(0)
    assert context.decode() is Outcome.DONE
    assert not np.array_equal(before, context.logits(context.batch.count - 1))
    context.close()
    made.close()


# --- a prompt as tokens ---


def test_a_growing_conversation_keeps_its_tokens(opened: Model) -> None:
    reading = Reading(opened)
    short = reading.prompt(prompt("Hello!", "Hi there.", "How are you?")).tokens
    grown = reading.prompt(prompt("Hello!", "Hi there.", "How are you?", "Fine.", "Good.")).tokens
    ends = len(reading.prompt(prompt("Hello!", "Hi there.", "How are you?")).tokens)
    alike = int(np.argmin(np.concatenate([short == grown[:ends], [False]])))
    assert alike >= len(reading.prompt(prompt("Hello!")).tokens) + 5


def test_the_stem_is_the_same_for_everybody(opened: Model) -> None:
    reading = Reading(opened)
    one = reading.prompt(prompt("Hello!", personal="Ana is a nurse."))
    other = reading.prompt(prompt("Good evening.", personal="Ben lives in Rome."))
    assert one.shared == other.shared > 20
    assert np.array_equal(one.tokens[: one.shared], other.tokens[: other.shared])
    assert b"Ana" not in b"".join(opened.piece(int(token)) for token in one.tokens[: one.shared])


def test_pieces_come_to_what_the_whole_would(opened: Model) -> None:
    """Read in pieces, the text is the same as read at once."""
    reading = Reading(opened)
    tokens = reading.prompt(prompt("Hello there, you!", "Hi.", "How are you?")).tokens
    text = spelled(opened, tokens)
    for line in ("Name: Maya", "Hello there, you!", "Hi.", "How are you?"):
        assert line in text
    assert "  How are you" not in text


def test_counting_is_what_the_prompt_costs(opened: Model) -> None:
    reading = Reading(opened)
    short, long = "Hello!", "Hello! I have been to the sea today."
    more = len(reading.prompt(prompt(long)).tokens) - len(reading.prompt(prompt(short)).tokens)
    assert more == reading.count(long) - reading.count(short)
    assert reading.count("") == 0


def test_every_prompt_begins_as_the_model_wants_it(opened: Model) -> None:
    tokens = Reading(opened).prompt(prompt("Hello!")).tokens
    if opened.begin is not None:
        assert tokens[0] == opened.begin
        assert tokens[1] != opened.begin
