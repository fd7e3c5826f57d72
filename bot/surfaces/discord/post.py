"""One message as the views hand it to `sending.py`: components or plain content, and the files that they show."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.surfaces.discord.layout import COMPONENTS_V2, Component


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to upload; components show it as `attachment://FILENAME`."""

    filename: str
    content: bytes = field(repr=False)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A message. Components exclude content, so one of the two is empty.

    `waiting`: the live portrait was not drawn yet; asked again with more patience, the same view has it.
    """

    components: list[Component] = field(default_factory=list)
    files: tuple[Attachment, ...] = ()
    content: str = ""
    waiting: bool = False

    @property
    def flags(self) -> int:
        """The message's flags, without “ephemeral”, which is the sender's to decide."""
        return COMPONENTS_V2 if self.components else 0
