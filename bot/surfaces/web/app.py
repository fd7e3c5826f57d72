"""The page as an ASGI application: routes, errors, and the guard around them. bot/app.py creates it, server.py serves it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.messages import Door, Pictures
from bot.surfaces.web import chat, imports, media, pages, wizard
from bot.surfaces.web.config import WebConfig
from bot.surfaces.web.guard import Guard
from bot.surfaces.web.login import Login
from bot.surfaces.web.render import STATIC, static_version
from bot.surfaces.web.site import Keep, Refusal, RefusedError, Site, refuse, site_of
from bot.surfaces.web.surface import WebSurface
from engine.errors import NotFoundError, SelfsameError

BROKEN = Refusal(
    500, "Something broke here", "Nothing you said is lost. Try again; if it stays, look at the server's log."
)
HTTP_WORDS = {
    404: Refusal(
        404, "There is nothing here", "The address may be mistyped, or what was here has been deleted."
    ),
    405: Refusal(405, "That cannot be done here", "Go back to the page you came from and use its buttons."),
    400: Refusal(400, "That could not be read", "Nothing was changed. Reload the page and try again."),
}


def create_app(
    *,
    door: Door,
    pictures: Pictures,
    surface: WebSurface,
    config: WebConfig,
    person: Callable[[], str],
    keep: Keep | None = None,
) -> Starlette:
    """The whole page. Raises ConfigError where it would be open to the network without an access token."""
    config.check()
    site = Site(door, pictures, surface, config, person, Login(config.access_token), keep)
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(Guard, site=site)],
        exception_handlers={
            RefusedError: _refused,
            NotFoundError: _not_found,
            SelfsameError: _failed,
            HTTPException: _http,
            Exception: _broken,
        },
    )
    app.state.site = site
    return app


def _routes() -> list[BaseRoute]:
    get, post = ["GET"], ["POST"]
    return [
        Route("/", pages.show_catalog, methods=get),
        Route("/c/{slug}", pages.show_profile, methods=get),
        Route("/c/{slug}/chat", chat.show_chat, methods=get),
        Route("/c/{slug}/chat/messages", chat.show_messages, methods=get),
        Route("/c/{slug}/selfie", pages.ask_for_picture, methods=post),
        Route("/c/{slug}/gallery", pages.show_gallery, methods=get),
        Route("/c/{slug}/memory", pages.show_memory, methods=get),
        Route("/c/{slug}/import", imports.show_imports, methods=get),
        Route("/c/{slug}/import", imports.take_file, methods=post),
        Route("/c/{slug}/welcome", wizard.show_welcome, methods=get),
        Route("/c/{slug}/edit", wizard.edit, methods=post),
        Route("/gallery", pages.show_gallery, methods=get),
        Route("/conversations/{conversation_id}/say", chat.say, methods=post),
        Route("/conversations/{conversation_id}/events", chat.stream_events, methods=get),
        Route("/do", pages.do_call, methods=post),
        Route("/create", wizard.show_start, methods=get),
        Route("/create", wizard.start, methods=post),
        Route("/create/{draft_id}", wizard.show_step, methods=get),
        Route("/create/{draft_id}", wizard.post_step, methods=post),
        Route("/create/{draft_id}/save", wizard.save_answers, methods=post),
        Route("/create/{draft_id}/takes", wizard.show_takes, methods=get),
        Route("/create/{draft_id}/events", wizard.stream_events, methods=get),
        Route("/help", pages.show_help, methods=get),
        Route("/privacy", pages.show_privacy, methods=get),
        Route("/export", pages.download_export, methods=get),
        Route("/completions", pages.list_completions, methods=get),
        Route("/login", pages.show_login, methods=get),
        Route("/login", pages.log_in, methods=post),
        Route("/logout", pages.log_out, methods=post),
        Route("/healthz", pages.say_healthy, methods=get),
        Route("/favicon.ico", _favicon, methods=get),
        Route("/media/{media_id}", media.send_picture, methods=get),
        Route("/preview/{job_id}", media.send_preview, methods=get),
        Route("/portrait/{draft_id}", media.send_portrait, methods=get),
        Mount(f"/static/{static_version()}", _Static(directory=STATIC)),
    ]


class _Static(StaticFiles):
    """Our own files, under an address that changes with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer


async def _favicon(request: Request) -> Response:
    return RedirectResponse(f"/static/{static_version()}/icons/favicon.svg", 308)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return refuse(site_of(request), request, error.refusal)


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, SelfsameError)
    return refuse(site_of(request), request, Refusal(404, "There is nothing here", error.sentence))


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, SelfsameError)
    return refuse(site_of(request), request, Refusal(422, "That did not work", error.sentence))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refuse(site_of(request), request, HTTP_WORDS.get(error.status_code, BROKEN))


async def _broken(request: Request, error: Exception) -> Response:
    return refuse(site_of(request), request, BROKEN)
