"""What a button carries comes back as the same command, within the limit, or with a sentence."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Call
from bot.surfaces.buttons import pack, unpack
from engine.errors import InputError, NotFoundError, SelfsameError

LIMIT = 64


class FakeCalls:
    """The store's tokens."""

    def __init__(self) -> None:
        self.kept: dict[str, Call] = {}

    async def keep(self, person_id: str, call: Call) -> str:
        token = f"{len(self.kept):016}"
        self.kept[token] = call
        return token

    async def recall(self, token: str) -> Call:
        try:
            return self.kept[token]
        except KeyError:
            raise NotFoundError("This button is too old.") from None


names = st.from_regex(r"[a-z][a-z_]{0,11}", fullmatch=True)
values = st.one_of(
    st.text(max_size=40),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.uuids().map(str),
    st.sampled_from(["~", "!1", "#3", "a&b=c?", "100%", " edge ", "|", "%41"]),
)
calls_ = st.builds(
    Call, names, st.dictionaries(st.one_of(names, st.text(min_size=1, max_size=8)), values, max_size=4)
)


@given(calls_)
def test_a_call_comes_back_as_it_was(call: Call) -> None:
    async def there_and_back() -> tuple[str, Call]:
        calls = FakeCalls()
        text = await pack(call, LIMIT, "p", calls)
        return text, await unpack(text, calls)

    text, back = asyncio.run(there_and_back())
    assert back == call
    assert [type(value) for value in back.options.values()] == [
        type(value) for value in call.options.values()
    ]
    assert len(text.encode()) <= LIMIT
    assert text == text.strip()


@given(st.text(max_size=64))
def test_any_text_is_a_call_or_a_sentence(text: str) -> None:
    async def read() -> Call | str:
        try:
            return await unpack(text, FakeCalls())
        except SelfsameError as error:
            return error.sentence

    assert asyncio.run(read())


async def test_the_buttons_under_a_picture_need_no_store() -> None:
    calls = FakeCalls()
    media = str(uuid.uuid4())
    for call in (Call("vary", {"media": media, "what": "outfit"}), Call("delete_picture", {"media": media})):
        assert await unpack(await pack(call, LIMIT, "p", calls), calls) == call
    assert not calls.kept


async def test_what_does_not_fit_is_kept() -> None:
    calls = FakeCalls()
    call = Call("talk", {"character": "noor", "say": "a" * 500})
    text = await pack(call, LIMIT, "p", calls)
    assert text.startswith("t:")
    assert await unpack(text, calls) == call
    with pytest.raises(NotFoundError, match="too old"):
        await unpack("t:nobody-has-this", calls)


@pytest.mark.parametrize(
    "text", ["", "c:", "x:talk", "talk", "c:talk?character", "c:talk?a=~short", "c:a?b=#x"]
)
async def test_what_is_not_ours_gets_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="/help"):
        await unpack(text, FakeCalls())
