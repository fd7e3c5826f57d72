"""SDXL: anime and drawn styles, LoRAs as themes, references through IP-Adapter, parts painted anew.

family.py       loads the model with what it needs to see references, and hands it to
renderer.py     words, references and masks of canvases to arguments of the pipeline
ip_adapter.py   references to tokens beside the words: by CLIP, and by a face's vector where FaceID is accepted
beside.py       where those files lie; which there are says models.toml
"""

from engine.images.pipelines.sdxl.family import Sdxl

__all__ = ["Sdxl"]
