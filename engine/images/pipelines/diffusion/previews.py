"""What a picture looks like while it is made: latents to pixels, cheaply.

With a tiny autoencoder beside the model's folder (`<folder>-preview`, diffusers' AutoencoderTiny) that decodes them.
Otherwise a projection is fitted from the first reference that the model reads: its latents and its pixels are both
known, and a least-squares fit of one to the other shows shapes and colours at the latents' own size. Where there is
neither, there is no preview.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

SUFFIX = "-preview"
# Pixels of a preview's longer side at most, and at least.
LONGEST, SHORTEST = 512, 256
# How much a projection is held back, as a share of what its channels vary.
RIDGE = 1e-3


class Previews:
    """Of one loaded model. `for_tiny` turns latents as the model denoises them into those that its decoder takes."""

    def __init__(self, folder: Path, device: str, for_tiny: Callable[[Tensor], Tensor] | None = None) -> None:
        self._tiny = _load_tiny(folder.with_name(folder.name + SUFFIX), device) if for_tiny else None
        self._for_tiny = for_tiny
        self._projection: Tensor | None = None

    @property
    def wants(self) -> bool:
        """Whether a projection is to be fitted."""
        return self._tiny is None and self._projection is None

    def fit(self, latents: Tensor, pixels: Tensor) -> None:
        """Learn the projection from one picture: latents (1, C, h, w), pixels (1, 3, H, W) from -1 to 1."""
        import torch
        from torch.nn.functional import interpolate

        known = latents.detach().float().cpu()
        small = interpolate(pixels.detach().float().cpu(), size=known.shape[-2:], mode="area")
        rows = known[0].flatten(1).T
        middle, spread = rows.mean(0), rows.std(0).clamp_min(1e-6)
        even = (rows - middle) / spread
        colours = small[0].flatten(1).T
        usual = colours.mean(0)
        # A little ridge: references of one colour leave most channels undetermined.
        square = even.T @ even + RIDGE * len(rows) * torch.eye(rows.shape[1])
        slope = torch.linalg.solve(square, even.T @ (colours - usual)) / spread[:, None]
        self._projection = torch.cat([slope, (usual - middle @ slope)[None]])

    def look(self, latents: Tensor) -> Image | None:
        """The first of a batch of latents (B, C, h, w) as a small picture."""
        import torch

        with torch.no_grad():
            if self._tiny is not None and self._for_tiny is not None:
                pixels = self._tiny.decode(self._for_tiny(latents[:1]).to(self._tiny.dtype)).sample[0]
            elif self._projection is not None and self._projection.shape[0] == latents.shape[1] + 1:
                known = latents[0].detach().float().cpu()
                flat = known.flatten(1).T @ self._projection[:-1] + self._projection[-1]
                pixels = flat.T.unflatten(1, known.shape[-2:])
            else:
                return None
            return _picture(pixels)


def _load_tiny(folder: Path, device: str) -> Any:
    if not (folder / "config.json").is_file():
        return None
    from diffusers import AutoencoderTiny

    return AutoencoderTiny.from_pretrained(str(folder), local_files_only=True).to(device).eval()


def _picture(pixels: Tensor) -> Image:
    from PIL import Image as Images

    levels = ((pixels.float().cpu().clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
    image = Images.fromarray(levels, "RGB")
    longest = max(image.size)
    aim = min(max(longest, SHORTEST), LONGEST)
    if aim == longest:
        return image
    size = (max(1, image.width * aim // longest), max(1, image.height * aim // longest))
    return image.resize(size, Images.Resampling.BICUBIC)
