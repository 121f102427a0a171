"""Cut-outs and adjustments as jobs for the pool: a file in, a file out, stages on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.picture.adjust import adjust
from core.picture.adjustments import Adjustment
from core.picture.alpha import bled, is_transparent
from core.picture.codec import Pixels, decode, encode_png
from core.picture.cutout import OWN, cutout, subject_alpha
from core.picture.mask import put_back
from core.picture.stage import Report, Stage
from core.picture.upscale import enlarged_alpha


@dataclass(frozen=True, slots=True)
class Made:
    """A picture as PNG. `alpha_report` is there when transparency was asked for."""

    png: bytes
    width: int
    height: int
    alpha: bool
    notes: tuple[str, ...]
    alpha_report: dict[str, Any] | None = None


def cut_out(report: Report, data: bytes) -> Made:
    """The subject of a file, free of its background.

    Raises:
        BadInput: no subject can be told from the background.
    """
    report(Stage("looking for the subject", 0.1))
    cut, told = cutout(decode(data))
    report(Stage("writing the picture", 0.8))
    kept = ("The picture was transparent already, so it was kept as it is",)
    notes = kept if told["method"] == OWN else tuple(str(doubt) for doubt in told["warnings"])
    return _made(cut, notes, told)


def adjusted(report: Report, data: bytes, adjustment: Adjustment, max_side: int) -> Made:
    """A file adjusted exactly. Raises BadInput and TooLarge as `core.picture.adjust` does."""
    report(Stage("adjusting", 0.1))
    pixels, notes = adjust(decode(data), adjustment, max_side=max_side, cut=subject_alpha)
    report(Stage("writing the picture", 0.7))
    return _made(pixels, notes, None)


def unveiled(report: Report, data: bytes) -> bytes:
    """A file as an opaque PNG, its colours spread under what was clear.

    For models that know no alpha: they would see whatever colours a file has under it.
    """
    return encode_png(np.ascontiguousarray(bled(decode(data))[..., :3]))


def veiled(report: Report, data: bytes, source: bytes) -> Made:
    """A file with the alpha of `source`, enlarged to its size."""
    pixels, alpha = decode(data), decode(source)[..., 3]
    height, width = pixels.shape[:2]
    return _made(np.dstack([pixels[..., :3], enlarged_alpha(alpha, width, height)]), (), None)


def kept_outside(report: Report, data: bytes, source: bytes, mask: bytes) -> Made:
    """A file where the mask is clear, `source` everywhere else; all of one size."""
    report(Stage("putting the rest back", 0.2))
    return _made(put_back(decode(source), decode(data), mask), (), None)


def _made(pixels: Pixels, notes: tuple[str, ...], told: dict[str, Any] | None) -> Made:
    height, width = pixels.shape[:2]
    return Made(encode_png(pixels), width, height, is_transparent(pixels), notes, told)
