"""A hub on 127.0.0.1 that speaks what huggingface_hub asks: the hub itself, which redirects to a store of blobs.

async with Hub() as hub:
    hub.put("Owner/Repo-GGUF", "model.gguf", data)
    fetch(source, folder, progress, endpoint=hub.url)
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from aiohttp import web

COMMIT = "c0ffee00" * 5


@dataclass
class File:
    """A file, and how it misbehaves."""

    data: bytes
    sha256: str
    size: int
    status: int = 200
    code: str = ""  # X-Error-Code


@dataclass
class Hub:
    """The hub. What was asked for stays to be looked at."""

    files: dict[str, File] = field(default_factory=dict)
    # For each next answer of the store, after how many bytes it breaks off, and whether it does so rudely.
    breaks: list[tuple[int, bool]] = field(default_factory=list)
    ranges: bool = True
    heads: list[str] = field(default_factory=list)
    gets: list[tuple[int, str]] = field(
        default_factory=list
    )  # where it began, and the Authorization that came
    authorized: list[str] = field(default_factory=list)  # that came to the hub itself
    sent: int = 0
    # After so many bytes the store waits for `go`; `held` is set once it does. 0: it does not.
    hold_at: int = 0
    held: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    listings: list[str] = field(default_factory=list)  # repositories that were listed

    def put_folder(self, repo: str, folder: Path) -> None:
        """Put all files of a folder there."""
        for path in folder.rglob("*"):
            if path.is_file():
                self.put(repo, path.relative_to(folder).as_posix(), path.read_bytes())

    def put(self, repo: str, name: str, data: bytes, **more: int | str) -> File:
        """Put a file there; `status`, `code`, `size`, `sha256` may lie."""
        file = File(data, hashlib.sha256(data).hexdigest(), len(data))
        for key, value in more.items():
            setattr(file, key, value)
        self.files[f"{repo}/{name}"] = file
        return file

    async def __aenter__(self) -> Self:
        self._links: dict[str, File] = {}
        self._runners = []
        self.url = await self._serve(
            [
                web.head("/{repo:[^/]+/[^/]+}/resolve/{rev}/{file:.+}", self._head),
                web.get("/api/models/{repo:[^/]+/[^/]+}", self._list, allow_head=False),
            ]
        )
        self._store = await self._serve([web.get("/blob/{link}", self._blob, allow_head=False)])
        return self

    async def __aexit__(self, *_: object) -> None:
        for runner in self._runners:
            await runner.cleanup()

    async def _serve(self, routes: list[web.RouteDef]) -> str:
        app = web.Application()
        app.add_routes(routes)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def _head(self, request: web.Request) -> web.Response:
        name = f"{request.match_info['repo']}/{request.match_info['file']}"
        self.heads.append(request.match_info["rev"])
        self.authorized.append(request.headers.get("Authorization", ""))
        file = self.files.get(name)
        if file is None:
            known = any(one.startswith(request.match_info["repo"] + "/") for one in self.files)
            return web.Response(
                status=404 if known else 401,
                headers={"X-Error-Code": "EntryNotFound" if known else "RepoNotFound"},
            )
        if file.status != 200:
            return web.Response(status=file.status, headers={"X-Error-Code": file.code} if file.code else {})
        link = secrets.token_hex(8)  # signed, and good for one download
        self._links[link] = file
        return web.Response(
            status=302,
            headers={
                "Location": f"{self._store}/blob/{link}",
                "X-Repo-Commit": COMMIT,
                "X-Linked-ETag": f'"{file.sha256}"',
                "X-Linked-Size": str(file.size),
            },
        )

    async def _list(self, request: web.Request) -> web.Response:
        """What /api/models says of a repository, files with their sizes."""
        repo = request.match_info["repo"]
        self.listings.append(repo)
        own = {name: file for name, file in self.files.items() if name.startswith(f"{repo}/")}
        if not own:
            return web.Response(status=401, headers={"X-Error-Code": "RepoNotFound"})
        siblings = [
            {
                "rfilename": name.removeprefix(f"{repo}/"),
                "size": file.size,
                "blobId": hashlib.sha1(file.data, usedforsecurity=False).hexdigest(),
                "lfs": {"sha256": file.sha256, "size": file.size, "pointerSize": 134},
            }
            for name, file in own.items()
        ]
        return web.json_response({"id": repo, "sha": COMMIT, "siblings": siblings})

    async def _blob(self, request: web.Request) -> web.StreamResponse:
        file = self._links.get(request.match_info["link"])
        if file is None:
            return web.Response(status=403)
        found = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(found[1]) if found and self.ranges else 0
        self.gets.append((start, request.headers.get("Authorization", "")))
        response = web.StreamResponse(status=206 if found and self.ranges else 200)
        response.content_length = len(file.data) - start
        if response.status == 206:
            response.headers["Content-Range"] = f"bytes {start}-{len(file.data) - 1}/{len(file.data)}"
        await response.prepare(request)
        stop, rude = self.breaks.pop(0) if self.breaks else (len(file.data), False)
        for at in range(start, min(start + stop, len(file.data)), 1 << 16):
            piece = file.data[at : min(at + (1 << 16), start + stop)]
            await response.write(piece)
            self.sent += len(piece)
            if self.hold_at and self.sent >= self.hold_at:
                self.held.set()
                await self.go.wait()
        if stop < len(file.data) - start:
            transport = request.transport
            assert transport is not None
            transport.abort() if rude else transport.close()  # type: ignore[attr-defined]
        return response
