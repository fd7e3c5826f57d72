"""Times in five languages: what they mean, and what is none."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.memory.times.readings import Reading
from engine.memory.times.spans import VOCABULARIES, Span, find_spans, mentions_in
from engine.memory.times.vocabulary import pattern_of

BERLIN = ZoneInfo("Europe/Berlin")
PLACES = "month weekday unit number part day season feast occasion".split()
# Any moment from 2000 to 2099.
MOMENTS = some.integers(946_684_800, 4_102_444_799).map(lambda second: datetime.fromtimestamp(second, UTC))
# A Saturday evening.
NOW = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
KNOWN = {
    "my birthday": date(1990, 5, 14),
    "our anniversary": date(2015, 9, 2),
    "anna's wedding": date(2022, 6, 4),
}


def days(text: str, now: datetime = NOW) -> list[str]:
    """What was found, as "first day" or "first day/day after the last"."""
    return [shown(span) for span in find_spans(text, now, BERLIN, KNOWN)]


def shown(span: Span) -> str:
    first, end = span.start, span.end
    if first.hour or end.hour:
        return f"{first:%Y-%m-%d %H}h"
    return f"{first:%Y-%m-%d}" if end - first == timedelta(days=1) else f"{first:%Y-%m-%d}/{end:%Y-%m-%d}"


# What is said, and its likeliest meaning on Saturday, 21 November 2026.
SAID = {
    "english": {
        "What happened on 7 May 2023?": "2023-05-07",
        "I flew on May 7th, 2023.": "2023-05-07",
        "We met on the 3rd of March.": "2026-03-03",
        "It was on 2024-02-29.": "2024-02-29",
        "That was 5/7/2023, I think.": "2023-05-07",
        "What did I eat yesterday?": "2026-11-20",
        "And the day before yesterday?": "2026-11-19",
        "What did I say yesterday evening?": "2026-11-20 17h",
        "I could not sleep last night.": "2026-11-20 20h",
        "Where was I last Tuesday?": "2026-11-17",
        "What did I do on Saturday?": "2026-11-21",
        "What will I do on Saturday?": "2026-11-28",
        "Who comes next Monday?": "2026-11-23",
        "What did I do in March?": "2026-03-01/2026-04-01",
        "What will I do in March?": "2027-03-01/2027-04-01",
        "Where was I in early May 2023?": "2023-05-01/2023-06-01",
        "What did I do last May?": "2026-05-01/2026-06-01",
        "What did I do last summer?": "2026-06-01/2026-09-01",
        "Where were you in the summer of 2022?": "2022-06-01/2022-09-01",
        "We went there in the fall.": "2026-09-01/2026-12-01",
        "I moved two weeks ago.": "2026-11-03/2026-11-12",
        "I saw a fox three days ago.": "2026-11-18",
        "I saw it a few days ago.": "2026-11-16/2026-11-21",
        "In ten days I fly.": "2026-12-01",
        "What have I told you in the last two weeks?": "2026-11-07/2026-11-22",
        "How was last week?": "2026-11-09/2026-11-16",
        "How was the week before last?": "2026-11-02/2026-11-09",
        "What did I do last weekend?": "2026-11-14/2026-11-16",
        "What did we do last year?": "2025-01-01/2026-01-01",
        "What do I do next month?": "2026-12-01/2027-01-01",
        "I was there in 2021.": "2021-01-01/2022-01-01",
        "Who came at Christmas?": "2025-12-24/2025-12-27",
        "Where were we on New Year's Eve?": "2025-12-31",
        "What did we eat on Thanksgiving in 2023?": "2023-11-23",
        "What did I do at Easter?": "2026-04-03/2026-04-07",
        "What did I get on my birthday?": "2026-05-14",
        "What did we do on our anniversary?": "2026-09-02",
        "Tell me about Anna's wedding.": "2026-06-04",
        "I had the dentist on the 5th.": "2026-11-05",
    },
    "german": {
        "Was war am 7. Mai 2023?": "2023-05-07",
        "Das war am 3.5.2024 bei mir.": "2024-05-03",
        "Was habe ich gestern gemacht?": "2026-11-20",
        "Und was war vorgestern?": "2026-11-19",
        "Was habe ich dir gestern Abend erzählt?": "2026-11-20 17h",
        "Was mache ich morgen früh?": "2026-11-22 05h",
        "Wo war ich letzten Dienstag?": "2026-11-17",
        "Was war am Dienstagabend?": "2026-11-17 17h",
        "Was habe ich letzten Sommer gemacht?": "2026-06-01/2026-09-01",
        "Was war im Frühjahr 2023?": "2023-03-01/2023-06-01",
        "Wo war ich vor zwei Wochen?": "2026-11-03/2026-11-12",
        "Das war vor drei Tagen.": "2026-11-18",
        "In zehn Tagen fliege ich.": "2026-12-01",
        "Wie war das letzte Wochenende?": "2026-11-14/2026-11-16",
        "Wo war ich im März?": "2026-03-01/2026-04-01",
        "Wo war ich im letzten Jahr?": "2025-01-01/2026-01-01",
        "Wer war an Weihnachten da?": "2025-12-24/2025-12-27",
        "Was war an meinem Geburtstag?": "2026-05-14",
        "Wo habe ich im Jahr 2021 gewohnt?": "2021-01-01/2022-01-01",
    },
    "spanish": {
        "¿Qué pasó el 7 de mayo de 2023?": "2023-05-07",
        "¿Qué hice ayer?": "2026-11-20",
        "¿Qué hice anteayer?": "2026-11-19",
        "Anoche no dormí.": "2026-11-20 20h",
        "¿Dónde estuve el martes pasado?": "2026-11-17",
        "El martes que viene tengo un examen.": "2026-11-24",
        "Mañana por la mañana tengo un examen.": "2026-11-22 05h",
        "Pasado mañana me voy.": "2026-11-23",
        "¿Qué hice el verano pasado?": "2026-06-01/2026-09-01",
        "Hace dos semanas estuve en Madrid.": "2026-11-03/2026-11-12",
        "Dentro de diez días me voy.": "2026-12-01",
        "¿Qué hice la semana pasada?": "2026-11-09/2026-11-16",
        "¿Qué hice en marzo?": "2026-03-01/2026-04-01",
        "¿Quién vino en Navidad?": "2025-12-24/2025-12-27",
        "¿Qué hice en mi cumpleaños?": "2026-05-14",
        "¿Dónde vivía en 2021?": "2021-01-01/2022-01-01",
    },
    "french": {
        "Qu'est-ce que j'ai fait le 7 mai 2023 ?": "2023-05-07",
        "Qu'est-ce que j'ai mangé hier ?": "2026-11-20",
        "Où étais-je avant-hier ?": "2026-11-19",
        "Que t’ai-je dit hier soir ?": "2026-11-20 17h",
        "Demain j'ai un examen.": "2026-11-22",
        "Où étais-je mardi dernier ?": "2026-11-17",
        "Samedi prochain je pars.": "2026-11-28",
        "Qu'est-ce que j'ai fait l'été dernier ?": "2026-06-01/2026-09-01",
        "Il y a deux semaines j'étais à Lyon.": "2026-11-03/2026-11-12",
        "Dans dix jours je pars.": "2026-12-01",
        "Qu'est-ce que j'ai fait la semaine dernière ?": "2026-11-09/2026-11-16",
        "Où étais-je en mars ?": "2026-03-01/2026-04-01",
        "Qui est venu à Noël ?": "2025-12-24/2025-12-27",
        "Qu'ai-je reçu pour mon anniversaire ?": "2026-05-14",
        "Où est-ce que j'habitais en 2021 ?": "2021-01-01/2022-01-01",
    },
    "portuguese": {
        "O que aconteceu em 7 de maio de 2023?": "2023-05-07",
        "O que eu fiz ontem?": "2026-11-20",
        "E anteontem, onde eu estava?": "2026-11-19",
        "Amanhã de manhã tenho uma prova.": "2026-11-22 05h",
        "Onde eu estava na terça-feira passada?": "2026-11-17",
        "Na próxima sexta vou viajar.": "2026-11-27",
        "O que eu fiz no verão passado?": "2026-06-01/2026-09-01",
        "Há duas semanas eu estava no Porto.": "2026-11-03/2026-11-12",
        "Daqui a dez dias eu viajo.": "2026-12-01",
        "O que eu fiz na semana passada?": "2026-11-09/2026-11-16",
        "O que eu fiz em março?": "2026-03-01/2026-04-01",
        "Quem veio no Natal?": "2025-12-24/2025-12-27",
        "O que eu ganhei no meu aniversário?": "2026-05-14",
        "Onde eu morava em 2021?": "2021-01-01/2022-01-01",
    },
}  # fmt: skip
CASES = [(text, meant) for said in SAID.values() for text, meant in said.items()]

NO_TIME = (
    "I may go to the sea, and we march on.",
    "The sun sat down, and so did I.",
    "In the second place, I like jazz.",
    "Guten Morgen!",
    "Jeden Morgen trinke ich Tee.",
    "Ich bin hier, und du?",
    "Moin, Jonas hier, 41, aus Flensburg",
    "J'ai été malade.",
    "Los lunes trabajo en casa.",
    "Meu filho tem dois anos.",
    "Tenho uma segunda casa.",
    "He is 21 and weighs 80 kilos.",
    "My number is 555-2021-17.",
    "31.02.",
    "",
)


@pytest.mark.parametrize(("text", "meant"), CASES)
def test_the_likeliest_meaning_comes_first(text: str, meant: str) -> None:
    assert days(text)[:1] == [meant]


@pytest.mark.parametrize("text", NO_TIME)
def test_no_time_is_found_where_none_is_meant(text: str) -> None:
    assert days(text) == []


def test_what_may_be_gone_or_to_come_has_both_meanings() -> None:
    assert days("What about Friday?") == ["2026-11-20", "2026-11-27"]
    assert days("At Christmas?") == ["2025-12-24/2025-12-27", "2026-12-24/2026-12-27"]


@pytest.mark.parametrize(
    "text", ["hier soir", "gestern Abend", "anoche", "ontem", "last night", "yesterday?"]
)
def test_few_words_may_be_of_any_language(text: str) -> None:
    assert days(text)[0].startswith("2026-11-20")


def test_several_times_are_told_apart() -> None:
    spans = find_spans("Was it yesterday, or on 7 May 2023?", NOW, BERLIN)
    assert [(span.words, shown(span)) for span in spans] == [
        ("yesterday", "2026-11-20"),
        ("7 may 2023", "2023-05-07"),
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("What will I do on Tuesday next week?", "2026-11-24"),
        ("What did I do on Friday the week before last?", "2026-11-06"),
        ("Was war letzte Woche Dienstag?", "2026-11-10"),
        ("Was war am Dienstagabend letzter Woche?", "2026-11-10 17h"),
        ("El martes de la semana pasada fui al cine.", "2026-11-10"),
        ("Qu'est-ce que j'ai fait mardi de la semaine dernière ?", "2026-11-10"),
        ("O que eu fiz na terça da semana passada?", "2026-11-10"),
    ],
)
def test_a_weekday_of_a_week_is_one_day(text: str, meant: str) -> None:
    assert days(text) == [meant]


def test_a_weekday_and_a_weekend_stay_two() -> None:
    assert len(find_spans("On Tuesday, last weekend, or in May 2023?", NOW, BERLIN)) == 4


def test_a_birthday_that_is_not_known_has_no_day() -> None:
    assert find_spans("What did I get on my birthday?", NOW, BERLIN) == []


def test_a_leap_day_is_kept_in_every_year() -> None:
    known = {"my birthday": date(2024, 2, 29)}
    spans = find_spans("What did I get on my birthday?", NOW, BERLIN, known)
    assert shown(spans[0]) == "2026-02-28"
    assert days("It was on 29 February.") == ["2026-02-28", "2027-02-28"]


def test_the_day_is_the_persons_and_not_that_of_utc() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # Sunday in Berlin
    assert days("What did I do yesterday?", late) == ["2026-11-21"]
    (span,) = find_spans("yesterday", late, ZoneInfo("America/Los_Angeles"))
    assert span.start == datetime(2026, 11, 20, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_a_day_may_have_25_hours() -> None:
    (span,) = find_spans("on 25 October 2026", NOW, BERLIN)
    assert span.end.astimezone(UTC) - span.start.astimezone(UTC) == timedelta(hours=25)


def test_summer_is_in_january_in_the_south() -> None:
    (span,) = find_spans("no verão passado", NOW, ZoneInfo("America/Sao_Paulo"))
    assert shown(span) == "2025-12-01/2026-03-01"


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    text = f"Yesterday I began. {'It went on and on. ' * 4000} What did I do last summer?"
    began = time.process_time()
    assert days(text)[:2] == ["2026-11-20", "2026-06-01/2026-09-01"]
    assert time.process_time() - began < 0.2


def test_every_form_of_every_language_can_be_read() -> None:
    for vocabulary in VOCABULARIES:
        for form in vocabulary.forms:
            pattern = pattern_of(form, vocabulary)
            assert form.reading is not Reading.YEAR or "year" in pattern.groupindex


@given(MOMENTS, some.sampled_from([text for text, _ in CASES]))
def test_whenever_it_is_said_a_span_has_a_length_and_its_zone(moment: datetime, text: str) -> None:
    for span in find_spans(text, moment, BERLIN, KNOWN):
        assert span.start < span.end and span.start.tzinfo is BERLIN


@given(MOMENTS, some.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]))  # fmt: skip
def test_yesterday_ends_where_today_begins(moment: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    (yesterday,), (today,) = find_spans("yesterday", moment, zone), find_spans("today", moment, zone)
    assert yesterday.end == today.start <= moment.astimezone(zone) < today.end


WORDS = sorted(
    {
        *(word for vocabulary in VOCABULARIES for place in PLACES for word in vocabulary.place(place)),
        *"in on at the last next this ago vor am im letzten hace el pasado il y a dernier dans há de em que vem 1 2 29 31 99 2023 5. 30.2. 1/2/2023".split(),
    }
)


@settings(max_examples=300)
@given(some.lists(some.sampled_from(WORDS), max_size=12).map(" ".join), MOMENTS)
def test_whatever_is_said_nothing_breaks_and_nothing_overlaps(text: str, moment: datetime) -> None:
    mentions = mentions_in(text, moment.replace(tzinfo=None), BERLIN, KNOWN)
    for first, second in itertools.pairwise(mentions):
        assert first.ends <= second.begins
    for mention in mentions:
        assert mention.words in text.lower()
        for meaning in mention.meanings:
            assert meaning.start < meaning.end
            assert meaning.at is None or meaning.start <= meaning.at <= meaning.end


@given(some.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    find_spans(text, NOW, BERLIN, KNOWN)
