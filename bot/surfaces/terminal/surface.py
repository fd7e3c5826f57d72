"""Outbound → the terminal. `bot/app.py` starts `talk`; deliveries arrive through `deliver` and `edit`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console
from rich.control import Control
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.segment import ControlType
from rich.table import Table
from rich.text import Text as RichText

from bot.messages import (
    Catalog,
    Chat,
    Confirm,
    Delta,
    Document,
    Gallery,
    Help,
    Memories,
    MessageView,
    Origin,
    Outbound,
    Pictures,
    PictureView,
    Profile,
    ProgressView,
    Replied,
    Started,
    Text,
    Tone,
    Waiting,
    Wizard,
)
from bot.surfaces.terminal.typewriter import Typewriter
from characters.text import storable
from engine.types import JobStatus, Role

# Columns of a picture in the terminal: a face can be recognised, and the line before it stays in sight.
PICTURE_COLUMNS = 60
ERASED_LINE = Control((ControlType.CARRIAGE_RETURN,), (ControlType.ERASE_IN_LINE, 2))
STYLES = {Tone.INFO: "cyan", Tone.ERROR: "bold red", Tone.NOTICE: "yellow"}


class TerminalSurface:
    """Prints what happens; a reply appears word by word, a picture as its path and, where possible, itself."""

    name = "terminal"

    def __init__(self, console: Console, pictures: Pictures, person_id: str) -> None:
        self._console = console
        self._pictures = pictures
        self._person_id = person_id
        self._speaker = ""
        self._streaming = ""
        self._typed = ""  # what was printed of the reply that is streamed
        self._waiting = False  # a place in line stands in the last line
        self._typewriter = Typewriter(console)
        self._bars: dict[str, tuple[Progress, TaskID]] = {}
        self._questions: list[Outbound] = []
        self._done: set[str] = set()  # messages that are printed as they stay
        self._left: set[str] = set()  # picture messages that nobody waits for any more
        self._settled = asyncio.Event()  # no picture is waited for
        self._settled.set()

    def say(self, words: str, *, dim: bool = False) -> None:
        """Print words of the program itself."""
        self._console.print(_words(words, style="dim" if dim else ""))

    def take_questions(self) -> list[Outbound]:
        """What was delivered and wants an answer (a form, a confirmation, another conversation)."""
        questions, self._questions = self._questions, []
        return questions

    async def until_shown(self, answer: asyncio.Future[None]) -> None:
        """Wait for a reply, and for the pictures that it has brought under way."""
        await asyncio.wait([answer])
        await self._settled.wait()

    def break_off(self) -> None:
        """Stop showing what is under way; pictures are printed when they are there."""
        pictures = tuple(self._bars)
        for message_id in pictures:
            self._left.add(message_id)
            self._close_bar(message_id)
        self._settle()
        self._wait("")
        self._end_line()
        self._console.print(
            "[dim]Its place will be printed when it is there.[/dim]" if pictures else "[dim]Stopped.[/dim]"
        )

    async def show_take(self, number: int, media_id: str) -> None:
        """Print one of the canonical pictures to choose from."""
        path, _ = await self._pictures.file(media_id, self._person_id)
        self._console.print(f"[bold]{number}[/bold]")
        self._print_picture(path)

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        """Print something new."""
        if isinstance(outbound, Waiting):
            self._wait(outbound.words)
            return ""
        self._wait("")
        match outbound:
            case Started():
                pass
            case Delta(reply_id, text):
                self._stream(reply_id, text)
            case Replied(message):
                await self._print_once(message)
                return message.id
            case Chat() | Confirm() | Wizard():
                self._questions.append(outbound)
            case Text():
                self._end_line()  # whatever was being said will not go on
                await self.show(outbound)
            case _:
                await self.show(outbound)
        return ""

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        """Move a progress bar on, or print the finished picture once."""
        self._wait("")
        if isinstance(outbound, Replied):
            await self._print_once(outbound.message)

    async def show(self, outbound: Outbound) -> None:
        """Print a view that nobody streams."""
        match outbound:
            case Text(text, tone):
                self._console.print(_words(text, style=STYLES[tone]))
            case Catalog():
                self._console.print(_catalog(outbound))
            case Profile():
                self._console.print(_profile(outbound))
            case Help():
                self._console.print(_help(outbound))
            case Memories():
                self._memories(outbound)
            case Gallery(_, _, pictures):
                for picture in pictures:
                    await self._picture(picture, inline=False)
            case ProgressView():
                self._progress(outbound)
            case Document(filename, _, content):
                self._console.print(_words(f"Saved as {await asyncio.to_thread(_save, filename, content)}"))
            case _:
                self._console.print(_words(str(outbound)))

    async def open_chat(self, chat: Chat) -> None:
        """Show a conversation and speak as its character from now on."""
        self._speaker = chat.card.name
        self._console.rule(_words(f"{chat.card.name} · {chat.model_name}"))
        for message in chat.messages:
            await self._line(message, inline=False)
        self._console.print("[dim]/help shows what you can do, Ctrl-D leaves.[/dim]")

    async def _print_once(self, message: MessageView) -> None:
        """A line that is delivered again stands there already."""
        if message.id in self._done:
            return
        if message.progress is None:
            self._done.add(message.id)
        await self._line(message)

    async def _line(self, message: MessageView, *, inline: bool = True) -> None:
        if message.picture is not None:
            # A picture that comes while a line is being typed stays outside: drawing it asks the terminal questions,
            # whose answers would be read as typed words.
            inline = inline and message.id in self._bars
            self._close_bar(message.id)
            await self._picture(message.picture, inline=inline)
            self._settle()
        elif message.progress is not None:
            self._progress(message.progress)
        elif message.id == self._streaming:
            self._finish(message)
        elif message.role is Role.NOTICE:
            self._console.print(Panel(_words(message.text), border_style="yellow"))
        else:
            name = self._speaker if message.role is Role.CHARACTER else "you"
            self._console.print(RichText.assemble(_words(f"{name}: ", "bold"), _words(message.text)))

    def _wait(self, words: str) -> None:
        """The place in line in the last line, in place of the one before; "" takes it away."""
        if self._waiting:
            self._console.control(ERASED_LINE)
        self._waiting = bool(words) and self._console.is_terminal and not self._bars
        if self._waiting:
            self._console.print(_words(words, style="dim"), end="")

    def _end_line(self) -> None:
        if self._streaming:
            self._typewriter.end()
            self._streaming = ""

    def _finish(self, message: MessageView) -> None:
        """What is printed stays; where the final words are others, they are printed below."""
        text, typed = message.text.strip(), self._typed.strip()
        if text.startswith(typed):
            self._typewriter.type(storable(text[len(typed) :]))
        self._end_line()
        if not text.startswith(typed):
            self._console.print(_words("(said anew)", style="dim"))
            self._console.print(RichText.assemble(_words(f"{self._speaker}: ", "bold"), _words(text)))

    def _stream(self, reply_id: str, text: str) -> None:
        if self._streaming != reply_id:
            self._end_line()
            self._streaming, self._typed = reply_id, ""
            self._typewriter.type(storable(f"{self._speaker}: "), "bold")
        self._typed += text
        self._typewriter.type(storable(text))

    def _progress(self, view: ProgressView) -> None:
        if view.status.final:
            self._close_bar(view.message_id)
            if view.status is not JobStatus.DONE:
                self._console.print(_words(view.sentence, style="yellow"))
            self._settle()
            return
        if view.message_id in self._left:
            return
        if view.message_id not in self._bars:
            bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%"),
                console=self._console,
                transient=True,
            )
            self._bars[view.message_id] = (bar, bar.add_task("", total=1.0))
            self._settled.clear()
            if len(self._bars) == 1:
                bar.start()
        bar, task = self._bars[view.message_id]
        bar.update(task, completed=view.progress, description=escape(storable(_waiting_words(view))))

    def _close_bar(self, message_id: str) -> None:
        if message_id in self._bars:
            self._bars.pop(message_id)[0].stop()

    def _settle(self) -> None:
        """Let whoever waits go on, once the last picture is printed."""
        if not self._bars:
            self._settled.set()

    async def _picture(self, picture: PictureView, *, inline: bool) -> None:
        path, _ = await self._pictures.file(picture.media_id, self._person_id)
        self._console.print(RichText.assemble(("picture: ", "bold"), _words(picture.caption)))
        if picture.note:
            self._console.print(_words(picture.note, "italic"))
        self._print_picture(path, inline=inline)

    def _print_picture(self, path: str, *, inline: bool = True) -> None:
        if inline and self._console.is_terminal:
            # Asks the terminal what it can do, so it is imported only where there is one.
            from textual_image.renderable import Image

            self._console.print(Image(path, width=min(PICTURE_COLUMNS, self._console.width), height="auto"))
        self._console.print(_words(str(Path(path).resolve()), style="blue underline"), soft_wrap=True)

    def _memories(self, memories: Memories) -> None:
        if not memories.topics:
            self._console.print(_words(f"{memories.card.name} knows nothing about you yet."))
        for topic, facts in memories.topics:
            self._console.print(_words(topic, "bold"))
            for fact in facts:
                source = f" ({fact.said_at.astimezone():%d %b %Y}: “{fact.source_text}”)"
                self._console.print(RichText.assemble(_words(f"  · {fact.text}"), _words(source, "dim")))


def _words(text: str, style: str = "") -> RichText:
    """Words of people, characters or files: no markup, and nothing that the terminal would obey."""
    return RichText(storable(text), style=style)


def _save(filename: str, content: bytes) -> Path:
    path = Path.cwd() / filename
    path.write_bytes(content)
    return path


def _waiting_words(view: ProgressView) -> str:
    left = f", about {max(1, round(view.seconds_left))} s left" if view.seconds_left else ""
    if view.position:
        return ("next in line" if view.position == 1 else f"place {view.position} in line") + left
    return f"{view.stage or 'starting'}{left}"


def _catalog(catalog: Catalog) -> Table:
    table = Table("name", "who", "style", box=None)
    for card in catalog.characters:
        table.add_row(_words(card.name, style="bold"), _words(card.tagline), card.style)
    for draft in catalog.drafts:
        table.add_row(_words(draft.name, style="italic"), _words(f"draft, at {draft.step_title}"), "")
    return table


def _help(help_: Help) -> Table:
    table = Table("command", "what it does", box=None)
    for entry in help_.commands:
        table.add_row(_words(entry.usage, style="bold"), entry.description)
    return table


def _profile(profile: Profile) -> Table:
    table = Table(escape(storable(profile.card.name)), escape(storable(profile.card.tagline)), box=None)
    for _, rows in profile.sections:
        for label, words in rows:
            table.add_row(_words(label, style="bold"), _words(words))
    table.add_row(_words("Backstory", style="bold"), _words(profile.backstory))
    return table
