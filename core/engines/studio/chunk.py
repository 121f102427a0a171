"""The scene inside the picture: a compressed `iTXt` chunk of the PNG, written and read by hand.

Reading looks at bytes that anyone may have made: sizes are bounded before anything is unpacked,
and pixels are never decoded. PNG specification, third edition, sections 5.3 and 11.3.3.4.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from core.errors import BadInput

KEYWORD = b"easel-scene"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_PACKED = 64 * 1024
_MAX_SCENE = 128 * 1024
_MAX_CHUNKS = 4096


def embed(png: bytes, scene: str) -> bytes:
    """The PNG with the scene in front of its end, in place of any scene it had."""
    body = KEYWORD + b"\0\1\0\0\0" + zlib.compress(scene.encode(), 9)
    parts = [_SIGNATURE]
    for kind, data in _chunks(png):
        if kind == b"IEND":
            parts.append(_packed(b"iTXt", body))
        if not (kind == b"iTXt" and data.startswith(KEYWORD + b"\0")):
            parts.append(_packed(kind, data))
    return b"".join(parts)


def extract(data: bytes) -> str | None:
    """The scene text inside a picture, or None when it carries none.

    Raises:
        BadInput: there is a scene chunk, but it is broken or too large.
    """
    if not data.startswith(_SIGNATURE):
        return None
    for kind, content in _chunks(data):
        if kind == b"iTXt" and content.startswith(KEYWORD + b"\0"):
            return _unpacked(content[len(KEYWORD) + 1 :])
    return None


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from a PNG's header, or None for anything else."""
    if not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Chunk types and contents in order; ends quietly where the file ends or is cut off."""
    at = len(_SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(data):
            return
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind = data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            return
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _packed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _unpacked(content: bytes) -> str:
    """Text of an iTXt chunk after its keyword: flags, language, translated keyword, text."""
    if len(content) > _MAX_PACKED:
        raise _broken("the scene chunk is too large")
    fields = content[2:].split(b"\0", 2)
    if len(content) < 2 or len(fields) < 3:
        raise _broken("the scene chunk is incomplete")
    text = fields[2]
    if content[0] == 1:
        text = _inflated(text)
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise _broken("the scene chunk is no UTF-8") from None


def _inflated(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, _MAX_SCENE)
    except zlib.error:
        raise _broken("the scene chunk can't be decompressed") from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise _broken("the scene is larger than a scene can be, or cut off")
    return text


def _broken(admin: str) -> BadInput:
    return BadInput(
        "The scene inside this picture is damaged.",
        hint="Start from another version, or describe the picture anew.",
        code="studio_scene",
        admin=admin,
    )
