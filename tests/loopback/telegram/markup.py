"""Reply markup as Telegram checks it. Called by the methods that send or change messages."""

from typing import Any

from tests.loopback.telegram.errors import bad_request

# The bytes of callback_data, the buttons of a keyboard and of a row, the characters of a placeholder.
MOST_DATA = 64
MOST_BUTTONS = 100
MOST_IN_ROW = 8
MOST_PLACEHOLDER = 64

ACTIONS = {
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}

KINDS = ("inline_keyboard", "keyboard", "force_reply", "remove_keyboard")


def checked(markup: Any) -> dict[str, Any] | None:
    """The markup, or None for none; a wrong one is refused."""
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    named = [kind for kind in KINDS if kind in markup]
    if not named:
        raise bad_request("can't parse reply keyboard markup JSON object")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if len(str(markup.get("input_field_placeholder") or "")) > MOST_PLACEHOLDER:
        raise bad_request("REPLY_MARKUP_INPUT_FIELD_PLACEHOLDER_INVALID")
    if "keyboard" in markup and not any(markup["keyboard"]):
        raise bad_request("reply keyboard must have at least one button")
    return markup


def inline_only(markup: Any) -> dict[str, Any] | None:
    """The markup of an edit, which can be an inline keyboard and nothing else."""
    answer = checked(markup)
    if answer is not None and "inline_keyboard" not in answer and markup:
        raise bad_request("inline keyboard expected")
    return answer


def _inline(markup: dict[str, Any]) -> dict[str, Any] | None:
    """An inline keyboard without its empty rows; None if nothing is left."""
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _button(button)
    return {"inline_keyboard": rows} if rows else None


def _button(button: dict[str, Any]) -> None:
    """One button: a text, exactly one thing to do, and not too much data."""
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: BUTTON_TEXT_EMPTY")
    if len(ACTIONS & button.keys()) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MOST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
