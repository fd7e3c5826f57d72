"""Files that people send along with a command, fetched from Discord's own servers and from nowhere else.

`surface.py` calls it when a command needs the file. An address can be typed, too, so only Discord's are asked, and they
are not followed elsewhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp

from engine.errors import NotFoundError

HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
# Seconds until Discord has to begin, and between two pieces.
CONNECT_S, PIECE_S = 20.0, 60.0
PIECE = 1 << 18
GONE = "That file cannot be fetched from Discord any more. Please send it again."


async def download(address: str, api_url: str) -> AsyncIterator[bytes]:
    """The file at an address of Discord, piece by piece. Raises NotFoundError."""
    if not _ours(address, api_url):
        raise NotFoundError(GONE)
    patience = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=PIECE_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise NotFoundError(GONE)
            async for piece in answer.content.iter_chunked(PIECE):
                yield piece
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise NotFoundError(GONE) from error


def _ours(address: str, api_url: str) -> bool:
    """Whether an address is Discord's, or that of the server that stands in for it."""
    try:
        parts = urlsplit(address)
        own = urlsplit(api_url)
    except ValueError:
        return False
    if api_url and (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    return parts.scheme == "https" and parts.netloc in HOSTS
