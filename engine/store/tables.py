"""All tables, for the statements of this room; `migrations/` builds the same ones, and a test compares them.

Where order matters, `seq` (the rowid) gives it. A message's `seq` starts with its conversation's number, so
that a conversation is one range of rowids: in the table, and in the full-text index over it.

`brought_by` is the person from whom a row came when accounts were linked, and to whom it goes back (`links.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# A conversation has room for 2^32 messages, and there is room for 2^31 conversations.
SCOPE_BITS = 32


class Instant(TypeDecorator[datetime]):
    """A moment as whole microseconds since 1970, UTC: exact, sortable, and arithmetic in SQL is plain."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return instant(value)


def instant(since_1970: int | None) -> datetime | None:
    """The moment that SQLite has as a number."""
    return None if since_1970 is None else _EPOCH + since_1970 * _MICROSECOND


def microseconds(moment: datetime) -> int:
    """A moment as SQLite has it."""
    return (moment - _EPOCH) // _MICROSECOND


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("timezone", Text, nullable=False, server_default=""),
    Column("confirmed_adult_at", Instant),
    # Whom this person goes on as since accounts were linked: nothing is theirs until they are unlinked.
    Column("joined_id", Text, index=True),
)

identities = Table(
    "identities",
    metadata,
    Column("surface", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    # Whose account it is by itself, while it is linked to `person_id`.
    Column("home_id", Text),
)

characters = Table(
    "characters",
    metadata,
    Column("id", Text, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("owner_id", Text, ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("version", Integer, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("brought_by", Text),
)

versions = Table(
    "character_versions",
    metadata,
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("persona", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("character_version", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("noticed_at", Instant),
    # A link can bring a second conversation: the one that was used last goes on, the other is only remembered.
    Column("set_aside", Boolean, nullable=False, server_default=text("0")),
    Column("brought_by", Text),
    Index("ix_conversations_scope", "person_id", "character_id", "place"),
    Index(
        "uq_conversations_active",
        "person_id",
        "character_id",
        "place",
        unique=True,
        sqlite_where=text("set_aside = 0"),
    ),
    Index("ix_conversations_shared", "place", "character_id", sqlite_where=text("place != 'private'")),
    sqlite_autoincrement=True,  # a number is never used again, so neither is a range of messages
)

media = Table(
    "media",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE")),
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), index=True),
    Column("purpose", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("pipeline", Text, nullable=False),
    Column("shot", Text, nullable=False),
    Column("caption", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("job_id", Text, index=True),
    Column("draft_id", Text, index=True),
    Column("brought_by", Text),
    Column("making", Text),
    Index("ix_media_gallery", "person_id", "id"),
)

# Pictures whose rows are gone and whose files must follow; emptied after each deletion and at the next start.
trash = Table("trash", metadata, Column("sha256", Text, primary_key=True))

messages = Table(
    "messages",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("role", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("reply_to", Text),
    Column("job_id", Text),
    Column("media_id", Text, ForeignKey("media.id", ondelete="SET NULL")),
    Column("event_id", Text),
    Column("in_prompt", Boolean, nullable=False, server_default=text("1")),
    Index(
        "uq_messages_event",
        "conversation_id",
        "event_id",
        unique=True,
        sqlite_where=text("event_id IS NOT NULL"),
    ),
    Index("ix_messages_said_at", "conversation_id", "created_at"),
    Index("ix_messages_job_id", "job_id", sqlite_where=text("job_id IS NOT NULL")),
    Index("ix_messages_media_id", "media_id", sqlite_where=text("media_id IS NOT NULL")),
)

facts = Table(
    "facts",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("scope", Text, nullable=False, index=True),  # person, character and place as one word
    Column("subject", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("exclusive", Boolean, nullable=False),
    Column("source_message_id", Text, ForeignKey("messages.id", ondelete="SET NULL"), index=True),
    Column("source_text", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("superseded_by", Text, ForeignKey("facts.id", ondelete="CASCADE"), index=True),
    Column("brought_by", Text),
    Column("kind", Text, nullable=False, server_default="fact"),
    Column("happens_at", Instant),
    Column("valid_from", Instant),
    Column("valid_until", Instant),
)

# Messages that said a fact again, besides the one that it was first taken from.
fact_sources = Table(
    "fact_sources",
    metadata,
    Column("fact_id", Text, ForeignKey("facts.id", ondelete="CASCADE"), primary_key=True),
    Column("message_id", Text, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True),
)

# What a message means, as numbers (`vectors.py`). Triggers drop a row as soon as its words are hidden or changed.
vectors = Table(
    "vectors",
    metadata,
    Column("seq", Integer, ForeignKey("messages.seq", ondelete="CASCADE"), primary_key=True),
    Column("model", Text, nullable=False),  # whose numbers they are: those of two models cannot be compared
    Column("data", LargeBinary, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("payload", Text, nullable=False),
    Column("job_class", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("surface", Text, nullable=False),
    Column("idempotency_key", Text),
    Column("status", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("fence", Integer, nullable=False, server_default=text("0")),
    Column("progress", Float, nullable=False, server_default=text("0")),
    Column("stage", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("media_id", Text),
    Column("error", Text, nullable=False, server_default=""),
    Column("delivered_at", Instant),
    Column("cancel_requested", Boolean, nullable=False, server_default=text("0")),
    Column("worker", Text, nullable=False, server_default=""),
    Column("lease_until", Instant),
    Column(
        "changed", BigInteger, nullable=False, server_default=text("0")
    ),  # grows with every change of any job
    Column("brought_by", Text),
    Index("uq_jobs_idempotency", "person_id", "idempotency_key", unique=True),
    Index("ix_jobs_line", "priority", "created_at", "seq", sqlite_where=text("status = 'queued'")),
    Index("ix_jobs_running", "lease_until", sqlite_where=text("status = 'running'")),
    Index("ix_jobs_person", "person_id", "created_at"),
    Index("ix_jobs_changed", "changed"),
    Index("ix_jobs_finished", "finished_at", sqlite_where=text("finished_at IS NOT NULL")),
    Index(
        "ix_jobs_undelivered",
        "surface",
        "seq",
        sqlite_where=text("delivered_at IS NULL AND finished_at IS NOT NULL"),
    ),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("persona", Text, nullable=False),
    Column("takes", Text, nullable=False, server_default="[]"),
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), index=True),
    Column("extra", Text, nullable=False, server_default="{}"),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("brought_by", Text),
)

# Events of messengers, from before they are confirmed there until long after they were handled (`inbox.py`).
inbox = Table(
    "inbox",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("surface", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("body", Text, nullable=False),  # "" once it was handled
    Column("received_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("done_at", Instant),
    Column("brought_by", Text),
    UniqueConstraint("surface", "event_id"),
    Index("ix_inbox_waiting", "seq", sqlite_where=text("done_at IS NULL")),
)

# Which message of a messenger shows which of our keys (`ledger.py`).
shown = Table(
    "shown",
    metadata,
    Column("surface", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("shown_at", Instant, nullable=False),
    Column("brought_by", Text),
    Index("ix_shown_ref", "surface", "channel", "ref"),
)

# Who talks with whom in a channel, and each character's topic there (`seats.py`).
seats = Table(
    "seats",
    metadata,
    Column("surface", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("thread", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), primary_key=True),
    Column("seated_at", Instant, nullable=False),
    Column("brought_by", Text),
)

topics = Table(
    "topics",
    metadata,
    Column("surface", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("character_id", Text, ForeignKey("characters.id", ondelete="CASCADE"), primary_key=True),
    Column("thread", Text, nullable=False),
    Column("brought_by", Text),
)

# Commands behind buttons whose words do not fit into a button (`calls.py`).
calls = Table(
    "calls",
    metadata,
    Column("token", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("brought_by", Text),
    UniqueConstraint("person_id", "digest"),
)

# The codes that link accounts, one a person, and who tried wrong ones (`links.py`).
link_codes = Table(
    "link_codes",
    metadata,
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("surface", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

link_misses = Table(
    "link_misses",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("missed_at", Instant, nullable=False),
)

# Where the prompt of a conversation begins, and what was said before that in short (`windows.py`). Triggers drop a row
# as soon as something is deleted, hidden or changed that its summaries were made from.
windows = Table(
    "windows",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("token", Text, nullable=False),  # changes with every attempt at a summary
    Column("start_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("summary", Text, nullable=False, server_default=""),
    Column(
        "summed_seq", BigInteger, nullable=False, server_default=text("0")
    ),  # messages before it are in the summary
    Column("next_seq", BigInteger),  # where the prompt will begin after the next cut
    Column("next_summary", Text, nullable=False, server_default=""),  # "" while it is being made
)

# Conversations of which a model must keep nothing that it has read: triggers write them, in the very transaction that
# deletes, hides or changes words; emptied after each and at the next start (`Database.erase`).
erased = Table(
    "erased",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("times", Integer, nullable=False, server_default=text("0")),  # grows if it happens again meanwhile
)

# What small model work has made of a conversation (`studies.py`). Triggers empty the title, and void one that is being
# made, as soon as something is deleted, hidden or changed that it may have been made from.
studies = Table(
    "studies",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("read_to", Text, nullable=False, server_default=""),  # the last message that was read for facts
    Column("title", Text, nullable=False, server_default=""),
    Column("token", Text, nullable=False, server_default=""),  # of the title that is being made
)
