"""Where the line is drawn between a character and the others: arithmetic with known answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.images.identity.fit import FEWEST_OTHERS, FEWEST_OWN, fit, quantile
from engine.images.identity.gates import gates_of

USUAL = gates_of("arcface")  # accept 0.50, repair 0.35
scores = st.floats(-1, 1, allow_nan=False).map(lambda one: round(one, 4))


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 2.5), (1.0, 4.0), (0.1, 1.3), (0.25, 1.75)])
def test_a_quantile_lies_between_two_values(share: float, value: float) -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], share) == pytest.approx(value)


def test_many_pictures_that_are_apart_put_the_gate_between_them() -> None:
    # Own from 0.80 on, others up to 0.20: the middle is 0.50; forty pictures outweigh the usual gate's five.
    fitted = fit([0.8] * 40, [0.2] * 40, USUAL.model_copy(update={"accept": 0.3, "repair": 0.15}))
    assert fitted.apart
    # (0.5 · 40 + 0.3 · 5) / 45 = 0.4778, and it stays a quarter of the room (0.35 … 0.65) from both.
    assert fitted.accept == pytest.approx(0.4778, abs=1e-4)
    assert fitted.repair == pytest.approx(0.4778 - 0.15, abs=1e-4)
    assert fitted.wrong == 0.0


def test_few_pictures_move_the_usual_gate_only_a_little() -> None:
    few = fit([0.9] * 4, [0.3] * 4, USUAL)
    many = fit([0.9] * 400, [0.3] * 400, USUAL)
    # The middle is 0.60. (0.6 · 4 + 0.5 · 5) / 9, and (0.6 · 400 + 0.5 · 5) / 405.
    assert few.accept == pytest.approx(0.5444, abs=1e-4)
    assert many.accept == pytest.approx(0.5988, abs=1e-4)


def test_others_above_the_usual_gate_are_shut_out() -> None:
    fitted = fit([0.9] * 4, [0.7, 0.1, 0.1], USUAL)
    # Everything known of the others stays below both gates.
    assert fitted.apart
    assert fitted.accept == pytest.approx(0.7 + 0.25 * 0.2)
    assert fitted.repair == pytest.approx(0.7)


def test_one_bad_picture_of_ones_own_does_not_lower_the_gate() -> None:
    fitted = fit([0.05, *[0.8] * 39], [0.2] * 40, USUAL)
    assert fitted.apart
    assert fitted.accept > 0.45


def test_pictures_that_are_not_apart_are_cut_where_the_fewest_are_wrong() -> None:
    own, others = [0.4, 0.6, 0.7, 0.8], [0.1, 0.2, 0.3, 0.65]
    fitted = fit(own * 100, others * 100, USUAL)
    assert not fitted.apart
    # Between 0.3 and 0.4, between 0.4 and 0.6, or above 0.65: a quarter of one side is wrong in the best case.
    assert fitted.wrong == pytest.approx(0.25)
    assert fitted.repair <= fitted.accept


@given(
    own=st.lists(scores, min_size=FEWEST_OWN, max_size=12),
    others=st.lists(scores, min_size=FEWEST_OTHERS, max_size=12),
)
def test_gates_are_in_order_and_no_known_stranger_is_taken_where_they_are_apart(
    own: list[float], others: list[float]
) -> None:
    fitted = fit(own, others, USUAL)
    assert fitted.repair <= fitted.accept
    if fitted.apart:
        assert max(others) <= fitted.accept + 1e-4
        assert sum(one < fitted.accept - 1e-4 for one in own) <= len(own) * 0.1 + 1
    assert 0 <= fitted.wrong <= 1
