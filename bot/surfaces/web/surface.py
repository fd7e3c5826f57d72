"""The page as a surface: delivery and the router call it, and browsers hear of it through the hub of events.py.

It decides nothing: every outbound becomes one event of its conversation's channel. The page puts its own id of an
event into `Origin.reply`, so that the browser knows which of its messages was stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.messages import Confirm, Delta, Origin, Outbound, ProgressView, Replied, Started, Text, Tone, Waiting
from bot.surfaces.web.events import HEARTBEAT, Hub
from bot.surfaces.web.render import Renderer, progress_data


class WebSurface:
    """Shows things on every open page of a conversation."""

    name = "web"

    def __init__(self, *, heartbeat: float = HEARTBEAT) -> None:
        self.hub = Hub(heartbeat=heartbeat)
        self.renderer = Renderer()

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        """Show something on the conversation's pages. A message's id is its ref."""
        self._send(origin, outbound)
        return outbound.message.id if isinstance(outbound, Replied) else ""

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        """Show something in place of the message `ref`; pages put messages in place by their id."""
        self._send(origin, outbound, ref)

    def close(self) -> None:
        """End all streams."""
        self.hub.close()

    def _send(self, origin: Origin, outbound: Outbound, ref: str = "") -> None:
        channel = channel_of(origin)
        match outbound:
            case Started():
                self._start(channel, origin, outbound)
            case Waiting():
                self._publish(channel, "waiting", {"reply_id": outbound.reply_id, "words": outbound.words})
            case Delta():
                self._publish(channel, "delta", {"reply_id": outbound.reply_id, "text": outbound.text})
            case Replied():
                self._reply(channel, origin, outbound)
            case ProgressView():
                self._progress(channel, origin, outbound, ref)
            case Text():
                self._say(channel, origin, outbound)
            case Confirm():
                html = self.renderer.confirm(outbound, conversation_id=origin.conversation_id)
                self._publish(channel, "confirm", {"html": html, "event_id": origin.reply})
            case _:  # a whole view: the page that shows it loads it itself
                self._publish(channel, "resync", {})

    def _start(self, channel: str, origin: Origin, started: Started) -> None:
        if started.reply_id:
            self.hub.begin(channel, started.reply_id)
        html = self.renderer.message(started.message, conversation_id=origin.conversation_id)
        data = {
            "id": started.message.id,
            "html": html,
            "reply_id": started.reply_id,
            "event_id": origin.reply,
        }
        self._publish(channel, "started", data)

    def _reply(self, channel: str, origin: Origin, replied: Replied) -> None:
        message = replied.message
        html = self.renderer.message(message, conversation_id=origin.conversation_id)
        data = {
            "id": message.id,
            "html": html,
            "role": message.role,
            "model_name": replied.model_name,
            "words": message.text or (message.picture.caption if message.picture else ""),
            "progress": progress_data(message.progress) if message.progress else None,
        }
        self._publish(channel, "message", data)
        self.hub.end(channel, message.id)

    def _progress(self, channel: str, origin: Origin, view: ProgressView, ref: str) -> None:
        html = self.renderer.progress(view, conversation_id=origin.conversation_id)
        data = {**progress_data(view), "message_id": view.message_id or ref, "html": html}
        self._publish(channel, "progress", data)

    def _say(self, channel: str, origin: Origin, text: Text) -> None:
        if text.tone is Tone.ERROR:  # whatever was being written will not come
            for reply_id in self.hub.streaming(channel):
                self.hub.end(channel, reply_id)
        data = {"text": text.text, "tone": text.tone, "field": text.field, "event_id": origin.reply}
        self._publish(channel, "text", data)

    def _publish(self, channel: str, kind: str, data: Mapping[str, object]) -> None:
        self.hub.publish(channel, kind, json.dumps(data, ensure_ascii=False, default=str))


def channel_of(origin: Origin) -> str:
    """The hub's channel: the person's conversation, or else the address that the page itself gave."""
    return f"{origin.person_id}/{origin.conversation_id or origin.channel}"
