"""A form that a model fills in: a pydantic class as a JSON schema, as words for the model, and read back.

`ask.py` calls it. A schema is written out in full (no references, every field required, no others allowed): that is
what grammars and strict servers take.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Form = TypeVar("Form", bound=BaseModel)
Json = dict[str, Any]

# What a grammar needs of a schema; titles and defaults only lengthen it.
_LIMITS = ("type", "const", "enum", "maxLength", "minLength", "minimum", "maximum", "minItems", "maxItems")
# Grammars let a line break stand inside a text, where JSON has none; between fields it is a blank as well.
_CONTROL = re.compile(r"[\x00-\x1f]")


@cache
def schema_of(form: type[BaseModel]) -> str:
    """The JSON schema of a form, as JSON text; always the same text for the same form."""
    whole = form.model_json_schema()
    return json.dumps(_plain(whole, whole.get("$defs", {})), separators=(",", ":"))


@cache
def words_of(form: type[BaseModel]) -> str:
    """The fields of a form, for a model to read: one a line, with what may stand there."""
    whole = form.model_json_schema()
    return "\n".join(_field_lines(whole, whole.get("$defs", {}), "- "))


def read_form(form: type[Form], answer: str) -> Form | None:
    """The form as it was filled in; None where the answer is not one."""
    # Servers that know no schemas answer in a fence of Markdown, or with a word before it.
    filled = answer[answer.find("{") : answer.rfind("}") + 1]
    try:
        return form.model_validate_json(_CONTROL.sub(" ", filled))
    except ValidationError:
        return None


def _plain(node: Json, named: Json) -> Json:
    node = _resolved(node, named)
    if "anyOf" in node:
        return {"anyOf": [_plain(choice, named) for choice in node["anyOf"]]}
    plain = {key: node[key] for key in _LIMITS if key in node}
    if "items" in node:
        plain["items"] = _plain(node["items"], named)
    if "properties" in node:
        plain["properties"] = {name: _plain(field, named) for name, field in node["properties"].items()}
        plain |= {"required": list(plain["properties"]), "additionalProperties": False}
    return plain


def _resolved(node: Json, named: Json) -> Json:
    """A part of a schema with its reference followed; what is said beside the reference wins."""
    if "$ref" not in node:
        return node
    return {**named[str(node["$ref"]).rsplit("/", 1)[-1]], **node}


def _field_lines(node: Json, named: Json, mark: str) -> Iterator[str]:
    for name, field in _resolved(node, named)["properties"].items():
        what = field.get("description", "")
        yield f'{mark}"{name}": {_kind(field, named)}{f". {what}" if what else ""}'
        inner = _resolved(field.get("items", {}), named)
        if "properties" in inner:
            yield from _field_lines(inner, named, f"  {mark}")


def _kind(field: Json, named: Json) -> str:
    """What may stand in a field: "text of at most 80 characters", "one of "day", "night"", "null"."""
    field = _resolved(field, named)
    if "anyOf" in field:
        return " or ".join(_kind(choice, named) for choice in field["anyOf"])
    if "enum" in field:
        return "one of " + ", ".join(json.dumps(value, ensure_ascii=False) for value in field["enum"])
    if "const" in field:
        return json.dumps(field["const"], ensure_ascii=False)
    if field.get("type") == "string":
        return f"text of at most {field['maxLength']} characters" if "maxLength" in field else "text"
    if field.get("type") == "array":
        return f"a list of at most {field['maxItems']}" if "maxItems" in field else "a list"
    return str(field.get("type", "anything"))
