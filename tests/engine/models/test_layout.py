"""The lines of a prompt: what lasts longest first, and every order of roles that a template may want."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.models.layout import BEGINS, NOTES_BEGIN, NOTES_END, ChatLine, Dialect, lay_out
from engine.models.port import Prompt, PromptTurn, Section, SectionKind

PLAIN = Dialect()
FREE = Dialect(late_system=True, alternating=False, user_first=False)
SHEET = (Section(SectionKind.PERSONA, "Name: Maya"), Section(SectionKind.RELATIONSHIP, "Talks with: Sam"))
SCENE = Section(SectionKind.SCENE, "Now: Saturday")


def prompt(*said: str, sections: tuple[Section, ...] = (*SHEET, SCENE), first: str = "person") -> Prompt:
    other = {"person": "character", "character": "person"}[first]
    turns = (PromptTurn(other if place % 2 else first, words) for place, words in enumerate(said))
    return Prompt(sections, tuple(turns))


def lines(asked: Prompt, dialect: Dialect) -> list[tuple[str, str]]:
    return [(line.role, line.text) for line in lay_out(asked, dialect)]


def test_a_template_that_takes_everything() -> None:
    system, hi, hm, notes, newest = lay_out(prompt("Hi", "Hm?", "So"), FREE)
    assert system.role == "system" and system.shared and len(system.parts) == 2
    assert "Maya" in system.parts[0] and "Sam" not in system.parts[0] and "Sam" in system.parts[1]
    assert (hi, hm) == (ChatLine("user", ("Hi",)), ChatLine("assistant", ("Hm?",)))
    assert notes == ChatLine("system", ("# Right now\nNow: Saturday",))
    assert newest == ChatLine("user", ("So",))


def test_notes_in_the_newest_line_say_that_they_are_notes() -> None:
    *_, newest = lay_out(prompt("Hi", "Hm?", "So"), PLAIN)
    assert newest.role == "user"
    assert newest.text == f"{NOTES_BEGIN}\n# Right now\nNow: Saturday\n{NOTES_END}\n\nSo"


def test_without_a_system_role_the_sheet_comes_before_the_first_words() -> None:
    first, *rest = lay_out(prompt("Hi", "Hm?", "So"), Dialect(has_system=False))
    assert first.role == "user" and first.shared
    assert first.parts[0].endswith("Name: Maya") and first.parts[2:] == (f"\n\n{BEGINS}", "\n\nHi")
    assert [line.role for line in rest] == ["assistant", "user"]


def test_a_greeting_gets_a_line_before_it_where_a_template_insists() -> None:
    greeted = prompt("Good evening.", "Hi", first="character")
    assert lines(greeted, PLAIN)[1:3] == [("user", BEGINS), ("assistant", "Good evening.")]
    assert lines(greeted, FREE)[1] == ("assistant", "Good evening.")
    # Where the sheet already stands in a person's line, that one will do.
    bare = lay_out(greeted, Dialect(has_system=False))
    assert [line.role for line in bare] == ["user", "assistant", "user"]


def test_lines_of_one_speaker_are_joined_where_turns_must_be_taken() -> None:
    turns = tuple(
        PromptTurn(who, words) for who, words in [("person", "Hi"), ("person", "You"), ("person", "So")]
    )
    asked = Prompt((*SHEET, SCENE), turns)
    _, only = lay_out(asked, PLAIN)
    assert only.parts[:2] == ("Hi", "\n\nYou") and only.parts[-1] == "\n\nSo"
    assert [role for role, _ in lines(asked, FREE)] == ["system", "user", "user", "system", "user"]


def test_a_task_stands_as_it_is() -> None:
    asked = Prompt((Section(SectionKind.RULES, "Name the day."),), (PromptTurn("person", "It was Monday."),))
    assert lines(asked, PLAIN) == [("system", "Name the day."), ("user", "It was Monday.")]


def test_nothing_is_written_for_what_is_not_there() -> None:
    assert lines(prompt("Hi", sections=()), PLAIN) == [("user", "Hi")]
    assert lines(Prompt((), ()), PLAIN) == [("user", "")]
    assert lines(prompt("  ", "Hm?", "Hi", sections=()), FREE) == [("assistant", "Hm?"), ("user", "Hi")]


dialects = st.builds(Dialect, st.booleans(), st.booleans(), st.booleans(), st.booleans())
said = st.lists(st.tuples(st.sampled_from(["person", "character"]), st.text(max_size=5)), max_size=10)
kinds = st.lists(st.sampled_from(list(SectionKind)), unique=True).map(
    lambda some: tuple(Section(kind, f"<{kind}>") for kind in SectionKind if kind in some)
)


@given(dialects, said, kinds)
def test_every_dialect_gets_what_it_takes(
    dialect: Dialect, turns: list[tuple[str, str]], sections: tuple[Section, ...]
) -> None:
    asked = Prompt(sections, (*(PromptTurn(*turn) for turn in turns), PromptTurn("person", "newest")))
    written = lay_out(asked, dialect)
    roles = [line.role for line in written]
    assert roles[-1] == "user" and written[-1].text.endswith("newest")
    if not dialect.has_system:
        assert "system" not in roles
    if dialect.alternating or not (dialect.has_system and dialect.late_system):
        assert "system" not in roles[1:]
    spoken = [role for role in roles if role != "system"]
    if dialect.alternating:
        assert all(one != two for one, two in pairwise(spoken))
    if dialect.user_first:
        assert spoken[0] == "user"
    whole = "\n".join(line.text for line in written)
    order = [f"<{section.kind}>" for section in sections]
    assert sorted(order, key=whole.index) == order
    assert all(line.text == line.text.strip() for line in written)
    assert all(not line.shared for line in written[1:])
