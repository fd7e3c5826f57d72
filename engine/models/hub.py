"""The hub of models, asked by huggingface_hub; everything that goes wrong is a sentence. `download.py` fetches from it.

There: size, checksum and place of one file.  Listing: what a whole repository holds.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from engine.errors import ModelError
from engine.models.gguf import PART

MISSING = (
    "Fetching models needs huggingface_hub, which comes with them. In Selfsame's folder: make llm for language models, "
    "make pictures for picture models."
)
# Bytes that the hub sends of one file at most; larger models are there in parts.
LARGEST = 50_000_000_000
# Seconds that the hub may take to list a repository.
PATIENCE = 30.0
# The hub's checksums: SHA-256 of large files, git's own (SHA-1 over its size and its bytes) of those that it keeps in git.
SHA256, GIT = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{40}")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Any file's name, to ask where files of a repository are.
INDEX = "model_index.json"


@dataclass(frozen=True, slots=True)
class Source:
    """A file on the hub."""

    repo: str  # OWNER/REPO
    file: str  # its path there
    revision: str | None = None  # a commit; None: the newest

    @property
    def name(self) -> str:
        """As it is written in `llm.model` and after --from."""
        return f"{self.repo}/{self.file}"

    @property
    def parts(self) -> tuple[Source, ...]:
        """All parts of a model that was cut into some; itself otherwise."""
        found = PART.search(self.file)
        if found is None:
            return (self,)
        stem, count = self.file[: found.start()], int(found[2])
        return tuple(
            Source(self.repo, f"{stem}-{one:05}-of-{count:05}.gguf", self.revision)
            for one in range(1, count + 1)
        )


@dataclass(frozen=True, slots=True)
class There:
    """What the hub says of a file."""

    size: int
    checksum: str
    commit: str
    url: str  # where its bytes are, for a while
    own: bool  # whether that is the hub itself, which may be shown the token

    def digest(self) -> Any:
        """What the checksum comes out of when all bytes have passed."""
        if SHA256.fullmatch(self.checksum):
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a repository: its path there, and its bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What a repository holds at one commit."""

    repo: str
    commit: str
    files: tuple[Listed, ...]


class BrokenError(Exception):
    """The connection ended before the file did."""


class Hub:
    """The hub, asked by huggingface_hub. Everything that goes wrong is a sentence."""

    def __init__(self, wanted: Source, endpoint: str | None) -> None:
        self._source = wanted
        self._endpoint = endpoint
        try:
            from huggingface_hub import errors, file_download, utils
        except ImportError as error:
            raise ModelError(MISSING) from error
        # Its own bar and its own warnings would be drawn into ours.
        utils.disable_progress_bars("huggingface_hub.http_get")
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
        self._errors: Any = errors
        self._calls: Any = file_download
        self._headers: dict[str, str] = utils.build_hf_headers()

    def ask(self, again: There | None = None) -> There:
        """Size, checksum and place of the file, of the same commit as before if it was asked before."""
        revision = again.commit if again else self._source.revision
        url = self._calls.hf_hub_url(
            self._source.repo, self._source.file, revision=revision, endpoint=self._endpoint
        )
        try:
            found = self._calls.get_hf_file_metadata(url, headers=self._headers, endpoint=self._endpoint)
        except (self._errors.HTTPError, OSError) as error:
            raise ModelError(self._why(error, url)) from None
        if not found.commit_hash or not found.size or not is_checksum(found.etag or ""):
            raise ModelError(
                f"{host(url)} does not say size and checksum of {self._source.name}, so it could not be checked. "
                "Use another hub (HF_ENDPOINT), or fetch the file by hand into models/ of the data directory."
            )
        if found.size > LARGEST:
            raise ModelError(
                f"{self._source.name} has {found.size / 1e9:.0f} GB, and the hub sends 50 at most. Choose a smaller one, or one in parts."
            )
        own = host(found.location) in (host(url), "huggingface.co")
        return There(found.size, found.etag, found.commit_hash, found.location, own)

    def get(self, there: There, arriving: Any) -> None:
        """Fetch what is missing into what takes it like a file. Raises BrokenError, and OSError if the disk is full."""
        headers = {
            name: value for name, value in self._headers.items() if there.own or name != "authorization"
        }
        try:
            self._calls.http_get(
                there.url, arriving, resume_size=arriving.size, headers=headers, expected_size=there.size
            )
        except self._errors.HTTPError as error:
            raise BrokenError from error
        except OSError as error:
            if error.errno in FULL:
                raise
            raise BrokenError from error

    def listing(self) -> Listing:
        """All files of the repository, as they are there now. Raises ModelError."""
        from huggingface_hub import HfApi

        url = self._calls.hf_hub_url(self._source.repo, INDEX, endpoint=self._endpoint)
        try:
            found = HfApi(endpoint=self._endpoint).model_info(
                self._source.repo, revision=self._source.revision, files_metadata=True, timeout=PATIENCE
            )
        except (self._errors.HTTPError, OSError) as error:
            raise ModelError(self._why(error, url)) from None
        files = tuple(Listed(one.rfilename, one.size or 0) for one in found.siblings or ())
        if not found.sha or not files:
            raise ModelError(f"{host(url)} does not say what {self._source.repo} holds. Try again later.")
        return Listing(self._source.repo, found.sha, files)

    def _why(self, error: Exception, url: str) -> str:
        name, at = self._source.name.rstrip("/"), host(url)
        status = getattr(getattr(error, "response", None), "status_code", 0)
        if isinstance(error, self._errors.GatedRepoError) or status == 403:
            return (
                f"{name} is only given to people who accept its terms. Accept them at https://{at}/{self._source.repo}, "
                "make a token at https://huggingface.co/settings/tokens and set it as HF_TOKEN."
            )
        if isinstance(error, self._errors.EntryNotFoundError):
            return f"{self._source.repo} has no file {self._source.file}. See https://{at}/{self._source.repo}/tree/main"
        if isinstance(error, self._errors.RepositoryNotFoundError) or status == 401:
            return (
                f"{at} has no {self._source.repo}, or shows it only to some. Check the name, and the token in "
                "HF_TOKEN if it is a private one."
            )
        if isinstance(error, self._errors.OfflineModeIsEnabled):
            return "HF_HUB_OFFLINE is set, so nothing is fetched. Take it out of the environment."
        if status:
            return f"{at} cannot give {name} at the moment (it says {status}). Try again later."
        return f"{at} cannot be reached. Check the network, and HTTPS_PROXY or HF_ENDPOINT if you need one."


def is_checksum(etag: str) -> bool:
    """Whether it is one of the hub's."""
    return bool(SHA256.fullmatch(etag) or GIT.fullmatch(etag))


def host(url: str) -> str:
    """The host of an address."""
    return urlsplit(url).netloc
