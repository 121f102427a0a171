"""JPEG at the level of its segments: metadata taken out or put in without touching pixels.

Source of the format: ITU-T T.81, annex B; XMP in APP1: XMP Specification, part 3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_LONGEST = 65_533
_MOST_SCANS = 100
"""A decoder goes over all pixels for each; encoders write about ten."""


class BrokenJpeg(ValueError):
    """The bytes break the rules of JPEG."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the pixels. `icc` and `exif` are empty when there is none."""

    width: int
    height: int
    components: int
    icc: bytes
    exif: bytes


def header(data: bytes) -> Header:
    """Raises BrokenJpeg."""
    frame, exif = b"", b""
    profile: list[tuple[int, bytes]] = []
    for marker, segment in _segments(data, scans=False):
        if marker in _FRAMES and len(segment) >= 10:
            frame = frame or segment
        elif marker == _APP1 and segment[4:10] == b"Exif\0\0":
            exif = exif or segment[10:]
        elif marker == _APP2 and segment[4:16] == b"ICC_PROFILE\0" and len(segment) > 18:
            profile.append((segment[16], segment[18:]))
    if not frame:
        raise BrokenJpeg("no frame")
    height, width = struct.unpack_from(">HH", frame, 5)
    if not width or not height:
        raise BrokenJpeg("impossible size")
    icc = b"".join(piece for _, piece in sorted(profile))
    return Header(width, height, frame[9], icc, exif)


def rewritten(data: bytes, xmp: str | None = None) -> bytes:
    """The same picture without metadata, and with an XMP packet when one is given.

    What is needed to decode stays: tables, frame and scan, JFIF (APP0) and Adobe's colour
    transform (APP14). Whatever follows the first picture (a phone's second one) goes.

    Raises:
        BrokenJpeg: cut off, no JPEG, or made to keep a decoder busy.
    """
    out = [b"\xff\xd8"]
    put = xmp is None
    scans = 0
    for marker, segment in _segments(data):
        scans += marker == _SOS
        if scans > _MOST_SCANS:
            raise BrokenJpeg("more scans than a picture needs")
        if not put and marker != _APP0:
            out.append(_packet(xmp or ""))
            put = True
        if not _is_metadata(marker, segment):
            out.append(segment)
    return b"".join(out)


def _is_metadata(marker: int, segment: bytes) -> bool:
    if marker == _APP0:
        return segment[4:9] != b"JFIF\0"
    if marker == _APP14:
        return segment[4:9] != b"Adobe"
    return _APP1 <= marker <= 0xEF or marker == _COM


def _packet(xmp: str) -> bytes:
    body = _XMP + xmp.encode()
    if len(body) > _LONGEST:
        raise ValueError("an XMP packet must fit one segment")
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _segments(data: bytes, *, scans: bool = True) -> Iterator[tuple[int, bytes]]:
    """Marker and whole segment (scans with the coded pixels that follow), to the end marker.

    Without `scans`: to the first one, which is cheap.
    """
    if data[:2] != b"\xff\xd8":
        raise BrokenJpeg("no start")
    at = 2
    while True:
        at = _skip_fill(data, at)
        marker = data[at + 1]
        if marker == _EOI:
            yield marker, b"\xff\xd9"
            return
        if marker == _SOS and not scans:
            return
        if at + 4 > len(data):
            raise BrokenJpeg("cut off")
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SOS:
            end = _scan_end(data, end)
        if end > len(data):
            raise BrokenJpeg("cut off in a segment")
        yield marker, data[at:end]
        at = end


def _skip_fill(data: bytes, at: int) -> int:
    """Where the next marker stands; any number of 0xFF may fill the space before it."""
    if data[at : at + 1] != b"\xff":
        raise BrokenJpeg("no marker where one must be")
    while data[at + 1 : at + 2] == b"\xff":
        at += 1
    if at + 2 > len(data):
        raise BrokenJpeg("cut off")
    return at


def _scan_end(data: bytes, at: int) -> int:
    """Where coded pixels end: at the first marker that is neither stuffing nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise BrokenJpeg("cut off in the pixels")
        follower = data[at + 1]
        if follower == 0xFF:
            at += 1
        elif follower == 0 or 0xD0 <= follower <= 0xD7:
            at += 2
        else:
            return at
