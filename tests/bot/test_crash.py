"""kill -9 of the running product: whatever was confirmed is there afterwards, once."""

from __future__ import annotations

import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.bot.server import served, until
from tests.bot.test_wizard_machine import ANSWERS

pytestmark = pytest.mark.slow

# Slow words, so that there is a middle of a reply to be killed in.
SLOW_VOICE = "[chat]\npace_ms = 400\n[images]\nsize = 512\nlease_seconds = 5\n"
FAST = "[chat]\npace_ms = 0\n[images]\nsize = 512\nlease_seconds = 5\n"


def test_a_kill_at_every_step_of_the_wizard_loses_no_answer(tmp_path: Path) -> None:
    with served(tmp_path / "data", FAST) as server:
        draft = server.post("/create").headers["location"]
        server.kill()
    for step, answers in ANSWERS.items():
        with served(tmp_path / "data", FAST) as server:
            fields = {f"answer.{name}": value for name, value in answers.items()}
            saved = server.post(draft, step=step, do="answer", **fields)
            assert saved.status_code in (200, 303), saved.text
            server.kill()
    with served(tmp_path / "data", FAST) as server:
        assert "Ines Okafor" in server.get("/").text
        for step, answers in ANSWERS.items():
            server.post(draft, do=f"goto:{step}")
            page = server.get(draft).text
            for name, value in answers.items():
                assert value.split("\n")[0].split("“")[0].replace("'", "&#39;") in page, (step, name)


def test_a_kill_in_mid_reply_keeps_the_words_and_answers_them_once(tmp_path: Path) -> None:
    words = "I finally finished painting the kitchen, all four walls of it."
    with served(tmp_path / "data", SLOW_VOICE) as server:
        conversation = server.talk("noor")
        after = server.get("/c/noor/chat/messages").json()["cursor"]
        with server.client.stream("GET", f"/conversations/{conversation}/events?after={after}") as events:
            server.say(conversation, words)
            for line in events.iter_lines():
                if line.startswith("event: delta"):
                    break
        server.kill()
    with served(tmp_path / "data", FAST) as server:
        answer = server.get("/c/noor/chat/messages").json()
        assert answer["html"].count(words) == 1
        assert answer["resume"]
        done = server.post(
            "/do",
            call='{"name": "resume", "options": {}}',
            conversation=conversation,
            event_id=answer["resume"],
        )
        assert done.status_code < 400, done.text
        until(lambda: not server.get("/c/noor/chat/messages").json()["resume"])
        assert server.get("/c/noor/chat/messages").json()["html"].count(words) == 1


def test_a_kill_in_mid_render_loses_no_picture_and_doubles_none(tmp_path: Path) -> None:
    def pictures() -> list[str]:
        return re.findall(r'src="/media/([0-9a-f-]{36})', server.get("/c/noor/gallery").text)

    with served(tmp_path / "data", FAST) as server:
        conversation = server.talk("noor")
        for scene in ("at a jazz bar", "at the beach", "in the library"):
            assert server.say(conversation, f"/selfie {scene}").status_code == 202
        until(
            lambda: (
                'role="progressbar"' in server.get("/c/noor/chat").text
                or "progress" in server.get("/c/noor/chat").text
            )
        )
        server.kill()
    with served(tmp_path / "data", FAST) as server:
        until(lambda: len(set(pictures())) >= 3)
        time.sleep(1.0)
        shown = pictures()
        assert len(set(shown)) == 3
        html = server.get("/c/noor/chat/messages").json()["html"]
        assert html.count("/selfie at a jazz bar") >= 1
        assert server.stop() == 0


def test_the_worker_does_not_outlive_a_killed_server(tmp_path: Path) -> None:
    with served(tmp_path / "data", FAST) as server:
        pid = server.process.pid
        until(lambda: _children(pid))
        workers = _children(pid)
        server.kill()
    until(lambda: not any(Path(f"/proc/{worker}").exists() and _alive(worker) for worker in workers), 30)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_being_asked_to_stop_is_orderly(tmp_path: Path, name: str) -> None:
    with served(tmp_path / "data", FAST) as server:
        server.talk("noor")
        server.process.send_signal(getattr(signal, name))
        assert server.process.wait(30) == 0
        assert server.process.stdout is not None
        assert "Traceback" not in server.process.stdout.read()


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
