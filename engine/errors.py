"""Errors that people meet. The docstring of each is the sentence they read, unless a better one is given."""

from __future__ import annotations


class SelfsameError(Exception):
    """Something went wrong. Nothing you said is lost; please try again."""

    def __init__(self, sentence: str | None = None) -> None:
        self.sentence = sentence or self.usual()
        super().__init__(self.sentence)

    @classmethod
    def usual(cls) -> str:
        """The sentence of this kind of error."""
        return " ".join((cls.__doc__ or "").split())

    @property
    def discreet(self) -> str:
        """The sentence for people who are guests here: without the owner's addresses and settings."""
        return self.sentence


class NotFoundError(SelfsameError):
    """That does not exist, or it is not yours to see."""


class InputError(SelfsameError):
    """That input cannot be used as it is."""


class ConfigError(SelfsameError):
    """The configuration cannot be used as it is."""


class NewerDatabaseError(SelfsameError):
    """This database was written by a newer version of Selfsame. Update Selfsame, or choose another data directory with --data."""


class DataError(SelfsameError):
    """The data directory cannot be used. Choose another one with --data."""


class FullError(SelfsameError):
    """The disk is full, so that could not be kept. Make room where the data directory is, and send it again."""


class QuotaError(SelfsameError):
    """You have as many pictures under way as one person may. Wait for one to finish, or cancel one."""


class RefusedError(SelfsameError):
    """That is something Selfsame does not do."""


class RenderError(SelfsameError):
    """The picture did not come out. You can ask for it again."""


class WeightsError(RenderError):
    """The picture model's files are missing or do not fit. The illustrator draws meanwhile; see: selfsame models"""


class VramError(RenderError):
    """This picture needs more memory than the graphics card has. Try a smaller size or a smaller model."""


class CancelledError(SelfsameError):
    """Cancelled."""


class LostLeaseError(SelfsameError):
    """This job was given to another worker; the result is thrown away."""


class ModelError(SelfsameError):
    """The chat model could not answer. What you said is kept; say it again in a moment."""


class BusyError(ModelError):
    """Too many people are waiting for an answer right now. What you said is kept; say it again in a minute."""


class DeadlineError(ModelError):
    """The answer took too long and was given up. What you said is kept; say it again in a moment."""


class DownError(ModelError):
    """The chat model is not running any more. What you said is kept; say it again in a moment."""

    @property
    def discreet(self) -> str:
        """Why it is not running is the owner's business."""
        return self.usual()
