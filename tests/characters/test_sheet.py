"""Character sheets are read strictly: a typo is an error that names the near miss."""

from __future__ import annotations

import pytest

from characters.sheet import Sheet, SheetError, read_persona


def read(**table: object) -> None:
    sheet = Sheet(table, "maya.toml")
    read_persona(sheet)
    sheet.finish()


def test_line_breaks_within_a_paragraph_are_only_the_files() -> None:
    sheet = Sheet({"name": "Maya", "backstory": "\nGrew up\nin Lisbon.\n\nSketches.\n"}, "maya.toml")
    assert read_persona(sheet).backstory == "Grew up in Lisbon.\n\nSketches."


def test_a_typo_names_the_near_miss() -> None:
    with pytest.raises(SheetError, match=r"maya\.toml: “greting” is not known; did you mean “greeting”"):
        read(name="Maya", greting="Hi")


def test_a_typo_in_a_table_says_where() -> None:
    with pytest.raises(SheetError, match=r"maya\.toml, appearance: “hairs” is not known"):
        read(name="Maya", appearance={"hairs": {}})


def test_a_foreign_key_lists_what_is_known() -> None:
    with pytest.raises(SheetError, match="known are name, tagline"):
        read(name="Maya", zzz=1)


@pytest.mark.parametrize(
    ("key", "value", "kind"), [("name", 7, "str"), ("tags", "a, b", "list"), ("appearance", "tall", "dict")]
)
def test_a_wrong_kind_is_refused(key: str, value: object, kind: str) -> None:
    with pytest.raises(SheetError, match=f"“{key}” should be a {kind}"):
        read(**{"name": "Maya", key: value})


def test_an_unknown_style_lists_the_styles() -> None:
    with pytest.raises(SheetError, match="“oil” is not a style; known are photoreal, anime"):
        read(name="Maya", style="oil")
