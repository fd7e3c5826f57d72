"""Draw the shipped cast's canonical pictures into characters/cast/. Run it after a change of the cast or of the illustrator.

    .venv/bin/python scripts/draw_cast.py

`tests/characters/test_cast_pictures.py` fails while a picture is older than what the illustrator draws.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from characters.cast import load_cast
from engine.images.pipelines.illustrator.compose import Illustrator
from engine.selfie import CANON_SHOT
from engine.types import PictureJob, PicturePurpose

CAST = Path(__file__).parents[1] / "characters" / "cast"


def main() -> None:
    """Draw everyone."""
    illustrator = Illustrator()
    for slug, persona in load_cast():
        job = PictureJob(PicturePurpose.CANON, persona, CANON_SHOT, persona.appearance.face_seed)
        rendered = illustrator.render(job, lambda _share, _stage: None)
        (CAST / f"{slug}.png").write_bytes(rendered.png)
        print(f"{slug}: {len(rendered.png) // 1024} KiB")


if __name__ == "__main__":
    main()
