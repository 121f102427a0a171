"""Enlarge a picture: by a network that draws what should be there, or exactly.

The network that fits best is chosen by content and by how long it would take: nobody waits minutes
without having asked for it. Alpha is enlarged apart from the colours, which are first spread under
the clear pixels, so that no dark fringe appears.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from core.errors import BadInput, TooLarge
from core.picture.alpha import bled, is_transparent, limits
from core.picture.codec import Pixels, decode
from core.picture.networks import DRAWING, PHOTO, SMALL, Network, load
from core.picture.png_rows import encoded
from core.picture.resample import resized
from core.picture.stage import Report, Stage
from core.picture.tiles import Advance, enlarged_bands

VARIANTS = ("auto", "photo", "drawing", "fast", "exact")

_PATIENCE = 45.0
"""Seconds that the large network may take when nobody asked for it by name."""
_GRAIN = 4.5


@dataclass(frozen=True, slots=True)
class Enlargement:
    """What is asked: a factor, or the pixels of the long side. `variant` as people say it."""

    scale: float | None = None
    long_side: int | None = None
    variant: str = "auto"
    max_side: int = 8192


@dataclass(frozen=True, slots=True)
class Enlarged:
    """The result as PNG. `method` names what made it; `redrawn`: a network took part."""

    png: bytes
    width: int
    height: int
    alpha: bool
    method: str
    redrawn: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How a picture gets its size: networks in a row, then exactly to (width, height)."""

    width: int
    height: int
    networks: tuple[Network, ...]
    notes: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        return " + ".join(network.title for network in self.networks) or "Lanczos in linear light"


def upscale(report: Report, data: bytes, asked: Enlargement) -> Enlarged:
    """Enlarge a file; reports `Stage`s. A job for the pool.

    Raises:
        BadInput: no factor above 1, or no variant of that name.
        TooLarge: the result would be longer than `max_side`.
        Unavailable: the networks are not usable here.
    """
    report(Stage("reading the picture", 0.0))
    pixels = decode(data)
    if not is_transparent(pixels):
        pixels = np.ascontiguousarray(pixels[..., :3])
    depth = pixels.shape[2]
    way = way_for(pixels, asked)

    def advance(fraction: float) -> None:
        report(Stage("enlarging", 0.02 + 0.95 * fraction))

    bands = enlarged(pixels, way, advance)
    del pixels
    png = encoded(bands, way.width, way.height, depth)
    return Enlarged(
        png, way.width, way.height, depth == 4, way.method, bool(way.networks), way.notes
    )


def way_for(pixels: Pixels, asked: Enlargement) -> Way:
    """Choose the size and the networks. Raises as `upscale` does."""
    height, width = pixels.shape[:2]
    factor = factor_of(width, height, asked)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    networks, notes = _chosen(pixels, factor, asked)
    return Way(*size, tuple(networks), notes)


def enlarged(pixels: Pixels, way: Way, advance: Advance) -> Iterator[Pixels]:
    """The picture (h, w, 3 or 4) as bands of rows of the result."""
    if pixels.shape[2] == 4:
        pixels = bled(pixels)
    height, width = pixels.shape[:2]
    before = 0.0
    bands: Iterator[Pixels] = iter((pixels,))
    for network, cost in zip(way.networks, _shares(way, width * height), strict=True):
        if before:
            pixels = np.concatenate(list(bands))
        bands = enlarged_bands(pixels, network, load(network), _share(advance, before, cost))
        height, width = height * network.factor, width * network.factor
        before += cost
    if (width, height) == (way.width, way.height):
        return bands
    return iter((_exactly(np.concatenate(list(bands)), way.width, way.height),))


def _exactly(pixels: Pixels, width: int, height: int) -> Pixels:
    """The size, without a network. Colours are sound everywhere here, so alpha goes its own way."""
    if pixels.shape[2] == 3:
        return resized(pixels, width, height)
    colours = resized(np.ascontiguousarray(pixels[..., :3]), width, height)
    return np.dstack([colours, enlarged_alpha(pixels[..., 3], width, height)])


def enlarged_alpha(alpha: Pixels, width: int, height: int) -> Pixels:
    """Alpha (h, w), uint8, at another size; what is wholly opaque or clear stays so."""
    veil = np.zeros((*alpha.shape, 4), np.uint8)
    veil[..., 3] = alpha
    return np.clip(resized(veil, width, height)[..., 3], *limits(alpha, width, height))


