"""What is done with a subject that stands free: backdrop, blurred background, shadow, outline."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from core.errors import BadInput
from core.picture.adjustments import Backdrop, BlurBackground, Outline, Shadow
from core.picture.frame import Adjusted, bounded, box_of, grown, rgb
from core.picture.layers import softened, under
from core.picture.pixels import Pixels
from core.picture.resample import Plane, bands, coded, linear

Cut = Callable[[Pixels], Pixels]
"""From pixels to the alpha of their subject, uint8 (height, width)."""

_SOLID = 128
_DITHER_SIDE = 8


def backdrop(pixels: Pixels, asked: Backdrop, cut: Cut | None) -> Adjusted:
    """RGB; laid over as browsers do it, so that it looks as the page showed it."""
    subject, notes = _free(pixels, cut, "Putting a subject on a backdrop")
    height, width = subject.shape[:2]
    ground = _ground(width, height, asked)
    out = np.empty((height, width, 3), np.uint8)
    for band in bands(height):
        share = subject[band, :, 3:].astype(np.float32) / 255
        mixed = subject[band, :, :3] * share + ground(band) * (1 - share)
        out[band] = np.clip(np.floor(mixed + 0.5), 0, 255)
    return out, notes


def blur_background(pixels: Pixels, asked: BlurBackground, cut: Cut | None) -> Adjusted:
    """Blurred as a lens does it: light spread over a disc; the subject never bleeds into it."""
    if _is_free(pixels):
        return pixels, ("The background is transparent, so there was nothing to blur",)
    subject, notes = _free(pixels, cut, "Blurring the background")
    radius = asked.amount / 100 * 0.03 * max(pixels.shape[:2])
    if radius < 0.5:
        return pixels, notes
    behind = _defocused(subject, radius)
    out = pixels.copy()
    height, width = pixels.shape[:2]
    for place in range(3):
        soft = cv2.resize(behind[..., place], (width, height), interpolation=cv2.INTER_LINEAR)
        for band in bands(height):
            share = subject[band, :, 3].astype(np.float32) / 255
            mixed = linear(subject[band, :, place]) * share + soft[band] * (1 - share)
            shown = share < 1
            out[band, :, place][shown] = coded(mixed)[shown]
    return out, notes


def shadow(pixels: Pixels, asked: Shadow, cut: Cut | None, max_side: int) -> Adjusted:
    """Light from above and a little from the left: a wide soft shadow and a small dense one."""
    subject, notes = _free(pixels, cut, "A shadow")
    side = max(subject.shape[:2])
    drop, wide, close = 0.025 * side, 0.022 * side, 0.006 * side
    room = 2.6 * wide
    subject, more = _with_room(
        subject, (room - drop * 0.4, room - drop, room + drop * 0.4, room + drop), max_side
    )
    dark = _cast(subject, [(0.4 * drop, drop, wide, 0.62), (0.1 * drop, 0.25 * drop, close, 0.32)])
    dark *= asked.strength / 100
    return under(subject, (0, 0, 0), dark), (*notes, *more)


def outline(pixels: Pixels, asked: Outline, cut: Cut | None, max_side: int) -> Adjusted:
    """A band of one width around what is solid, and under all of the subject."""
    subject, notes = _free(pixels, cut, "An outline")
    width = asked.pixels or max(2, round(0.02 * max(subject.shape[:2])))
    bounded(width, width, max_side)
    subject, more = _with_room(subject, (width + 3.0,) * 4, max_side)
    hollow = (subject[..., 3] < _SOLID).astype(np.uint8)
    if hollow.all():
        return pixels, ("There is nothing solid to put an outline around",)
    distance = cv2.distanceTransform(hollow, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    np.subtract(width + 1, distance, out=distance)
    np.clip(distance, 0, 1, out=distance)
    smooth = cv2.GaussianBlur(distance, (0, 0), 0.7).astype(np.float32, copy=False)
    return under(subject, rgb(asked.colour), smooth), (*notes, *more)


def _is_free(pixels: Pixels) -> bool:
    return bool(pixels.shape[2] == 4 and pixels[..., 3].min() < 255)


def _free(pixels: Pixels, cut: Cut | None, what: str) -> Adjusted:
    """The subject as RGBA: by its own transparency, else cut out."""
    if _is_free(pixels):
        if not pixels[..., 3].any():
            raise BadInput(
                "The picture is transparent all over: there is no subject on it.",
                hint="Go back to a version that shows something.",
            )
        return pixels, ()
    if cut is None:
        raise BadInput(
            f"{what} needs a subject that stands free, and this picture has no transparency.",
            hint="Say “transparent” first.",
        )
    alpha = cut(pixels)
    if not (alpha >= _SOLID).any():
        raise BadInput(
            f"{what} needs a subject, and none could be told from its background.",
            hint="Try a picture whose subject stands clear of its background.",
        )
    return np.dstack([pixels[..., :3], alpha]), ("The subject was cut out for this",)


def _with_room(subject: Pixels, room: tuple[float, float, float, float], max_side: int) -> Adjusted:
    """The picture, larger where less `room` is left beside what can be seen.

    Room: left, top, right, bottom.
    """
    left, top, right, bottom = room
    height, width = subject.shape[:2]
    box = box_of(subject[..., 3] > 0) or (0, 0, width, height)
    sides = (left - box[0], top - box[1], right - (width - box[2]), bottom - (height - box[3]))
    more = [max(0, int(np.ceil(side))) for side in sides]
    if not any(more):
        return subject, ()
    wide, high = width + more[0] + more[2], height + more[1] + more[3]
    bounded(wide, high, max_side)
    return grown(subject, more[0], more[1], more[2], more[3]), (
        f"The picture grew to {wide} x {high} to make room",
    )


def _cast(subject: Pixels, lights: list[tuple[float, float, float, float]]) -> Plane:
    """What several lights leave dark, 0 to 1: each moves alpha right and down, blurs and fades it.

    Computed at a smaller size where that shows no difference.
    """
    height, width = subject.shape[:2]
    step = max(1, int(min(sigma for _, _, sigma, _ in lights) / 3))
    size = max(1, width // step), max(1, height // step)
    small = cv2.resize(subject[..., 3], size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    across, along = size[0] / width, size[1] / height
    bright = np.ones_like(small)
    for right, down, sigma, depth in lights:
        move = np.array([[1, 0, right * across], [0, 1, down * along]])
        moved = cv2.warpAffine(small, move, size).astype(np.float32, copy=False)
        bright *= 1 - depth * softened(moved, sigma * across)
    return cv2.resize(1 - bright, (width, height), interpolation=cv2.INTER_LINEAR).astype(
        np.float32, copy=False
    )


def _ground(width: int, height: int, asked: Backdrop) -> Callable[[slice], Plane]:
    """The backdrop of a band of rows; a gradient is dithered, so that no stripes show."""
    top = np.array(rgb(asked.colour), np.float32)
    bottom = np.array(rgb(asked.colour2), np.float32) if asked.colour2 else top
    columns = np.arange(width) % _DITHER_SIDE

    def rows(band: slice) -> Plane:
        if asked.colour2 is None:
            return top
        places = np.arange(band.start, band.stop)
        share = (places / max(1, height - 1)).astype(np.float32)[:, None, None]
        dither = _BAYER[(places % _DITHER_SIDE)[:, None], columns[None, :], None]
        return np.asarray(top * (1 - share) + bottom * share + dither)

    return rows


def _bayer() -> Plane:
    """Thresholds spread evenly over a square, within half a step around zero."""
    square = np.zeros((1, 1), np.float32)
    while len(square) < _DITHER_SIDE:
        square = np.block([[4 * square, 4 * square + 2], [4 * square + 3, 4 * square + 1]])
    return ((square + 0.5) / square.size - 0.5).astype(np.float32) * 0.98


_BAYER = _bayer()


def _defocused(subject: Pixels, radius: float) -> Plane:
    """Light of the background spread over a disc, (rows, columns, 3), at a size that holds it."""
    height, width = subject.shape[:2]
    step = max(1.0, radius / 8)
    size = (max(1, round(width / step)), max(1, round(height / step)))
    disc = _disc(radius / step)

    def spread(plane: Plane) -> Plane:
        small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        return cv2.filter2D(small, -1, disc, borderType=cv2.BORDER_REFLECT).astype(np.float32)

    weight = 1 - subject[..., 3].astype(np.float32) / 255
    share = spread(weight) + 1e-4
    # Where only subject is near there is no light to spread: a wider average stands in.
    wide = softened(share, 6 * radius / step)
    near = np.minimum(share * 20, 1)
    out = np.empty((size[1], size[0], 3), np.float32)
    for place in range(3):
        light = linear(subject[..., place])
        light *= weight
        light = spread(light)
        around = softened(light, 6 * radius / step) / wide
        out[..., place] = light / share * near + around * (1 - near)
    return out


def _disc(radius: float) -> Plane:
    reach = int(np.ceil(radius))
    across = np.arange(-reach, reach + 1, dtype=np.float32)
    distance = np.hypot(across[:, None], across[None, :])
    disc = np.clip(radius + 0.5 - distance, 0, 1)
    return np.asarray(disc / disc.sum(), np.float32)
