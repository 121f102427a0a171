"""PNG at the level of its chunks: read, checked, stripped, written, without touching pixels.

Source of the format: W3C, Portable Network Graphics (PNG) Specification, third edition.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = "XML:com.adobe.xmp"
"""The keyword under which XMP stands in an iTXt chunk (XMP Specification, part 3)."""

_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_COLOUR = {b"sRGB", b"iCCP", b"gAMA", b"cHRM", b"cICP", b"sBIT"}
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class BrokenPng(ValueError):
    """The bytes break the rules of PNG."""


@dataclass(frozen=True, slots=True)
class Header:
    """What IHDR says. `colour_type`: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA."""

    width: int
    height: int
    bit_depth: int
    colour_type: int
    interlaced: bool

    @property
    def row_bytes(self) -> int:
        """Bytes of one row, without the filter byte before it."""
        return (self.width * self.bit_depth * _SAMPLES[self.colour_type] + 7) // 8


def chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Kind and body of each chunk, to IEND; checksums are checked.

    Raises:
        BrokenPng: cut off, or a checksum that does not fit.
    """
    view, at = memoryview(data), len(SIGNATURE)
    while True:
        if at + 12 > len(data):
            raise BrokenPng("cut off between chunks")
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            raise BrokenPng("cut off in a chunk")
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise BrokenPng("wrong checksum")
        kind = bytes(view[at + 4 : at + 8])
        yield kind, view[at + 8 : end - 4]
        if kind == b"IEND":
            return
        at = end


def kinds(data: bytes) -> set[bytes]:
    """The kinds of chunk before the pixels, as far as the file can be read. Checksums are not."""
    found: set[bytes] = set()
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        kind = data[at + 4 : at + 8]
        if kind in (b"IDAT", b"IEND"):
            break
        found.add(kind)
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return found


def header(data: bytes) -> Header:
    """Raises BrokenPng."""
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise BrokenPng("no header")
    width, height, depth, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", data, 16)
    if colour not in _SAMPLES or depth not in (1, 2, 4, 8, 16) or not width or not height:
        raise BrokenPng("impossible header")
    return Header(width, height, depth, colour, interlace == 1)


def verify_pixels(data: bytes, head: Header) -> bytearray:
    """Inflate the pixels of a file that is not interlaced and check all that can be wrong.

    Returns the rows, each a filter byte and its still filtered samples.

    Checksums, length and filter types decide; undoing the filters cannot fail after that, so this
    takes about half the time of decoding. Memory: the inflated rows, which `head` bounds.

    Raises:
        BrokenPng: the rows are too few, too many or not possible.
    """
    stride = head.row_bytes + 1
    wanted = stride * head.height
    inflate = zlib.decompressobj()
    rows = bytearray()
    try:
        for kind, body in chunks(data):
            if kind == b"IDAT":
                rows += inflate.decompress(body, wanted + 1 - len(rows))
                if len(rows) > wanted or inflate.unconsumed_tail:
                    raise BrokenPng("more pixels than the header says")
    except zlib.error as error:
        raise BrokenPng(str(error)) from error
    if len(rows) != wanted or not inflate.eof:
        raise BrokenPng("fewer pixels than the header says")
    if max(rows[::stride]) > 4:
        raise BrokenPng("unknown filter")
    return rows


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk, with length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def text_chunks(text: Mapping[str, str]) -> bytes:
    """International text chunks (iTXt, UTF-8, not compressed), one a keyword."""
    return b"".join(
        chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + value.encode())
        for keyword, value in text.items()
    )


def rewritten(data: bytes, text: Mapping[str, str] | None = None) -> bytes:
    """The same pixels and colour space, every other chunk dropped, `text` put in.

    Raises:
        BrokenPng: as `chunks`.
    """
    out = [SIGNATURE]
    for kind, body in chunks(data):
        if kind in _PIXELS or kind in _COLOUR:
            out.append(chunk(kind, bytes(body)))
        if kind == b"IHDR":
            out.append(text_chunks(text or {}))
    return b"".join(out)
