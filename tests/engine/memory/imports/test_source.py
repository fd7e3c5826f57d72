"""Hostile files: whatever they claim, they are refused or counted, and never fill memory or disk, or leave the folder."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.errors import NotFoundError
from engine.memory.imports import source as limits
from engine.memory.imports import tray as trays
from engine.memory.imports.formats import recognise
from engine.memory.imports.lines import HistoryError, Left, Line
from engine.memory.imports.source import Source, UnreadableError, elements
from engine.memory.imports.tray import Tray
from tests.engine.memory.imports.files import archive, said, tavern, write

CHANNEL = f"messages/c{'1' * 18}/messages.json"


def read(path: Path) -> list[Line | Left]:
    reader, source = recognise(Source(path))
    return list(reader.read(source))


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED", 5_000_000)
    row = json.dumps({"Contents": "a" * 3000, "Timestamp": "2023-01-01 00:00:00"})
    path = write(tmp_path / "bomb.zip", archive({CHANNEL: "[" + ",".join([row] * 10_000) + "]"}))
    assert path.stat().st_size < 200_000
    with pytest.raises(UnreadableError, match="unpacks to more"):
        read(path)


def test_a_size_that_is_a_lie_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED", 100_000)
    content = bytearray(archive({CHANNEL: '["' + "a" * 900_000 + '"]'}))
    entry = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 10)
    with pytest.raises(UnreadableError):
        read(write(tmp_path / "liar.zip", bytes(content)))


def test_an_endless_table_of_contents_is_not_read(tmp_path: Path) -> None:
    content = bytearray(archive({CHANNEL: "[]"}))
    struct.pack_into("<I", content, content.rfind(b"PK\x05\x06") + 12, limits.MOST_CONTENTS + 1)
    with pytest.raises(UnreadableError, match="unpacks to more"):
        read(write(tmp_path / "toc.zip", bytes(content)))


def test_names_that_lead_elsewhere_lead_nowhere(tmp_path: Path) -> None:
    row = json.dumps([{"Contents": "hi", "Timestamp": "2023-01-01 00:00:00"}])
    inside = tmp_path / "in"
    inside.mkdir()
    path = write(inside / "slip.zip", archive({f"../../{CHANNEL}": row, "/etc/passwd": "root"}))
    assert [line.text for line in read(path) if isinstance(line, Line)] == ["hi"]
    assert list(tmp_path.rglob("*")) == [inside, path]


def test_a_password_and_damage_are_said_so(tmp_path: Path) -> None:
    content = bytearray(archive({CHANNEL: "[]"}))
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.rfind(sign) + offset] |= 1
    with pytest.raises(UnreadableError, match="password"):
        read(write(tmp_path / "locked.zip", bytes(content)))
    whole = archive({CHANNEL: json.dumps([{"Contents": "word " * 500}])})
    for cut in (whole[:-30], whole[:40] + b"\xff" * 20 + whole[60:], b"PK\x03\x04"):
        with pytest.raises(UnreadableError, match="damaged"):
            read(write(tmp_path / "cut.zip", cut))


@pytest.mark.parametrize("content", ["[" * 200_000, '{"a":' * 100_000, "[" + '{"a":[' * 50_000])
def test_depth_is_harmless(tmp_path: Path, content: str) -> None:
    with pytest.raises(HistoryError):
        read(write(tmp_path / "deep.json", content))


def test_a_deep_line_among_good_ones_is_counted(tmp_path: Path) -> None:
    lines = read(
        write(tmp_path / "chat", tavern(said("Ada", "one"), '{"mes": ' + "[" * 100_000, said("Ada", "two")))
    )
    assert [line if isinstance(line, Left) else line.text for line in lines] == ["one", Left.BROKEN, "two"]


def test_an_endless_line_is_counted_and_not_held(tmp_path: Path) -> None:
    path = write(
        tmp_path / "chat",
        tavern(said("Ada", "one")) + "\n" + "x" * 30_000_000 + "\n" + json.dumps(said("Ada", "two")),
    )
    tracemalloc.start()
    lines = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line if isinstance(line, Left) else line.text for line in lines] == ["one", Left.BROKEN, "two"]
    assert peak < 8_000_000


def test_a_long_list_is_read_piece_by_piece() -> None:
    row = {"text": "é" * 200, "n": [1, {"a": "]"}]}
    raw = json.dumps([row] * 20_000).encode()
    tracemalloc.start()
    count = sum(one == row for one in elements(io.BytesIO(raw)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 3_000_000 < len(raw)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("[]", []),
        ("[1, 22 , 3]", [1, 22, 3]),
        ("[1 2", [1, 2, None]),
        ('["a", {"b": 1}', ["a", {"b": 1}, None]),
        ('["a", oops, "b"]', ["a", None]),
        ("{}", []),
        ("", []),
        ("[123", [123, None]),
    ],
)
def test_elements_of_lists_that_break_off(raw: str, told: list[object]) -> None:
    assert list(elements(io.BytesIO(raw.encode()))) == told


def test_elements_across_the_pieces_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHUNK", 7)
    told = [{"n": number, "text": "é]," * (number % 5)} for number in range(50)] + [123456789012345]
    assert list(elements(io.BytesIO(json.dumps(told, ensure_ascii=False).encode()))) == told


def test_too_much_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 100)
    with pytest.raises(UnreadableError, match="more than 0 MB"):
        recognise(Source(write(tmp_path / "big", "Ada: hi\n" * 100)))


def test_nothing_is_said_so(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path, write(tmp_path / "empty", "")):
        with pytest.raises(UnreadableError, match="no such file"):
            recognise(Source(path))


def test_huge_numbers_and_odd_types_break_nothing(tmp_path: Path) -> None:
    odd = (
        10**40,
        -5,
        1e308,
        True,
        None,
        [],
        {},
        "99999-99-99",
        "2024-02-30 @25h 61m 00s",
        "31/02/2022, 10:00",
        "\0",
        "x" * 5000,
    )
    lines = read(write(tmp_path / "chat", tavern(*(said("Ada", "hi", date) for date in odd))))
    assert [line.said_at for line in lines if isinstance(line, Line)] == [None] * len(odd)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_file_waits_under_a_name_of_our_own(tmp_path: Path) -> None:
    tray = Tray(tmp_path / "imports")
    name = await tray.put(pieces(b"Ada: ", b"hi"))
    assert tray.path(name).read_bytes() == b"Ada: hi"
    for bad in ("", "../secret", name[:-1], str(tmp_path), "0" * 32):
        with pytest.raises(NotFoundError):
            tray.path(bad)
    tray.drop("../imports")
    tray.drop(name)
    assert list((tmp_path / "imports").iterdir()) == []


async def test_a_file_that_is_too_large_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trays, "MOST_BYTES", 5)
    tray = Tray(tmp_path / "imports")
    with pytest.raises(UnreadableError):
        await tray.put(pieces(b"12345", b"6"))
    assert list((tmp_path / "imports").iterdir()) == []


async def test_what_a_crash_left_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tray = Tray(tmp_path / "imports")
    tray.sweep()
    name = await tray.put(pieces(b"hi"))
    tray.sweep()
    assert tray.path(name)
    monkeypatch.setattr(trays, "KEPT_S", -1.0)
    tray.sweep()
    with pytest.raises(NotFoundError):
        tray.path(name)


def test_archives_of_other_packers_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as packed,
        packed.open("chat.txt", "w", force_zip64=True) as file,
    ):
        file.write(b"Ada: hi\nMaya: hello\n")
    assert len(read(write(tmp_path / "lzma.zip", out.getvalue()))) == 2
