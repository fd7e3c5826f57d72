"""Transcripts as one self-contained page that looks like Discord in dark mode, so that a person can read what users would
see. Called by tests and scripts that keep such a page; needs nothing but the transcript."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.loopback.discord.errors import Json
from tests.loopback.discord.transcript import Entry, transcript
from tests.loopback.discord.world import Attachment, Channel, User, World

# Colours of avatars without a picture.
FACES = ("#5865f2", "#3ba55c", "#faa61a", "#ed4245", "#eb459e", "#00a8fc")
BUTTONS = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary link", 6: "secondary"}
# Inside of lines.
MARKDOWN = (
    (r"```(?:\w*\n)?(.+?)```", r"<pre>\1</pre>"),
    (r"`([^`\n]+)`", r"<code>\1</code>"),
    (r"\*\*(.+?)\*\*", r"<b>\1</b>"),
    (r"(?<!\w)\*(?!\s)([^*\n]+?)\*(?!\w)", r"<i>\1</i>"),
    (r"(?<!\w)_([^_\n]+?)_(?!\w)", r"<i>\1</i>"),
    (r"~~(.+?)~~", r"<s>\1</s>"),
    (r"\|\|(.+?)\|\|", r'<span class="spoiler">\1</span>'),
    (r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r"<a>\1</a>"),
)
# Whole lines, by how they begin.
BLOCKS = (
    (r"-# (.+)", r'<div class="subtext">\1</div>'),
    (r"### (.+)", r"<h4>\1</h4>"),
    (r"## (.+)", r"<h3>\1</h3>"),
    (r"# (.+)", r"<h2>\1</h2>"),
    (r"&gt; (.+)", r"<blockquote>\1</blockquote>"),
    (r"[-*] (.+)", r'<div class="item">\1</div>'),
)
STYLE = """
body{background:#313338;color:#dbdee1;font:16px/1.375 "gg sans","Noto Sans","DejaVu Sans",sans-serif;margin:0}
h1{font-size:16px;margin:0;padding:14px 20px;border-bottom:1px solid #232428;background:#2b2d31;color:#f2f3f5}
h1 small{color:#949ba4;font-weight:400;margin-left:10px}
main{max-width:820px;padding:8px 0 24px}
article{display:flex;gap:16px;padding:4px 20px;margin-top:12px}
article.ephemeral{background:#3a3c55;box-shadow:inset 2px 0 #5865f2}
.face{flex:0 0 40px;height:40px;border-radius:50%;color:#fff;display:grid;place-items:center;font-weight:600;
 background-size:cover;background-position:center}
.body{flex:1;min-width:0}
.who{font-weight:500;color:#f2f3f5}.app{background:#5865f2;color:#fff;font-size:10px;padding:1px 5px;border-radius:4px;margin-left:5px}
.note,.edited,.subtext,.reply{color:#949ba4;font-size:12px}.reply{margin-bottom:2px}
.words{white-space:pre-wrap;overflow-wrap:anywhere}
.mention{background:#3c4270;color:#c9cdfb;border-radius:3px;padding:0 2px}
.container{background:#2b2d31;border:1px solid #3f4147;border-left:4px solid #3f4147;border-radius:8px;padding:12px 16px;
 margin:6px 0;max-width:560px;display:flex;flex-direction:column;gap:8px}
.row{display:flex;flex-wrap:wrap;gap:8px;margin:4px 0}
.button{border-radius:8px;padding:6px 14px;font-size:14px;font-weight:500;color:#fff;background:#4e5058}
.primary{background:#5865f2}.success{background:#248046}.danger{background:#da373c}.link:after{content:" ↗"}
.off{opacity:.45}
.select{background:#1e1f22;border-radius:8px;padding:9px 12px;color:#949ba4;width:340px;max-width:100%}
.select b{color:#dbdee1;font-weight:400}.select:after{content:"⌄";float:right}
.section{display:flex;gap:16px;justify-content:space-between}.section>div:first-child{flex:1}
.thumb{width:85px;height:85px;object-fit:cover;border-radius:8px}
.gallery{display:grid;gap:4px;border-radius:8px;overflow:hidden;max-width:550px;margin:4px 0}
.gallery.n1{grid-template-columns:1fr;max-width:400px}.gallery.n2,.gallery.n4{grid-template-columns:1fr 1fr}
.gallery img{width:100%;height:100%;object-fit:cover;display:block}.gallery.spoilt img,.spoilt{filter:blur(24px)}
.file{background:#2b2d31;border:1px solid #3f4147;border-radius:8px;padding:10px 14px;max-width:400px}
.embed{background:#2b2d31;border-left:4px solid #5865f2;border-radius:4px;padding:10px 14px;max-width:520px;margin:4px 0}
hr{border:0;border-top:1px solid #3f4147;width:100%;margin:4px 0}hr.gap{border:0;margin:8px 0}
pre,code{background:#2b2d31;border-radius:4px;padding:1px 4px}pre{padding:8px}blockquote{margin:0;padding-left:10px;border-left:4px solid #4e5058}
h2,h3,h4{margin:2px 0;color:#f2f3f5;line-height:1.3}.item{display:block;padding-left:22px}.item:before{content:"•";margin-left:-14px;margin-right:8px}
.spoiler{background:#1e1f22;color:#1e1f22;border-radius:4px}a{color:#00a8fc}
"""


def page(world: World, title: str, *views: tuple[Channel, User | None]) -> str:
    """The page: one part for each channel as that person sees it."""
    parts = "".join(_channel(world, channel, user) for channel, user in views)
    head = f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title><style>{STYLE}</style>"
    return f"{head}<body>{parts}</body>"


def _channel(world: World, channel: Channel, user: User | None) -> str:
    name = f"# {channel.name}" if channel.guild else "Direct messages"
    seen = f"<small>as {html.escape(user.name)} sees it</small>" if user else ""
    view = _View(world)
    articles = "".join(view.article(entry) for entry in transcript(channel, user))
    return f"<h1>{html.escape(name)}{seen}</h1><main>{articles}</main>"


class _View:
    """Turns messages into HTML."""

    def __init__(self, world: World) -> None:
        self._names = {str(user.id): user.name for user in world.users.values()}
        self._stored = {file.url: file for file in world.attachments.values()}
        self._files: Sequence[Attachment] = ()

    def article(self, entry: Entry) -> str:
        """One message."""
        message = entry.message
        self._files = message.attachments
        app = '<span class="app">APP</span>' if entry.is_bot else ""
        reply = f'<div class="reply">↱ {self._words(entry.reply_to)}</div>' if entry.reply_to else ""
        asked = message.interaction
        if asked is not None and asked.message is None and asked.data.get("name"):
            used = f"{html.escape(asked.user.name)} used <b>/{html.escape(asked.data['name'])}</b>"
            reply = f'<div class="reply">↱ {used}</div>'
        edited = ' <span class="edited">(edited)</span>' if entry.edited else ""
        words = f'<div class="words">{self._words(entry.content)}{edited}</div>' if entry.content else ""
        if entry.thinking:
            words = f'<div class="words note">{html.escape(entry.author or "The app")} is thinking …</div>'
        whole = words + self._loose_files(message.components) + "".join(map(self._embed, message.embeds))
        whole += "".join(self._part(part) for part in message.components)
        note = '<div class="note">👁 Only you can see this · Dismiss message</div>' if entry.ephemeral else ""
        kind = "ephemeral" if entry.ephemeral else ""
        who = f'<div><span class="who">{html.escape(entry.author)}</span>{app}</div>'
        return f'<article class="{kind}">{self._face(entry)}<div class="body">{reply}{who}{whole}{note}</div></article>'

    def _face(self, entry: Entry) -> str:
        url = self._source(entry.message.avatar_url or "")
        if url.startswith("data:image/"):
            return f'<div class="face" style="background-image:url({html.escape(url)})"></div>'
        colour = FACES[sum(entry.author.encode()) % len(FACES)]
        letter = html.escape(entry.author[:1].upper())
        return f'<div class="face" style="background:{colour}" title="{html.escape(url)}">{letter}</div>'

    def _words(self, text: str) -> str:
        marked = html.escape(text, quote=False)
        for pattern, replacement in MARKDOWN:
            marked = re.sub(pattern, replacement, marked, flags=re.DOTALL if "```" in pattern else 0)
        marked = re.sub(r"&lt;@!?(\d+)&gt;", self._mention, marked)
        marked = re.sub(r"&lt;t:(\d+)(?::(\w))?&gt;", _time, marked)
        return "".join(_line(line) for line in marked.split("\n")).removesuffix("\n")

    def _mention(self, match: re.Match[str]) -> str:
        return f'<span class="mention">@{html.escape(self._names.get(match[1], "somebody"))}</span>'

    def _loose_files(self, components: list[Json]) -> str:
        """Attachments outside of components: pictures as a gallery, others as files."""
        if any(part["type"] != 1 for part in components):
            return ""
        pictures = [self._image(file.url, file.description or "") for file in self._files if file.is_picture]
        others = [
            f'<div class="file">📄 {html.escape(f.filename)}</div>' for f in self._files if not f.is_picture
        ]
        return _gallery(pictures) + "".join(others)

    def _image(self, url: str, description: str, kind: str = "") -> str:
        source = self._source(url)
        return f'<img class="{kind}" src="{html.escape(source)}" alt="{html.escape(description)}">'

    def _source(self, url: str) -> str:
        """What the page loads: our own files travel inside it."""
        file = self._stored.get(url)
        if file is None:
            return url
        return f"data:{file.content_type};base64,{base64.b64encode(file.content).decode()}"

    def _embed(self, embed: Json) -> str:
        title = f"<b>{self._words(embed['title'])}</b><br>" if embed.get("title") else ""
        text = f'<div class="words">{self._words(embed.get("description") or "")}</div>'
        fields = "".join(
            f"<div><b>{self._words(one['name'])}</b><br>{self._words(one['value'])}</div>"
            for one in embed.get("fields") or []
        )
        image = _gallery([self._image(embed["image"]["url"], "")]) if embed.get("image") else ""
        colour = f"#{embed.get('color') or 0x5865F2:06x}"
        return f'<div class="embed" style="border-color:{colour}">{title}{text}{fields}{image}</div>'

    def _part(self, part: Json) -> str:
        match part["type"]:
            case 1:
                return f'<div class="row">{"".join(self._inline(one) for one in part["components"])}</div>'
            case 9:
                texts = "".join(self._part(one) for one in part["components"])
                return f'<div class="section"><div>{texts}</div><div>{self._inline(part["accessory"])}</div></div>'
            case 10:
                return f'<div class="words">{self._words(part["content"])}</div>'
            case 12:
                return _gallery([self._item(item) for item in part["items"]])
            case 13:
                return f'<div class="file">📄 {html.escape(part["file"]["url"].rsplit("/", 1)[-1])}</div>'
            case 14:
                return "<hr>" if part.get("divider", True) else '<hr class="gap">'
            case 17:
                return self._container(part)
        return self._inline(part)

    def _container(self, part: Json) -> str:
        colour = part.get("accent_color")
        style = f' style="border-left-color:#{colour:06x}"' if colour is not None else ""
        inside = "".join(self._part(one) for one in part["components"])
        return f'<div class="container"{style}>{inside}</div>'

    def _item(self, item: Json) -> str:
        kind = "spoilt" if item.get("spoiler") else ""
        return self._image(item["media"]["url"], item.get("description") or "", kind)

    def _inline(self, part: Json) -> str:
        off = " off" if part.get("disabled") else ""
        if part["type"] == 2:
            emoji = (part.get("emoji") or {}).get("name") or ""
            label = html.escape(f"{emoji} {part.get('label') or ''}".strip())
            return f'<span class="button {BUTTONS[part["style"]]}{off}">{label}</span>'
        if part["type"] == 11:
            return self._image(part["media"]["url"], part.get("description") or "", "thumb")
        chosen = [one["label"] for one in part.get("options") or [] if one.get("default")]
        shown = (
            f"<b>{html.escape(', '.join(chosen))}</b>"
            if chosen
            else html.escape(part.get("placeholder") or "Make a selection")
        )
        return f'<div class="select{off}">{shown}</div>'


def _time(match: re.Match[str]) -> str:
    """A timestamp as a client in UTC writes it: :D is the day, all others get the time of day, too."""
    form = "%d %B %Y" if match[2] == "D" else "%d %B %Y %H:%M"
    return datetime.fromtimestamp(int(match[1]), UTC).strftime(form).lstrip("0")


def _line(line: str) -> str:
    for pattern, replacement in BLOCKS:
        if re.fullmatch(pattern, line):
            return re.sub(pattern, replacement, line)
    return line + "\n"


def _gallery(images: Sequence[str]) -> str:
    if not images:
        return ""
    columns = len(images) if len(images) in (1, 2, 4) else 3
    style = ' style="grid-template-columns:repeat(3,1fr)"' if columns == 3 else ""
    return f'<div class="gallery n{columns}"{style}>{"".join(images)}</div>'
