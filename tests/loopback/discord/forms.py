"""A form as a person fills it: the values checked as a Discord app does, and put into the shape of a submit. Called by
control.py for modals, and for select menus outside of them too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.loopback.discord import payloads
from tests.loopback.discord.arguments import Arguments, check_text
from tests.loopback.discord.commands import CannotSend
from tests.loopback.discord.components import bounds
from tests.loopback.discord.errors import Json
from tests.loopback.discord.files import store
from tests.loopback.discord.interactions import Modal
from tests.loopback.discord.world import Channel, World


class FilledForm:
    """One modal with what somebody entered."""

    def __init__(self, world: World, modal: Modal, values: dict[str, Any]) -> None:
        self._world = world
        self._modal = modal
        self._given = dict(values)
        self._resolved: Json = {}

    def data(self) -> Json:
        """The `data` of the interaction, or CannotSend."""
        modal = self._modal
        data: Json = {"custom_id": modal.custom_id, "components": self._components()}
        if self._given:
            raise CannotSend(f"the form has no {sorted(self._given)}, only {modal.inputs}")
        return {**data, "resolved": self._resolved} if self._resolved else data

    def _components(self) -> list[Json]:
        shapes: list[Json] = []
        for number, part in enumerate(self._modal.components, 1):
            if part["type"] == 18:
                inside = self._input({**part["component"], "label": part["label"]})
                shapes.append({"type": 18, "id": number, "component": inside})
            elif part["type"] == 1:
                inside = self._input(part["components"][0])
                shapes.append({"type": 1, "id": number, "components": [inside]})
            else:
                shapes.append({"type": part["type"], "id": number})
        return shapes

    def _input(self, found: Json) -> Json:
        shape: Json = {"type": found["type"], "custom_id": found["custom_id"], "id": found.get("id") or 1}
        name = found["custom_id"] if found["custom_id"] in self._given else str(found.get("label"))
        value = self._given.pop(name, None)
        defaults = [one["value"] for one in found.get("options") or [] if one.get("default")]
        match found["type"]:
            case 4:
                return {**shape, "value": _text(found, value)}
            case 19:
                return {**shape, "values": self._upload(found, value or [])}
            case 21 | 23:
                return {**shape, "value": value}
            case 22:
                return {**shape, "values": list(defaults if value is None else value)}
        chosen = choices(
            self._world, self._modal.interaction.channel, found, defaults if value is None else value
        )
        for kind, entities in chosen.get("resolved", {}).items():
            self._resolved.setdefault(kind, {}).update(entities)
        return {**shape, "values": chosen["values"]}

    def _upload(self, found: Json, files: Sequence[tuple[str, bytes]]) -> list[str]:
        _check_count(found, len(files))
        numbers = []
        for filename, content in files:
            file = store(self._world, self._modal.interaction.channel.id, filename, content)
            self._resolved.setdefault("attachments", {})[str(file.id)] = payloads.attachment(file)
            numbers.append(str(file.id))
        return numbers


def choices(world: World, channel: Channel, found: Json, values: Sequence[Any]) -> Json:
    """`values` (and `resolved`) of a select: options by value or label, people, channels and roles as objects."""
    _check_count(found, len(values))
    if found["type"] != 3:
        arguments = Arguments(world, channel)
        chosen = [arguments.entity(value) for value in values]
        return {"values": chosen, "resolved": arguments.resolved}
    return {"values": [_option(found, value) for value in values]}


def _check_count(found: Json, count: int) -> None:
    fewest, most = bounds(found)
    if found.get("required") is False and not count:
        return
    if not fewest <= count <= most:
        raise CannotSend(f"choose {fewest} to {most}, not {count}")


def _text(found: Json, value: str | None) -> str:
    text = (found.get("value") or "") if value is None else value
    required = found.get("required", True)
    if text or required:
        bounds = {key: found[key] for key in ("min_length", "max_length", "custom_id") if found.get(key)}
        check_text({"min_length": 1 if required else 0, **bounds}, text)
    return text


def _option(found: Json, value: str) -> str:
    for option in found["options"]:
        if value in (option["value"], option["label"]):
            return str(option["value"])
    raise CannotSend(f"{value!r} is not among {[option['label'] for option in found['options']]}")