def is_photographic(pixels: Pixels) -> bool:
    """Whether a picture has the grain of a photograph all over; drawings and renders are smooth.

    Measured: the median of two photographs is 5 and 6 of 255, of eleven renders 0 to 4, of a
    drawing 0.
    """
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_RGB2GRAY)
    # Fine structure without slopes and straight edges (Immerkaer 1996).
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    grain = np.abs(cv2.filter2D(grey.astype(np.float32), -1, mask))
    if pixels.shape[2] == 4:
        grain = grain[pixels[..., 3] > 0]
    return bool(grain.size) and float(np.median(grain)) > _GRAIN


def factor_of(width: int, height: int, asked: Enlargement) -> float:
    """How many times as wide and as high the result is. Raises BadInput, TooLarge."""
    long = max(width, height)
    factor = asked.scale if asked.scale is not None else (asked.long_side or 0) / long
    if asked.scale is None and factor <= 1:
        raise BadInput(
            f"The picture is {width:,} x {height:,} pixels already.",
            hint="Name a longer side, or say “resize to …” to make it smaller.",
        )
    if not 1 < factor <= 16 and asked.scale is not None:
        raise BadInput(
            f"I can't enlarge a picture {factor:g} times.",
            hint="Say a factor above 1, up to 16, such as “2x” or “4x”.",
        )
    if round(long * factor) > asked.max_side:
        raise _too_large(width, height, factor, asked.max_side)
    return factor


def _too_large(width: int, height: int, factor: float, max_side: int) -> TooLarge:
    fits = int(max_side / max(width, height) * 10) / 10
    fits = float(int(fits)) if fits >= 2 else fits
    return TooLarge(
        f"That would be {round(width * factor):,} x {round(height * factor):,} pixels; "
        f"the longest side can be {max_side:,}.",
        hint=f"The largest factor that fits this picture is {fits:g}x."
        if fits > 1
        else "This picture is as large as it can be; crop it first to enlarge a part.",
    )


def _chosen(
    pixels: Pixels, factor: float, asked: Enlargement
) -> tuple[list[Network], tuple[str, ...]]:
    match asked.variant:
        case "exact":
            return [], ()
        case "fast":
            return _row(_small(factor), pixels, factor, asked), ()
        case "photo":
            return _row(PHOTO, pixels, factor, asked), ()
        case "drawing":
            return _row(DRAWING, pixels, factor, asked), ()
        case "auto":
            return _by_content(pixels, factor, asked)
    raise BadInput(
        f"There is no way of enlarging called “{asked.variant[:40]}”.",
        hint="Say photo, drawing, fast or exact, or leave it out.",
    )


def _by_content(
    pixels: Pixels, factor: float, asked: Enlargement
) -> tuple[list[Network], tuple[str, ...]]:
    if not is_photographic(pixels):
        return _row(_small(factor), pixels, factor, asked), ()
    seconds = sum(_costs(pixels.shape[0] * pixels.shape[1], [PHOTO]))
    if seconds <= _PATIENCE:
        return _row(PHOTO, pixels, factor, asked), ()
    note = (
        "Enlarged with the fast model, so that you need not wait. For finer texture say "
        f"“{_said(asked)} with the photo model” (about {_time(seconds)})."
    )
    return _row(_small(factor), pixels, factor, asked), (note,)


def _said(asked: Enlargement) -> str:
    if asked.scale is not None:
        return f"upscale {asked.scale:g}x"
    return f"upscale to {asked.long_side} px"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{round(seconds / 10) * 10} seconds"
    return f"{round(seconds / 60)} minutes"


def _small(factor: float) -> Network:
    return next((SMALL[own] for own in (2, 3) if factor <= own), SMALL[4])


def _row(first: Network, pixels: Pixels, factor: float, asked: Enlargement) -> list[Network]:
    """The first network, and a small one after it where one is not enough and memory allows."""
    networks = [first]
    rest = factor / first.factor
    second = _small(rest)
    if rest > 1.01 and max(pixels.shape[:2]) * first.factor * second.factor <= asked.max_side:
        networks.append(second)
    return networks


def _costs(area: int, networks: tuple[Network, ...] | list[Network]) -> list[float]:
    """Seconds that each of a row of networks takes, for a picture of `area` pixels."""
    areas = [area]
    for network in networks:
        areas.append(areas[-1] * network.factor**2)
    return [network.pace * size / 1e6 for network, size in zip(networks, areas[:-1], strict=True)]


def _shares(way: Way, area: int) -> list[float]:
    """The part of the whole time that each network takes."""
    costs = _costs(area, way.networks)
    return [cost / sum(costs) for cost in costs]


def _share(advance: Advance, before: float, cost: float) -> Advance:
    return lambda fraction: advance(before + cost * fraction)
