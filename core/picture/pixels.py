"""Pixels out of files and into files.

Pixels are `uint8`, (height, width, 3) or (height, width, 4), sRGB, straight alpha.
"""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from core.errors import BadPicture
from core.picture import jpeg, png, sniff
from core.picture.info import probe
from core.picture.opening import opened, orientation

Pixels = NDArray[np.uint8]
FileFormat = Literal["png", "webp", "jpeg"]

MIMES: dict[FileFormat, str] = {"png": "image/png", "webp": "image/webp", "jpeg": "image/jpeg"}

_QUICK = 3
"""zlib level: about 5 % larger than the best, a third of the time."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(data: bytes) -> Pixels:
    """The pixels as they are meant to be seen: upright, sRGB, 8 bits; the first of several.

    Raises:
        BadPicture: no picture that is read, or a damaged one.
    """
    probe(data)
    return np.array(_shown(data))


def encode_png(pixels: Pixels) -> bytes:
    """Deterministic: the same pixels are the same bytes."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=_QUICK)
    return out.getvalue()


def encode(pixels: Pixels, form: FileFormat, *, quality: int = 92, xmp: str | None = None) -> bytes:
    """A file of a format, with an XMP packet when one is given.

    JPEG has no transparency: the picture stands on white. WebP is lossless where there is any.
    """
    image = Image.fromarray(pixels)
    out = io.BytesIO()
    match form:
        case "png":
            coded = encode_png(pixels)
            return png.rewritten(coded, {png.XMP_KEYWORD: xmp}) if xmp else coded
        case "jpeg":
            _on_white(image).save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
            return jpeg.rewritten(out.getvalue(), xmp) if xmp else out.getvalue()
        case "webp":
            packet = {"xmp": xmp.encode()} if xmp else {}
            image.save(
                out, "WEBP", quality=quality, lossless=image.mode == "RGBA", exact=True, **packet
            )
            return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """The same picture without transparency."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, image).convert("RGB")


def _shown(data: bytes) -> Image.Image:
    form = sniff.sniff(data)
    with opened(data, form, whole=True) as image:
        icc = image.info.get("icc_profile") or b""
        exif = image.info.get("exif") or b""
        if form is sniff.JPEG:  # opened without metadata
            head = jpeg.header(data)
            icc, exif = head.icc, head.exif
        shown = _in_srgb(_in_eight_bits(image), icc)
        turn = orientation(exif)
        return shown.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else shown


def is_srgb(icc: bytes) -> bool:
    """Whether a profile changes nothing that could be seen: no profile, sRGB, or an unsound one."""
    steps = np.linspace(0, 255, 9, dtype=np.uint8)
    probes = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(27, 27, 3)
    image = Image.fromarray(probes)
    shown = np.asarray(_through(image, icc), np.int16)
    return bool(np.abs(shown - probes).max() <= 2)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """One of the modes L, RGB, RGBA, CMYK, LAB."""
    if image.mode in ("F", "I"):
        raise BadPicture(
            "That picture holds measured values of 32 bits and not colours.",
            hint="Save it with 8 bits a channel, as PNG or JPEG, and send that.",
        )
    if image.mode.startswith("I;16"):
        deep = np.asarray(image).astype(np.uint32)
        shallow = Image.fromarray(((deep + 128) // 257).astype(np.uint8))
        level = image.info.get("transparency")
        if isinstance(level, int):
            shallow.putalpha(Image.fromarray(np.where(deep == level, 0, 255).astype(np.uint8)))
            return shallow.convert("RGBA")
        return shallow
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    return image.convert("RGB")


def _in_srgb(image: Image.Image, icc: bytes) -> Image.Image:
    if image.mode != "RGBA":
        return _through(image, icc)
    shown = _through(image.convert("RGB"), icc).convert("RGBA")
    shown.putalpha(image.getchannel("A"))
    return shown


def _through(image: Image.Image, icc: bytes) -> Image.Image:
    """RGB through a colour profile; plain conversion where it is missing, unsound or unfitting."""
    try:
        source = (
            ImageCms.createProfile("LAB")
            if image.mode == "LAB"
            else ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if icc
            else None
        )
        if source is not None:
            transform = ImageCms.buildTransform(
                source,
                ImageCms.createProfile("sRGB"),
                image.mode,
                "RGB",
                ImageCms.Intent.RELATIVE_COLORIMETRIC,
                ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
            return ImageCms.applyTransform(image, transform) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        pass
    return image.convert("RGB")
