"""A PNG written band by band, so that the largest pictures need not stand in memory whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.picture.pixels import Pixels
from core.picture.png import SIGNATURE, chunk

_LEVEL = 2
_SUB, _UP = 1, 2


def encoded(bands: Iterable[Pixels], width: int, height: int, depth: int) -> bytes:
    """The file of a picture that comes as bands of whole rows; `depth` 3 is RGB, 4 is RGBA.

    Each row is stored as differences, from its left neighbour or from the row above, whichever are
    smaller (PNG specification, 9.2): almost as small as the best choice, and quick.
    """
    colour = {3: 2, 4: 6}[depth]
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    packer = zlib.compressobj(_LEVEL)
    above = np.zeros((1, width, depth), np.uint8)
    out = bytearray(SIGNATURE + chunk(b"IHDR", head))
    for band in bands:
        packed = packer.compress(_filtered(band, above))
        out += chunk(b"IDAT", packed) if packed else b""
        above = band[-1:].copy()
    out += chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b"")
    return bytes(out)


def _filtered(band: Pixels, above: Pixels) -> bytes:
    """The rows of a band with their filters' numbers before them."""
    sub = band.copy()
    sub[:, 1:] -= band[:, :-1]
    up = band.copy()
    up[0] -= above[0]
    up[1:] -= band[:-1]
    rows = np.empty((band.shape[0], 1 + band.shape[1] * band.shape[2]), np.uint8)
    better = _weight(up) < _weight(sub)
    rows[:, 0] = np.where(better, _UP, _SUB)
    rows[:, 1:] = sub.reshape(len(sub), -1)
    rows[better, 1:] = up.reshape(len(up), -1)[better]
    return rows.tobytes()


def _weight(differences: Pixels) -> NDArray[np.int64]:
    """How large the differences of each row are, seen as signed bytes."""
    flat = np.abs(differences.view(np.int8).reshape(len(differences), -1)[:, ::7].astype(np.int16))
    weight: NDArray[np.int64] = flat.sum(1, dtype=np.int64)
    return weight
