"""What can go wrong with a server, as sentences that say what to change; `server.py` raises them.

No sentence quotes the server: its message may hold the key, or what people said. The SDK's errors end here for the
same reason, with everything they carry.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, OpenAIError

from engine.errors import ModelError
from engine.models.openai.json import as_object, whole


class Blame(Enum):
    """Whose fault it is, and so what may help."""

    LOAD = auto()  # the server has too much to do: wait as long as it says
    SERVER = auto()  # it failed or is away: another one, or this one a moment later
    SILENCE = auto()  # it did not answer in time: another one
    SETTINGS = auto()  # it will not work before somebody changes something: another one
    REQUEST = auto()  # what was asked cannot be answered, by no server


class ServerError(ModelError):
    """The chat server could not answer. What you said is kept; say it again in a moment."""

    def __init__(
        self,
        blame: Blame,
        sentence: str,
        *,
        wait_s: float | None = None,
        details: str = "",
        counted: int = 0,
        context: int = 0,
    ) -> None:
        super().__init__(sentence)
        self.blame = blame
        self.wait_s = wait_s  # seconds that the server asks us to wait
        self.details = details  # the server's own words, lower case: only to be looked at, never to be shown
        self.counted = counted  # tokens that the server counted in a prompt that was too long for it
        self.context = context  # tokens that it has room for

    @property
    def discreet(self) -> str:
        """Where the owner's server is, and what to change there, is the owner's business."""
        return self.usual()


# What servers call a prompt that does not fit.
TOO_LONG = (
    "exceed_context_size",
    "context_length_exceeded",
    "context length",
    "context size",
    "too many tokens",
)
# Statuses after which the same request may succeed: request timeout, conflict, too early.
PASSING = frozenset({408, 409, 425})


@contextmanager
def told(server: str, *, silence_s: float = 0.0, begun: bool = False) -> Iterator[None]:
    """Raises what goes wrong in the SDK as a `ServerError` that names the server.

    `silence_s`: how long it may be silent; `begun`: a stream has begun, so that the server is the right one.
    """
    try:
        yield
    except APITimeoutError as error:
        # Why the SDK gave up is only in the cause: the time to connect, or the time without a word.
        away = type(error.__cause__).__name__ == "ConnectTimeout"
        fault = away_from(server) if away or not silence_s else silent(server, silence_s)
    except APIConnectionError:
        fault = broken_off(server) if begun else away_from(server)
    except OpenAIError as error:
        fault = _fault(server, error)
    except (ValueError, TypeError, AttributeError, RecursionError):
        # What was not JSON, or not of the shape that the SDK expects.
        fault = broken_off(server) if begun else not_openai(server)
    else:
        return
    raise fault from None


def away_from(server: str) -> ServerError:
    """Nobody is there."""
    return ServerError(
        Blame.SERVER,
        f"No server can be reached at {server}. Start it there, or check the address in server.urls.",
    )


def not_openai(server: str) -> ServerError:
    """What answers there is something else."""
    return ServerError(
        Blame.SETTINGS,
        f"What answers at {server} is no OpenAI-compatible server. "
        "Check the address in server.urls; it usually ends in /v1.",
    )


def moved(server: str) -> ServerError:
    """It sends us to another address. People's words go nowhere but to the addresses that the owner has written."""
    return ServerError(
        Blame.SETTINGS,
        f"The server at {server} sends us to another address. If that is right, write that one into server.urls.",
    )


def no_model(server: str, wanted: str, listed: tuple[str, ...]) -> ServerError:
    """It has no model of that name, or none at all."""
    if not listed:
        return ServerError(Blame.SETTINGS, f"The server at {server} offers no model. Load one there.")
    names = ", ".join(listed[:5]) + (" …" if len(listed) > 5 else "")
    what = f"has no model “{wanted}”" if wanted else "has no model that can chat"
    return ServerError(
        Blame.SETTINGS, f"The server at {server} {what}. Set server.model to one that it has: {names}."
    )


def broken_off(server: str) -> ServerError:
    """The reply ended in the middle."""
    return ServerError(
        Blame.SERVER,
        f"The server at {server} broke off in the middle of its answer. What you said is kept; say it again in a moment.",
    )


