"""What a picture says of itself: marks in its text, a signed C2PA manifest, an invisible watermark."""

from engine.images.provenance.marks import mark as mark
from engine.images.provenance.marks import source_type as source_type
from engine.images.provenance.marks import texts as texts
