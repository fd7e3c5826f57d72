"""kill -9 of the running product: whatever was confirmed is there afterwards, once."""

from __future__ import annotations

import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.bot.test_wizard_machine import ANSWERS
from tests.product import until, visited

pytestmark = pytest.mark.slow

# Slow words, so that there is a middle of a reply to be killed in.
SLOW_VOICE = "[chat]\npace_ms = 400\n[images]\nsize = 512\nlease_seconds = 5\n"
FAST = "[chat]\npace_ms = 0\n[images]\nsize = 512\nlease_seconds = 5\n"


def test_a_kill_at_every_step_of_the_wizard_loses_no_answer(tmp_path: Path) -> None:
    with visited(tmp_path / "data", FAST) as visitor:
        draft = visitor.post("/create").headers["location"]
        visitor.product.kill()
    for step, answers in ANSWERS.items():
        with visited(tmp_path / "data", FAST) as visitor:
            fields = {f"answer.{name}": value for name, value in answers.items()}
            saved = visitor.post(draft, step=step, do="answer", **fields)
            assert saved.status_code in (200, 303), saved.text
            visitor.product.kill()
    with visited(tmp_path / "data", FAST) as visitor:
        assert "Ines Okafor" in visitor.get("/").text
        for step, answers in ANSWERS.items():
            visitor.post(draft, do=f"goto:{step}")
            page = visitor.get(draft).text
            for name, value in answers.items():
                assert value.split("\n")[0].split("“")[0].replace("'", "&#39;") in page, (step, name)


def test_a_kill_in_mid_reply_keeps_the_words_and_answers_them_once(tmp_path: Path) -> None:
    words = "I finally finished painting the kitchen, all four walls of it."
    with visited(tmp_path / "data", SLOW_VOICE) as visitor:
        conversation = visitor.talk("noor")
        after = visitor.get("/c/noor/chat/messages").json()["cursor"]
        with visitor.client.stream("GET", f"/conversations/{conversation}/events?after={after}") as events:
            visitor.say(conversation, words)
            for line in events.iter_lines():
                if line.startswith("event: delta"):
                    break
        visitor.product.kill()
    with visited(tmp_path / "data", FAST) as visitor:
        answer = visitor.get("/c/noor/chat/messages").json()
        assert answer["html"].count(words) == 1
        assert answer["resume"]
        done = visitor.post(
            "/do",
            call='{"name": "resume", "options": {}}',
            conversation=conversation,
            event_id=answer["resume"],
        )
        assert done.status_code < 400, done.text
        until(lambda: not visitor.get("/c/noor/chat/messages").json()["resume"])
        assert visitor.get("/c/noor/chat/messages").json()["html"].count(words) == 1


def test_a_kill_in_mid_render_loses_no_picture_and_doubles_none(tmp_path: Path) -> None:
    def pictures() -> list[str]:
        return re.findall(r'src="/media/([0-9a-f-]{36})', visitor.get("/c/noor/gallery").text)

    with visited(tmp_path / "data", FAST) as visitor:
        conversation = visitor.talk("noor")
        for scene in ("at a jazz bar", "at the beach", "in the library"):
            assert visitor.say(conversation, f"/selfie {scene}").status_code == 202
        until(
            lambda: (
                'role="progressbar"' in visitor.get("/c/noor/chat").text
                or "progress" in visitor.get("/c/noor/chat").text
            )
        )
        visitor.product.kill()
    with visited(tmp_path / "data", FAST) as visitor:
        until(lambda: len(set(pictures())) >= 3)
        time.sleep(1.0)
        shown = pictures()
        assert len(set(shown)) == 3
        html = visitor.get("/c/noor/chat/messages").json()["html"]
        assert html.count("/selfie at a jazz bar") >= 1
        assert visitor.product.stop() == 0


def test_the_worker_does_not_outlive_a_killed_server(tmp_path: Path) -> None:
    with visited(tmp_path / "data", FAST) as visitor:
        pid = visitor.product.process.pid
        until(lambda: _children(pid))
        workers = _children(pid)
        visitor.product.kill()
    until(lambda: not any(Path(f"/proc/{worker}").exists() and _alive(worker) for worker in workers), 30)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_being_asked_to_stop_is_orderly(tmp_path: Path, name: str) -> None:
    with visited(tmp_path / "data", FAST) as visitor:
        visitor.talk("noor")
        visitor.product.process.send_signal(getattr(signal, name))
        assert visitor.product.process.wait(30) == 0
        assert "Traceback" not in visitor.product.log.read_text()


def test_a_taken_port_is_explained(tmp_path: Path) -> None:
    import subprocess
    import sys

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "bot", "run", "--data", str(tmp_path / "data"), "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert str(port) in done.stderr and "Traceback" not in done.stderr


def _children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
