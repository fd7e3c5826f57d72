"""What Discord's API answers instead of what was asked: raised by every module here, written out by rest.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """One error answer: HTTP status and Discord's own code."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> Json:
        """Discord's error object."""
        shape: Json = {"message": self.message, "code": self.code}
        return {**shape, "errors": self.errors} if self.errors else shape


UNAUTHORISED = (401, 0, "401: Unauthorized")
NOT_FOUND = (404, 0, "404: Not Found")
# name -> status, code, message; the codes of Discord's published table.
KNOWN: Mapping[str, tuple[int, int, str]] = {
    "unauthorised": UNAUTHORISED,
    "not found": NOT_FOUND,
    "unknown channel": (404, 10003, "Unknown Channel"),
    "unknown guild": (404, 10004, "Unknown Guild"),
    "unknown member": (404, 10007, "Unknown Member"),
    "unknown message": (404, 10008, "Unknown Message"),
    "unknown user": (404, 10013, "Unknown User"),
    "unknown webhook": (404, 10015, "Unknown Webhook"),
    "unknown interaction": (404, 10062, "Unknown interaction"),
    "unknown command": (404, 10063, "Unknown application command"),
    "too many webhooks": (400, 30007, "Maximum number of webhooks reached (15)"),
    "too large": (413, 40005, "Request entity too large"),
    "already acknowledged": (400, 40060, "Interaction has already been acknowledged."),
    "too many followups": (
        400,
        40094,
        "This interaction has reached its maximum number of follow-up messages",
    ),
    "missing access": (403, 50001, "Missing Access"),
    "not yours": (403, 50005, "Cannot edit a message authored by another user"),
    "empty": (400, 50006, "Cannot send an empty message"),
    "cannot message": (403, 50007, "Cannot send messages to this user"),
    "missing permissions": (403, 50013, "Missing Permissions"),
    "wrong type": (400, 50024, "Cannot execute action on this channel type"),
    "token expired": (401, 50027, "Invalid Webhook Token"),
    "thread archived": (400, 50083, "Thread is archived"),
    "voice has more": (400, 50159, "Voice messages do not support additional content."),
    "voice is one file": (400, 50160, "Voice messages must have a single audio attachment."),
    "voice needs metadata": (400, 50161, "Voice messages must have supporting metadata."),
    "voice is not edited": (400, 50162, "Voice messages cannot be edited."),
    "bad json": (400, 50109, "The request body contains invalid JSON."),
}


def known(name: str) -> ApiError:
    """The error of that name in the table."""
    return ApiError(*KNOWN[name])


class Form:
    """Collects what is wrong with a body, field by field, as Discord reports it (50035)."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def add(self, path: str, code: str, message: str) -> None:
        """Blame one field, e.g. `components.0.label`."""
        at = self._errors
        for part in filter(None, path.split(".")):
            at = at.setdefault(part, {})
        at.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: str, value: Any, shortest: int, longest: int) -> None:
        """A string whose length must lie within bounds; None counts as absent."""
        if value is None:
            if shortest:
                self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not isinstance(value, str):
            self.add(path, "BASE_TYPE_BAD_TYPE", "Must be a string.")
        elif len(value) > longest:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")
        elif len(value) < shortest:
            self.add(path, "BASE_TYPE_MIN_LENGTH", f"Must be {shortest} or more in length.")

    def count(self, path: str, value: Any, fewest: int, most: int) -> None:
        """A list whose size must lie within bounds."""
        if not isinstance(value, list) or not fewest <= len(value) <= most:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {fewest} and {most} in length.")

    def check(self) -> None:
        """Raise if anything was blamed."""
        if self._errors:
            raise ApiError(400, 50035, "Invalid Form Body", self._errors)
