"""Pictures: files named by content may be kept by browsers for ever; live portraits change under their address."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.surfaces.web.site import site_of

# What browsers may show; anything else is only ever saved. SVG is not among them: it can hold scripts.
SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})
FOR_EVER = "private, max-age=31536000, immutable"  # a year, in seconds
POLICY = "default-src 'none'; sandbox"


async def send_picture(request: Request) -> Response:
    """A stored picture."""
    site = site_of(request)
    path, mime = await site.pictures.file(request.path_params["media_id"], site.person())
    name = f"selfsame-{Path(path).stem[:12]}{Path(path).suffix}" if "download" in request.query_params else ""
    return _file(request, path, mime, Path(path).stem, FOR_EVER, name)


async def send_preview(request: Request) -> Response:
    """What a picture under way looks like so far: the page asks again with each step."""
    site = site_of(request)
    path = await site.pictures.preview(request.path_params["job_id"], site.person())
    headers = {"cache-control": "no-store", "content-security-policy": POLICY}
    try:
        data = await asyncio.to_thread(Path(path).read_bytes) if path else b""
    except FileNotFoundError:  # the picture has come in between
        data = b""
    return Response(data, 200 if data else 204, media_type="image/jpeg", headers=headers)


async def send_portrait(request: Request) -> Response:
    """A draft's portrait as it looks now."""
    site = site_of(request)
    path, mime = await site.pictures.portrait(request.path_params["draft_id"], site.person())
    return _file(request, path, mime, Path(path).stem, "private, no-cache", "")


def _file(request: Request, path: str, mime: str, tag: str, cache: str, name: str) -> Response:
    headers = {"etag": f'"{tag}"', "cache-control": cache, "content-security-policy": POLICY}
    if f'"{tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if mime not in SHOWN:
        mime, name = "application/octet-stream", name or Path(path).name
    return FileResponse(path, media_type=mime, headers=headers, filename=name or None)
