"""The model files made for tests: llama.cpp takes them all, and what came before decides what comes next."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import gguf
import jinja2
import pytest

from benchmarks.gguf import SHAPES, write_gguf
from benchmarks.gguf_vocabulary import CHATML, THINKING
from tests.engine.models.llama.models import Model

llama_cpp = pytest.importorskip("llama_cpp")

TINY = [name for name in SHAPES if name.startswith("tiny")]
TEXT = "Hello there, what did you think about the lake? Straße, 22°C – fine ☕\n"

PROSE = """He had walked the whole way from the station because the last bus was gone, and now he stood in her doorway
with wet shoes and an apology. "You could have called," she said, and put the kettle on. They did not talk much. The
rain drew lines on the window, somebody upstairs practised scales, and the cat decided that his bag was hers. "I'll
bring you back in the morning," she promised. "What did the doctor say?" Nothing that he wanted to repeat yet."""


@contextmanager
def loaded(path: Path) -> Iterator[Any]:
    model = llama_cpp.Llama(str(path), n_ctx=512, n_threads=1, verbose=False)
    try:
        yield model
    finally:
        model.close()


def greedy(model: Any, text: str) -> str:
    reply = model.create_completion(text, max_tokens=16, temperature=0)
    return str(reply["choices"][0]["text"])


@pytest.mark.parametrize("shape", TINY)
def test_llama_cpp_takes_it_and_it_minds_what_came_before(model: Model, shape: str) -> None:
    with loaded(model(shape)) as taken:
        tokens = taken.tokenize(TEXT.encode(), add_bos=False, special=False)
        assert taken.detokenize(tokens).decode().lstrip() == TEXT
        replies = {
            greedy(taken, f"{beginning} likes tea") for beginning in ("Maya", "Noor", "My aunt", "Nobody")
        }
        assert len(replies) == 4


@pytest.mark.parametrize(
    ("shape", "recurrent", "hybrid", "window"),
    [
        ("tiny", False, False, 0),
        ("tiny-window", False, False, 32),
        ("tiny-recurrent", True, False, 0),
        ("tiny-hybrid", False, True, 0),
    ],
)
def test_what_its_memory_is_like(
    model: Model, shape: str, recurrent: bool, hybrid: bool, window: int
) -> None:
    with loaded(model(shape)) as taken:
        assert llama_cpp.llama_model_is_recurrent(taken.model) is recurrent
        assert llama_cpp.llama_model_is_hybrid(taken.model) is hybrid
        assert llama_cpp.llama_model_n_swa(taken.model) == window


@pytest.mark.parametrize("quant", ["F16", "BF16", "Q8_0", "Q4_0"])
def test_quantised(model: Model, quant: str) -> None:
    with loaded(model("tiny", quant)) as taken:
        assert greedy(taken, "Maya likes tea") != greedy(taken, "Noor likes tea")


def test_k_quants_as_large_as_the_real_ones(tmp_path: Path) -> None:
    """Blocks of 256 weights: what llama.cpp reads from them is neither nothing nor more than it can hold."""
    wide = replace(SHAPES["tiny"], width=256, feed_forward=256, strength=0.12)
    with loaded(write_gguf(tmp_path / "wide.gguf", wide, "Q4_K_M")) as taken:
        assert greedy(taken, "Maya likes tea") != greedy(taken, "Noor likes tea")
    with pytest.raises(ValueError, match="rows of 64 weights"):
        write_gguf(tmp_path / "narrow.gguf", SHAPES["tiny"], "Q4_K_M")


def test_the_same_file_wherever_it_is_made(tmp_path: Path) -> None:
    here, there, other = (tmp_path / name for name in ("here", "there", "other"))
    write_gguf(here, SHAPES["tiny"], "Q8_0")
    write_gguf(other, SHAPES["tiny"], "Q8_0", seed=2)
    command = [sys.executable, "-m", "benchmarks.gguf", "tiny", "Q8_0", str(there)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={"PYTHONHASHSEED": "7"})
    assert here.read_bytes() == there.read_bytes() != other.read_bytes()


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "model.gguf", SHAPES["tiny"], template="{{ messages }}")
    field = gguf.GGUFReader(path).get_field("tokenizer.chat_template")
    assert field is not None and field.contents() == "{{ messages }}"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_templates_are_templates(shape: Any) -> None:
    def refuse(words: str) -> None:
        raise jinja2.TemplateError(words)

    said = [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hi."}] * 2
    given = {
        "add_generation_prompt": True,
        "bos_token": "<s>",
        "eos_token": "</s>",
        "raise_exception": refuse,
    }
    template = jinja2.Environment(trim_blocks=True).from_string(shape.template)
    written = template.render(messages=said[:3], **given)
    assert written.count("Hello.") == 2 and written.count("Hi.") == 1
    instructed = [{"role": "system", "content": "You are Maya."}, *said[:3]]
    if shape.name == "tiny-window":
        with pytest.raises(jinja2.TemplateError, match="not supported"):
            template.render(messages=instructed, **given)
    else:
        assert "You are Maya." in template.render(messages=instructed, **given)


def test_a_thinking_model_begins_with_a_thought() -> None:
    assert THINKING != CHATML and "<think>" in THINKING


def test_english_takes_about_as_many_tokens_as_with_a_real_vocabulary(tmp_path: Path) -> None:
    """The largest vocabulary on the smallest model."""
    large = replace(SHAPES["tiny"], vocabulary=20_000, merges=16_000)
    with loaded(write_gguf(tmp_path / "words.gguf", large, "Q8_0")) as model:
        tokens = model.tokenize(PROSE.encode(), add_bos=False, special=False)
    assert 2.5 < len(PROSE) / len(tokens) < 5.0
