"""Small questions to a server: the form goes out as its schema, and whatever the server does is an answer or none."""

from __future__ import annotations

import pytest

from engine.images.shot.scene import INSTRUCTION, Scene
from engine.models.ask import REPAIR, Asker
from tests.engine.models.openai.conftest import opened
from tests.engine.models.openai.loopback import Loopback, Play

FILLED = Scene(
    place="aquarium",
    time=None,
    weather=None,
    light=None,
    framing=None,
    expression=None,
    action="",
    outfit="",
)
WORDS = FILLED.model_dump_json()


async def asked(server: Loopback, *plays: Play, deadline_s: float = 20) -> Scene | None:
    server.plays = list(plays)
    async with opened(server) as chat:
        return await Asker(chat).ask(Scene, INSTRUCTION, "Wir sind im Aquarium.", deadline_s=deadline_s)


async def test_a_server_is_given_the_schema_and_fills_the_form_in(server: Loopback) -> None:
    halves = (WORDS[:20], WORDS[20:])
    assert await asked(server, Play(halves)) == FILLED
    form = server.bodies[0]["response_format"]["json_schema"]
    assert form["schema"]["required"] == list(Scene.model_fields)
    assert server.bodies[0]["temperature"] == 0
    assert server.bodies[0]["messages"][0]["content"].startswith(INSTRUCTION)


async def test_a_server_that_knows_no_schemas_is_not_asked_twice(server: Loopback) -> None:
    unknown = Play(status=400, error={"message": "Unrecognized request argument supplied: response_format"})
    server.plays = [unknown, Play(("A lovely place!",))]
    async with opened(server) as chat:
        asker = Asker(chat)
        assert await asker.ask(Scene, INSTRUCTION, "Wir sind im Aquarium.") is None
        assert not asker.able
        count = len(server.bodies)
        assert await asker.ask(Scene, INSTRUCTION, "Wir sind im Aquarium.") is None
    assert len(server.bodies) == count


async def test_a_fenced_answer_is_read_and_talk_is_repaired(server: Loopback) -> None:
    assert await asked(server, Play((f"```json\n{WORDS}\n```",))) == FILLED
    assert await asked(server, Play(("I love fish.",)), Play((WORDS,))) == FILLED
    assert server.bodies[-1]["messages"][-1]["content"] == REPAIR


@pytest.mark.parametrize("play", [Play((WORDS,), drops_after=0), Play((WORDS[:30],), reason="length")])
async def test_a_server_that_fails_gives_no_answer(server: Loopback, play: Play) -> None:
    server.default = play
    assert await asked(server) is None


async def test_a_server_that_hangs_is_left_at_the_deadline(server: Loopback) -> None:
    assert await asked(server, Play((WORDS[:5], WORDS[5:]), hangs_after=1), deadline_s=1.5) is None
    await server.until_gone(1)
