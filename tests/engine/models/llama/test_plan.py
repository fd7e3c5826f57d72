"""engine/models/gguf.py and gpu.py against llama.cpp itself: what is planned is what it takes."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.models.choose import LEDGER, lay_out_model, open_model
from engine.models.gguf import read_facts
from engine.models.gpu import MOST_SEQS, SEQS_PER_SLOT, SPARE_SEQS
from engine.models.lease import VramLedger
from engine.models.llama import context
from engine.models.llama.library import library
from engine.models.machine import Device, Machine, look_around
from tests.engine.models.llama.models import Model
from tests.engine.models.llama.test_open import settings

TOKENS, SEQS = 4096, 64
BUFFER = re.compile(r"(KV|RS) buffer size = +([\d.]+) MiB")


def taken(path: Path) -> dict[str, float]:
    """MiB for keys and values and for running states, as llama.cpp says when it lays them out."""
    api, found = library().api, {"KV": 0.0, "RS": 0.0}

    @api.llama_log_callback  # type: ignore[untyped-decorator]
    def hear(level: int, text: bytes, _: object) -> None:
        if match := BUFFER.search(text.decode()):
            found[match[1]] += float(match[2])

    api.llama_log_set(hear, None)
    try:
        model = api.llama_model_load_from_file(str(path).encode(), api.llama_model_default_params())
        params = api.llama_context_default_params()
        params.n_ctx, params.n_seq_max = TOKENS, SEQS
        params.kv_unified = params.swa_full = True
        api.llama_free(api.llama_init_from_model(model, params))
        api.llama_model_free(model)
    finally:
        api.llama_log_set(library()._callback, None)
    return found


@pytest.mark.parametrize("shape", ["tiny", "tiny-window", "tiny-hybrid", "tiny-recurrent"])
def test_what_conversations_take_is_what_the_header_says(model: Model, shape: str) -> None:
    path = model(shape)
    facts, mib = read_facts(path), taken(path)
    assert TOKENS * sum(facts.kv_bytes("f16")) / 2**20 == pytest.approx(mib["KV"], abs=0.01)
    assert 4 * SEQS * sum(facts.state_width) / 2**20 == pytest.approx(mib["RS"], abs=0.01)


def test_as_many_states_are_planned_as_are_laid_out() -> None:
    assert (SEQS_PER_SLOT, SPARE_SEQS, MOST_SEQS) == (
        context.SEQS_PER_SLOT,
        context.SPARE_SEQS,
        context.MOST_SEQS,
    )


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Device:
    """A GPU that this machine only seems to have: llama.cpp without GPUs leaves the layers where they are."""
    device = Device("CUDA0", "Card", 7 << 30, 8 << 30)
    seen = replace(look_around(), devices=(device,))

    def look() -> Machine:
        return seen

    monkeypatch.setattr("engine.models.choose.look_around", look)
    return device


async def test_the_model_has_a_lease_while_it_is_open(tiny: Path, tmp_path: Path, card: Device) -> None:
    ledger = VramLedger(tmp_path / LEDGER)
    async with open_model(settings(tiny), tmp_path) as model:
        assert not model.name.startswith("storyteller")
        (row,) = ledger.rows()
        assert row.purpose == "language model"
        assert row.mib == lay_out_model(settings(tiny).llm, tmp_path).lease
        assert set(row.mib) == {card.name}
    assert ledger.rows() == ()
    async with open_model(settings(tiny, gpu_layers=0), tmp_path):
        assert ledger.rows() == ()


async def test_what_others_were_promised_is_theirs(
    tiny: Path,
    tmp_path: Path,
    card: Device,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger = VramLedger(tmp_path / LEDGER)
    all_of_it = {card.name: card.total >> 20}
    with ledger.take("pictures", all_of_it, all_of_it) as _:  # type: ignore[union-attr]
        laid = await asyncio.to_thread(lay_out_model, settings(tiny).llm, tmp_path, ledger)
        assert laid.offload.gpu_layers == 0
        # Whoever insists waits a little, and then is told.
        monkeypatch.setattr("engine.models.choose.LEASE_PATIENCE", 0.0)
        async with open_model(settings(tiny, gpu_layers=3), tmp_path) as model:
            assert model.name.startswith("storyteller")
    assert "The GPU's memory is promised to others (pictures)" in caplog.text


def test_a_model_that_is_too_large_for_the_card_stays_with_the_rest(
    tiny: Path, tmp_path: Path, card: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Machine(look_around().ram, 64 << 20, 2, (replace(card, free=1 << 20),))
    monkeypatch.setattr("engine.models.choose.look_around", lambda: small)
    assert lay_out_model(settings(tiny).llm, tmp_path).offload.gpu_layers == 0
    monkeypatch.setattr("engine.models.choose.look_around", lambda: replace(small, ram_free=1 << 20))
    with pytest.raises(ModelError, match="of main memory"):
        lay_out_model(settings(tiny).llm, tmp_path)
