"""Commands, clicks, forms and completions on Discord → the door. `events.py` hands every interaction over.

An interaction is acknowledged within Discord's three seconds before anything else is done with it; only a form is
itself the answer to its click. What a control means is read from it alone (`forms.py`), so that it works after restarts.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import discord

from bot.commands.command import Command
from bot.messages import Call, Catalog, Door, Inbound, Wizard
from bot.ports import Accounts, Calls
from bot.surfaces.discord import commands as menu
from bot.surfaces.discord.answers import Answers
from bot.surfaces.discord.custom_id import AUTO
from bot.surfaces.discord.errors import ALREADY_ACKNOWLEDGED, RefusedError
from bot.surfaces.discord.forms import Click, OpenModal, open_modal, read_click, read_modal
from bot.surfaces.discord.inbound import TOKEN_S, Reply, Spot, shown_name, spot_of_interaction
from bot.surfaces.discord.order import Order
from bot.surfaces.discord.outgoing import EPHEMERAL, of_words
from bot.surfaces.discord.rest import Hook, Json, Rest
from bot.surfaces.sending import UndeliverableError, until_sent
from engine.errors import SelfsameError

log = logging.getLogger(__name__)

# Seconds within which Discord wants the first answer, less what its way there takes.
ANSWER_S = 2.5
# Seconds that the confirmation waits for the store: nearly always it takes a few milliseconds.
STORE_S = 1.0
# Seconds for reading what a click means; then it is acknowledged whatever it means.
READ_S = 1.5
# Answers of these are for everybody in a server to see; all others are between the bot and the person.
PUBLIC = frozenset({"selfie", "vary", "talk", "say"})
# Commands whose answer takes the place of the message with the button.
MOVING = frozenset({"create", "edit"})

NOT_YOUR_WORDS = (
    "Those are somebody else’s words, and wait for whom they choose. Write your own, and mention me."
)

# Discord's kinds of answers.
DEFER, DEFER_UPDATE, MESSAGE, COMPLETIONS, FORM = 5, 6, 4, 8, 9


class Interactions:
    """Takes every interaction."""

    def __init__(
        self,
        door: Door,
        *,
        rest: Rest,
        accounts: Accounts,
        calls: Calls,
        commands: Mapping[str, Command],
        answers: Answers,
        order: Order,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._door = door
        self._rest = rest
        self._accounts = accounts
        self._calls = calls
        self._commands = commands
        self._answers = answers
        self._order = order
        self._now = now

    async def take(self, interaction: discord.Interaction) -> None:
        """Somebody used a command, clicked, typed into an option, or sent a form."""
        data: Mapping[str, object] = interaction.data or {}
        match interaction.type:
            case discord.InteractionType.application_command:
                await self._command(interaction, data)
            case discord.InteractionType.component:
                await self._click(interaction, data)
            case discord.InteractionType.modal_submit:
                await self._form(interaction, data)
            case discord.InteractionType.autocomplete:
                await self._complete(interaction, data)

    async def _command(self, interaction: discord.Interaction, data: Mapping[str, object]) -> None:
        call = menu.call_of(self._commands, data)
        reply = self._reply(interaction, call, waits=True)
        self._answers.promise(reply.id)
        answer: Json = {"type": DEFER, "data": {"flags": EPHEMERAL if reply.alone else 0}}
        await self._accept(interaction, call, reply, answer)

    async def _click(self, interaction: discord.Interaction, data: Mapping[str, object]) -> None:
        reading = asyncio.ensure_future(read_click(data, self._calls))
        meant: Click | OpenModal | None
        try:
            async with asyncio.timeout(READ_S):
                meant = await asyncio.shield(reading)
        except SelfsameError as error:
            await self._refuse(interaction, error.sentence)
            return
        except TimeoutError:
            meant = await self._slow(interaction, reading)
        if isinstance(meant, OpenModal):
            await self._open(interaction, meant)
        elif meant is not None:
            await self._clicked(interaction, meant)

    async def _slow(
        self, interaction: discord.Interaction, reading: asyncio.Future[Click | OpenModal]
    ) -> Click | None:
        """The store is busy: confirm the click, then carry it out. A form cannot be opened any more."""
        await self._acknowledge(interaction, {"type": DEFER_UPDATE})
        try:
            meant = await reading
        except SelfsameError:
            return None
        return meant if isinstance(meant, Click) else None

    async def _form(self, interaction: discord.Interaction, data: Mapping[str, object]) -> None:
        try:
            click = await read_modal(data, self._calls)
        except SelfsameError as error:
            await self._refuse(interaction, error.sentence)
            return
        await self._clicked(interaction, click)

    async def _clicked(self, interaction: discord.Interaction, click: Click) -> None:
        if click.call.options.get("say") and _asked_by(interaction.message) not in (0, interaction.user.id):
            await self._refuse(interaction, NOT_YOUR_WORDS)
            return
        reply = self._reply(interaction, click.call, click=click)
        answer: Json = {"type": DEFER_UPDATE}
        if not reply.clicked:  # a form that stands for itself
            reply = replace(reply, waits=True)
            self._answers.promise(reply.id)
            answer = {"type": DEFER, "data": {"flags": EPHEMERAL if reply.alone else 0}}
        await self._accept(interaction, click.call, reply, answer)

    async def _open(self, interaction: discord.Interaction, opening: OpenModal) -> None:
        """Open a form; it is itself the answer to the click."""
        try:
            person_id = await self._accounts(str(interaction.user.id), shown_name(interaction.user))
            view = await self._asked(interaction, opening, person_id)
            form = await open_modal(opening, view, person_id, self._calls)
        except SelfsameError as error:
            await self._refuse(interaction, error.sentence)
            return
        await self._acknowledge(interaction, {"type": FORM, "data": form})

    async def _asked(
        self, interaction: discord.Interaction, opening: OpenModal, person_id: str
    ) -> Wizard | None:
        if opening.ask is None:
            return None
        outbounds = await self._ask(interaction, opening.ask, person_id)
        return next((one for one in outbounds if isinstance(one, Wizard)), None)

    async def _complete(self, interaction: discord.Interaction, data: Mapping[str, object]) -> None:
        """Names of characters for the option that is being typed."""
        _, typed = menu.focused(data)
        choices: list[Json] = []
        try:
            async with asyncio.timeout(ANSWER_S):
                person_id = await self._accounts(str(interaction.user.id), shown_name(interaction.user))
                outbounds = await self._ask(interaction, Call("characters", {"query": typed}), person_id)
            found = next((one for one in outbounds if isinstance(one, Catalog)), None)
            choices = menu.choices(found.characters, typed) if found else []
        except TimeoutError:
            log.info("Discord: a completion took too long")
        await self._acknowledge(interaction, {"type": COMPLETIONS, "data": {"choices": choices}})

    async def _ask(self, interaction: discord.Interaction, call: Call, person_id: str) -> tuple[object, ...]:
        """Only look at something: nothing is changed, and nothing is stored for it."""
        origin = spot_of_interaction(interaction).origin(person_id, self._reply(interaction, call))
        return await self._door.ask(Inbound(origin, f"i{interaction.id}", call=call))

    # ------------------------------------------------------------ how an interaction is answered

    def _reply(
        self,
        interaction: discord.Interaction,
        call: Call,
        *,
        waits: bool = False,
        click: Click | None = None,
    ) -> Reply:
        spot = spot_of_interaction(interaction)
        message = interaction.message
        hidden = message is not None and message.flags.ephemeral
        moves = click is not None and (
            click.page != AUTO or bool(click.item) or call.name in MOVING or bool(call.options.get("confirm"))
        )
        return Reply(
            str(interaction.id),
            str(interaction.user.id),
            interaction.token,
            int(self._now()) + TOKEN_S,
            alone=not spot.direct and call.name not in PUBLIC,
            waits=waits,
            clicked=str(message.id) if message is not None else "",
            replaces=message is not None and moves and (hidden or spot.direct),
            page=click.page if click else AUTO,
            item=click.item if click else "",
            outside=_outside(interaction, spot),
        )

    async def _acknowledge(self, interaction: discord.Interaction, answer: Json) -> bool:
        """Give the first answer. False if Discord does not wait for it any more."""
        hook = Hook(str(interaction.id), interaction.token)
        try:
            await until_sent(lambda: self._rest.answer(hook, answer), patience=ANSWER_S)
        except RefusedError as error:
            return error.code == ALREADY_ACKNOWLEDGED
        except UndeliverableError:
            return False
        return True

    async def _refuse(self, interaction: discord.Interaction, sentence: str) -> None:
        data = of_words(sentence).alone()
        await self._acknowledge(interaction, {"type": MESSAGE, "data": data})

    async def _accept(self, interaction: discord.Interaction, call: Call, reply: Reply, answer: Json) -> None:
        """Hand a command to the door, then confirm it: what was confirmed survives a crash.

        A store that is busy does not keep Discord waiting. What is shown meanwhile waits for the confirmation.
        """
        coming = self._answers.await_acknowledgement(reply.id)
        storing = asyncio.ensure_future(self._store(interaction, call, reply))
        await asyncio.wait([storing], timeout=STORE_S)
        taken = True
        try:
            taken = await self._acknowledge(interaction, answer)
        finally:
            coming.set_result(taken)
        await storing

    async def _store(self, interaction: discord.Interaction, call: Call, reply: Reply) -> None:
        user = interaction.user
        async with self._order.keep(interaction.channel_id or 0, user.id):
            person_id = await self._accounts(str(user.id), shown_name(user))
            origin = spot_of_interaction(interaction).origin(person_id, reply)
            await self._door.accept(Inbound(origin, f"i{interaction.id}", call=call))


def _outside(interaction: discord.Interaction, spot: Spot) -> bool:
    """Whether the bot is no member there: somebody brought it along for themselves."""
    return not spot.direct and (interaction.guild_id is None or not interaction.is_guild_integration())


def _asked_by(message: discord.Message | None) -> int:
    """Who wrote or called what a message of ours answers; 0 where Discord does not say."""
    if message is None:
        return 0
    if message.interaction_metadata is not None:
        return message.interaction_metadata.user.id
    answered = message.reference.resolved if message.reference is not None else None
    return answered.author.id if isinstance(answered, discord.Message) else 0
