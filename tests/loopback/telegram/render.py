"""A transcript as one self-contained page that looks like Telegram, for a person to read what users would see.

Path("chat.html").write_text(page(server.transcript(chat, ada), you="Ada", title="Selfsame"))
chromium --headless --no-sandbox --screenshot=chat.png --window-size=600,2000 chat.html
"""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from tests.loopback.telegram.entities import Entity
from tests.loopback.telegram.model import Button, Media
from tests.loopback.telegram.transcript import Line
from tests.loopback.telegram.units import units

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}

BLOCKS = {"pre", "blockquote", "expandable_blockquote"}

# The colours of names in groups.
NAMES = ("#c03d33", "#4fad2d", "#d09306", "#168acd", "#8544d6", "#cd4073", "#2996ad", "#ce671b")

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: #8fa9c4 linear-gradient(160deg, #dbddbb, #6ba587 45%, #d5d88d 75%, #88b884) fixed;
  font: 15px/1.35 Roboto, "Helvetica Neue", "DejaVu Sans", "Noto Color Emoji", sans-serif; color: #000; }
header { position: sticky; top: 0; background: #fff; padding: 9px 18px; box-shadow: 0 1px 2px #0003; z-index: 1; }
header b { display: block; } header span { color: #707579; font-size: 13px; }
main { max-width: 560px; margin: 0 auto; padding: 12px 10px 24px; }
.row { display: flex; margin: 3px 0; } .row.mine { justify-content: flex-end; }
.message { max-width: 440px; min-width: 90px; }
.bubble { background: #fff; border-radius: 14px 14px 14px 5px; box-shadow: 0 1px 1px #0002; overflow: hidden; }
.mine .bubble { background: #eeffde; border-radius: 14px 14px 5px 14px; }
.words { display: flow-root; padding: 6px 11px 7px; white-space: pre-wrap; overflow-wrap: anywhere; }
.name { font-weight: 600; font-size: 13.5px; padding: 6px 11px 0; } .name + .words { padding-top: 1px; }
.time { float: right; margin: 6px 0 -4px 10px; color: #707579; font-size: 11.5px; white-space: nowrap; }
.mine .time { color: #4fae4e; }
.quote { margin: 6px 8px 0; padding: 3px 8px; border-left: 3px solid #3390ec; background: #3390ec1a; border-radius: 4px;
  font-size: 13.5px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.quote b { color: #3390ec; display: block; }
.grid { display: grid; gap: 2px; grid-template-columns: repeat(2, 1fr); } .grid.one { display: block; }
.grid.three { grid-template-columns: 2fr 1fr; } .grid.three > :first-child { grid-row: 1 / 3; } .grid.many { grid-template-columns: repeat(3, 1fr); }
.grid img { width: 100%; height: 100%; object-fit: cover; display: block; aspect-ratio: 1; }
.grid.three > :first-child img { aspect-ratio: auto; position: absolute; } .grid > div { position: relative; }
.grid.one img { aspect-ratio: auto; max-height: 440px; object-fit: contain; background: #0001; }
.hidden { overflow: hidden; } .hidden img { filter: blur(28px); }
.keys { margin-top: 4px; display: grid; gap: 4px; } .keys div { display: grid; grid-auto-flow: column; gap: 4px;
  grid-auto-columns: 1fr; }
.keys span { background: #4f7f5f99; color: #fff; border-radius: 8px; padding: 8px 6px; text-align: center; font-size: 14px;
  font-weight: 500; overflow: hidden; text-overflow: ellipsis; }
.keys .link::after { content: " ↗"; }
.middle { text-align: center; margin: 8px 0; } .middle span { background: #4a7a5a99; color: #fff; border-radius: 14px;
  padding: 3px 11px; font-size: 13.5px; display: inline-block; }
.toast span { background: #222d; border-radius: 10px; padding: 8px 14px; } .toast::before { content: "🔔 "; }
.draft .bubble { opacity: .85; outline: 2px dashed #3390ec88; } .draft .words::after { content: " ▍"; color: #3390ec; }
.file { display: flex; gap: 10px; padding: 9px 12px; align-items: center; } .file i { width: 42px; height: 42px;
  border-radius: 50%; background: #3390ec; color: #fff; display: grid; place-items: center; font-style: normal; }
.file small { color: #707579; display: block; }
.reply { background: #fff; border-radius: 12px; margin: 5px 0 0 40px; padding: 7px 12px; color: #707579; font-size: 14px;
  border-left: 3px solid #3390ec; } .reply b { color: #3390ec; font-size: 13px; display: block; }
.reactions { padding: 0 9px 7px; } .reactions span { background: #3390ec22; border-radius: 12px; padding: 2px 8px; }
a { color: #168acd; text-decoration: none; } code, pre { font-family: "DejaVu Sans Mono", monospace; font-size: 13px; }
pre { background: #0001; border-radius: 6px; padding: 6px 8px; margin: 3px 0; white-space: pre-wrap; }
blockquote { margin: 3px 0; padding: 3px 9px; border-left: 3px solid #3390ec; background: #3390ec14; border-radius: 4px; }
.spoiler { background: #999; color: #999; border-radius: 3px; }
"""


def page(lines: Sequence[Line], you: str = "", title: str = "Selfsame", note: str = "bot") -> str:
    """The whole page; messages of `you` stand at the right."""
    shown = {line.message_id: line for line in lines if line.message_id}
    named = len({line.sender for line in lines if line.kind == "message"} - {you}) > 1
    body: list[str] = []
    topic: int | None = None
    for line in lines:
        if line.topic != topic and line.kind not in {"service", "toast"}:
            topic = line.topic
            body.append(_middle(f"# {line.topic_name or topic}" if topic else "# General"))
        body.append(_line(line, you, shown, named))
    return (
        f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<header><b>{escape(title)}</b><span>{escape(note)}</span></header><main>{''.join(body)}</main>"
    )


def _line(line: Line, you: str, shown: dict[int, Line], named: bool) -> str:
    """One line of the transcript."""
    if line.kind == "service":
        return _middle(line.text)
    if line.kind == "toast":
        return _middle(line.text, "toast")
    mine = line.sender == you
    parts = [
        _name(line) if named and not mine else "",
        _quote(line, shown),
        _media(line.media),
        _words(line),
        _reactions(line),
    ]
    kinds = f"row {'mine' if mine else ''} {'draft' if line.kind == 'draft' else ''}"
    return (
        f'<div class="{kinds}"><div class="message"><div class="bubble">{"".join(parts)}</div>'
        f"{_keys(line.buttons)}</div></div>{_reply(line)}"
    )


def _middle(text: str, kind: str = "") -> str:
    return f'<div class="middle {kind}"><span>{escape(text)}</span></div>'


def _name(line: Line) -> str:
    """Who speaks: over the messages of others, where there are several others."""
    colour = NAMES[sum(map(ord, line.sender)) % len(NAMES)]
    return f'<div class="name" style="color:{colour}">{escape(line.sender)}</div>'


def _quote(line: Line, shown: dict[int, Line]) -> str:
    """The beginning of the message that this one answers."""
    if line.reply_to is None:
        return ""
    source = shown.get(line.reply_to)
    name, text = (source.sender, source.text or "Photo") if source else ("", "Deleted message")
    return f'<div class="quote"><b>{escape(name)}</b>{escape(text[:80])}</div>'


def _media(media: tuple[Media, ...]) -> str:
    """Pictures as a grid, anything else as a file."""
    pictures = [m for m in media if m.kind == "photo"]
    others = "".join(
        f'<div class="file"><i>{"🎤" if m.kind == "voice" else "📄"}</i><div>{escape(m.file.name)}'
        f"<small>{len(m.content) / 1024:.1f} KB</small></div></div>"
        for m in media
        if m.kind != "photo"
    )
    if not pictures:
        return others
    size = {1: "one", 2: "", 3: "three", 4: ""}.get(len(pictures), "many")
    cells = "".join(
        f'<div class="{"hidden" if m.spoiler else ""}"><img alt="" src="{data_uri(m.content)}"></div>'
        for m in pictures
    )
    return f'<div class="grid {size}">{cells}</div>{others}'


def data_uri(content: bytes) -> str:
    """A picture within the page itself."""
    mime = "png" if content.startswith(b"\x89PNG") else "webp" if content[8:12] == b"WEBP" else "jpeg"
    return f"data:image/{mime};base64,{base64.b64encode(content).decode()}"


def _words(line: Line) -> str:
    """The text, formatted, with its time."""
    clock = datetime.fromtimestamp(line.date, UTC).strftime("%H:%M") if line.date else ""
    stamp = f'<span class="time">{"edited " if line.edited else ""}{clock}</span>'
    return f'<div class="words">{formatted(line.text, line.entities)}{stamp}</div>'


def _reactions(line: Line) -> str:
    given = "".join(f"<span>{escape(emoji)}</span> " for emoji in line.reactions)
    return f'<div class="reactions">{given}</div>' if given else ""


def _keys(rows: tuple[tuple[Button, ...], ...]) -> str:
    """The inline keyboard."""
    if not rows:
        return ""
    drawn = "".join(
        "<div>"
        + "".join(f'<span class="{"link" if b.url else ""}">{escape(b.text)}</span>' for b in row)
        + "</div>"
        for row in rows
    )
    return f'<div class="keys">{drawn}</div>'


def _reply(line: Line) -> str:
    """The reply that the person's app opened by itself."""
    if line.asks_reply is None:
        return ""
    hint = line.asks_reply or "Message"
    return f'<div class="reply"><b>↩ Reply to {escape(line.sender)}</b>{escape(hint)}…</div>'


def formatted(text: str, entities: Sequence[Entity]) -> str:
    """Text and entities → HTML; entities lie within each other like tags."""
    places = _places(text)
    spans = [(places[e["offset"]], places[e["offset"] + e["length"]], e) for e in entities]
    return _nested(text, 0, len(text), sorted(spans, key=lambda span: (span[0], -span[1])))


def _places(text: str) -> dict[int, int]:
    """Character by UTF-16 unit."""
    places, at = {0: 0}, 0
    for number, character in enumerate(text):
        for unit in range(units(character)):
            places.setdefault(at + unit, number)
        at += units(character)
        places[at] = number + 1
    return places


def _nested(text: str, start: int, end: int, spans: list[tuple[int, int, dict[str, Any]]]) -> str:
    """The part from start to end, with the entities that begin in it."""
    answer, at = "", start
    while spans and spans[0][0] < end:
        begin, stop, entity = spans.pop(0)
        begin, stop = max(begin, at), min(stop, end)
        inner = [span for span in spans if span[0] < stop]
        spans = spans[len(inner) :]
        answer += escape(text[at:begin]) + _tagged(
            entity, text[begin:stop], _nested(text, begin, stop, inner)
        )
        # Blocks end their line by themselves.
        at = stop + (entity["type"] in BLOCKS and text[stop : stop + 1] == "\n")
    return answer + escape(text[at:end])


def _tagged(entity: dict[str, Any], words: str, inner: str) -> str:
    """One entity around its words."""
    kind = entity["type"]
    if tag := TAGS.get(kind):
        return f"<{tag}>{inner}</{tag}>"
    if kind == "spoiler":
        return f'<span class="spoiler">{inner}</span>'
    if kind in {"custom_emoji"}:
        return inner
    address = entity.get("url") or (words if kind == "url" else "#")
    return f'<a href="{escape(address)}">{inner}</a>'
