"""The Bot API's methods by name: each takes the world and a call's parameters, and answers its result or an ApiError.

getUpdates is not among them: it waits, so the server does it itself.
"""

from collections.abc import Callable
from typing import Any

from tests.loopback.telegram.methods import chats, media, messages, profile, topics
from tests.loopback.telegram.params import Params
from tests.loopback.telegram.world import World

Method = Callable[[World, Params], Any]

# Telegram does not mind how a name is capitalised.
METHODS: dict[str, Method] = {
    name.lower(): method
    for part in (chats, media, messages, profile, topics)
    for name, method in part.METHODS.items()
}
