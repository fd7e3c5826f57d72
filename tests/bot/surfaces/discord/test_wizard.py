"""The wizard on Discord: every step is something Discord takes, and every control does what it says, without memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.messages import Advice, Call, Choice, FieldKind, Take, Wizard, WizardField
from bot.surfaces.discord.custom_id import AUTO
from bot.surfaces.discord.forms import Click, OpenModal, open_modal, read_click, read_modal
from bot.surfaces.discord.post import Post
from bot.surfaces.discord.views import Views
from bot.wizard.steps import STEPS
from engine.errors import InputError
from tests.bot.conftest import Guest
from tests.bot.surfaces.discord.rules import check_modal, check_post
from tests.bot.surfaces.discord.shown import KeptCalls, StillPictures, button, chosen, menus, pieces, words
from tests.bot.surfaces.web import views as examples

PERSON = "0190b8a0-0000-7000-8000-000000000001"
DRAFT = "0190b8a0-1234-7000-8000-000000000002"


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> StillPictures:
    path = tmp_path_factory.mktemp("pictures") / "face.png"
    Image.new("RGB", (64, 64), "#884422").save(path)
    return StillPictures(path)


@pytest.fixture
def calls() -> KeptCalls:
    return KeptCalls()


@pytest.fixture
def views(face: StillPictures, calls: KeptCalls) -> Views:
    return Views(face, calls)


def step(name: str, **changes: object) -> Wizard:
    """A real step of the wizard, with nothing answered."""
    index = next(number for number, one in enumerate(STEPS) if one.id == name)
    fields = tuple(
        WizardField(
            one.name, one.label, one.kind, "", one.help, one.example,
            one.choices if isinstance(one.choices, tuple) else (Choice("artist", "Artist", "Sees first"),),
            one.required, one.max_length,
        )
        for one in STEPS[index].fields
    )  # fmt: skip
    view = Wizard(
        draft_id=DRAFT, step=name, title=STEPS[index].title, intro=STEPS[index].intro, index=index,
        total=len(STEPS), steps=tuple((one.id, one.title, False) for one in STEPS), fields=fields,
        portrait="abc123", can_go_back=index > 0,
    )  # fmt: skip
    return replace(view, **changes)  # type: ignore[arg-type]


def advised(view: Wizard, *, blocking: bool = False) -> Wizard:
    """The same with advice on every field, two for each."""
    advice = [
        Advice(field.name, f"Say more about {field.label}. " * 9, f"stronger {field.name} " * 9, blocking)
        for field in view.fields
    ]
    return replace(view, advice=tuple(advice * 2))


# ---------------------------------------------------------------- Discord takes it


@pytest.mark.parametrize("one", STEPS, ids=lambda one: one.id)
async def test_discord_takes_every_page_of_every_step(views: Views, calls: KeptCalls, one: object) -> None:
    view = step(one.id)  # type: ignore[attr-defined]
    for shown in (view, advised(view), replace(view, problems=("A name is missing.",) * 20)):
        for page in range(-1, 4):
            for item in ("", "discard", "later"):
                check_post(await views.post(shown, person_id=PERSON, page=page, item=item))
    assert not calls.kept, "the wizard's own buttons carry all that they need"


text = st.one_of(
    st.sampled_from(("", "@everyone **x**", "wide " * 900, "👩‍👩‍👧‍👦" * 90, "\u202eabc")),
    st.text(max_size=90),
)
fields = st.builds(
    WizardField,
    name=st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    label=text,
    kind=st.sampled_from(FieldKind),
    value=text,
    help=text,
    example=text,
    choices=st.lists(st.builds(Choice, text, text, text, st.just("#aa5500")), max_size=40).map(tuple),
    required=st.booleans(),
    max_length=st.integers(0, 9000),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(fields, max_size=17, unique_by=lambda one: one.name),
    anything=text, page=st.integers(-1, 5), takes=st.booleans(),
)  # fmt: skip
async def test_discord_takes_whatever_is_asked_and_answered(
    views: Views, calls: KeptCalls, asked: list[WizardField], anything: str, page: int, takes: bool
) -> None:
    view = examples.wizard("takes" if takes else "hair", anything, fields=tuple(asked))
    view = replace(advised(view), problems=(anything,) * 12)
    post = await views.post(view, person_id=PERSON, page=page)
    check_post(post)
    for piece in (*pieces(post, 2), *pieces(post, 3)):
        values = [piece["options"][-1]["value"]] if "options" in piece else []
        click = await read_click({"custom_id": piece["custom_id"], "values": values}, calls)
        if isinstance(click, OpenModal):
            check_modal(await open_modal(click, view, PERSON, calls))


# ---------------------------------------------------------------- answering


async def test_a_choice_is_saved_and_its_page_stays(views: Views, calls: KeptCalls) -> None:
    post = await views.post(step("looks"), person_id=PERSON, page=1)
    click = await read_click(chosen(post, "Choose one, or write", "warm tan"), calls)
    saving = {"draft": DRAFT, "action": "save", "step": "looks", "skin_tone": "warm tan"}
    assert click == Click(Call("create", saving), page=1)


async def test_a_step_that_is_one_choice_is_answered_by_it(views: Views, calls: KeptCalls) -> None:
    post = await views.post(step("archetype"), person_id=PERSON)
    click = await read_click(chosen(post, "Choose one …", "Artist"), calls)
    assert click == Click(
        Call("create", {"draft": DRAFT, "action": "answer", "step": "archetype", "archetype": "artist"})
    )


async def test_ones_own_words_are_written_into_a_form(views: Views, calls: KeptCalls) -> None:
    view = step("outfit")
    view = replace(view, fields=(replace(view.fields[0], value="a red scarf"),))
    post = await views.post(view, person_id=PERSON)
    opens = await read_click(chosen(post, "Choose another, or write", "Write my own"), calls)
    assert isinstance(opens, OpenModal)
    assert opens.ask == Call("create", {"draft": DRAFT})
    modal = await open_modal(opens, view, PERSON, calls)
    check_modal(modal)
    control = modal["components"][0]["component"]  # type: ignore[index]
    assert control["value"] == "a red scarf"
    assert modal["title"] == "Default outfit"


async def test_a_form_asks_what_is_written_on_its_page_and_its_answers_are_saved(
    views: Views, calls: KeptCalls
) -> None:
    view = step("who")
    post = await views.post(view, person_id=PERSON)
    opens = await read_click(button(post, "Write: name, age, in one line"), calls)
    assert isinstance(opens, OpenModal)
    modal = await open_modal(opens, view, PERSON, calls)
    check_modal(modal)
    names = [piece["component"]["custom_id"] for piece in modal["components"]]  # type: ignore[attr-defined]
    assert names == ["name", "age", "tagline"]
    sent = {"custom_id": modal["custom_id"], "components": submitted(name="Wren", age="34", tagline="")}
    saving = {"draft": DRAFT, "action": "save", "step": "who", "name": "Wren", "age": "34", "tagline": ""}
    assert await read_modal(sent, calls) == Click(Call("create", saving), page=0)


def submitted(**values: str) -> list[dict[str, object]]:
    """The components of a form as Discord sends them."""
    return [
        {"type": 18, "id": number, "component": {"type": 4, "id": 9, "custom_id": name, "value": value}}
        for number, (name, value) in enumerate(values.items())
    ]


async def test_a_form_that_was_open_over_a_restart_is_still_read(views: Views, calls: KeptCalls) -> None:
    view = step("backstory")
    opens = await read_click(button(await views.post(view, person_id=PERSON), "Write: backstory"), calls)
    assert isinstance(opens, OpenModal)
    modal = await open_modal(opens, view, PERSON, calls)
    sent = {"custom_id": modal["custom_id"], "components": submitted(backstory="Born above\na shop.")}
    click = await read_modal(sent, KeptCalls())  # nothing of the process that opened it is left
    assert click.call.options["backstory"] == "Born above\na shop."


async def test_a_form_of_a_step_that_was_left_says_so(views: Views, calls: KeptCalls) -> None:
    post = await views.post(step("who"), person_id=PERSON)
    opens = await read_click(button(post, "Write: name"), calls)
    assert isinstance(opens, OpenModal)
    with pytest.raises(InputError, match="changed"):
        await open_modal(opens, step("looks"), PERSON, calls)


async def test_present_answers_stand_in_the_step(views: Views) -> None:
    view = step("personality")
    traits = replace(view.fields[0], value="curious\nunhurried\n_loud_")
    shown = words(await views.post(replace(view, fields=(traits, *view.fields[1:])), person_id=PERSON))
    assert "**Traits**\ncurious · unhurried · \\_loud\\_" in shown


async def test_a_chosen_colour_stands_in_its_menu_with_a_square(views: Views) -> None:
    view = examples.wizard("hair")
    post = await views.post(view, person_id=PERSON)
    (menu,) = menus(post, "Choose another, or write")
    default = [one for one in menu["options"] if one.get("default")]
    assert [(one["label"], one["emoji"]["name"]) for one in default] == [("Copper", "🟧")]


# ---------------------------------------------------------------- the coach


async def test_one_click_accepts_what_the_coach_proposes(views: Views, calls: KeptCalls) -> None:
    post = await views.post(examples.wizard("hair"), person_id=PERSON)
    click = await read_click(button(post, "Use: copper, shoulder-length"), calls)
    accepting = {"draft": "draft-1", "action": "accept", "step": "hair", "field": "hair_style"}
    assert click == Click(Call("create", accepting), page=0)


async def test_a_step_opens_where_the_coach_objects(views: Views) -> None:
    view = step("looks", advice=(Advice("build", "Say more.", blocking=True),))
    assert "part 2 of 2" in words(await views.post(view, person_id=PERSON))
    assert "part 1 of 2" in words(await views.post(view, person_id=PERSON, page=0))


# ---------------------------------------------------------------- the way through


async def test_next_and_back_go_through_pages_before_steps(views: Views, calls: KeptCalls) -> None:
    view = step("looks")
    first = await views.post(view, person_id=PERSON)
    assert await read_click(button(first, "Next"), calls) == Click(Call("create", {"draft": DRAFT}), page=1)
    assert await read_click(button(first, "Back"), calls) == Click(
        Call("create", {"draft": DRAFT, "action": "back", "step": "looks"}), page=AUTO
    )
    last = await views.post(view, person_id=PERSON, page=1)
    assert await read_click(button(last, "Next"), calls) == Click(
        Call("create", {"draft": DRAFT, "action": "answer", "step": "looks"}), page=AUTO
    )
    assert await read_click(button(last, "Back"), calls) == Click(Call("create", {"draft": DRAFT}), page=0)


async def test_any_step_is_one_choice_away(views: Views, calls: KeptCalls) -> None:
    post = await views.post(step("looks"), person_id=PERSON)
    click = await read_click(chosen(post, "Go to another step", "6 Backstory"), calls)
    assert click == Click(Call("create", {"draft": DRAFT, "action": "goto", "step": "backstory"}))


async def test_a_draft_is_thrown_away_only_when_asked_twice(views: Views, calls: KeptCalls) -> None:
    view = step("who")
    asks = await read_click(button(await views.post(view, person_id=PERSON), "Discard"), calls)
    assert isinstance(asks, Click)
    assert asks.call == Call("create", {"draft": DRAFT})
    asked = await views.post(view, person_id=PERSON, page=asks.page, item=asks.item)
    sure = await read_click(button(asked, "Throw it away"), calls)
    assert sure == Click(Call("create", {"draft": DRAFT, "action": "discard"}))
    assert await read_click(button(asked, "Keep it"), calls) == Click(
        Call("create", {"draft": DRAFT}), page=0
    )


async def test_who_stops_finds_the_way_back(views: Views, calls: KeptCalls) -> None:
    view = step("looks")
    post = await views.post(view, person_id=PERSON, page=1)
    stops = await read_click(button(post, "Save for later"), calls)
    assert isinstance(stops, Click)
    assert stops.call == Call("create", {"draft": DRAFT})
    stopped = await views.post(view, person_id=PERSON, page=stops.page, item=stops.item)
    assert "3/8, Face and body" in words(stopped)
    assert await read_click(button(stopped, "Carry on"), calls) == Click(
        Call("create", {"draft": DRAFT}), page=1
    )


# ---------------------------------------------------------------- the portrait and the takes


async def test_a_step_does_not_wait_for_a_slow_portrait(face: StillPictures, calls: KeptCalls) -> None:
    slow = StillPictures(face.path)
    slow.drawn.clear()
    views = Views(slow, calls)
    first = await views.wizard(step("who"), PERSON, patience=0)
    assert first.waiting
    assert not pieces(first, 12)
    later = asyncio.create_task(views.wizard(step("who"), PERSON, patience=None))
    slow.drawn.set()
    post = await later
    assert not post.waiting
    check_post(post)
    assert post.files[0].filename == "portrait-abc123.png"


async def test_a_portrait_that_cannot_be_drawn_holds_nothing_up(
    face: StillPictures, calls: KeptCalls
) -> None:
    post = await Views(StillPictures(face.path, [DRAFT]), calls).post(step("archetype"), person_id=PERSON)
    assert not post.waiting
    assert not pieces(post, 12)


async def test_takes_are_a_gallery_to_choose_from(views: Views, calls: KeptCalls) -> None:
    post = await views.post(examples.wizard("takes"), person_id=PERSON)
    assert len(pieces(post, 12)[0]["items"]) == 2
    assert "Take 3 ▰" in words(post)
    click = await read_click(button(post, "Take 2"), calls)
    assert click == Click(Call("create", {"draft": "draft-1", "action": "choose", "take": "job-b"}))
    assert button(post, "Take 1 · chosen")
    more = next(piece for piece in pieces(post, 2) if piece["label"] == "Another three")
    assert more["disabled"], "a third one is still being made"


async def test_publishing_is_offered_once_a_face_is_chosen(views: Views, calls: KeptCalls) -> None:
    view = examples.wizard("takes", takes=(Take("job-a", "face-2", chosen=True),), problems=())
    labels = [piece["label"] for piece in pieces(await views.post(view, person_id=PERSON), 2)]
    assert "Publish" not in labels
    faced = replace(view, steps=(*view.steps[:-1], (*view.steps[-1][:2], True)))
    click = await read_click(button(await views.post(faced, person_id=PERSON), "Publish"), calls)
    assert click == Click(Call("create", {"draft": "draft-1", "action": "publish"}))


async def test_who_was_made_is_one_click_away_from_talking(views: Views, calls: KeptCalls) -> None:
    view = replace(examples.wizard("takes"), character=examples.card())
    post = await views.post(view, person_id=PERSON)
    check_post(post)
    assert "Maya Okonkwo" in words(post)
    assert await read_click(button(post, "Talk with Maya"), calls) == Click(
        Call("talk", {"character": "character-0"})
    )


# ---------------------------------------------------------------- with the real machine behind it


class Walker:
    """Somebody who makes a character by Discord's controls alone; each answer is read by a process of its own."""

    def __init__(self, guest: Guest, face: StillPictures) -> None:
        self.guest = guest
        self.face = face

    async def does(self, click: Click) -> Post:
        """The message that a call leads to."""
        view = await self.asks(click.call)
        post = await Views(self.face, KeptCalls()).post(
            view, person_id=PERSON, page=click.page, item=click.item
        )
        check_post(post)
        return post

    async def clicks(self, post: Post, label: str) -> Post:
        click = await read_click(button(post, label), KeptCalls())
        assert isinstance(click, Click)
        return await self.does(click)

    async def chooses(self, post: Post, placeholder: str, label: str) -> Post:
        click = await read_click(chosen(post, placeholder, label), KeptCalls())
        assert isinstance(click, Click)
        return await self.does(click)

    async def writes(self, post: Post, label: str, **answers: str) -> Post:
        opens = await read_click(button(post, label), KeptCalls())
        assert isinstance(opens, OpenModal)
        assert opens.ask
        modal = await open_modal(opens, await self.asks(opens.ask), PERSON, KeptCalls())
        check_modal(modal)
        sent = {"custom_id": modal["custom_id"], "components": submitted(**answers)}
        return await self.does(await read_modal(sent, KeptCalls()))

    async def asks(self, call: Call) -> Wizard:
        (view,) = await self.guest.call(call.name, **call.options)
        assert isinstance(view, Wizard), view
        return view


