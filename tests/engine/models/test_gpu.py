"""engine/models/gpu.py: what goes where, as a table over cards and models of known shapes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ModelError
from engine.models.gguf import ModelFacts
from engine.models.gpu import CELLS, GPU_RESERVE, Wish, plan_offload
from engine.models.machine import Device, Machine
from tests.engine.models.ggufs import shape

GB = 10**9
# Gigabytes as on the hub, layers, heads × width of keys and values, width: Qwen3 in Q4_K_M, Llama 3.3.
SMALL = shape(gigabytes=2.5, layers=36, kv=2048, width=2560)
MIDDLE = shape(gigabytes=5.03, layers=36, kv=2048, width=4096)
LARGE = shape(gigabytes=19.76, layers=64, kv=2048, width=5120)
HUGE = shape(gigabytes=42.52, layers=80, kv=2048, width=8192, vocabulary=128_256)


def machine(ram: float, *cards: float, shared: bool = False) -> Machine:
    """Gigabytes that are free; a card has a twentieth in use."""
    devices = tuple(
        Device(f"CUDA{at}", "Card", int(card * GB * 0.95), int(card * GB), shared)
        for at, card in enumerate(cards)
    )
    return Machine(int(ram * GB * 1.2), int(ram * GB), 8, devices)


@pytest.mark.parametrize(
    ("facts", "has", "layers", "tokens"),
    [
        (SMALL, machine(6.5), 0, 10_240),  # half of what is left in main memory, at 147 KB a token
        (MIDDLE, machine(28), 0, 65_536),
        (SMALL, machine(14, 8), 37, 27_904),
        (MIDDLE, machine(14, 8), 37, 11_520),
        (MIDDLE, machine(28, 24), 37, 65_536),
        (LARGE, machine(28, 24), 65, 8448),
        (LARGE, machine(60, 80), 65, 65_536),
        (HUGE, machine(60, 24), 39, 8448),  # half of it; the rest computes in main memory
        (HUGE, machine(60, 24, 24), 78, 8448),
        (HUGE, machine(60, 80), 81, 65_536),
    ],
)
def test_the_table(facts: ModelFacts, has: Machine, layers: int, tokens: int) -> None:
    offload = plan_offload(facts, Wish(), has)
    assert (offload.gpu_layers, offload.kv_tokens) == (layers, tokens)
    assert offload.gpu_bytes <= max(has.vram_free - len(has.devices) * GPU_RESERVE, 0)
    assert offload.ram_bytes <= has.ram_free


def test_what_does_not_fit_is_a_sentence_with_figures() -> None:
    with pytest.raises(
        ModelError, match=r"needs 4\d\.\d GB of main memory with 8,192 tokens.*28\.0 GB of 33\.6"
    ):
        plan_offload(HUGE, Wish(), machine(28))


def test_a_smaller_context_is_a_way_out() -> None:
    has = machine(5.6)
    with pytest.raises(ModelError, match=r"smaller llm\.context_tokens"):
        plan_offload(MIDDLE, Wish(), has)
    assert plan_offload(MIDDLE, Wish(context_tokens=512), has).kv_tokens == 512


def test_what_the_settings_say_is_done() -> None:
    has = machine(28, 24)
    assert plan_offload(MIDDLE, Wish(gpu_layers=0), has).gpu_bytes == 0
    assert plan_offload(MIDDLE, Wish(gpu_layers=10), has).gpu_layers == 10
    assert plan_offload(MIDDLE, Wish(gpu_layers=1000), has).gpu_layers == 37
    assert plan_offload(MIDDLE, Wish(kv_tokens=10_000), has).kv_tokens == 10_000
    assert plan_offload(MIDDLE, Wish(gpu_layers=10), machine(28)).gpu_layers == 0  # no card


def test_half_as_exact_a_memory_holds_nearly_twice_as_many_tokens() -> None:
    has = machine(14, 8)
    exact, half = (plan_offload(SMALL, Wish(kv_type=kind), has).kv_tokens for kind in ("f16", "q8_0"))
    assert 1.8 * exact < half < 1.95 * exact


def test_memory_that_a_gpu_shares_counts_once() -> None:
    has = machine(28, 28, shared=True)
    assert plan_offload(LARGE, Wish(), has).gpu_layers == 65
    with pytest.raises(ModelError):
        plan_offload(LARGE, Wish(), replace(has, ram_free=20 * GB))


def test_a_model_is_not_given_more_than_it_was_made_for() -> None:
    facts = replace(SMALL, context=4096)
    assert plan_offload(facts, Wish(slots=2), machine(28, 24)).kv_tokens == 2 * 4096


@given(
    facts=st.sampled_from([SMALL, MIDDLE, LARGE, HUGE]),
    ram=st.floats(1, 200),
    cards=st.lists(st.floats(1, 100), max_size=3),
    context=st.integers(512, 40_960),
    slots=st.integers(1, 32),
)
def test_a_plan_fits_and_more_memory_never_gives_less(
    facts: ModelFacts, ram: float, cards: list[float], context: int, slots: int
) -> None:
    wish = Wish(context_tokens=context, slots=slots)
    has = machine(ram, *cards)
    try:
        offload = plan_offload(facts, wish, has)
    except ModelError:
        return
    assert context <= offload.kv_tokens <= slots * context
    assert offload.kv_tokens in (context, slots * context) or offload.kv_tokens % CELLS == 0
    assert offload.ram_bytes <= has.ram_free
    assert offload.gpu_bytes <= max(has.vram_free - len(cards) * GPU_RESERVE, 0)
    more = plan_offload(facts, wish, machine(ram * 2, *(card * 2 for card in cards)))
    assert more.gpu_layers >= offload.gpu_layers
