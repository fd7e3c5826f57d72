"""Marks in the text of every finished picture that say: made by a machine. `stamp.py` sets them before it is stored.

The IPTC digital source type in XMP is what platforms and browsers read; the text chunks say how to make the
picture again. No names and no words of people: a picture travels further than its chat.
Same picture, same bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from xml.sax.saxutils import escape

from engine.errors import RenderError
from engine.types import Making

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# Drawn by rules, without anything learned from pictures; every other pipeline is a trained model.
_RULES = frozenset({"illustrator"})

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    Iptc4xmpExt:DigitalSourceType="{source_type}"
    xmp:CreatorTool="Selfsame ({pipeline})"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def mark(
    png: bytes, *, pipeline: str, seed: int, character_id: str | None, making: Making | None = None
) -> bytes:
    """The same picture with its marks, instead of any it had. Raises RenderError if it is no PNG."""
    head, *rest = _chunks(png)
    kept = [chunk for chunk in rest if chunk[0] not in (b"tEXt", b"iTXt", b"zTXt", b"tIME", b"eXIf")]
    marks = [_xmp(pipeline), _text("Software", "Selfsame"), _text("Selfsame Pipeline", pipeline)]
    marks.append(_text("Selfsame Seed", str(seed)))
    if character_id:
        marks.append(_text("Selfsame Character", character_id))
    marks += [_text(f"Selfsame {keyword}", value) for keyword, value in _told(making) if value]
    return _SIGNATURE + b"".join(_write(*chunk) for chunk in (head, *marks, *kept))


def source_type(pipeline: str) -> str:
    """The IPTC term for what a pipeline makes."""
    return _SOURCE_TYPES + ("algorithmicMedia" if pipeline in _RULES else "trainedAlgorithmicMedia")


def texts(png: bytes) -> dict[str, str]:
    """All marks of a picture by keyword, as anybody can read them."""
    found = {}
    for kind, content in _chunks(png):
        if kind == b"tEXt":
            keyword, _, value = content.partition(b"\0")
            found[keyword.decode("latin-1")] = value.decode("latin-1")
        elif kind == b"iTXt":
            keyword, _, value = content.partition(b"\0")
            found[keyword.decode("latin-1")] = value[2:].split(b"\0", 2)[2].decode()
    return found


def _told(making: Making | None) -> Iterator[tuple[str, str]]:
    """What is told of how a model made it: nothing personal."""
    if making is None:
        return
    yield "Family", making.family
    yield "Precision", making.precision
    yield "Sampler", making.sampler
    yield "Steps", str(making.steps or "")
    yield "Guidance", f"{making.guidance:g}" if making.steps else ""
    yield "References", " ".join(making.references)
    yield "Verdict", making.verdict or ""
    yield "Similarity", f"{making.similarity:.3f} ({making.measure})" if making.similarity is not None else ""
    yield "Repairs", " ".join(making.repairs)


def _xmp(pipeline: str) -> tuple[bytes, bytes]:
    packet = _XMP.format(source_type=source_type(pipeline), pipeline=escape(pipeline, {'"': "&quot;"}))
    return b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode()


def _text(keyword: str, value: str) -> tuple[bytes, bytes]:
    return b"tEXt", f"{keyword}\0{value}".encode("latin-1", "replace")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(_SIGNATURE + b"\0\0\0\rIHDR"):
        raise RenderError
    at = len(_SIGNATURE)
    while at + 12 <= len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _write(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
