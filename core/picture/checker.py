"""A transparent picture as people look at it: over a checkerboard, so that it reads anywhere.

On the ground of a chat a dark logo drowns in a dark client and a white one in a light client. This
is a view only: the file itself stays true.
"""

from __future__ import annotations

import numpy as np

from core.picture.codec import Pixels, decode, encode
from core.picture.resample import resized

LIGHT, DARK = 205, 165
"""Greys that white and black both stand out from."""
_QUALITY = 85
_CELLS = 40
"""Along the longer side of a picture."""
_SMALLEST_CELL_PX = 4


def checkered(data: bytes, side: int) -> bytes:
    """The picture within `side` x `side` pixels over a checkerboard, as JPEG; never enlarged.

    Raises:
        BadPicture: the file can't be read.
    """
    small = fitted(decode(data), side, side)
    cell = max(_SMALLEST_CELL_PX, round(max(small.shape[:2]) / _CELLS))
    return encode(on_checkerboard(small, cell), "jpeg", quality=_QUALITY)


def fitted(pixels: Pixels, width: int, height: int) -> Pixels:
    """The whole picture within a size, in its proportions; never enlarged."""
    before_height, before_width = pixels.shape[:2]
    scale = min(1.0, width / before_width, height / before_height)
    return resized(
        pixels, max(1, round(before_width * scale)), max(1, round(before_height * scale))
    )


def on_checkerboard(pixels: Pixels, cell: int) -> Pixels:
    """RGB: the picture over squares of `cell` pixels; an opaque one stays as it is.

    Mixed as browsers and chats do it (coded values, straight alpha), so that soft edges look here
    as they will there.
    """
    if pixels.shape[2] == 3:
        return pixels
    share = pixels[..., 3:].astype(np.float32) / 255
    board = _board(pixels.shape[0], pixels.shape[1], cell)[..., None]
    mixed = pixels[..., :3] * share + board * (1 - share)
    return np.rint(mixed).astype(np.uint8)


def _board(height: int, width: int, cell: int) -> Pixels:
    rows, columns = np.arange(height)[:, None] // cell, np.arange(width)[None, :] // cell
    return np.where((rows + columns) % 2, DARK, LIGHT).astype(np.uint8)
