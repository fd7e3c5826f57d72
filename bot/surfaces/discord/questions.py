"""How the wizard's questions are asked on Discord: which by a menu, which by a form, and how many on one page.

`wizard.py` shows them, `forms.py` asks them; both have to agree on what is on a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import FieldKind, WizardField

# Questions on one page: with a menu and the coach's advice each, more would not fit into 40 components; and as many
# as a form may ask.
PER_PAGE = 5
# Characters of an answer from which on a form offers a box and not a line.
LONG = 100


def is_typed(field: WizardField) -> bool:
    """Whether a question is answered by writing alone."""
    return field.kind not in (FieldKind.CHOICE, FieldKind.SUGGEST) or not field.choices


def is_long(field: WizardField) -> bool:
    """Whether an answer wants a box and not a line."""
    several = field.kind in (FieldKind.PARAGRAPH, FieldKind.LINES)
    return several or "\n" in field.value or max(len(field.value), len(field.example)) > LONG


def page_count(fields: Sequence[WizardField]) -> int:
    """How many pages the questions need."""
    return max(1, -(-len(fields) // PER_PAGE))


def fields_of_page(fields: Sequence[WizardField], page: int) -> tuple[WizardField, ...]:
    """The questions of one page; all pages have about the same number."""
    pages = page_count(fields)
    page = min(max(page, 0), pages - 1)
    start, end = (round(number * len(fields) / pages) for number in (page, page + 1))
    return tuple(fields[start:end])
