"""Samplers by name, for people and settings; data: samplers.toml. Renderers apply one before each render.

Reading the table imports nothing heavy: the bot may show it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.images.pipelines.facts import Facts

# How many similar names an unknown one is answered with, and how similar they have to be (difflib's ratio).
NEAR_MISSES = 3
LIKENESS = 0.4
# Schedules, of which at most one may be on.
_SCHEDULES = ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas")


class Sampler(BaseModel):
    """One way from noise to a picture; samplers.toml explains the keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    kind: Literal["noise", "flow"]
    scheduler: str
    arguments: Mapping[str, str | int | float | bool] = {}
    evaluations: int = 1
    scheduled: bool = False


@cache
def samplers() -> Mapping[str, Sampler]:
    """All samplers by name."""
    text = files(__package__).joinpath("samplers.toml").read_text(encoding="utf-8")
    return {entry["name"]: Sampler(**entry) for entry in tomllib.loads(text)["sampler"]}


def fitting(facts: Facts) -> tuple[str, ...]:
    """The samplers that a family can be rendered with; its own first."""
    if not facts.samplers:
        return ()
    kind = samplers()[facts.samplers[0]].kind
    others = (name for name, sampler in samplers().items() if sampler.kind == kind)
    return tuple(dict.fromkeys((*facts.samplers, *others)))


def choose(name: str, facts: Facts) -> Sampler:
    """The sampler of that name for a family; "" is the family's own. Raises InputError, with what is near."""
    fit = fitting(facts)
    if not name and fit:
        return samplers()[fit[0]]
    if name in fit:
        return samplers()[name]
    if name in samplers():
        raise InputError(f"The sampler “{name}” does not fit {facts.title}. {_near(name, fit)}")
    raise InputError(f"There is no sampler called “{name}”. {_near(name, fit)}")


def apply_sampler(pipe: Any, name: str, facts: Facts) -> None:
    """Let a diffusers pipeline sample so from now on. Raises InputError.

    A scheduler keeps what it knows of the last render, so each render gets a new one, made from the settings that
    came with the model: one sampler never leaves anything to the next.
    """
    sampler = choose(name, facts)
    own = _own(pipe)
    if sampler.scheduled:
        from engine.images.pipelines.diffusion.flow import scheduled

        pipe.scheduler = scheduled(sampler, own)
    else:
        pipe.scheduler = scheduler_class(sampler).from_config(own, **_arguments(sampler, own))


def scheduler_class(sampler: Sampler) -> Any:
    """Diffusers' class of a sampler."""
    import diffusers

    return getattr(diffusers, sampler.scheduler)


def _own(pipe: Any) -> Mapping[str, Any]:
    """The settings of the scheduler that came with the model."""
    if not hasattr(pipe, "own_schedule"):
        pipe.own_schedule = dict(pipe.scheduler.config)
    own: Mapping[str, Any] = pipe.own_schedule
    return own


def _arguments(sampler: Sampler, own: Mapping[str, Any]) -> dict[str, Any]:
    """What is changed. A schedule that the model came with is switched off: “Euler” is never Euler Karras."""
    off = {key: False for key in _SCHEDULES if own.get(key)}
    return {**off, **sampler.arguments}


def _near(name: str, fit: tuple[str, ...]) -> str:
    if not fit:
        return "It is not asked for one."
    near = get_close_matches(name, fit, NEAR_MISSES, LIKENESS) or fit[:NEAR_MISSES]
    return f"Near it: {', '.join(near)}."
