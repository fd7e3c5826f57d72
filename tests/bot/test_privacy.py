"""Nobody's words in logs, and nothing of a person left after `/forget_me`, who goes on as somebody new."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messages import Catalog, Chat, Document, Replied, Text, Tone, Wizard
from engine.errors import NotFoundError
from engine.log import OWN, set_up_logging
from engine.types import Role
from tests.bot.conftest import Guest, opened, working

SECRET = "Rumpelstiltskin"


@contextmanager
def logged(level: str) -> Iterator[io.StringIO]:
    """The product's own logging, into a buffer."""
    root, out = logging.getLogger(), io.StringIO()
    handlers, former = root.handlers[:], root.level
    root.handlers.clear()
    set_up_logging(level, "%(levelname)s %(name)s %(message)s")
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)
    try:
        yield out
    finally:
        root.handlers[:] = handlers
        root.setLevel(former)
        for name in OWN:
            logging.getLogger(name).setLevel(logging.NOTSET)


async def test_the_log_holds_no_words_even_at_debug(tmp_path: Path) -> None:
    with logged("DEBUG") as out:
        async with opened(tmp_path) as guest:
            await guest.talk()
            await guest.say(f"My dog is called {SECRET}.")
            await guest.call("selfie", scene=f"with {SECRET} at a lake")
            await guest.call("memory", character="noor", query=SECRET)
            logging.getLogger("bot.test").debug("this was logged")
    assert "this was logged" in out.getvalue()
    assert SECRET not in out.getvalue()


async def test_everything_that_is_kept_of_a_person_is_named(guest: Guest) -> None:
    (said,) = await guest.call("privacy")
    assert isinstance(said, Text)
    for kept in (
        "conversations",
        "remember about you",
        "characters you make",
        "pictures",
        "time zone",
        "account",
    ):
        assert kept in said.text
    await guest.say("/timezone Asia/Tokyo")
    (export,) = await guest.call("export")
    assert isinstance(export, Document)
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        assert json.loads(archive.read("selfsame.json"))["person"]["timezone"] == "Asia/Tokyo"


async def test_a_trace_says_where_and_not_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(tmp_path) as guest:
        await guest.talk()

        async def break_down(*_: object, **__: object) -> None:
            try:
                raise ValueError(f"cannot read {SECRET}")
            except ValueError as error:
                raise RuntimeError(SECRET) from error

        monkeypatch.setattr(type(guest.house.engine.turn), "greet", break_down)
        with logged("INFO") as out:
            (answer,) = await guest.call("talk", character="noor")
    assert isinstance(answer, Text) and "went wrong" in answer.text
    assert "break_down" in out.getvalue() and "builtins.ValueError" in out.getvalue()
    assert SECRET not in out.getvalue()


async def test_an_error_of_the_database_holds_no_words(guest: Guest) -> None:
    chat = await guest.talk()
    with pytest.raises(Exception, match="surrogates") as caught:
        await guest.house.engine.conversations.append(chat.conversation_id, Role.PERSON, f"{SECRET} \ud800")
    assert SECRET not in str(caught.value).replace(repr(f"{SECRET} \ud800"), "")


async def test_forgetting_everything_leaves_nothing_and_ends_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path / "data") as guest:
        await guest.talk()
        await guest.say(f"My dog is called {SECRET}.")
        (done,) = await guest.call("forget_me", confirm=True)
        assert isinstance(done, Text)
        chat = await guest.talk()
        assert SECRET not in repr(chat)
        await guest.say("Hello again.")
        (catalog,) = await guest.call("characters")
        assert isinstance(catalog, Catalog)
        (export,) = await guest.call("export")
        assert isinstance(export, Document)
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path


async def test_somebody_elses_account_is_removed_with_the_person(guest: Guest) -> None:
    other = await guest.another("ana")
    await other.call("forget_me", confirm=True)
    with pytest.raises(NotFoundError):
        await guest.house.engine.people.get(other.origin.person_id)


async def test_forgetting_everything_while_pictures_are_made_ends_nothing(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, recorder):
        await guest.talk()
        for scene in ("at a jazz bar", "at the beach", "in a library"):
            await guest.call("selfie", scene=scene)
        await guest.call("forget_me", confirm=True)
        await guest.talk()
        await guest.call("selfie", scene="on a train")
        await recorder.until(
            lambda: any(isinstance(one, Replied) and one.message.picture for _, one in recorder.edits)
        )


async def test_a_reply_to_what_was_deleted_meanwhile_is_not_stored(guest: Guest) -> None:
    chat = await guest.talk()
    engine = guest.house.engine
    conversation = await engine.conversations.get(chat.conversation_id)
    events = engine.turn.take(conversation, f"My sister is called {SECRET}.", "event-1")
    async for _ in events:
        await guest.call("reset", character="noor", confirm=True)
        break
    with pytest.raises(NotFoundError, match="deleted while"):
        async for _ in events:
            pass
    opened_again = await guest.talk()
    assert isinstance(opened_again, Chat)
    assert SECRET not in repr(opened_again.messages)
    assert len(opened_again.messages) == 2  # the notice and the greeting


async def test_ids_of_others_open_nothing(tmp_path: Path) -> None:
    async with working(tmp_path) as (guest, recorder):
        chat = await guest.talk()
        await guest.say(f"My dog is called {SECRET}.")
        shown = await guest.call("selfie", scene=f"with {SECRET} in a garden")
        job = next(one.message.progress for one in shown if isinstance(one, Replied))
        assert job is not None
        await recorder.until(
            lambda: any(isinstance(one, Replied) and one.message.picture for _, one in recorder.edits)
        )
        engine, owner = guest.house.engine, guest.origin.person_id
        (media,) = await engine.media.gallery(owner, None, 9)
        (fact,) = await engine.memories.known(owner, chat.card.id, guest.origin.place)
        (wizard,) = await guest.call("create")
        assert isinstance(wizard, Wizard)
        other = await guest.another("ana")
        answers = [
            await other.call("vary", media=media.id, what="again"),
            await other.call("delete_picture", media=media.id, confirm=True),
            await other.call("cancel", job=job.job_id),
            await other.call("pin", fact=fact.id, character="noor"),
            await other.call("forget", fact=fact.id, character="noor"),
            await other.call("create", draft=wizard.draft_id),
            await replace(other, origin=replace(other.origin, conversation_id=chat.conversation_id)).say(
                "hi"
            ),
        ]
        for answer in answers:
            assert all(isinstance(one, Text) and one.tone is Tone.ERROR for one in answer), answer
            assert SECRET not in repr(answer)
        with pytest.raises(NotFoundError):
            await guest.house.pictures.file(media.id, other.origin.person_id)
        assert SECRET not in repr(await other.talk())
        assert SECRET.encode() not in engine.media.path(media).read_bytes()
