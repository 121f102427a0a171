"""A person's file made into a picture of ours: bounded, upright, sRGB, 8 bits, without metadata.

Coded pixels stay as they came wherever nothing has to change.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import BadInput, BadPicture, TooLarge
from core.picture import png, sniff
from core.picture.info import PictureInfo, check, look
from core.picture.opening import opened
from core.picture.pixels import decode, encode, encode_png
from core.picture.untouched import untouched

_PHOTO_QUALITY = 95
_SAID = {"GIF": "animated GIF", "PNG": "animated PNG", "WEBP": "animated WebP",
         "AVIF": "animated AVIF"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that may be kept, and what was done to it that a person should know."""

    data: bytes
    info: PictureInfo
    notes: tuple[str, ...]


def take_in(data: bytes, *, max_bytes: int, max_pixels: int, name: str = "") -> Taken:
    """Take a file in. `name` is only said in messages; it is never believed.

    Raises:
        BadPicture: no picture that is read, or a damaged one.
        TooLarge: more bytes or pixels than allowed; nothing was decoded.
    """
    try:
        return _taken(data, max_bytes, max_pixels)
    except BadInput as error:
        if not name:
            raise
        told = f"{_short(name)}: {error.message}"
        raise type(error)(told, hint=error.hint, admin=error.admin) from error


def take_mask(data: bytes, *, size: tuple[int, int], max_bytes: int = 4_000_000) -> bytes:
    """A painted area: a PNG of the picture's `size` (width, height), transparent where to edit.

    Raises:
        BadPicture: no PNG, damaged, or without transparency.
        BadInput: of another size.
        TooLarge: more than `max_bytes`.
    """
    if len(data) > max_bytes:
        raise TooLarge(
            "The painted area is too heavy.",
            hint=f"A mask has to be under {_megabytes(max_bytes)}.",
        )
    wanted = f"A mask is a PNG of {size[0]} x {size[1]} pixels, transparent where to edit."
    info = look(data)
    if info.mime != sniff.PNG.mime:
        raise BadPicture("The painted area has to be a PNG.", hint=wanted)
    if (info.width, info.height) != size:
        raise BadInput(
            f"The painted area is {info.width} x {info.height} pixels and does not fit "
            "this picture.",
            hint=wanted,
        )
    if not info.alpha:
        raise BadPicture("The painted area has no transparency.", hint=wanted)
    check(data)
    return png.rewritten(data)


def _taken(data: bytes, max_bytes: int, max_pixels: int) -> Taken:
    if len(data) > max_bytes:
        raise TooLarge(
            f"That file has {_megabytes(len(data))}; the most is {_megabytes(max_bytes)}.",
            hint="Save it smaller, or as JPEG, and send that.",
        )
    form = sniff.sniff(data)
    info = look(data)
    if info.width * info.height > max_pixels:
        raise TooLarge(
            f"That picture is {info.width:,} x {info.height:,} pixels; "
            f"the most is {max_pixels / 1e6:g} megapixels.",
            hint="Scale it down and send it again.",
        )
    notes = _notes(data, form)
    kept = untouched(data)
    if kept is None:
        pixels = decode(data)
        if form is sniff.JPEG:
            kept = encode(pixels, "jpeg", quality=_PHOTO_QUALITY)
        else:
            kept = encode_png(pixels)
    return Taken(kept, check(kept), notes)


def _notes(data: bytes, form: sniff.Format) -> tuple[str, ...]:
    if form is sniff.PNG:
        moves = b"acTL" in png.kinds(data)
    elif form.name in _SAID:
        with opened(data, form) as image:
            moves = bool(getattr(image, "is_animated", False))
    else:
        moves = False
    return (f"That is an {_SAID[form.name]}: only its first frame is used",) if moves else ()


def _short(name: str) -> str:
    clean = "".join(letter for letter in name if letter.isprintable()).strip()
    return clean if len(clean) <= 60 else f"{clean[:40]}…{clean[-15:]}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.3g} MB"
