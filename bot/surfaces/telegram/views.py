"""Views → posts. show.py asks for every view that is no streamed reply; wizard.py, pictures.py, memories.py do the large ones."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import (
    Call,
    Catalog,
    CharacterCard,
    Chat,
    Confirm,
    Document,
    Gallery,
    Help,
    Memories,
    MessageView,
    OptionValue,
    Outbound,
    Pictures,
    Profile,
    ProgressView,
    Replied,
    Text,
    Tone,
    Wizard,
)
from bot.surfaces.telegram.html import bold, fitted, folded, italic, joined, quote, said, shorten, words_of
from bot.surfaces.telegram.keys import label, number_of, page, rows
from bot.surfaces.telegram.memories import memories, of_a_group
from bot.surfaces.telegram.pictures import (
    gallery,
    illustrated,
    pager,
    pairs,
    picture,
    progress_keys,
    progress_words,
    under_way,
)
from bot.surfaces.telegram.portrait import AT_ONCE, Portrait, Portraits
from bot.surfaces.telegram.post import (
    CAPTION_LENGTH,
    TEXT_LENGTH,
    Key,
    Keyboard,
    Post,
    read_data,
    write_data,
)
from bot.surfaces.telegram.sending import Words
from bot.surfaces.telegram.sheet import Sheets, Tile, path_of
from bot.surfaces.telegram.wizard import asks, wizard
from engine.types import Role

__all__ = ["Key", "Post", "Views", "read_data", "write_data"]

# Buttons under the question whom words are for; all of them in one message, because the words wait behind each.
CHOICES = 60
# Faces on a page of the catalog, and over that question.
FACES, LISTENERS = 6, 12
# Characters of a name and a tagline in a list, of the words that wait, and of the last line said.
CALLED, TAGLINE, WAITING, LAST = 40, 90, 300, 500
# Characters of a profile: its backstory, what a row is called, and what it says.
STORY, NAME, VALUE = 2000, 40, 300


class Views:
    """Makes posts."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._sheets, self._portraits = Sheets(pictures), Portraits(pictures)

    async def post(
        self, outbound: Outbound, *, person_id: str, look: str = "", from_group: bool = False
    ) -> Post:
        """A view as a message; `look` is that of the button that led to it.

        What is for one person alone and was asked for in a group is `from_group`: it is shown in their private chat.
        """
        match outbound:
            case Catalog() if outbound.then_say:
                return await self._listeners(outbound, person_id)
            case Catalog():
                return await self._catalog(outbound, person_id, number_of(look, "p"))
            case Profile():
                return await self._profile(outbound, person_id)
            case Chat():
                return await self._chat(outbound, person_id)
            case Gallery():
                return await gallery(self._sheets, outbound, person_id, look)
            case Memories():
                return of_a_group(outbound) if from_group else memories(outbound, look)
            case Replied():
                return await self._line(outbound.message, person_id)
            case Wizard():
                return await self.wizard(outbound, person_id, look)
            case _:
                return _plain(outbound)

    async def wizard(
        self, view: Wizard, person_id: str, look: str = "", *, patience: float = AT_ONCE
    ) -> Post:
        """A step of the wizard; a post with `force_reply` is sent as a message of its own.

        After `patience` seconds it comes without its portrait and says that it `awaits` it.
        """
        portrait = Portrait()
        if not asks(view, look):
            portrait = await self._portraits.of(view, person_id, patience)
        return await wizard(self._sheets, portrait, view, person_id, look)

    # ------------------------------------------------------------ who is here

    async def _catalog(self, view: Catalog, person_id: str, number: int) -> Post:
        """A page of faces with a line and a button for each."""
        shown, number, count = page(view.characters, number, FACES)
        numbered = list(enumerate(shown, number * FACES + 1))
        again = Call("characters", {"query": view.query} if view.query else {})
        keys = (
            *pairs([Key(_numbered(at, card), _talk(card)) for at, card in numbered]),
            *pager(again, number, count),
            *_drafts(view),
        )
        blocks = [_heading(view, number, count), joined([_listed(at, card) for at, card in numbered])]
        drawn = await self._faces(numbered, person_id)
        words = fitted(blocks, CAPTION_LENGTH if drawn else TEXT_LENGTH)
        return Post(words.html, words.plain, keys, drawn=drawn)

    async def _listeners(self, view: Catalog, person_id: str) -> Post:
        """Who shall hear the words that wait: everybody at once, because the words are behind each button."""
        numbered = list(enumerate(view.characters[:CHOICES], 1))
        keys = pairs([Key(_numbered(at, card), _talk(card, view.then_say)) for at, card in numbered])
        words = joined([bold("Who shall hear this?"), quote(shorten(view.then_say, WAITING))])
        drawn = await self._faces(numbered[:LISTENERS], person_id)
        return Post(words.html, words.plain, keys, drawn=drawn)

    async def _faces(self, cards: Sequence[tuple[int, CharacterCard]], person_id: str) -> bytes:
        return await self._sheets.of([Tile(at, card.picture_media_id) for at, card in cards], person_id)

    async def _profile(self, view: Profile, person_id: str) -> Post:
        """A character's own page."""
        blocks = [
            _titled(view.card),
            words_of(shorten(view.backstory, STORY)),
            *(_section(title, lines) for title, lines in view.sections),
            joined([italic("First words"), quote(shorten(view.greeting, LAST))])
            if view.greeting
            else said(""),
        ]
        post = await illustrated(self._pictures, view.card.picture_media_id, person_id, blocks)
        return _keyed(post, _about(view.card))

    async def _chat(self, view: Chat, person_id: str) -> Post:
        """Whom one talks with now, and the last thing that was said before."""
        card = view.card
        spoken = [line for line in view.messages if line.role is Role.CHARACTER and line.text]
        met = any(line.role is Role.PERSON for line in view.messages)
        if met:
            blocks = [joined([said("You are talking with "), bold(card.name), said(" again.")], "")]
            blocks += [quote(words_of(shorten(spoken[-1].text, LAST)).plain)] if spoken else []
        else:
            blocks = [_titled(card), said("Just write. For a picture: /selfie and a scene.")]
        path = await path_of(self._pictures, card.picture_media_id, person_id)
        words = fitted(blocks, CAPTION_LENGTH)
        return Post(words.html, words.plain, _beside(card), photo=path)

    # ------------------------------------------------------------ lines of a conversation

    async def _line(self, message: MessageView, person_id: str) -> Post:
        """A line that is not streamed: a picture, its progress, a notice, words."""
        if message.picture:
            return await picture(self._pictures, message.picture, person_id)
        if message.progress:
            return await under_way(self._pictures, message, person_id)
        if message.role is Role.NOTICE:
            return _of(_notice(message.text))
        return _of(words_of(shorten(message.text, TEXT_LENGTH)))


