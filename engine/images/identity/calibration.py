"""Calibrates a character of the store: `bot/app.py` asks, for `selfsame character calibrate NAME`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from engine.config import EngineConfig
from engine.images.identity.choose import open_gallery
from engine.images.materials import Gatherer
from engine.images.pipelines.port import Materials, Workshop
from engine.store.store import Store
from engine.types import CharacterRecord


@dataclass(frozen=True, slots=True)
class Calibration:
    """Draws the line between a character and the rest of the cast, from their pictures in the store."""

    store: Store
    config: EngineConfig
    data: Path

    async def calibrate(self, person_id: str, record: CharacterRecord) -> str:
        """Calibrate, and say what came of it; with too few pictures that is said, and nothing is changed.

        Models run in a thread of their own. Raises WeightsError where nobody can judge the character's style,
        RenderError, and InputError where the gates cannot be kept.
        """
        materials = await Gatherer(self.store).of(person_id, record.persona, record.id)
        return await asyncio.to_thread(self._calibrate, record, materials)

    def _calibrate(self, record: CharacterRecord, materials: Materials) -> str:
        workshop = Workshop(self.data, self.config.images, self.config.comfyui, self.config.image_server)
        gallery = open_gallery(record.persona.style, workshop)
        from engine.images.identity.calibrate import calibrate  # it brings numpy

        try:
            return calibrate(gallery, materials, record.persona.name).sentence
        finally:
            gallery.close()
