"""When something happens that is told: to the day, to the hour where one is said, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.memory.times.when import happens, when

BERLIN = ZoneInfo("Europe/Berlin")
# A Saturday evening.
SAID_AT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
# A day without an hour is its noon.
TOLD = {
    "Tomorrow I have an exam.": "2026-11-22 12:00",
    "I have an exam on Friday at 5 pm.": "2026-11-27 17:00",
    "We meet tomorrow at 8.": "2026-11-22 08:00",
    "Let's meet tomorrow evening at 8.": "2026-11-22 20:00",
    "The train leaves at 12:15 am tomorrow.": "2026-11-22 00:15",
    "I see her tonight.": "2026-11-21 19:00",
    "In a week I have an interview.": "2026-11-28 12:00",
    "I have an exam on Tuesday next week at 9.": "2026-11-24 09:00",
    "Nächste Woche Mittwoch fliege ich.": "2026-11-25 12:00",
    "In two hours I fly.": "2026-11-21 22:30",
    "I have the dentist on the 5th.": "2026-12-05 12:00",
    "You have an exam on Sunday, 22 November 2026.": "2026-11-22 12:00",
    "Yesterday I saw a fox.": "2026-11-20 12:00",
    "I met her on Friday.": "2026-11-20 12:00",
    "Morgen um 17 Uhr habe ich eine Prüfung.": "2026-11-22 17:00",
    "Am 3.12. habe ich eine Prüfung.": "2026-12-03 12:00",
    "Am Dienstagabend um 8 treffe ich sie.": "2026-11-24 20:00",
    "Mañana a las 5 tengo un examen.": "2026-11-22 17:00",
    "El martes a las 9 de la mañana tengo cita.": "2026-11-24 09:00",
    "Demain à 17h30 j'ai un examen.": "2026-11-22 17:30",
    "Lundi prochain je pars.": "2026-11-23 12:00",
    "Amanhã às 10h tenho prova.": "2026-11-22 10:00",
    "Na sexta às 8 da noite vou ao cinema.": "2026-11-27 20:00",
}
NOT_A_DAY = (
    "Next month I move.",
    "I go on Monday or on Tuesday.",
    "In a few days I fly.",
    "This summer I go to Spain.",
    "I like the cinema.",
    "On 31 February I rest.",
    "Irgendwann fahre ich ans Meer.",
)


@pytest.mark.parametrize(("text", "moment"), TOLD.items())
def test_what_is_told_has_its_moment(text: str, moment: str) -> None:
    found = when(text, SAID_AT, BERLIN)
    assert found is not None
    assert found.tzinfo is BERLIN and f"{found:%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize("text", NOT_A_DAY)
def test_a_wrong_day_is_worse_than_none(text: str) -> None:
    assert when(text, SAID_AT, BERLIN) is None


def test_tomorrow_is_the_persons() -> None:
    """At half past eleven at night in Berlin it is a day later in Auckland, and the same in Los Angeles."""
    late = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    days = [
        when("tomorrow", late, ZoneInfo(name))
        for name in ("America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland")
    ]
    assert [day and day.day for day in days] == [22, 22, 23]


def test_only_plans_and_events_have_a_day() -> None:
    said_at = SAID_AT.astimezone(BERLIN)
    words = "I met my friend Anna on Friday"
    assert happens("name", "Your friend is called Anna.", words, said_at) is None
    gone = happens("event", "You met Anna.", words, said_at)
    to_come = happens("plan", "You meet Anna.", "on Friday I meet Anna", said_at)
    assert gone and to_come and (gone.day, to_come.day) == (20, 27)


def test_the_day_is_the_one_that_the_sentence_names() -> None:
    said_at = SAID_AT.astimezone(BERLIN)
    sentence = "You have an exam on Friday, 4 December 2026."
    for words, moment in {
        "ich habe da eine Prüfung": "12-04 12:00",
        "I have an exam next Friday at 5 pm": "12-04 12:00",
        "I have an exam on 4 December at 5 pm": "12-04 17:00",
    }.items():
        found = happens("plan", sentence, words, said_at)
        assert found and f"{found:%m-%d %H:%M}" == moment
    week = happens(
        "plan", "You have an exam in the week of 23 November 2026.", "next week I have an exam", said_at
    )
    assert week is None


@pytest.mark.parametrize(
    "text",
    [
        "I need to go to the dentist on Friday.",
        "I am invited to a party on Friday.",
        "Am Freitag bin ich eingeladen.",
        "¿Qué día es? El viernes vamos al cine.",
        "J'ai un examen vendredi.",
        "Na sexta eu vou com meu pai ao cinema.",
    ],
)
def test_what_is_to_come_is_not_taken_for_the_past(text: str) -> None:
    found = when(text, SAID_AT, BERLIN)
    assert found is not None and found.day == 27


@pytest.mark.parametrize(
    "text",
    [
        "On Friday I walked home.",
        "Am Freitag war ich beim Arzt.",
        "El viernes hablé con mi madre.",
        "Vendredi j'ai vu ma mère.",
        "Na sexta falei com minha mãe.",
    ],
)
def test_what_is_gone_is_not_taken_for_a_plan(text: str) -> None:
    found = when(text, SAID_AT, BERLIN)
    assert found is not None and found.day == 20
