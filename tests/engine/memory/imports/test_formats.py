"""Every format and its oddities, as other programs really write them; a file is known by its content alone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from engine.memory.imports.formats import recognise
from engine.memory.imports.lines import HistoryError, Left, Line
from engine.memory.imports.source import Source
from tests.engine.memory.imports.files import archive, package, said, tavern, write


def read(tmp_path: Path, content: str | bytes) -> tuple[str, list[Line | Left]]:
    """What a file is, and its lines. Its name tells nothing."""
    reader, source = recognise(Source(write(tmp_path / "upload.bin", content)))
    return reader.title, list(reader.read(source))


def words(lines: list[Line | Left]) -> list[tuple[str, str]]:
    return [(line.speaker, line.text) for line in lines if isinstance(line, Line)]


def dates(lines: list[Line | Left]) -> list[str]:
    told = [line.said_at for line in lines if isinstance(line, Line)]
    return [moment.isoformat() if moment else "" for moment in told]


# ---------------------------------------------------------------- SillyTavern


def test_a_sillytavern_chat(tmp_path: Path) -> None:
    title, lines = read(
        tmp_path,
        tavern(
            said("Ada", "Hi!", "January 2, 2024 12:34pm"),
            said(
                "Maya", "Hello {{user}}, I am {{char}}.", "2024-01-02 @12h 35m 01s 789ms", swipes=["no", "no"]
            ),
            said("Ada", "now", 1704199999000),
            said("Ada", "later", "2025-06-01T10:00:00.000Z"),
        ),
    )
    assert title == "a SillyTavern chat"
    assert words(lines)[:2] == [("Ada", "Hi!"), ("Maya", "Hello Ada, I am Maya.")]
    assert [line.mine for line in lines if isinstance(line, Line)] == [True, False, True, True]
    assert dates(lines) == [
        "2024-01-02T12:34:00",
        "2024-01-02T12:35:01",
        "2024-01-02T12:53:19+00:00",
        "2025-06-01T10:00:00+00:00",
    ]


def test_broken_hidden_and_foreign_lines_of_sillytavern_are_counted(tmp_path: Path) -> None:
    lines = read(
        tmp_path,
        tavern(
            said("Ada", "Hi!"),
            '{"name": "Ada", "mes',
            "[1, 2]",
            "",
            '{"mes": 5, "is_user": true}',
            said("Maya", "hidden", is_system=True),
            said("Narrator", "Rain falls.", extra={"type": "narrator"}),
        ),
    )[1]
    assert lines[1:] == [Left.BROKEN, Left.BROKEN, Left.BROKEN, Left.HIDDEN, Left.HIDDEN]


def test_a_group_chat_without_a_first_line_names_its_speakers(tmp_path: Path) -> None:
    lines = read(
        tmp_path, tavern(said("Ada", "Hi both."), said("Maya", "Hi."), said("Kim", "Yo."), header=False)
    )[1]
    assert [speaker for speaker, _ in words(lines)] == ["Ada", "Maya", "Kim"]


def test_newer_first_lines_name_nobody(tmp_path: Path) -> None:
    lines = read(tmp_path, tavern(said("Maya", "Hi {{user}}."), user="unused", character="unused"))[1]
    assert words(lines) == [("Maya", "Hi you.")]


# ---------------------------------------------------------------- Discord


@pytest.mark.parametrize("folder", ["messages", "Messages", "package/Nachrichten"])
@pytest.mark.parametrize("as_csv", [False, True])
def test_a_discord_package_of_any_year(tmp_path: Path, folder: str, as_csv: bool) -> None:
    rows = [
        ("2023-01-02 12:00:00.123000+00:00", 'second, "quoted"\nand more'),
        ("2023-01-01 11:00:00", "first <@123456789012345678> <a:wave:123456789012345678>"),
    ]
    title, lines = read(tmp_path, package({"1" * 18: rows}, folder=folder, as_csv=as_csv))
    assert title == "a Discord data package"
    assert words(lines) == [("", "first … :wave:"), ("", 'second, "quoted"\nand more')]
    assert dates(lines)[0] == "2023-01-01T11:00:00+00:00"
    assert all(isinstance(line, Line) and line.mine for line in lines)


def test_channels_of_a_package_stay_together(tmp_path: Path) -> None:
    one = [("2023-01-03 00:00:00", "c"), ("2023-01-01 00:00:00", "a")]
    lines = read(tmp_path, package({"1" * 18: one, "2" * 18: [("2023-01-02 00:00:00", "b")]}))[1]
    assert [text for _, text in words(lines)] == ["a", "c", "b"]


def test_what_is_broken_in_a_package_is_counted(tmp_path: Path) -> None:
    content = archive(
        {
            f"messages/c{'1' * 18}/messages.json": '[{"Contents": "hi", "Timestamp": "never"}, {"Contents": null}, 7, {"Cont'
        }
    )
    lines = read(tmp_path, content)[1]
    assert sorted(str(line) for line in lines if isinstance(line, Left)) == [str(Left.BROKEN)] * 3
    assert [(text, at) for (_, text), at in zip(words(lines), dates(lines), strict=True)] == [("hi", "")]


# ---------------------------------------------------------------- text


def test_a_text_with_names(tmp_path: Path) -> None:
    title, lines = read(tmp_path, "\ufeffAda: hello\r\nMaya: hi there\r\nhow are you?\r\n\r\nAda: fine\r\n")
    assert title == "a chat as text"
    assert words(lines) == [("Ada", "hello"), ("Maya", "hi there\nhow are you?"), ("Ada", "fine")]
    assert dates(lines) == ["", "", ""]


def test_a_word_before_a_colon_is_no_name(tmp_path: Path) -> None:
    chat = "Ada: three things\nMaya: go on\n" * 6 + "Ada: this:\nNote: buy milk\nhttps://example.org: no\n"
    lines = read(tmp_path, chat)[1]
    assert words(lines)[-1] == ("Ada", "this:\nNote: buy milk\nhttps://example.org: no")


ANDROID = (
    "12/03/2022, 21:15 - Messages and calls are end-to-end encrypted.\n"
    "12/03/2022, 21:15 - Ada: hello\n12/03/2022, 21:16 - Maya: <Media omitted>\n"
    "25/03/2022, 08:00 - Maya: look: it works\nreally\n"
)
IPHONE = (
    "[3/12/22, 9:15:03\u202fPM] Ada: hello\n\u200e[3/25/22, 9:15:03\u202fPM] Maya: \u200eimage omitted\n"
    "[3/26/22, 12:05:00\u202fAM] \u202a+49 170 1234567\u202c: hey\n"
)


def test_whatsapp_on_android(tmp_path: Path) -> None:
    lines = read(tmp_path, ANDROID)[1]
    assert lines[0] is Left.EMPTY and lines[2] is Left.EMPTY
    assert words(lines) == [("Ada", "hello"), ("Maya", "look: it works\nreally")]
    assert dates(lines) == ["2022-03-12T21:15:00", "2022-03-25T08:00:00"]


def test_whatsapp_on_an_iphone(tmp_path: Path) -> None:
    lines = read(tmp_path, IPHONE)[1]
    assert words(lines) == [("Ada", "hello"), ("+49 170 1234567", "hey")]
    assert dates(lines) == ["2022-03-12T21:15:03", "2022-03-26T00:05:00"]


def test_whatsapp_with_its_pictures(tmp_path: Path) -> None:
    title, lines = read(
        tmp_path, archive({"_chat.txt": IPHONE, "IMG-1.jpg": b"\xff\xd8", "__MACOSX/._chat.txt": "x"})
    )
    assert title == "a chat as text"
    assert words(lines)[0] == ("Ada", "hello")


@pytest.mark.parametrize(
    ("stamps", "first"),
    [
        (("3/4/2022, 10:00", "3/20/2022, 10:00"), "2022-03-04T10:00:00"),
        (("3/4/2022, 10:00", "20/4/2022, 10:00"), "2022-04-03T10:00:00"),
        (
            ("1/4/2022, 10:00", "2/3/2022, 10:00"),
            "2022-01-04T10:00:00",
        ),  # else it would go back in time
        (("3/4/2022, 9:00 PM", "3/5/2022, 9:00 PM"), "2022-03-04T21:00:00"),
        (("3.4.22 10:00", "5.4.22 10:00"), "2022-04-03T10:00:00"),
        (("2022-04-03 10:00:05", "2022-04-05T10:00Z"), "2022-04-03T10:00:05"),
    ],
)
def test_day_and_month_are_told_apart(tmp_path: Path, stamps: tuple[str, str], first: str) -> None:
    lines = read(tmp_path, f"{stamps[0]} - Ada: hello\n{stamps[1]} - Maya: hi\n")[1]
    assert dates(lines)[0] == first


def test_an_irc_log_has_times_but_no_days(tmp_path: Path) -> None:
    lines = read(tmp_path, "[21:15] <ada> hello\n[21:16] <maya> hi: you\n21:17 <ada> bye\n")[1]
    assert words(lines) == [("ada", "hello"), ("maya", "hi: you"), ("ada", "bye")]
    assert dates(lines) == ["", "", ""]


def test_another_encoding_is_read(tmp_path: Path) -> None:
    lines = read(tmp_path, "Zoë: grüß dich\nMaya: hallo\n".encode("utf-16"))[1]
    assert words(lines)[0] == ("Zoë", "grüß dich")
    assert words(read(tmp_path, b"Ada: caf\xe9\nMaya: oui\n")[1])[0] == ("Ada", "caf\ufffd")


# ---------------------------------------------------------------- JSON


def test_telegrams_export(tmp_path: Path) -> None:
    told = {
        "name": "Maya",
        "type": "personal_chat",
        "messages": [
            {"id": 1, "type": "service", "actor": "Ada", "from": "Ada", "text": "joined"},
            {
                "id": 2,
                "type": "message",
                "date": "2022-03-03T12:00:00",
                "from": "Ada",
                "text": ["hi ", {"type": "bold", "text": "you"}],
            },
            {"id": 3, "type": "message", "date": "2022-03-03T12:01:00", "from": "Maya", "text": ""},
        ],
    }
    title, lines = read(tmp_path, json.dumps(told, indent=1))
    assert title == "a chat as JSON"
    assert lines == [
        Left.HIDDEN,
        Line("Ada", "hi you", datetime.fromisoformat("2022-03-03T12:00")),
        Left.EMPTY,
    ]


def test_chatgpts_export(tmp_path: Path) -> None:
    def node(role: str, words: str) -> dict[str, object]:
        message = {
            "author": {"role": role},
            "create_time": 1704199999.5,
            "content": {"content_type": "text", "parts": [words]},
        }
        return {"id": words, "message": message, "parent": None}

    talk = {
        "title": "Tea",
        "mapping": {
            "0": {"message": None},
            "1": node("system", "be kind"),
            "2": node("user", "hi"),
            "3": node("assistant", "hello"),
        },
    }
    lines = read(tmp_path, json.dumps([talk, talk]))[1]
    assert words(lines) == [("user", "hi"), ("assistant", "hello")] * 2
    assert [line.mine for line in lines if isinstance(line, Line)] == [True, False, True, False]


def test_character_ais_export(tmp_path: Path) -> None:
    turn = {
        "author": {"name": "Ada", "is_human": True},
        "create_time": "2023-05-05T12:00:00Z",
        "candidates": [{"raw_content": "the one"}, {"raw_content": "another"}],
    }
    old = {"text": "hello", "src": {"is_human": False, "name": "Maya"}, "created": "2023-05-05T12:01:00Z"}
    lines = read(tmp_path, json.dumps({"turns": [turn], "histories": {"histories": [{"msgs": [old]}]}}))[1]
    assert [(line.speaker, line.text, line.mine) for line in lines if isinstance(line, Line)] == [
        ("Ada", "the one", True),
        ("Maya", "hello", False),
    ]


def test_an_object_a_line(tmp_path: Path) -> None:
    rows = '{"role": "user", "content": "hi"}\n{broken\n\n{"role": "assistant", "content": "yo"}\n'
    assert read(tmp_path, rows)[1] == [
        Line("user", "hi", None, True),
        Left.BROKEN,
        Line("assistant", "yo", None, False),
    ]


# ---------------------------------------------------------------- what is none


@pytest.mark.parametrize(
    "content",
    [
        "<html><body>Hello</body></html>",
        "Dear diary,\ntoday was fine.\nReally.\nYours",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "{}",
        "[]",
        '{"a": [1, 2, {"b": null}]}',
        archive({"a.txt": "nothing", "b.png": b"\x89PNG"}),
        archive({}),
    ],
)
def test_what_is_no_history_is_said_so(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(HistoryError, match="no conversation history"):
        read(tmp_path, content)


def test_a_character_card_is_none(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="character card"):
        read(tmp_path, json.dumps({"spec": "chara_card_v2", "data": {"name": "Maya", "first_mes": "Hi"}}))


def test_an_archive_of_several_chats_is_ambiguous(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="2 files"):
        read(tmp_path, archive({"a.txt": IPHONE, "b.txt": ANDROID, "notes.txt": "nothing"}))
