"""`selfsame bench chat --quick`: the scenes run on the real engine, and what is free of timing holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import chat
from benchmarks.chatting.words import Reader, Writer, prompt
from engine.config import LlmConfig
from engine.errors import ModelError
from engine.models.llama.chat import open_llama
from tests.engine.models.llama.models import Model


@pytest.mark.slow
async def test_the_quick_benchmark_runs_and_says_what_it_left_out() -> None:
    result = await chat.run(quick=True, only=("talk", "deep"))
    assert {"throughput_vs_lock_8", "lag_p99_s", "ttft_vs_cold", "restore_vs_cold"} <= result[
        "figures"
    ].keys()
    assert all(figure["wall"] > 0 for figure in result["figures"].values())
    told = chat.table(result)
    assert "llama-server was not compared" in told and "quick" in told


@pytest.mark.parametrize("shape", ["tiny", "tiny-window", "tiny-thinking"])
async def test_the_peers_are_given_the_very_tokens_that_the_product_reads(model: Model, shape: str) -> None:
    path = model(shape)
    reader = Reader(path)
    writer = Writer(reader.count, seed=1)
    written = prompt(writer.text(60), (*writer.turns(200), writer.said(30)))
    config = LlmConfig(context_tokens=2048, kv_type="f32", flash_attention="off", slots=1)
    async with open_llama(config, path, parked=None) as ours:
        assert ours.prompt_tokens(written) == len(reader.ids(written))


async def test_a_file_that_is_no_model_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "odd.gguf").write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError):
        await chat.run(quick=True, model=str(tmp_path / "odd.gguf"), only=("talk",))
