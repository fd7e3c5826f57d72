"""Our languages by Discord's names for them (discord.com/developers/docs/reference#locales)."""

from __future__ import annotations

from collections.abc import Callable

from bot.commands.locale import LANGUAGES

# Where Discord's name is not the plain language code.
DISCORD_NAMES = {"es": ("es-ES", "es-419"), "pt": ("pt-BR",)}


def localised(words: Callable[[str], str], english: str, limit: int) -> dict[str, str]:
    """A description in every language that has words of its own for it, by Discord's locale."""
    found = {}
    for language in LANGUAGES:
        text = words(language)
        for name in DISCORD_NAMES.get(language, (language,)):
            if text != english:
                found[name] = text[:limit]
    return found
