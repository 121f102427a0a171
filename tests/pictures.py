"""Pictures that tests send and compare."""

from __future__ import annotations

import hashlib
import io

from PIL import Image


def pixels(data: bytes) -> str:
    """A name for the pixels of a picture, whatever else its file says."""
    with Image.open(io.BytesIO(data)) as picture:
        return hashlib.sha256(picture.convert("RGBA").tobytes()).hexdigest()


def glass(size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture whose left half can be seen through."""
    picture = Image.new("RGBA", size, (200, 30, 30, 255))
    picture.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()
