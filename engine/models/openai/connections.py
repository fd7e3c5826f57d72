"""The connections to one server, as `server.py` gives them to the SDK: to no other address, and never endless.

What answers may be broken, or not what the owner thinks it is. It cannot send people's words on to somebody else, nor
fill the memory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from httpx2 import AsyncByteStream, AsyncClient, Response
from openai import DefaultAsyncHttpxClient

# Bytes of one answer. A token comes in some 300 of them, and 32,000 are more than any model thinks before it speaks.
MOST_BYTES = 32 << 20
# The same where they are packed, though we ask for plain ones: they may become a thousand times as many.
MOST_PACKED = 1 << 14


class TooMuchError(ValueError):
    """The server sends more than any answer has."""


def connections() -> AsyncClient:
    """A client that follows nobody to another address."""
    return DefaultAsyncHttpxClient(
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [_bound]},
    )


async def _bound(response: Response) -> None:
    packed = response.headers.get("content-encoding", "identity").lower() != "identity"
    if isinstance(response.stream, AsyncByteStream):
        response.stream = _Bounded(response.stream, MOST_PACKED if packed else MOST_BYTES)


class _Bounded(AsyncByteStream):
    """An answer's bytes, up to so many. Raises TooMuchError."""

    def __init__(self, stream: AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._left -= len(chunk)
            if self._left < 0:
                raise TooMuchError
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
