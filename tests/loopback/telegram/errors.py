"""What the Bot API answers when it refuses: raised by methods and limits, written as JSON by the server."""

from typing import Any


class ApiError(Exception):
    """A refused call: its error code, its description and, for some, what to do next."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON that Telegram sends."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(text: str) -> ApiError:
    """400: the call itself is wrong."""
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """403: the bot may not do this to them."""
    return ApiError(403, f"Forbidden: {text}")


def too_many(seconds: int) -> ApiError:
    """429: slower, please."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
