"""A picture through a network, tile by tile, so that memory stays small whatever its size.

Each tile sees a rim of its neighbours, and neighbours are mixed along their border: no seams.
Finished rows are handed on at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from core.picture.alpha import limits
from core.picture.networks import SMALL, Network, Upsampler, load
from core.picture.pixels import Pixels

Advance = Callable[[float], None]
Floats = NDArray[np.float32]

_BROAD = 2.5
"""Standard deviation, in pixels of the input, of what counts as a broad tone."""


def enlarged_bands(
    pixels: Pixels, network: Network, upsampler: Upsampler, advance: Advance
) -> Iterator[Pixels]:
    """The picture (h, w, 3 or 4) enlarged, as bands of rows from the top.

    Colours under clear pixels have to be sound (`alpha.bled`). `advance` gets the fraction done.
    """
    rows, columns = spans(pixels.shape[0], network), spans(pixels.shape[1], network)
    factor, width = network.factor, pixels.shape[1] * network.factor
    planes = pixels.shape[2]
    begun = np.zeros((planes, 0, width), np.float32)
    for number, row in enumerate(rows):
        band = np.zeros((planes, (row.end - row.start) * factor, width), np.float32)
        band[:, : begun.shape[1]] = begun
        for place, column in enumerate(columns):
            _add(band, pixels, row, column, upsampler, factor)
            advance((number * len(columns) + place + 1) / (len(rows) * len(columns)))
        finished = (row.settled - row.start) * factor
        yield _pixels(band[:, :finished], pixels, row, factor)
        begun = band[:, finished:].copy()


@dataclass(frozen=True)
class Span:
    """One part of a side: what its tile sees, and the part of that which it adds to the picture.

    Up to `settled` nothing comes after it. `first` and `last`: it ends at the picture's own edge.
    """

    seen: slice
    start: int
    settled: int
    end: int
    blend: int
    first: bool
    last: bool

    def weights(self, factor: int) -> Floats:
        """How much each enlarged pixel counts: neighbours' weights add up to one."""
        weights = np.ones((self.end - self.start) * factor, np.float32)
        mixed = 2 * self.blend * factor
        ramp = (np.arange(mixed, dtype=np.float32) + 0.5) / mixed
        if not self.first:
            weights[:mixed] = ramp
        if not self.last:
            weights[-mixed:] = ramp[::-1]
        return weights


def spans(length: int, network: Network) -> list[Span]:
    """A side in equal parts, none longer than a tile, so that no sliver is left over."""
    parts = -(-length // network.tile)
    cuts = [length * part // parts for part in range(parts + 1)]
    return [_span(left, right, length, network) for left, right in pairwise(cuts)]


def _span(left: int, right: int, length: int, network: Network) -> Span:
    first, last = left == 0, right == length
    return Span(
        seen=slice(max(0, left - network.rim), min(length, right + network.rim)),
        start=left if first else left - network.blend,
        settled=right if last else right - network.blend,
        end=right if last else right + network.blend,
        blend=network.blend,
        first=first,
        last=last,
    )


def _add(
    band: Floats, pixels: Pixels, row: Span, column: Span, upsampler: Upsampler, factor: int
) -> None:
    """Add one tile, weighed, to a band of planes."""
    seen = pixels[row.seen, column.seen]
    if pixels.shape[2] == 4 and not seen[..., 3].any():
        drawn = _smooth(seen, factor)
    else:
        drawn = _true_to(seen[..., :3], upsampler(seen[..., :3]), factor)
    if pixels.shape[2] == 4:
        drawn = np.concatenate([drawn, _alpha(seen[..., 3], factor)])
    y, x = (row.start - row.seen.start) * factor, (column.start - column.seen.start) * factor
    high, wide = (row.end - row.start) * factor, (column.end - column.start) * factor
    tile = drawn[:, y : y + high, x : x + wide]
    tile *= row.weights(factor)[:, None]
    tile *= column.weights(factor)
    left = column.start * factor
    band[:, :, left : left + wide] += tile


def _true_to(seen: Pixels, drawn: Floats, factor: int) -> Floats:
    """What a network drew, with the broad tones of what it saw; changes `drawn`.

    Networks shift tones: measured, a plain 240 comes back as 244, or as 254 from the one for
    drawings. Detail is theirs to draw, colour is not.
    """
    height, width = seen.shape[:2]
    for place, plane in enumerate(drawn):
        before = cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA)
        shift = seen[..., place].astype(np.float32) / np.float32(255) - before
        broad = cv2.GaussianBlur(shift, (0, 0), _BROAD, borderType=cv2.BORDER_REPLICATE)
        plane += cv2.resize(broad, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return drawn


def _smooth(seen: Pixels, factor: int) -> Floats:
    """Where nothing can be seen, colours need only be smooth: planes, as a network gives them."""
    size = seen.shape[1] * factor, seen.shape[0] * factor
    scaled = cv2.resize(np.ascontiguousarray(seen[..., :3]), size, interpolation=cv2.INTER_LINEAR)
    return scaled.transpose(2, 0, 1).astype(np.float32) / np.float32(255)


def _pixels(planes: Floats, pixels: Pixels, row: Span, factor: int) -> Pixels:
    """The finished part of a band as pixels, with its alpha."""
    planes *= np.float32(255)
    planes += np.float32(0.5)
    np.clip(planes, 0, 255, out=planes)
    channels = [plane.astype(np.uint8) for plane in planes]
    if pixels.shape[2] == 4:
        channels[3] = _held(channels[3], pixels[..., 3], row, factor)
    return np.asarray(cv2.merge(channels), np.uint8)


def _alpha(seen: Pixels, factor: int) -> Floats:
    """Alpha enlarged as a grey picture: the small network keeps edges smooth, without steps."""
    if seen.min() == seen.max():
        size = (1, seen.shape[0] * factor, seen.shape[1] * factor)
        return np.full(size, seen[0, 0] / np.float32(255), np.float32)
    drawn = load(SMALL[factor])(np.dstack([seen] * 3)).mean(0, keepdims=True)
    return _true_to(seen[..., None], np.asarray(drawn, np.float32), factor)


def _held(drawn: Pixels, alpha: Pixels, row: Span, factor: int) -> Pixels:
    """Enlarged alpha of a band, kept within what its pixels and their neighbours had."""
    above = min(1, row.start)
    least, most = limits(
        alpha[row.start - above : row.settled + 1],
        alpha.shape[1] * factor,
        (row.settled - row.start + above + (row.settled < len(alpha))) * factor,
    )
    inner = slice(above * factor, above * factor + len(drawn))
    return np.clip(drawn, least[inner], most[inner])