def silent(server: str, seconds: float) -> ServerError:
    """Nothing came for too long."""
    return ServerError(
        Blame.SILENCE,
        f"The server at {server} was silent for {math.ceil(seconds)} seconds. "
        "If it needs longer to read, raise server.timeout_seconds.",
    )


def only_thought(server: str, tokens: int) -> ServerError:
    """The reply's tokens went into thinking."""
    return ServerError(
        Blame.REQUEST,
        f"The model at {server} spent all {tokens} tokens of its answer on thinking. "
        "Switch its thinking off on the server, or raise chat.reply_tokens.",
    )


def no_answer(server: str) -> ServerError:
    """Everything came as thoughts, which happens where the server takes the answer for some."""
    return ServerError(
        Blame.REQUEST,
        f"The model at {server} sent thoughts and no answer. "
        "Start the server without its reasoning parser, or switch thinking off there.",
    )


def held_back(server: str) -> ServerError:
    """The server's own filter stopped the reply."""
    return ServerError(Blame.REQUEST, f"A filter of the server at {server} held its answer back.")


def _fault(server: str, error: OpenAIError) -> ServerError:
    if isinstance(error, APITimeoutError):
        return ServerError(
            Blame.SILENCE,
            f"The server at {server} does not answer in time. Is it overloaded, or still loading?",
        )
    if isinstance(error, APIConnectionError):
        return ServerError(
            Blame.SERVER,
            f"No server can be reached at {server}. Start it there, or check the address in server.urls.",
        )
    if isinstance(error, APIStatusError):
        return _refused(server, error)
    if isinstance(error, APIError):
        return _in_stream(server, error)
    return not_openai(server)


def _refused(server: str, error: APIStatusError) -> ServerError:
    status, details = error.status_code, _details(error)
    if 300 <= status < 400:
        return moved(server)
    if status in {401, 403}:
        return ServerError(
            Blame.SETTINGS,
            f"The server at {server} does not take the key. Set SELFSAME_SERVER_KEY (or server.api_key) to one that it takes.",
        )
    if status == 402 or "insufficient_quota" in details:
        sentence = (
            f"The account at {server} has nothing left to pay with. Top it up there, or set another key."
        )
        return ServerError(Blame.SETTINGS, sentence)
    if status in {404, 405}:
        return _missing(server, details)
    if status == 429:
        wait = _wait(error.response.headers)
        return ServerError(Blame.LOAD, f"The server at {server} has too much to do right now.", wait_s=wait)
    if any(sign in details for sign in TOO_LONG):
        return _too_long(server, error)
    if status >= 500 or status in PASSING:
        wait = _wait(error.response.headers) if status == 503 else None
        sentence = f"The server at {server} failed (HTTP {status}). Its own log says why."
        return ServerError(Blame.SERVER, sentence, wait_s=wait, details=details)
    return ServerError(
        Blame.REQUEST,
        f"The server at {server} did not take the request (HTTP {status}). Its own log says why.",
        details=details,
    )


def _missing(server: str, details: str) -> ServerError:
    if "model" in details:
        return ServerError(
            Blame.SETTINGS, f"The server at {server} does not have the model any more. Check server.model."
        )
    return not_openai(server)


def _too_long(server: str, error: APIError) -> ServerError:
    body = as_object(error.body)
    return ServerError(
        Blame.REQUEST,
        f"That was more than the model at {server} can read at once. Set server.context_tokens to what it has room for, "
        "or give it more room on the server.",
        counted=whole(body.get("n_prompt_tokens")),
        context=whole(body.get("n_ctx")),
    )


def _in_stream(server: str, error: APIError) -> ServerError:
    """An error that came as an event of the stream."""
    details = _details(error)
    if any(sign in details for sign in TOO_LONG):
        return _too_long(server, error)
    return ServerError(
        Blame.SERVER,
        f"The server at {server} failed while it answered. Its own log says why.",
        details=details,
    )


def _details(error: APIError) -> str:
    return f"{error.type or ''} {error.code or ''} {error.param or ''} {error.message}".lower()


def _wait(headers: Mapping[str, str]) -> float | None:
    """The seconds of Retry-After, which may be a number or a date; None if there is none that can be read."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value)
    return seconds if 0 <= seconds < math.inf else None


def _until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
