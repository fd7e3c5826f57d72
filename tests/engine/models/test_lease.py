"""engine/models/lease.py: real processes share a ledger; whoever is killed lets go."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.models.lease import VramLedger

CARD = {"CUDA0": 8000}
HOLD = """
import sys
from pathlib import Path
from engine.models.lease import VramLedger
lease = VramLedger(Path(sys.argv[1])).take("pictures", {"CUDA0": int(sys.argv[2])}, {"CUDA0": 8000})
print("held" if lease else "refused", flush=True)
sys.stdin.read()
"""


@contextmanager
def process(folder: Path, mib: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that asks for a lease and holds it until its input ends; with what it said."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), str(mib)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        yield child, child.stdout.readline().strip()
    finally:
        child.kill()
        child.communicate()


@pytest.fixture
def ledger(tmp_path: Path) -> VramLedger:
    return VramLedger(tmp_path / "gpu")


def test_leases_add_up_on_each_device(ledger: VramLedger) -> None:
    two = {"CUDA0": 8000, "CUDA1": 4000}
    model = ledger.take("model", {"CUDA0": 5000, "CUDA1": 3000}, two)
    assert model is not None
    assert ledger.take("pictures", {"CUDA0": 3001}, two) is None
    assert ledger.take("pictures", {"CUDA0": 1000, "CUDA1": 1001}, two) is None  # all or nothing
    pictures = ledger.take("pictures", {"CUDA0": 3000}, two)
    assert pictures is not None
    assert ledger.promised() == {"CUDA0": 8000, "CUDA1": 3000}
    assert {(row.pid, row.purpose) for row in ledger.rows()} == {
        (os.getpid(), "model"),
        (os.getpid(), "pictures"),
    }
    pictures.release()
    pictures.release()
    with model:
        assert ledger.promised() == {"CUDA0": 5000, "CUDA1": 3000}
    assert ledger.rows() == ()


def test_an_unknown_device_has_nothing_to_give(ledger: VramLedger) -> None:
    assert ledger.take("model", {"CUDA7": 1}, CARD) is None


def test_nothing_is_written_to_ask_an_empty_ledger(ledger: VramLedger, tmp_path: Path) -> None:
    assert ledger.promised() == {}
    assert not (tmp_path / "gpu").exists()


def test_another_process_is_respected_while_it_lives(ledger: VramLedger, tmp_path: Path) -> None:
    with process(tmp_path / "gpu", 6000) as (child, said):
        assert said == "held"
        assert [(row.pid, row.mib) for row in ledger.rows()] == [(child.pid, {"CUDA0": 6000})]
        assert ledger.take("model", {"CUDA0": 3000}, CARD) is None
        with process(tmp_path / "gpu", 2001) as (_, second):
            assert second == "refused"
        child.send_signal(signal.SIGKILL)
        child.wait()
        lease = ledger.take("model", {"CUDA0": 3000}, CARD)
    assert lease is not None
    assert ledger.promised() == {"CUDA0": 3000}
    assert len(list((tmp_path / "gpu").glob("*.lease"))) == 1  # what the killed one left is gone
    lease.release()


async def test_whoever_waits_gets_it_once_the_other_is_killed(ledger: VramLedger, tmp_path: Path) -> None:
    with process(tmp_path / "gpu", 6000) as (child, said):
        assert said == "held"
        assert await ledger.acquire("model", {"CUDA0": 3000}, CARD, wait_s=0) is None
        waiting = asyncio.create_task(ledger.acquire("model", {"CUDA0": 3000}, CARD, wait_s=60))
        await asyncio.sleep(0)
        child.kill()
        lease = await waiting
    assert lease is not None
    lease.release()


def test_a_race_is_won_by_as_many_as_there_is_room_for(tmp_path: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path / "gpu"), "3000"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    try:
        said = sorted(child.stdout.readline().strip() for child in children if child.stdout)
        assert said == ["held", "held", "refused", "refused"]
    finally:
        for child in children:
            child.kill()
            child.communicate()


def test_a_half_written_lease_of_a_killed_process_is_swept_away(ledger: VramLedger, tmp_path: Path) -> None:
    (tmp_path / "gpu").mkdir()
    (tmp_path / "gpu" / "0123.lease").write_bytes(b'{"pid": 1, "pur')
    assert ledger.rows() == ()
    assert not (tmp_path / "gpu" / "0123.lease").exists()
