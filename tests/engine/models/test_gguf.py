"""engine/models/gguf.py: what a header says, and what is wrong with a file that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ModelError
from engine.models.gguf import must_be_adapter, read_facts
from tests.engine.models.ggufs import F32, Values, model, weights, write_gguf

Q4_LAYER = 256 * 1024 // 256 * 144


def test_facts_of_a_chat_model(tmp_path: Path) -> None:
    path = write_gguf(
        tmp_path / "m.gguf", model(tokenizer__chat_template="{{ x }}", general__license="mit"), weights()
    )
    facts = read_facts(path)
    assert (facts.title, facts.architecture, facts.context) == ("Test Model Q4_K_M", "llama", 4096)
    assert facts.layer_bytes == (Q4_LAYER,) * 4
    assert facts.input_bytes == 256 * 512 * 4
    assert facts.output_bytes == 512 * 144 + 256 * 4
    assert not facts.tied
    assert facts.kv_width == (256,) * 4  # 2 heads of 64 numbers, keys and values
    assert facts.kv_bytes("f16") == (512.0,) * 4
    assert facts.kv_bytes("q8_0") == (272.0,) * 4
    assert (facts.vocabulary, facts.template, facts.licence) == (3, True, "mit")
    assert facts.file_bytes == path.stat().st_size


def test_without_output_weights_the_embeddings_do_their_work(tmp_path: Path) -> None:
    tensors = weights()
    del tensors["output.weight"]
    assert read_facts(write_gguf(tmp_path / "m.gguf", model(), tensors)).tied


@pytest.mark.parametrize(
    ("more", "width"),
    [
        ({"llama__attention__key_length": 96, "llama__attention__value_length": 32}, (256,) * 4),
        ({"llama__attention__head_count_kv": [2, 0, 2, 0]}, (256, 0, 256, 0)),
        ({"llama__full_attention_interval": 4}, (0, 0, 0, 256)),
        ({"llama__attention__kv_lora_rank": 512, "llama__rope__dimension_count": 64}, (576,) * 4),
    ],
)
def test_what_a_token_takes_in_each_layer(
    tmp_path: Path, more: dict[str, int | str | list[int]], width: tuple[int, ...]
) -> None:
    assert read_facts(write_gguf(tmp_path / "m.gguf", model(**more), weights())).kv_width == width


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (model(general__type="adapter"), "llm.adapter"),
        (model(arch="clip"), "the eye of a model"),
        ({"general.architecture": "llama"}, "no language model"),
        ({"general.name": "nothing"}, "no language model"),
    ],
)
def test_other_ggufs_are_named(tmp_path: Path, values: Values, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        read_facts(write_gguf(tmp_path / "m.gguf", values, {"a": ((32,), F32)}))


def test_an_adapter_must_be_one_for_the_model(tmp_path: Path) -> None:
    facts = read_facts(write_gguf(tmp_path / "m.gguf", model(), weights()))
    lora = {"general.architecture": "llama", "general.type": "adapter"}
    must_be_adapter(write_gguf(tmp_path / "l.gguf", lora, {"a": ((32,), F32)}), facts)
    other = write_gguf(tmp_path / "o.gguf", {**lora, "general.architecture": "qwen3"}, {"a": ((32,), F32)})
    for wrong in (other, tmp_path / "m.gguf", tmp_path / "gone.gguf"):
        with pytest.raises(ModelError, match=r"llm\.adapter"):
            must_be_adapter(wrong, facts)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no file"):
        read_facts(tmp_path / "gone.gguf")


def test_another_kind_of_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"<!DOCTYPE html><title>Not found</title>")
    with pytest.raises(ModelError, match="is not a GGUF file"):
        read_facts(tmp_path / "m.gguf")


def test_a_file_that_lacks_its_last_byte_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not whole"):
        read_facts(write_gguf(tmp_path / "m.gguf", model(), weights(), cut=33))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_header_that_breaks_off_or_is_damaged_does_harm(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = write_gguf(tmp_path_factory.mktemp("g") / "m.gguf", model(), weights())
    whole = bytearray(path.read_bytes()[:1200])
    damaged = data.draw(st.booleans())
    if damaged:
        for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
            whole[at] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with pytest.raises(ModelError):  # the weights are missing in any case
        read_facts(path)


def test_all_parts_count(tmp_path: Path) -> None:
    first = write_gguf(tmp_path / "m-00001-of-00002.gguf", model(), {"token_embd.weight": ((256, 512), F32)})
    inside = {name: tensor for name, tensor in weights().items() if name.startswith("blk")}
    with pytest.raises(ModelError, match=r"m-00002-of-00002\.gguf is not beside it"):
        read_facts(first)
    second = write_gguf(tmp_path / "m-00002-of-00002.gguf", {"split.no": 1}, inside)
    facts = read_facts(first)
    assert facts.layer_bytes == (Q4_LAYER,) * 4
    assert facts.file_bytes == first.stat().st_size + second.stat().st_size
