"""A signed C2PA manifest in the picture: that a model made it, which, and from which reference pictures.

Source: the C2PA specification 2.x through c2pa-python. The reference pictures are named by their hashes alone.
"""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

from engine.errors import RenderError
from engine.images.provenance.keys import open_keys
from engine.images.provenance.marks import source_type
from engine.types import Making

# Our own assertion, beside the standard's.
LABEL = "app.selfsame.making"


def can_sign() -> bool:
    """Whether the extra [images] is here."""
    return all(importlib.util.find_spec(name) for name in ("c2pa", "cryptography"))


def sign(png: bytes, making: Making, *, seed: int, data: Path) -> bytes:
    """The picture with its manifest, signed with this house's key. Raises RenderError."""
    import c2pa

    keys, out = open_keys(data), io.BytesIO()
    try:
        with (
            c2pa.Context.from_dict(
                {"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_trust": False}}
            ) as context,
            c2pa.Signer.from_callback(keys.sign, c2pa.C2paSigningAlg.ED25519, keys.chain) as signer,
            c2pa.Builder(json.dumps(_manifest(making, seed)), context) as builder,
        ):
            builder.sign(signer, "image/png", io.BytesIO(png), out)
    except c2pa.C2paError as error:
        raise RenderError(f"The picture could not be signed (images.c2pa): {error}") from error
    return out.getvalue()


def read(png: bytes) -> dict[str, Any] | None:
    """The active manifest of a picture with `validation`: its state in C2PA's words; None without one."""
    import c2pa

    try:
        with c2pa.Reader("image/png", io.BytesIO(png)) as reader:
            told = json.loads(reader.json())
    except c2pa.C2paError:
        return None
    manifest: dict[str, Any] = told["manifests"][told["active_manifest"]]
    return {
        **manifest,
        "validation": told.get("validation_state", ""),
        "status": told.get("validation_status", []),
    }


def _manifest(making: Making, seed: int) -> dict[str, Any]:
    created = {
        "action": "c2pa.created",
        "digitalSourceType": source_type(making.family),
        "softwareAgent": {"name": making.family},
    }
    changed = [{"action": "c2pa.edited", "parameters": {"description": name}} for name in making.repairs]
    if making.enlarged != 1.0:
        changed.append({"action": "c2pa.resized", "parameters": {"description": f"{making.enlarged:g}"}})
    told = {
        "family": making.family,
        "precision": making.precision,
        "sampler": making.sampler,
        "steps": making.steps,
        "seed": seed,
        "references": list(making.references),
        "verdict": making.verdict or "",
    }
    return {
        "claim_generator_info": [{"name": "Selfsame"}],
        "format": "image/png",
        "title": "picture.png",
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created, *changed]}},
            {"label": LABEL, "data": told},
        ],
    }
