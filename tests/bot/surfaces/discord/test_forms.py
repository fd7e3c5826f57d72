"""Clicks, choices and forms as Discord sends them → calls, whatever is in them and however old they are."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import Call
from bot.surfaces.discord.custom_id import AUTO, Way, read_id, write_id
from bot.surfaces.discord.forms import ANSWER, OWN, Click, OpenModal, open_modal, read_click, read_modal
from bot.surfaces.discord.layout import CUSTOM_ID, button, length, message, row
from engine.errors import InputError, NotFoundError, SelfsameError
from tests.bot.surfaces.discord.rules import check_modal
from tests.bot.surfaces.discord.shown import KeptCalls

PERSON = "0190b8a0-0000-7000-8000-000000000001"
DRAFT = "0190b8a0-1234-7000-8000-000000000002"

names = st.from_regex(r"[a-z_]{1,20}", fullmatch=True)
values = st.one_of(
    st.text(max_size=120), st.integers(-(10**9), 10**9), st.booleans(), st.uuids(version=4).map(str)
)
some_calls = st.builds(Call, names, st.dictionaries(names, values, max_size=4))
ways = st.builds(
    Way,
    page=st.integers(AUTO, 999),
    item=st.one_of(st.just(""), st.uuids(version=4).map(str), names),
    fills=st.one_of(st.just(""), names),
    opens=st.booleans(),
    asks=st.one_of(st.just(""), names),
    form=st.booleans(),
)


@pytest.fixture
def calls() -> KeptCalls:
    return KeptCalls()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=some_calls, way=ways)
async def test_what_an_id_carries_comes_back(calls: KeptCalls, call: Call, way: Way) -> None:
    custom_id = await write_id(call, way, PERSON, calls)
    assert await read_id(custom_id, calls) == (call, way)
    controls = [button(str(number), custom_id) for number in range(5)]
    message([row(*controls)])
    for control in controls:  # told apart, they still mean the same
        assert length(str(control["custom_id"])) <= CUSTOM_ID
        assert await read_id(str(control["custom_id"]), calls) == (call, way)


@given(
    data=st.fixed_dictionaries(
        {}, optional={"custom_id": st.text(max_size=100), "values": st.lists(st.text())}
    )
)
async def test_whatever_arrives_is_read_or_answered_by_a_sentence(data: dict[str, object]) -> None:
    calls = KeptCalls()
    for read in (read_click, read_modal):
        try:
            await read(data, calls)
        except SelfsameError as error:
            assert str(error).endswith(".")


async def test_a_button_whose_words_are_gone_says_so(calls: KeptCalls) -> None:
    with pytest.raises(NotFoundError):
        await read_click({"custom_id": "p2|t:nothing"}, calls)


async def test_a_menu_fills_its_option_and_keeps_its_page(calls: KeptCalls) -> None:
    custom_id = await write_id(
        Call("forget", {"character": "noor"}), Way(page=3, fills="fact"), PERSON, calls
    )
    click = await read_click({"custom_id": custom_id, "values": ["f-1"]}, calls)
    assert click == Click(Call("forget", {"character": "noor", "fact": "f-1"}), page=3)


@pytest.mark.parametrize("answer", ["own:", "v:", "v:v:", "p2|x", ""])
async def test_no_answer_is_taken_for_something_else(calls: KeptCalls, answer: str) -> None:
    call = Call("create", {"draft": DRAFT, "action": "save", "step": "outfit"})
    custom_id = await write_id(call, Way(fills="outfit"), PERSON, calls)
    click = await read_click({"custom_id": custom_id, "values": [ANSWER + answer]}, calls)
    assert isinstance(click, Click)
    assert click.call.options["outfit"] == answer
    assert isinstance(await read_click({"custom_id": custom_id, "values": [OWN]}, calls), OpenModal)


async def test_a_menu_without_a_choice_asks_for_one(calls: KeptCalls) -> None:
    custom_id = await write_id(Call("profile"), Way(fills="character"), PERSON, calls)
    with pytest.raises(InputError, match="Choose"):
        await read_click({"custom_id": custom_id, "values": []}, calls)


@pytest.mark.parametrize(("name", "option"), [("selfie", "scene"), ("memory", "query"), ("talk", "say")])
async def test_a_form_of_one_question_completes_its_call(calls: KeptCalls, name: str, option: str) -> None:
    custom_id = await write_id(Call(name, {"character": DRAFT}), Way(asks=option), PERSON, calls)
    opens = await read_click({"custom_id": custom_id}, calls)
    assert isinstance(opens, OpenModal)
    modal = await open_modal(opens, None, PERSON, calls)
    check_modal(modal)
    inputs = [{"type": 18, "component": {"type": 4, "custom_id": option, "value": "in the rain"}}]
    click = await read_modal({"custom_id": modal["custom_id"], "components": inputs}, calls)
    assert click.call == Call(name, {"character": DRAFT, option: "in the rain"})


async def test_answers_are_found_in_labels_in_rows_and_in_menus(calls: KeptCalls) -> None:
    custom_id = await write_id(Call("create", {"draft": DRAFT}), Way(page=1), PERSON, calls)
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "name", "value": "Wren"}},
        {"type": 1, "components": [{"type": 4, "custom_id": "age", "value": "34"}]},
        {"type": 18, "component": {"type": 3, "custom_id": "style", "values": ["anime"]}},
        {"type": 18, "component": {"type": 4, "custom_id": "tagline", "value": None}},
        {"type": 10, "content": "words"},
    ]
    click = await read_modal({"custom_id": custom_id, "components": components}, calls)
    answers = {"draft": DRAFT, "name": "Wren", "age": "34", "style": "anime", "tagline": ""}
    assert click == Click(Call("create", answers), page=1)
