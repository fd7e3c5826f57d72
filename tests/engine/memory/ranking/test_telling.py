"""How much a turn tells, whatever is asked."""

from __future__ import annotations

import pytest

from engine.memory.ranking.telling import telling


def test_who_tells_of_oneself_tells_more_than_who_speaks_of_the_other() -> None:
    told, nothing, praised = telling(["I took my sister along.", "It rained.", "You and your ideas!"])
    assert told.oneself > nothing.oneself == 0.0 > praised.oneself


@pytest.mark.parametrize("text", ["Ich war da.", "Yo estuve allí.", "J'ai dormi.", "Eu dormi."])
def test_oneself_is_known_in_every_language(text: str) -> None:
    assert telling([text])[0].oneself > 0


def test_names_and_numbers_inside_a_sentence_count() -> None:
    plain, named, numbered, shown = telling(
        ["Then we left. Nobody saw us.", "We left for Lisbon.", "We left at 7.", "We left, Émile and all."]
    )
    assert plain.names == 0.0
    assert named.names == numbered.names == shown.names > 0


def test_what_was_said_before_is_not_new_in_another_form_either() -> None:
    first, again, more = telling(["The ferry sank.", "Ferries sank", "A ferry and a lighthouse"])
    assert (first.new, again.new, more.new) == (1.0, 0.0, 0.5)


def test_nothing_is_told_without_words() -> None:
    (empty,) = telling([""])
    assert (empty.oneself, empty.names, empty.new) == (0.0, 0.0, 0.0)
