"""Search by words within one scope, for `conversations.py` and `memories.py`.

Ranking by BM25 reads every hit of a word in the whole database to learn how rare it is. Here a word is as
rare as it is within the scope, counted on its latest hits, so that a search costs the same however much
others have said.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Integer, Subquery, column, text
from sqlalchemy.ext.asyncio import AsyncConnection

# Words of a query that are looked up; the rest of a long message adds little.
MAX_WORDS = 16
# Latest hits of a word that are weighed; a word that is said more often tells nothing.
MAX_HITS = 256

_MESSAGES_OF = """SELECT number {} FROM conversations
    WHERE person_id = :person_id AND character_id = :character_id AND place = :place AND set_aside = {}"""
_IN_TALK = f"BETWEEN ({_MESSAGES_OF.format('<< 32', 0)}) AND ({_MESSAGES_OF.format('+ 1 << 32', 0)})"
# What linked accounts had talked about before, nearly always nothing: no row here costs one step on an index.
_ASIDE = _MESSAGES_OF.format("", 1)
_IN_ASIDE = "BETWEEN number << 32 AND number + 1 << 32"

# Each halving of a word's hits within the scope is worth one more point.
_WEIGHTS = " ".join(
    f"WHEN count(*) > {MAX_HITS >> step} THEN {step}" for step in range(1, MAX_HITS.bit_length() + 1)
)


def in_messages(words: Sequence[str]) -> dict[str, str]:
    """The words as parameters of a search over messages."""
    return {f"word_{number}": f'"{word}"' for number, word in enumerate(_clean(words))}


def in_forms(words: Sequence[Sequence[str]]) -> dict[str, str]:
    """As `in_messages`, for words that each have several forms; all words are kept, in their order."""
    return {
        f"word_{number}": " OR ".join(f'"{form}"' for form in _clean(forms)) or '""'
        for number, forms in enumerate(words[:MAX_WORDS])
    }


def in_facts(words: Sequence[str], scope: str) -> dict[str, str]:
    """The words as parameters of a search over the facts of one scope."""
    return {
        f"word_{number}": f'scope : "{scope}" AND words : "{word}"'
        for number, word in enumerate(_clean(words))
    }


@cache
def best_messages(words: int) -> Subquery:
    """`seq` and `score` of the best messages of one talk, for so many words: its active conversation and those set aside."""
    return _ranked("messages_fts", f"AND rowid {_IN_TALK}", words, aside=True)


@cache
def best_facts(words: int) -> Subquery:
    """`seq` and `score` of the best facts of one scope, for so many words."""
    return _ranked("facts_fts", "", words)


async def forget_words(db: AsyncConnection) -> None:
    """Rewrite the full-text indexes, so that words of deleted rows are not in them any more."""
    for table in ("messages_fts", "facts_fts"):
        await db.exec_driver_sql(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - constants


def _clean(words: Sequence[str]) -> list[str]:
    plain = (word.replace('"', " ").replace("\0", " ").strip().lower() for word in words)
    return list(dict.fromkeys(word for word in plain if word))[:MAX_WORDS]


def _ranked(table: str, scope: str, words: int, *, aside: bool = False) -> Subquery:
    parts = [_hits(table, scope, number) for number in range(words)]
    if aside:
        parts.append(_hits_aside(table, words))
    others = f"aside AS MATERIALIZED ({_ASIDE}), " if aside else ""
    hits = " UNION ALL ".join(parts)
    ranked = text(
        f"WITH {others}hits AS MATERIALIZED ({hits}), "  # noqa: S608 - constants
        f"weights AS (SELECT word, CASE {_WEIGHTS} END AS points FROM hits GROUP BY word) "
        "SELECT seq, sum(points) AS score FROM hits JOIN weights USING (word) "
        "GROUP BY seq ORDER BY score DESC, seq DESC LIMIT :most"
    )
    return ranked.columns(column("seq", Integer), column("score", Integer)).subquery("best")


def _hits(table: str, scope: str, number: int) -> str:
    return (
        f"SELECT * FROM (SELECT {number} AS word, rowid AS seq FROM {table} "  # noqa: S608 - constants
        f"WHERE {table} MATCH :word_{number} {scope} ORDER BY rowid DESC LIMIT {MAX_HITS})"
    )


def _hits_aside(table: str, words: int) -> str:
    # One part for all words, and CROSS JOIN keeps the order: nearly always it ends with the first table, which is empty.
    asked = ", ".join(f"({number}, :word_{number})" for number in range(words))
    return (
        f"SELECT * FROM (SELECT asked.column1 AS word, {table}.rowid AS seq "  # noqa: S608 - constants
        f"FROM aside CROSS JOIN (VALUES {asked}) AS asked CROSS JOIN {table} "
        f"WHERE {table} MATCH asked.column2 AND {table}.rowid {_IN_ASIDE} "
        f"ORDER BY {table}.rowid DESC LIMIT {MAX_HITS * words})"
    )
