"""How requests reach Telegram: by aiohttp, through the library's own port for that.

The library's default, httpx, takes about a millisecond of processor time for each request, aiohttp a quarter of one (it
is here for Discord anyway); a message is two requests, and each keeps everybody else's waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# What the library gives for "as it was set up".
Seconds = Any


class AiohttpRequest(BaseRequest):
    """Requests over at most so many connections. Timeouts are seconds; `upload` is for sending files."""

    def __init__(self, connections: int, *, seconds: float, upload: float = 0.0) -> None:
        self._connections, self._seconds, self._upload = connections, seconds, upload or seconds
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take, to which the library adds those of a long poll."""
        return self._seconds

    async def initialize(self) -> None:
        """Open the connections' pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector)

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises TimedOut, NetworkError, whose cause says how far it came."""
        if self._session is None:
            raise RuntimeError("this request is not initialised")
        files = request_data.multipart_data if request_data else {}
        fields = request_data.json_parameters if request_data else {}
        reading = self._or_default(read_timeout, self._seconds)
        writing = self._or_default(write_timeout, self._upload if files else self._seconds)
        connecting = self._or_default(connect_timeout, self._seconds)
        waiting = self._or_default(pool_timeout, self._seconds)
        timeout = aiohttp.ClientTimeout(
            total=waiting + connecting + writing + reading,
            connect=waiting + connecting,
            sock_connect=connecting,
            sock_read=reading + (writing if files else 0.0),
        )
        body = _form(fields, files) if files else fields or None
        try:
            proxy = self._proxy_for(url)
            async with self._session.request(method, url, data=body, timeout=timeout, proxy=proxy) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (
            aiohttp.ClientError,
            OSError,
        ) as error:  # its own words may hold the address, and that the token
            raise NetworkError(type(error).__name__) from error

    def _proxy_for(self, url: str) -> str | None:
        """The proxy that the environment names, as other programs use it; looked up once, because that takes a while."""
        origin = url.partition("/bot")[0]
        if origin not in self._proxies:
            parts = urlsplit(origin)
            passed = not parts.hostname or proxy_bypass(parts.hostname)
            self._proxies[origin] = None if passed else getproxies().get(parts.scheme)
        return self._proxies[origin]

    def _or_default(self, given: Seconds, default: float) -> float:
        return float(given) if isinstance(given, int | float) else default


def _form(fields: Mapping[str, str], files: Mapping[str, tuple[Any, ...]]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, (filename, content, *mime) in files.items():
        form.add_field(name, content, filename=filename, content_type=mime[0] if mime else None)
    return form
