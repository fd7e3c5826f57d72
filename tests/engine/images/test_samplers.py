"""Samplers by name: a table as data, and sentences for names that are not in it. Nothing heavy is imported."""

from __future__ import annotations

import pytest

from engine.errors import InputError
from engine.images.pipelines.diffusion.samplers import choose, fitting, samplers
from engine.images.pipelines.facts import facts_of, families

SDXL = facts_of("sdxl")
KLEIN = facts_of("klein")


def test_every_sampler_that_a_family_names_is_in_the_table() -> None:
    for facts in families().values():
        assert set(facts.samplers) <= set(samplers())


def test_all_samplers_of_a_family_are_of_one_kind() -> None:
    for facts in families().values():
        assert len({samplers()[name].kind for name in fitting(facts)}) <= 1


def test_no_two_samplers_are_the_same() -> None:
    entries = list(samplers().values())
    ways = {(entry.scheduler, tuple(sorted(entry.arguments.items())), entry.kind) for entry in entries}
    assert len(ways) == len(entries)


def test_no_name_means_the_familys_own() -> None:
    assert choose("", SDXL).name == "dpm++-2m-karras"
    assert choose("", KLEIN).name == "flow-euler"


def test_an_unknown_name_is_answered_with_what_is_near() -> None:
    with pytest.raises(InputError, match=r"no sampler called “dpm\+\+-2n-karras”.*dpm\+\+-2m-karras"):
        choose("dpm++-2n-karras", SDXL)


def test_a_name_that_resembles_nothing_is_answered_with_the_familys_first_ones() -> None:
    with pytest.raises(InputError, match="Near it: flow-euler, "):
        choose("§", KLEIN)


def test_a_sampler_of_the_other_kind_is_refused_with_those_that_fit() -> None:
    with pytest.raises(InputError, match=r"“euler” does not fit FLUX.2 klein 4B\. Near it: flow-euler"):
        choose("euler", KLEIN)
    with pytest.raises(InputError, match="“flow-heun” does not fit SDXL with IP-Adapter"):
        choose("flow-heun", SDXL)


def test_a_family_that_samples_elsewhere_takes_no_name() -> None:
    with pytest.raises(InputError, match="It is not asked for one"):
        choose("euler", facts_of("comfyui"))
