"""`/create` on Telegram: what each button leads to, one question at a time, and a whole character made by pressing them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.messages import Advice, Call, FieldKind, OptionValue, Text, Wizard, WizardField
from bot.surfaces.telegram.post import Key, Post, read_data, write_data
from bot.surfaces.telegram.sheet import nobody_yet
from bot.surfaces.telegram.views import Views
from engine.errors import RenderError
from engine.types import JobStatus
from tests.bot.conftest import Guest, working
from tests.bot.surfaces.telegram.test_views import PERSON, FakeCalls, FakePictures, check, key_of, labels
from tests.bot.surfaces.web import views as samples


async def show(view: Wizard, look: str = "") -> Post:
    post = await Views(FakePictures()).wizard(view, PERSON, look)
    await check(post)
    return post


def act(action: str, step: str = "", **options: OptionValue) -> Call:
    where = {"step": step} if step else {}
    return Call("create", {"draft": "draft-1", "action": action, **where, **options})


SHOW = Call("create", {"draft": "draft-1"})


async def test_a_step_has_its_portrait_its_answers_and_the_coach() -> None:
    post = await show(samples.wizard("hair"))
    assert post.photo == "/data/portrait-draft-1.png"
    assert post.plain.startswith("3/7 · Hair and eyes\nWords become a face")
    assert "• Hair colour: Copper\n• Hair style: red hair\n○ Eyes (if you like)" in post.plain
    assert "💡 “Red hair” could be anyone." in post.plain
    assert key_of(post, "Use: ").call == act("accept", "hair", field="hair_style")
    assert key_of(post, "Next").call == act("answer", "hair")
    assert key_of(post, "Back").call == act("back", "hair")


async def test_what_is_open_comes_first_and_asks_at_once_where_there_is_nothing_to_choose() -> None:
    name = WizardField("name", "Name", FieldKind.LINE, "", example="Ines Okafor")
    age = WizardField("age", "Age", FieldKind.NUMBER, "34")
    post = await show(samples.wizard("identity", fields=(age, name), advice=()))
    first = post.keyboard[0][0]
    assert (first.label, first.call, first.look) == ("▶️ Name", SHOW, "a1")
    assert [label for label in labels(post) if "Name" in label] == ["▶️ Name"]


async def test_a_question_has_its_suggestions_with_their_colours() -> None:
    view = samples.wizard("hair", advice=())
    post = await show(view, "f0")
    assert key_of(post, "Silver").call == act("save", "hair", hair_colour="silver")
    assert key_of(post, "Silver").look == "g0"
    assert {"✅ Copper", "⚫ Black", "⚪ Silver"} <= set(labels(post))
    assert "For example: copper, shoulder-length waves" in post.plain
    assert key_of(post, "Write my own").look == "a0"
    assert key_of(post, "All questions").call == SHOW


async def test_many_suggestions_have_pages() -> None:
    field_ = samples.wizard_fields("hair")[0]
    many = replace(
        field_, choices=tuple(replace(field_.choices[0], value=f"v{n}", label=f"Nr {n}") for n in range(20))
    )
    view = samples.wizard("hair", fields=(many,), advice=())
    first = await show(view, "f0")
    second = await show(view, key_of(first, "More").look)
    assert "Nr 7" in "".join(labels(first))
    assert "Nr 8" in "".join(labels(second))
    assert key_of(second, "‹").look == "f0p0"


async def test_own_words_are_asked_for_by_a_message_to_reply_to() -> None:
    post = await show(samples.wizard("personality"), "a0")
    assert (post.expects, post.option, post.look) == (act("save", "personality"), "traits", "g0")
    assert post.force_reply == "Traits"
    assert "one a line" in post.plain
    assert "curious\nunhurried" in post.plain


async def test_an_answer_that_need_not_be_given_can_be_taken_back() -> None:
    optional = replace(samples.wizard_fields("hair")[1], required=False)
    post = await show(samples.wizard("hair", fields=(optional,), advice=()), "f0")
    assert key_of(post, "Leave it empty").call == act("save", "hair", hair_style="")
    required = replace(optional, required=True)
    assert "Leave it empty" not in labels(await show(samples.wizard("hair", fields=(required,)), "f0"))


async def test_after_an_answer_the_coach_speaks_or_the_next_open_question_comes() -> None:
    view = samples.wizard("hair", advice=())
    open_ = tuple(replace(one, required=True) for one in view.fields)
    objecting = (Advice("hair_colour", "Which red?", "copper"),)
    assert "○ Eyes" in (await show(view, "g0")).plain  # nothing required is open: the whole step again
    assert (await show(replace(view, fields=open_), "g0")).plain.startswith("3/7 · Eyes")
    again = await show(replace(view, fields=open_, advice=objecting), "g0")
    assert again.plain.startswith("3/7 · Hair colour")
    assert key_of(again, "Use: ").call == act("accept", "hair", field="hair_colour")


async def test_a_step_of_one_choice_goes_on_when_it_is_made() -> None:
    post = await show(samples.wizard("start"))
    assert key_of(post, "Best friend").call == act("answer", "start", archetype="friend")
    assert "Artist: Sees first, speaks later" in post.plain


@pytest.mark.parametrize(
    ("look", "words", "button", "call"),
    [
        ("d", "cannot be brought back", "Throw it away", act("discard")),
        ("z", "/characters", "Go on", SHOW),
        ("s", "All steps", "Story", act("goto", "story")),
    ],
)
async def test_leaving_and_jumping(look: str, words: str, button: str, call: Call) -> None:
    post = await show(samples.wizard("hair"), look)
    assert words in post.plain
    assert key_of(post, button).call == call


async def test_takes_are_waited_for_and_then_one_picture_to_choose_from(tmp_path: Path) -> None:
    waiting = await show(samples.wizard("takes", problems=()))
    assert (waiting.album, waiting.photo) == ((), "/data/portrait-draft-1.png")
    assert "Take 3 ▰▰▰▰▰▰▰▱▱▱: Painting the light" in waiting.plain
    assert "Another three" not in "".join(labels(waiting))
    ready = tuple(
        replace(take, media_id=f"face-{n}", progress=None) for n, take in enumerate(samples.takes())
    )
    view = samples.wizard("takes", takes=ready, problems=())
    post = await Views(FakePictures(folder=tmp_path)).wizard(view, PERSON)
    await check(post)
    assert (bool(post.drawn), post.photo, post.album) == (True, "", ())
    assert key_of(post, "3").call == act("choose", take="job-c")
    assert key_of(post, "Another three").call == act("takes")
    assert "Publish" not in "".join(labels(post))


async def test_a_take_that_failed_says_so() -> None:
    failed = replace(samples.takes()[2], progress=samples.progress("It did not work.", JobStatus.FAILED))
    post = await show(samples.wizard("takes", takes=(*samples.takes()[:2], failed), problems=()))
    assert "Take 3: It did not work." in post.plain
    assert [label for label in labels(post) if label[0].isdigit()] == ["1 ✅", "2"]


async def test_what_is_missing_has_a_button_to_its_step() -> None:
    steps = tuple((step, title, step != "story") for step, title in samples.STEPS)
    post = await show(samples.wizard("takes", takes=(), steps=steps, problems=("A backstory is missing.",)))
    assert "• A backstory is missing." in post.plain
    assert key_of(post, "▶️ Story").call == act("goto", "story")
    assert key_of(post, "Publish").call == act("publish")


async def test_a_published_character_can_be_talked_with() -> None:
    post = await show(samples.wizard("takes", character=samples.card()))
    assert post.photo == "/data/face-0.png"
    assert "Meet Maya Okonkwo" in post.plain
    assert key_of(post, "Talk with").call == Call("talk", {"character": "character-0"})


async def test_looks_that_cannot_be_drawn_yet_hold_nobody_up() -> None:
    class Undrawable(FakePictures):
        async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
            raise RenderError

    post = await Views(Undrawable()).wizard(samples.wizard("hair"), PERSON)
    assert (post.photo, post.drawn, post.plain[:4]) == ("", nobody_yet(), "3/7 ")
    assert not post.awaits


@pytest.mark.looptime
async def test_a_slow_portrait_holds_nobody_up_and_is_awaited() -> None:
    class Slow(FakePictures):
        async def portrait(self, draft_id: str, person_id: str) -> tuple[str, str]:
            await asyncio.sleep(60)
            return await super().portrait(draft_id, person_id)

    views, view = Views(Slow()), samples.wizard("hair")
    post = await views.wizard(view, PERSON)
    assert (post.photo, post.drawn, post.awaits) == ("", nobody_yet(), True)
    assert asyncio.get_running_loop().time() < 2
    late = await views.wizard(view, PERSON, patience=90)
    assert (late.photo, late.awaits) == ("/data/portrait-draft-1.png", False)
    again = await views.wizard(view, PERSON)  # other looks: the portrait of before stands there meanwhile
    assert (again.photo, again.awaits) == ("/data/portrait-draft-1.png", True)


# ---------------------------------------------------------------- all of it, with the product's own wizard


@dataclass
class Presser:
    """Presses buttons as they are shown, and replies to what is asked; nothing else is known to it."""

    guest: Guest
    post: Post | None = None
    calls: FakeCalls = field(default_factory=FakeCalls)

    async def _do(self, call: Call, look: str = "") -> Post:
        (outbound,) = await self.guest.call(call.name, **call.options)
        if isinstance(outbound, Text):
            raise AssertionError(outbound.text)
        views = Views(self.guest.house.pictures)
        self.post = await views.post(outbound, person_id=self.guest.origin.person_id, look=look)
        await check(self.post)
        return self.post

    async def begin(self) -> Post:
        return await self._do(Call("create"))

    async def press(self, label: str) -> Post:
        assert self.post is not None
        return await self._pressed(key_of(self.post, label))

    async def _pressed(self, key: Key) -> Post:
        data = await write_data(key, PERSON, self.calls)
        return await self._do(*await read_data(data, self.calls))

    async def reply(self, words: str) -> Post:
        assert self.post is not None and self.post.expects is not None, self.post
        call = self.post.expects
        return await self._do(Call(call.name, {**call.options, self.post.option: words}), self.post.look)


async def test_a_character_is_made_by_pressing_buttons(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, _):
        person = Presser(guest)
        await person.begin()
        await person.press("Best friend")
        asked = await person.press("Name")
        assert asked.force_reply
        assert "• Name: Wren Adeyemi" in (await person.reply("Wren Adeyemi")).plain
        for _ in range(12):  # what the archetype brings is shown, and advice that does not block is seen once
            assert person.post is not None
            if person.post.plain.startswith("8/8"):
                break
            await person.press("Next")
        await person.press("Make the takes")
        async with asyncio.timeout(60):
            while not person.post.drawn:
                await asyncio.sleep(0.05)
                await person.press("Steps")
                await person.press("Here again")
        await person.press("2")
        await person.press("Publish")
        assert person.post.plain.startswith("Meet Wren Adeyemi")
        assert person.post.photo