def _of(words: Words, keyboard: Keyboard = ()) -> Post:
    return Post(words.html, words.plain, keyboard)


def _keyed(post: Post, keyboard: Keyboard) -> Post:
    return Post(post.html, post.plain, keyboard, photo=post.photo, album=post.album)


def _plain(outbound: Outbound) -> Post:
    """A view that is words alone."""
    match outbound:
        case Text():
            return _text(outbound)
        case ProgressView():
            return _of(progress_words(outbound), progress_keys(outbound))
        case Document():
            return _document(outbound)
        case Confirm():
            return _confirm(outbound)
        case Help():
            return _help(outbound)
        case _:
            raise TypeError(f"{type(outbound).__name__} is no message")


def _confirm(view: Confirm) -> Post:
    question = said(shorten(view.question, TEXT_LENGTH - 100))
    keys = (Key(label(view.confirm.label), view.confirm.call), Key("Keep it"))
    return _of(question, rows(keys))


def _text(view: Text) -> Post:
    """Words of the system."""
    if view.tone is Tone.NOTICE:
        return _of(_notice(view.text))
    mark = "⚠️ " if view.tone is Tone.ERROR else ""
    return _of(said(mark + shorten(view.text, TEXT_LENGTH - 10)))


def _notice(text: str) -> Words:
    """A system message outside the persona: never the character's name, always the same frame."""
    words = said("ℹ️ " + shorten(text, TEXT_LENGTH - 10))
    return Words(f"<blockquote>{words.html}</blockquote>", words.plain)


def _heading(view: Catalog, number: int, count: int) -> Words:
    if not view.characters:
        return joined([bold("Nobody is here yet"), said("Make someone of your own: /create")])
    return bold("Everyone you can talk with" + (f" ({number + 1} of {count})" if count > 1 else ""))


def _numbered(number: int, card: CharacterCard) -> str:
    return label(f"{number} · {card.name}")


def _listed(number: int, card: CharacterCard) -> Words:
    notes = [shorten(card.tagline, TAGLINE), "yours" if card.mine else ""]
    rest = " · ".join(note for note in notes if note)
    return joined([bold(f"{number} · {shorten(card.name, CALLED)}"), said(rest)])


def _talk(card: CharacterCard, words: str = "") -> Call:
    options: dict[str, OptionValue] = {"character": card.id}
    return Call("talk", options | ({"say": words} if words else {}))


def _drafts(view: Catalog) -> Keyboard:
    """Unfinished characters, and a new one."""
    waiting = [
        Key(label(f"Go on with {one.name}", "✏️"), Call("create", {"draft": one.draft_id}))
        for one in view.drafts[:6]
    ]
    return (*((one,) for one in waiting), (Key("✨ Make someone new", Call("create")),))


def _titled(card: CharacterCard) -> Words:
    return joined([bold(card.name), italic(card.tagline)])


def _section(title: str, lines: Sequence[tuple[str, str]]) -> Words:
    known = [
        joined([said(f"{shorten(name, NAME)}: "), said(shorten(value, VALUE))], "") for name, value in lines
    ]
    return joined([bold(title), folded(joined(known))])


def _beside(card: CharacterCard) -> Keyboard:
    """What there is about somebody one talks with."""
    about: dict[str, OptionValue] = {"character": card.id}
    return (
        (
            Key("Profile", Call("profile", about)),
            Key("Memory", Call("memory", about)),
            Key("Pictures", Call("gallery", about)),
        ),
    )


def _about(card: CharacterCard) -> Keyboard:
    about: dict[str, OptionValue] = {"character": card.id}
    keys = [
        (Key(label(f"Talk with {card.name}", "💬"), _talk(card)),),
        (Key("Memory", Call("memory", about)), Key("Pictures", Call("gallery", about))),
    ]
    if card.mine:
        keys.append((Key("Edit", Call("edit", about)), Key("🗑 Delete", Call("delete", about))))
    return tuple(keys)


def _document(view: Document) -> Post:
    words = said(f"Here is {shorten(view.filename, 100)}: everything that is yours.")
    return Post(words.html, words.plain, document=(view.filename, view.content))


def _help(view: Help) -> Post:
    """All commands; Telegram makes each of them a link."""
    lines = [said(f"/{one.name} · {shorten(one.description, TAGLINE)}") for one in view.commands]
    words = fitted(
        [bold("What you can do here"), joined(lines), italic("Or just write to whoever you talk with.")],
        TEXT_LENGTH,
    )
    return _of(words)
