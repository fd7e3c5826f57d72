"""Ratios, aims and clocks of `selfsame bench chat`."""

from __future__ import annotations

import math

import pytest

from benchmarks.chatting.clock import Time
from benchmarks.chatting.figures import BURST, Aim, figures, line, spans
from benchmarks.chatting.scenes import Round

QUIET, LOUD = Time(0.02, 0.02), Time(0.6, 0.6)
FASTER = Aim("faster", "ours against theirs", "theirs", "ours", 2.0, at_least=True)


def _round(others: Time = QUIET, **times: tuple[float, float]) -> Round:
    return {name.replace("_", " "): Time(*both) for name, both in times.items()} | {"others": others}


def test_a_figure_is_the_median_of_the_rounds_ratios() -> None:
    rounds = [_round(ours=(1, 2), theirs=(times, 2 * times)) for times in (1.0, 9.0, 3.0)]
    (figure,) = figures([FASTER], rounds)
    assert (figure.wall, figure.cpu, figure.clock, figure.met) == (3.0, 3.0, "wall", True)


def test_where_others_kept_the_machine_busy_the_processors_time_counts() -> None:
    rounds = [_round(LOUD, ours=(1, 1), theirs=(9, 1.5))]
    (figure,) = figures([FASTER], rounds)
    assert (figure.value, figure.met) == (1.5, False)


def test_the_better_of_the_servers_ways_is_the_one_to_beat() -> None:
    rounds = [
        _round(**{"ours first": (1, 2), "server unified first": (16, 30), "server streams first": (10, 18)}),
        # The slower one is not played again: it does not decide anything any more.
        _round(**{"ours first": (1, 2), "server streams first": (10, 18)}),
    ]
    (figure,) = figures(BURST[:1], rounds)
    assert figure.wall == pytest.approx(1 / 10)
    assert figure.met


def test_without_a_peer_there_is_no_figure() -> None:
    assert figures(BURST, [_round(**{"ours first": (1, 2), "ours whole": (1, 2)})]) == []


def test_a_server_whose_processor_cannot_be_read_is_measured_by_the_wall() -> None:
    rounds = [_round(LOUD, **{"ours first": (1, 2), "server there first": (16, math.nan)})]
    (figure,) = figures(BURST[:1], rounds)
    assert (figure.clock, figure.value) == ("wall", 1 / 16)
    told = figure.told()
    assert told["cpu"] is None
    assert "–" in line(told)
    assert spans(rounds)["server there first"] == [16, None]


def test_a_figure_that_misses_its_aim_says_so() -> None:
    (figure,) = figures([FASTER], [_round(ours=(1, 1), theirs=(1, 1))])
    assert line(figure.told()).endswith("missed")
