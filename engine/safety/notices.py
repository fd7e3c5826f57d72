"""The notices that the law asks for, said by the system and never in a character's voice.

`engine/turn.py` calls `notice_due` before an answer and stores `ai_notice` as a message of its own. At first
contact (EU AI Act art. 50, California SB 243) and every three hours of a talk that goes on (New York GBL 47).
"""

from __future__ import annotations

from datetime import datetime, timedelta

# New York General Business Law art. 47: at least every three hours of continuing use.
NOTICE_EVERY = timedelta(hours=3)


def ai_notice(character_name: str) -> str:
    """The notice that a person is shown."""
    name = " ".join(character_name.split()) or "This character"
    return (
        f"{name} is an AI, not a person: invented, and written by software. "
        "Companion chatbots may not be suitable for some minors; Selfsame is for adults. "
        "A break now and then does you good."
    )


def notice_due(noticed_at: datetime | None, now: datetime) -> bool:
    """Whether the notice is to be shown: never shown before, shown three hours ago, or the clock was set back."""
    if noticed_at is None:
        return True
    return now < noticed_at or now - noticed_at >= NOTICE_EVERY