async def test_a_character_is_made_by_controls_alone(guest: Guest, face: StillPictures) -> None:
    walker = Walker(guest, face)
    post = await walker.does(Click(Call("create")))
    post = await walker.chooses(post, "Choose one …", "Artist")
    post = await walker.writes(post, "Write: name, age", name="Zoë Marchetti", age="41")
    assert "Zoë Marchetti" in words(post)
    titles = []
    for _ in range(14):  # the coach may hold a step up once
        post = await walker.clicks(post, "Next")
        titles.append(words(post).strip()[:6])
        if titles[-1] == "## 8/8":
            break
    assert list(dict.fromkeys(titles)) == [f"## {number}/8" for number in range(3, 9)]
    post = await walker.clicks(post, "Make the takes")
    assert [f"Take {number} ▱" in words(post) for number in (1, 2, 3)] == [True] * 3


async def test_weak_words_are_made_stronger_by_one_click(guest: Guest, face: StillPictures) -> None:
    walker = Walker(guest, face)
    post = await walker.does(Click(Call("create")))
    post = await walker.chooses(post, "Choose one …", "Artist")
    post = await walker.chooses(post, "Go to another step", "3 Face and body")
    (menu,) = [one for one in pieces(post, 3) if "shair_colour|" in one["custom_id"]]
    opens = await read_click({"custom_id": menu["custom_id"], "values": ["own:"]}, KeptCalls())
    assert isinstance(opens, OpenModal)
    modal = await open_modal(opens, await walker.asks(opens.ask or Call("")), PERSON, KeptCalls())
    sent = {"custom_id": modal["custom_id"], "components": submitted(hair_colour="red")}
    post = await walker.does(await read_modal(sent, KeptCalls()))
    assert "💡" in words(post)
    post = await walker.clicks(post, "Use: ")
    assert "💡" not in words(post)
