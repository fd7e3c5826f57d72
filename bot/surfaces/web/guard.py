"""What stands before every page: host names, sizes, origins, the login, and the headers of every answer.

app.py wraps it around the routes. What it lets through has a bounded body, comes from our own pages, and is allowed in.
Only a file that is sent to be imported is let through unread, since it may be as long as a book shelf.
"""

from __future__ import annotations

import hmac
import re
import secrets
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.surfaces.web.login import COOKIE
from bot.surfaces.web.site import Refusal, Site, refuse

# Bytes of one form: the longest honest one (a backstory in a script that takes 9 bytes a letter once encoded) fits.
BODY_BYTES = 64 * 1024
# Where files are sent, and bytes of one: a history of 200 MB, and the form around it.
UPLOAD = re.compile(r"/c/[^/]+/import")
UPLOAD_BYTES = 200_000_000 + BODY_BYTES
CSRF_COOKIE = "selfsame_csrf"
CSRF_WORD = re.compile(r"[A-Za-z0-9_-]{32,64}")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = ("/login", "/static/", "/healthz")  # before the login

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}

TOO_LONG = Refusal(
    413,
    "That is too long",
    f"At most {BODY_BYTES // 1024} kB can be sent at once. Nothing was changed; please shorten it.",
)
TOO_LARGE = Refusal(
    413,
    "That file is too large",
    f"At most {UPLOAD_BYTES // 1_000_000} MB can be sent. Take the pictures out of it, or send it in parts.",
)
WRONG_HOST = Refusal(
    421,
    "Unknown address",
    "This page does not answer to that host name. Open it by the address that Selfsame printed.",
)
FOREIGN = Refusal(
    403, "That did not come from this page", "Nothing was changed. Reload the page and try again."
)
CLOSED = Refusal(
    401, "Please sign in", "Your session has ended. Nothing you typed is lost: reload and sign in again."
)


class Guard:
    """Pure ASGI, so that event streams pass through unbuffered."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        known = request.cookies.get(CSRF_COOKIE, "")
        fresh = "" if CSRF_WORD.fullmatch(known) else secrets.token_urlsafe(32)
        scope.setdefault("state", {})["csrf"] = fresh or known
        sender = _Headers(send, fresh, secure=request.url.scheme == "https")
        answer = self._refuse(request)
        body = b""
        sent = request.method == "POST" and UPLOAD.fullmatch(request.url.path) is not None
        if answer is None and sent and not _announced(request, UPLOAD_BYTES):
            answer = refuse(self._site, request, TOO_LARGE)
        elif answer is None and not sent and request.method not in SAFE:
            try:
                read = await _read(request)
            except ClientDisconnect:
                return  # who hung up in mid-form waits for no answer, and has changed nothing
            body, answer = (b"", refuse(self._site, request, TOO_LONG)) if read is None else (read, None)
        if answer is not None:
            await answer(scope, receive, sender)
            return
        again = receive if sent or request.method in SAFE else _Replay(body, receive)
        await self._app(scope, again, sender)

    def _refuse(self, request: Request) -> Response | None:
        if not _host_known(request, self._site):
            return refuse(self._site, request, WRONG_HOST, bare=True)
        if request.method not in SAFE and not _from_here(request):
            return refuse(self._site, request, FOREIGN)
        if request.url.path.startswith(OPEN_PATHS) or self._site.login.admits(
            request.cookies.get(COOKIE, "")
        ):
            return None
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/login", 303)
        return refuse(self._site, request, CLOSED, bare=True)


def token_matches(request: Request, given: str) -> bool:
    """Whether a form or a header carries the word of the cookie, which other sites can neither read nor set."""
    known = request.cookies.get(CSRF_COOKIE, "")
    # A browser keeps this cookie from posts of other sites: without it there is nothing to match.
    return bool(CSRF_WORD.fullmatch(known)) and hmac.compare_digest(
        given.encode("utf-8", "replace"), known.encode()
    )


def _host_known(request: Request, site: Site) -> bool:
    known = site.config.known_hosts
    host = request.headers.get("host", "").lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return not known or name in known


def _from_here(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    if site not in ("same-origin", "none"):
        return False
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def _announced(request: Request, most: int) -> bool:
    """Whether a body says how long it is, and that is not too long; the server holds it to its word."""
    announced = request.headers.get("content-length", "")
    return announced.isdecimal() and len(announced) < 19 and int(announced) <= most


async def _read(request: Request) -> bytes | None:
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > BODY_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            return None
    return bytes(body)


class _Replay:
    """The body that was read, once more for the page behind."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Headers:
    """Adds our headers to the answer; a page may set its own value for one of them."""

    def __init__(self, send: Send, fresh_csrf: str, *, secure: bool) -> None:
        self._send, self._fresh, self._secure = send, fresh_csrf, secure

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            own = {name.lower() for name, _ in headers}
            headers += [
                (name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in own
            ]
            if self._fresh:
                headers.append((b"set-cookie", self._cookie().encode()))
            message = {**message, "headers": headers}
        await self._send(message)

    def _cookie(self) -> str:
        cookie = SimpleCookie({CSRF_COOKIE: self._fresh})
        morsel = cookie[CSRF_COOKIE]
        morsel["path"], morsel["samesite"] = "/", "Strict"
        morsel["httponly"] = True  # the pages carry the word themselves
        if self._secure:
            morsel["secure"] = True
        return morsel.OutputString()
