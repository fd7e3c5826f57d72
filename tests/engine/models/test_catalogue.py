"""engine/models/catalogue.py: what is recommended for which machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.models.catalogue import Fit, catalogue, find_entry, prospects, recommend
from engine.models.download import source
from engine.models.gpu import Wish
from engine.models.machine import Device, Machine

GB = 10**9
PLENTY = 1000 * GB


def machine(ram: float, *cards: float) -> Machine:
    """Gigabytes that the machine has; the system has a gigabyte and a half in use, and a card a twentieth."""
    devices = tuple(
        Device(f"CUDA{at}", "Card", int(card * GB * 0.95), int(card * GB)) for at, card in enumerate(cards)
    )
    return Machine(int(ram * GB), int((ram - 1.5) * GB), 8, devices)


@pytest.mark.parametrize(
    ("has", "name", "fit"),
    [
        (machine(4), None, None),
        (machine(6), "qwen3-1.7b", Fit.RAM),
        (machine(8), "qwen3-4b", Fit.RAM),
        (machine(16), "qwen3-8b", Fit.RAM),
        (machine(32), "qwen3-30b-a3b", Fit.RAM),
        (machine(16, 8), "qwen3-8b", Fit.GPU),
        (machine(32, 12), "mistral-nemo-12b", Fit.GPU),
        (machine(32, 16), "qwen3-14b", Fit.GPU),
        (machine(32, 24), "mistral-small-24b", Fit.GPU),
        (machine(64, 24, 24), "qwen3-32b", Fit.GPU),
        (machine(128, 80), "qwen3-32b", Fit.GPU),
    ],
)
def test_the_recommendation(has: Machine, name: str | None, fit: Fit | None) -> None:
    found = recommend(prospects(has, Wish()), PLENTY)
    assert (found and found.entry.name, found and found.fit) == (name, fit)


def test_what_does_not_fit_on_the_disk_is_not_recommended() -> None:
    found = recommend(prospects(machine(32, 24), Wish()), 6 * GB)
    assert found
    assert found.entry.name == "qwen3-8b"


def test_other_terms_are_never_recommended_but_can_be_had() -> None:
    terms = {entry.name: entry.terms for entry in catalogue() if entry.terms != "open"}
    assert terms == {"aya-expanse-8b": "non-commercial", "llama-3.3-70b": "its own terms"}
    for ram, card in ((8, 0), (16, 8), (64, 48), (128, 80)):
        found = recommend(prospects(machine(ram, *([card] if card else [])), Wish()), PLENTY)
        assert found is None or found.entry.terms == "open"


def test_a_large_model_runs_in_part_or_slowly_and_says_so() -> None:
    fits = {one.entry.name: one.fit for one in prospects(machine(64, 24), Wish())}
    assert fits["llama-3.3-70b"] is Fit.PARTLY
    assert {one.entry.name: one.fit for one in prospects(machine(64), Wish())}["qwen3-32b"] is Fit.SLOWLY
    assert {one.entry.name: one.fit for one in prospects(machine(8), Wish())}["qwen3-32b"] is Fit.NOT


def test_every_entry_can_be_named_and_fetched() -> None:
    names = [entry.name for entry in catalogue()]
    assert len(set(names)) == len(names)
    for entry in catalogue():
        assert find_entry(entry.name) is find_entry(entry.title) is entry
        assert source(entry.hub_name).repo == entry.repo
        assert entry.quant in entry.file


def test_sizes_agree_with_the_shapes() -> None:
    """Bits for each weight, by counting the weights of the shape: what its quantisation takes, within a tenth."""
    bits = {"Q4_K_M": 4.9, "Q8_0": 8.5}
    for entry in catalogue():
        shape = entry.shape
        if entry.reads < entry.gigabytes:
            continue  # experts: the widest layer says nothing about their number
        attention = shape.width * (2 * shape.width + shape.kept)
        weights = shape.layers * (attention + 3 * shape.width * shape.inner)
        words = shape.vocabulary * shape.width
        most = (weights + (1 if shape.tied else 2) * words) * bits[entry.quant] / 8
        assert 0.85 * most < entry.size < 1.1 * most, entry.name


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"It has: qwen3-1\.7b.*--from"):
        find_entry("gpt-2")


def test_the_manual_has_the_same_figures() -> None:
    manual = (Path(__file__).parents[3] / "docs/models.md").read_text(encoding="utf-8")
    for one in prospects(machine(200), Wish()):
        assert one.least
        kept = round(sum(one.entry.facts.kv_bytes("f16")) / 1000)
        memory = f"{one.least.ram_bytes / 1e9:.1f} GB"
        row = rf"\| `{re.escape(one.entry.name)}` \| {one.entry.gigabytes:.1f} GB \| {one.entry.licence}.* \| {kept} \| {memory} \|"
        assert re.search(row, manual), row


@pytest.mark.parametrize(
    ("has", "row"),
    [
        (machine(8), r"8 GB of memory, no GPU"),
        (machine(16), r"16 GB, no GPU"),
        (machine(16, 8), r"GPU with 8 GB"),
        (machine(32, 12), r"GPU with 12 GB"),
        (machine(32, 16), r"GPU with 16 GB"),
        (machine(32, 24), r"GPU with 24 GB"),
        (machine(64, 24, 24), r"2 × 24 GB, or 48 GB"),
    ],
)
def test_the_manual_recommends_the_same(has: Machine, row: str) -> None:
    manual = (Path(__file__).parents[3] / "docs/models.md").read_text(encoding="utf-8")
    found = recommend(prospects(has, Wish()), PLENTY)
    assert found
    assert found.most
    assert re.search(
        rf"\| {row} \| `{re.escape(found.entry.name)}` \| .*room for {found.most.kv_tokens:,} tokens", manual
    )
