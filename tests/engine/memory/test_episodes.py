"""What the two went through together, told by rules: found where it is certain, in five languages, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.memory.bond import find_jokes, find_names
from engine.memory.episodes import find_episodes, find_pictures
from engine.types import Message, Role

BEGAN = datetime(2026, 11, 20, 18, tzinfo=UTC)  # a Friday
BERLIN = ZoneInfo("Europe/Berlin")
PERSON, CHARACTER = Role.PERSON, Role.CHARACTER


def talk(*lines: str | tuple[Role, str], pause: timedelta = timedelta(minutes=1)) -> list[Message]:
    """Lines, by the person unless it is said by whom."""
    said = [line if isinstance(line, tuple) else (PERSON, line) for line in lines]
    return [
        Message(f"m{at:04}", "talk", role, text, BEGAN + pause * at) for at, (role, text) in enumerate(said)
    ]


def episodes(*lines: str | tuple[Role, str], first: bool = False) -> list[str]:
    return [one.text for one in find_episodes(talk(*lines), "Maya", BERLIN, first=first)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I promise I'll call you tomorrow.", "I'll call you tomorrow"),
        ("I'll be there, I promise!", "I'll be there"),
        ("I promise to read it.", "to read it"),
        ("Ich verspreche dir, dass ich morgen anrufe.", "dass ich morgen anrufe"),
        ("Te prometo que voy a escribirte.", "que voy a escribirte"),
        ("Je te promets de t'écrire.", "de t'écrire"),
        ("Eu te prometo que vou ligar.", "que vou ligar"),
    ],
)
def test_a_promise_by_either(said: str, kept: str) -> None:
    assert episodes(said) == [f"You promised Maya: “{kept}”."]
    assert episodes((CHARACTER, said)) == [f"Maya promised you: “{kept}”."]


@pytest.mark.parametrize(
    "said",
    [
        "I promised my mother that I'd call.",
        "I can't promise that I'll come.",
        "Do you promise you'll come?",
        "If I promise I'll stay, will you?",
        'She said: "I promise I\'ll come".',
        "*I promise I'll never leave*",
        "Ich verspreche dir nichts.",
        "No te prometo que venga.",
        "Je ne te promets pas de venir.",
        "Não prometo que vou.",
        "What a promising day.",
    ],
)
def test_no_promise(said: str) -> None:
    assert episodes(said) == []


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Let's meet at the lake tomorrow at 8!", "Saturday, 21 November 2026"),
        ("Lass uns morgen ins Kino gehen.", "Saturday, 21 November 2026"),
        ("¿Quedamos mañana?", "Saturday, 21 November 2026"),
        ("On se voit demain ?", "Saturday, 21 November 2026"),
        ("Vamos nos ver amanhã!", "Saturday, 21 November 2026"),
    ],
)
def test_an_appointment_has_its_day(said: str, day: str) -> None:
    (found,) = find_episodes(talk(said), "Maya", BERLIN)
    assert found.text.startswith(f"You and Maya wanted to meet on {day}: “")
    assert found.happens_at is not None and found.happens_at.astimezone(BERLIN).day == 21


@pytest.mark.parametrize("said", ["Let's meet some day.", "See you tomorrow!", "I met her yesterday.", "Let's go!", "Tomorrow I have an exam."])  # fmt: skip
def test_no_appointment(said: str) -> None:
    assert episodes(said) == []


@pytest.mark.parametrize(
    "played",
    [
        "*we walk into the jazz bar*",
        "*takes your hand and leads you to the beach*",
        "*wir gehen in das kleine Café*",
        "*entramos en el museo*",
        "*nous entrons dans la librairie*",
        "*entramos no mercado*",
    ],
)
def test_an_outing_that_is_played(played: str) -> None:
    assert episodes((CHARACTER, f"{played} Look at that!")) == [
        f"You and Maya played an outing: “{played.strip('*')}”."
    ]


@pytest.mark.parametrize("said", ["We walk into the bar every Friday.", "*smiles at you*", "*looks out of the window*", "Let's walk to the beach", "*I go to bed*"])  # fmt: skip
def test_no_outing(said: str) -> None:
    assert episodes(said) == []


def test_one_evening_is_one_outing_with_all_its_lines_as_sources() -> None:
    found = find_episodes(
        talk("*we walk into the jazz bar*", (CHARACTER, "*we sit down at the counter*"), "nice music"),
        "Maya",
        BERLIN,
    )
    assert [one.text for one in found] == ["You and Maya played an outing: “we walk into the jazz bar”."] * 2
    assert [one.source.id for one in found] == ["m0000", "m0001"]


def test_the_first_talk_has_the_day_where_the_person_is() -> None:
    late = [replace(line, created_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC)) for line in talk("hi Maya")]
    (found,) = find_episodes([*talk((CHARACTER, "Hello."))[:1], *late], "Maya", BERLIN, first=True)
    assert (found.text, found.source.text) == ("You and Maya first talked on 21 November 2026.", "hi Maya")


def test_pictures_that_were_made_and_none_that_are_hidden_or_on_their_way() -> None:
    done, waiting, hidden = (
        replace(line, job_id="j", media_id=media, in_prompt=shown)
        for line, media, shown in zip(
            talk((CHARACTER, "at a jazz bar"), (CHARACTER, "in Rome"), (CHARACTER, "at sea")),
            ("p1", None, "p3"),
            (True, True, False),
            strict=True,
        )
    )
    assert [one.text for one in find_pictures([done, waiting, hidden], "Maya")] == [
        "Maya sent you a picture: at a jazz bar."
    ]


def test_what_is_hidden_happened_for_nobody() -> None:
    hidden = [replace(line, in_prompt=False) for line in talk("I promise I'll call you.")]
    assert find_episodes(hidden, "Maya", BERLIN, first=True) == []


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("said", "nick"),
    [
        ("call me captain", "captain"),
        ("Please call me Momo.", "Momo"),
        ("You can call me “the boss”", "the boss"),
        ("Nenn mich einfach Momo!", "Momo"),
        ("Llámame Momo, por favor.", "Momo"),
        ("Appelle-moi Momo.", "Momo"),
        ("Me chama de Momo.", "Momo"),
    ],
)
def test_what_one_wants_to_be_called(said: str, nick: str) -> None:
    assert [one.text for one in find_names(talk(said), "Maya")] == [f"Maya calls you “{nick}”."]
    assert [one.text for one in find_names(talk((CHARACTER, said)), "Maya")] == [f"You call Maya “{nick}”."]


@pytest.mark.parametrize(
    ("said", "nick"),
    [
        ("I'll call you Bear from now on.", "Bear"),
        ("Ich nenne dich Bär.", "Bär"),
        ("Te voy a llamar Osa.", "Osa"),
        ("Je vais t'appeler Ourse.", "Ourse"),
        ("Vou te chamar de Ursa.", "Ursa"),
    ],
)
def test_what_one_calls_the_other(said: str, nick: str) -> None:
    assert [one.text for one in find_names(talk(said), "Maya")] == [f"You call Maya “{nick}”."]
    assert [one.text for one in find_names(talk((CHARACTER, said)), "Maya")] == [f"Maya calls you “{nick}”."]


@pytest.mark.parametrize(
    "said",
    [
        "call me tomorrow",
        "call me when you can",
        "don't call me Bea",
        "My friends call me Bea.",
        "I'll call you later.",
        "I'll call you back",
        "Can I call you Bear?",
        "Te voy a llamar mañana.",
        "Llámame luego",
        "Je vais t'appeler demain.",
        "call me crazy",
        "They call me Al",
    ],
)
def test_no_name(said: str) -> None:
    assert find_names(talk(said), "Maya") == []


def test_an_introduction_is_no_name_that_one_is_given() -> None:
    assert find_names(talk("call me Alex"), "Maya", taken={"m0000"}) == []


# ---------------------------------------------------------------- jokes


def evening(day: int, *lines: tuple[Role, str]) -> list[Message]:
    return [
        replace(line, id=f"d{day}{line.id}", created_at=line.created_at + timedelta(days=day))
        for line in talk(*lines)
    ]


def joking(
    laugh: str = "haha", third: str = "beware of the emergency pineapple", by: Role = CHARACTER
) -> Sequence[Message]:
    return [
        *evening(0, (PERSON, f"there is an emergency pineapple on my desk {laugh}"), (by, "A what now?")),
        *evening(2, (by, "And how is the emergency pineapple today?"), (PERSON, f"{laugh} still there")),
        *evening(5, (PERSON, third), (by, "Good night. Sleep well!")),
    ]  # fmt: skip


def test_a_running_joke() -> None:
    found = find_jokes(joking(), "Maya")
    assert {one.text for one in found} == {"A running joke of yours and Maya's: “emergency pineapple”."}
    assert [one.source.id for one in found] == ["d0m0000", "d2m0000", "d5m0000"]


@pytest.mark.parametrize(
    "lines",
    [
        joking(laugh=""),  # nobody laughed
        joking(third="beware of it"),  # twice only
        joking(by=PERSON),  # only one of them says it
        [
            *joking(),
            *evening(6, (PERSON, "I cut a pineapple"), (PERSON, "pineapple juice")),
        ],  # an ordinary word
    ],
)
def test_no_running_joke(lines: Sequence[Message]) -> None:
    assert find_jokes(lines, "Maya") == []


def test_names_are_no_jokes() -> None:
    assert find_jokes(joking(), "Maya", names=["Emergency Pineapple"]) == []
