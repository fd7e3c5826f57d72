"""The wizard by plain form posts, and the answers that the script saves while typing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Call, Inbound, Outbound, Take, Text, Tone
from engine.types import JobStatus
from tests.bot.surfaces.web import views
from tests.bot.surfaces.web.conftest import Browser
from tests.bot.surfaces.web.scripted import ScriptedDoor


class Machine:
    """A wizard behind the door: it holds answers and steps, and blocks on an empty name."""

    def __init__(self) -> None:
        self.step = "start"
        self.answers: dict[str, object] = {}

    def __call__(self, inbound: Inbound) -> tuple[Outbound, ...]:
        assert inbound.call
        options = dict(inbound.call.options)
        action, step = options.get("action", ""), str(options.get("step", ""))
        self.answers.update(
            {
                name: value
                for name, value in options.items()
                if name in ("archetype", "name", "age", "eyes", "hair_style")
            }
        )
        names = [name for name, _ in views.STEPS]
        if action == "answer" and options.get("name") == "":
            self.step = step
            return (
                views.wizard(
                    step, advice=(views.Advice("name", "A name is needed.", "Wren", blocking=True),)
                ),
            )
        if action == "answer":
            self.step = names[names.index(step) + 1]
        elif action in ("back", "goto"):
            self.step = step if action == "goto" else names[names.index(step) - 1]
        elif action == "publish":
            return (views.wizard("takes", character=views.card(0)),)
        elif action == "discard":
            return (Text("The draft is deleted."),)
        return (views.wizard(self.step, advice=()),)


@pytest.fixture
def machine(door: ScriptedDoor) -> Machine:
    machine = Machine()
    door.answers["create"] = machine
    return machine


async def test_opening_the_start_creates_nothing(browser: Browser, door: ScriptedDoor) -> None:
    await browser.open("/create")
    assert [call.name for call in door.calls] == ["characters"]
    answer = await browser.press("/create")
    assert answer.status_code == 303 and answer.headers["location"] == "/create/draft-1"
    assert door.calls[-1] == Call("create", {})


async def test_the_whole_wizard_works_by_plain_posts(browser: Browser, machine: Machine) -> None:
    path = "/create/draft-1"
    assert "Who do you have in mind?" in (await browser.open(path)).text
    answer = await browser.press(path, step="start", do="answer", **{"answer.archetype": "artist"})
    assert answer.status_code == 303 and machine.step == "identity"
    blocked = await browser.press(
        path, step="identity", do="answer", **{"answer.name": "", "answer.age": "34"}
    )
    assert blocked.status_code == 422 and "A name is needed." in blocked.text and machine.step == "identity"
    assert "Needed before you go on" in blocked.text and 'value="accept:name"' in blocked.text
    await browser.press(path, step="identity", do="answer", **{"answer.name": "Wren", "answer.age": "34"})
    assert machine.step == "hair"
    await browser.press(path, step="hair", do="back", **{"answer.eyes": "hazel"})
    assert (
        machine.step == "identity" and machine.answers["eyes"] == "hazel"
    )  # typed before going back, and kept
    await browser.press(path, step="identity", do="goto:takes", **{"answer.name": "Wren", "answer.age": "35"})
    assert machine.step == "takes" and machine.answers["age"] == "35"
    assert 'value="choose:job-b"' in (await browser.open(path)).text
    done = await browser.press(path, step="takes", do="publish")
    assert done.headers["location"] == "/c/maya/welcome"


@pytest.mark.parametrize(
    ("pressed", "options"),
    [
        ("takes", {"draft": "draft-1", "action": "takes", "step": "takes"}),
        ("choose:job-b", {"draft": "draft-1", "action": "choose", "step": "takes", "take": "job-b"}),
        ("accept:eyes", {"draft": "draft-1", "action": "accept", "step": "takes", "field": "eyes"}),
        ("publish", {"draft": "draft-1", "action": "publish", "step": "takes"}),
    ],
)
async def test_each_button_is_an_action(
    browser: Browser, door: ScriptedDoor, machine: Machine, pressed: str, options: dict[str, str]
) -> None:
    await browser.press("/create/draft-1", step="takes", do=pressed)
    assert door.calls[-1] == Call("create", options)


async def test_accepting_keeps_what_was_typed_beside_it(
    browser: Browser, door: ScriptedDoor, machine: Machine
) -> None:
    machine.step = "hair"
    await browser.press(
        "/create/draft-1", step="hair", do="accept:eyes", **{"answer.hair_style": "a crown braid"}
    )
    assert [call.options["action"] for call in door.calls if call.options.get("action")] == ["save", "accept"]
    assert machine.answers["hair_style"] == "a crown braid"


async def test_an_answer_cannot_pose_as_an_option(
    browser: Browser, door: ScriptedDoor, machine: Machine
) -> None:
    await browser.press("/create/draft-1", step="start", do="answer", draft="draft-2", action="discard")
    assert door.calls[-1].options == {"draft": "draft-1", "action": "answer", "step": "start"}


async def test_discarding_says_so(browser: Browser, machine: Machine) -> None:
    answer = await browser.press("/create/draft-1", step="hair", do="discard")
    assert answer.status_code == 200 and "The draft is deleted." in answer.text


async def test_what_is_missing_is_said_when_publishing(browser: Browser, door: ScriptedDoor) -> None:
    door.answers["create"] = views.wizard("takes", problems=("Choose a face shape.",))
    answer = await browser.press("/create/draft-1", step="takes", do="publish")
    assert answer.status_code == 422 and "Choose a face shape." in answer.text


async def test_answers_are_saved_while_typing(browser: Browser, door: ScriptedDoor) -> None:
    fields = {"step": "hair", "answer.hair_style": "red hair\r\nlong", "answer.eyes": ""}
    data = (await browser.press("/create/draft-1/save", json=True, **fields)).json()
    saved = {"draft": "draft-1", "action": "save", "step": "hair", "hair_style": "red hair\nlong", "eyes": ""}
    assert door.calls[-1] == Call("create", saved)
    assert data["portrait"] == "/portrait/draft-1?v=p1"
    assert (
        "could be anyone" in data["advice"]["hair_style"] and "hazel, almond-shaped" in data["advice"]["eyes"]
    )


async def test_a_refused_answer_names_its_field(browser: Browser, door: ScriptedDoor) -> None:
    door.answers["create"] = Text("Characters are adults.", Tone.ERROR, "age")
    answer = await browser.press("/create/draft-1/save", json=True, step="identity", **{"answer.age": "12"})
    assert answer.status_code == 422 and answer.json() == {
        "text": "Characters are adults.",
        "tone": "error",
        "field": "age",
    }
    door.answers["create"] = (views.wizard("identity"), Text("Characters are adults.", Tone.ERROR, "age"))
    page = await browser.press("/create/draft-1", step="identity", do="answer", **{"answer.age": "12"})
    assert page.status_code == 422 and 'id="f-age-fault"' in page.text and 'aria-invalid="true"' in page.text


async def test_takes_are_watched_until_they_are_there(browser: Browser, door: ScriptedDoor) -> None:
    door.answers["create"] = views.wizard("takes")
    data = (await browser.open("/create/draft-1/takes", accept="application/json")).json()
    assert data["waiting"] and "Painting the light" in data["html"] and "Chosen" in data["html"]
    failed = replace(views.takes()[2], progress=views.progress("It did not come out.", JobStatus.FAILED))
    door.answers["create"] = views.wizard("takes", takes=(Take("job-a", "face-1"), failed))
    data = (await browser.open("/create/draft-1/takes", accept="application/json")).json()
    assert not data["waiting"] and "It did not come out." in data["html"]


async def test_editing_opens_a_draft(browser: Browser, door: ScriptedDoor) -> None:
    answer = await browser.press("/c/maya/edit")
    assert answer.headers["location"] == "/create/draft-1" and door.calls[-1] == Call(
        "edit", {"character": "maya"}
    )
