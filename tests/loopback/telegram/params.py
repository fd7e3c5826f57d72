"""A call's parameters: PTB sends them form-encoded or multipart with JSON inside, others as one JSON object."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.loopback.telegram.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    content: bytes


class Params:
    """Named values, whatever they came as."""

    def __init__(self, method: str, values: dict[str, Any], files: dict[str, Upload]) -> None:
        self.method = method
        self.values = values
        self.files = files

    def __contains__(self, name: str) -> bool:
        return name in self.values or name in self.files

    def text(self, name: str) -> str:
        """A string; empty if it was not given."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number."""
        value = self.text(name)
        try:
            return int(value) if value else default
        except ValueError:
            raise bad_request(f'field "{name}" must be a Number') from None

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return self.text(name).lower() in {"true", "1", "yes"}

    def data(self, name: str) -> Any:
        """An object or a list; None if it was not given."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str, value: str = "") -> Upload | None:
        """The file of a parameter: sent under its name, or under the name that `attach://` says."""
        value = value or self.text(name)
        if value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return None if value else self.files.get(name)


async def read(request: web.Request) -> Params:
    """The parameters of a request: from its address and from its body."""
    method = request.match_info["method"]
    values: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json() if request.can_read_body else {}
        if not isinstance(body, dict):
            raise bad_request("object expected as parameters")
        values |= body
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.file.read())
            else:
                values[name] = value
    return Params(method, values, files)
