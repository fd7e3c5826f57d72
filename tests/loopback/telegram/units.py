"""Counting in UTF-16 units, in which Telegram measures texts and places entities."""


def units(text: str) -> int:
    """The length in UTF-16 units: an emoji counts two."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def cut(text: str, offset: int, length: int) -> str:
    """The part that begins after `offset` units and is `length` units long."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")
