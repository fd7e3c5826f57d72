"""What holds for every reply: how it is cut into pieces changes nothing, what was shown stays or is edited, in linear time."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from characters.character import Persona
from engine.chat.guard import Guard, Reviewed, Talk
from engine.models.port import Ending

MAYA = Persona(name="Maya Stone")
EARLIER = ("The kettle is on for you. Sit down.", "お茶を入れましたから、どうぞ座ってください。")
ENGLISH = ("How was your day? I was at the lake with my sister and it was very cold.",)
JAPANESE = ("今日は妹と湖に行きました。とても寒かったです。",)
TALKS = st.sampled_from(
    [
        Talk(MAYA, "Ann Lee", ("Bob", "Noor"), EARLIER, ENGLISH),
        Talk(MAYA, "Ann Lee", ("Bob", "Noor"), EARLIER, JAPANESE),
        Talk(MAYA, "", (), (), ()),
    ]
)
# Scraps of which bad replies are made, so that examples find the borders.
SCRAPS = (
    "Maya: |Maya Stone|Ann|Ann Lee|: |:|) |\n|\n\n| |**|*|_|[|]|(smiling)|You|You say|User|Bob|says|softly| smiles|<|<|im_start|>|assistant|"
    "<think>|</think>|</s>|<s>|[INST]|[1|<|channel|>final<|message|>|###|### Response:|Hello there.|The kettle is on|for you.|Sit down.|"
    'The kettle is on for you.|I love you |no |la la la |aaaaaaaaaaaaaaaaaaaaaaaaa|!!!|…|“|”|"|„|`|```|Das ist aber |nicht so schön, |'
    "und ich war heute |the lake |was I |今天我什么都没做|我爱你|お茶を入れましたから、|どうぞ座ってください。|Сегодня |😂😂😂|7:30|[10:32] |\x00|é|İ|ß"
).split("|")
REPLIES = st.one_of(
    st.text(max_size=120),
    st.lists(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=3)), max_size=40).map("".join),
)


def watch(talk: Talk, pieces: Sequence[str], ending: Ending, *, last: bool) -> tuple[str, Reviewed]:
    guard = Guard(talk, last=last)
    shown = ""
    for piece in pieces:
        if guard.ended:
            break  # as the turn does: the model is stopped
        shown += guard.feed(piece)
    return shown, guard.close(ending)


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TALKS, REPLIES, st.sampled_from(Ending), st.booleans(), st.data())
def test_how_a_reply_is_cut_into_pieces_changes_nothing(
    talk: Talk, reply: str, ending: Ending, last: bool, data: st.DataObject
) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(reply)), max_size=12).map(sorted))
    pieces = [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    _, whole = watch(talk, [reply], ending, last=last)
    _, cut = watch(talk, pieces, ending, last=last)
    _, letters = watch(talk, list(reply), ending, last=last)
    assert (whole.text, whole.fault) == (cut.text, cut.fault) == (letters.text, letters.fault)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TALKS, REPLIES, st.sampled_from(Ending), st.booleans())
def test_what_was_shown_is_the_beginning_of_the_text_or_the_text_is_an_edit(
    talk: Talk, reply: str, ending: Ending, last: bool
) -> None:
    shown, reviewed = watch(talk, list(reply), ending, last=last)
    if reviewed.fault is None and reviewed.text.startswith(shown):
        assert shown + reviewed.rest == reviewed.text
    else:
        assert not reviewed.rest
    assert not (last and reviewed.fault)
    assert (reviewed.fault is None) == (not reviewed.note)
    assert len(reviewed.text) <= len(reply) + 10  # only what closes something is added


@pytest.mark.parametrize(
    "scrap",
    [
        "I walked to the lake and sat down, and number {} of the ducks came by. ",
        "{} Ann\n",
        "<{}",
        "{}",
        "{}字",
        "{} *",
        " \n",
        "und {} der die das ",
    ],
)
@pytest.mark.parametrize(
    "talk", [Talk(MAYA, "Ann", ("Bob",), EARLIER * 10, said) for said in (ENGLISH, JAPANESE)]
)
def test_a_reply_ten_times_as_long_takes_about_ten_times_as_long(scrap: str, talk: Talk) -> None:
    """Thirty times at most: a quadratic guard would take a hundred times."""
    short, long = (
        "".join(scrap.format(number) for number in range(times * 120 // len(scrap))) for times in (10, 100)
    )
    assert _seconds(talk, long) <= 30 * _seconds(talk, short) + 0.01


def _seconds(talk: Talk, reply: str) -> float:
    best = float("inf")
    for _ in range(3):
        guard = Guard(talk)
        started = time.process_time()
        for at in range(0, len(reply), 3):
            guard.feed(reply[at : at + 3])
        guard.close(Ending.LENGTH)
        best = min(best, time.process_time() - started)
    return best
