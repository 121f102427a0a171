"""What is done with a subject that stands free: backdrop, blurred background, shadow, outline."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from core.errors import BadInput
from core.picture.adjustments import Backdrop, BlurBackground, Outline, Shadow
from core.picture.frame import Adjusted, bounded, box_of, grown, rgb
from core.picture.pixels import Pixels
from core.picture.resample import Plane, coded, linear

Cut = Callable[[Pixels], Pixels]
"""From pixels to the alpha of their subject, uint8 (height, width)."""

_SOLID = 128
_DITHER_SIDE = 8


def backdrop(pixels: Pixels, asked: Backdrop, cut: Cut | None) -> Adjusted:
    """RGB; laid over as browsers do it, so that it looks as the page showed it."""
    subject, notes = _free(pixels, cut, "Putting a subject on a backdrop")
    height, width = subject.shape[:2]
    ground = _ground(width, height, asked)
    share = subject[..., 3:].astype(np.float32) / 255
    mixed = subject[..., :3] * share + ground * (1 - share)
    return np.clip(np.floor(mixed + 0.5), 0, 255).astype(np.uint8), notes


def blur_background(pixels: Pixels, asked: BlurBackground, cut: Cut | None) -> Adjusted:
    """Blurred as a lens does it: light spread over a disc; the subject never bleeds into it."""
    if _is_free(pixels):
        return pixels, ("The background is transparent, so there was nothing to blur",)
    subject, notes = _free(pixels, cut, "Blurring the background")
    radius = asked.amount / 100 * 0.03 * max(pixels.shape[:2])
    if radius < 0.5:
        return pixels, notes
    share = subject[..., 3].astype(np.float32) / 255
    behind = _defocused(subject, 1 - share, radius)
    out = pixels.copy()
    for place in range(3):
        front = linear(subject[..., place])
        out[..., place] = coded(front * share + behind[..., place] * (1 - share))
    untouched = share == 1
    out[untouched] = pixels[untouched]
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
    alpha = subject[..., 3].astype(np.float32) / 255
    soft = _cast(alpha, drop * 0.4, drop, wide)
    dense = _cast(alpha, drop * 0.1, drop * 0.25, close)
    strength = asked.strength / 100
    dark = 1 - (1 - 0.62 * strength * soft) * (1 - 0.32 * strength * dense)
    return _over(subject, (0, 0, 0), dark), (*notes, *more)


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
    band = np.clip(width + 1 - distance, 0, 1).astype(np.float32)
    smooth = cv2.GaussianBlur(band, (0, 0), 0.7).astype(np.float32)
    return _over(subject, rgb(asked.colour), smooth), (*notes, *more)


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


def _over(subject: Pixels, colour: tuple[int, int, int], under: Plane) -> Pixels:
    """The subject over one colour whose alpha, 0 to 1, is `under`."""
    above = subject[..., 3].astype(np.float32) / 255
    below = under * (1 - above)
    alpha = above + below
    weight = np.maximum(alpha, 1e-6)
    out = np.empty_like(subject)
    for place in range(3):
        mixed = (subject[..., place] * above + colour[place] * below) / weight
        out[..., place] = np.rint(np.clip(mixed, 0, 255))
    out[..., 3] = np.rint(np.clip(alpha, 0, 1) * 255)
    return out


def _cast(alpha: Plane, right: float, down: float, sigma: float) -> Plane:
    """Alpha moved and blurred; at a quarter of the size where that shows no difference."""
    step = max(1, int(sigma / 4))
    height, width = alpha.shape
    small = cv2.resize(
        alpha, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA
    )
    across, along = small.shape[1] / width, small.shape[0] / height
    move = np.array([[1, 0, right * across], [0, 1, down * along]])
    moved = cv2.warpAffine(small, move, (small.shape[1], small.shape[0]))
    soft = cv2.GaussianBlur(moved, (0, 0), max(sigma * across, 0.3), borderType=cv2.BORDER_CONSTANT)
    return cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _ground(width: int, height: int, asked: Backdrop) -> Plane:
    """The backdrop, (height, 1 or width, 3); a gradient is dithered, so that no bands show."""
    top = np.array(rgb(asked.colour), np.float32)
    if asked.colour2 is None:
        return np.broadcast_to(top, (height, 1, 3))
    share = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    slope = top * (1 - share) + np.array(rgb(asked.colour2), np.float32) * share
    rows, columns = np.arange(height) % _DITHER_SIDE, np.arange(width) % _DITHER_SIDE
    return slope + _BAYER[rows[:, None], columns[None, :], None]


def _bayer() -> Plane:
    """Thresholds spread evenly over a square, within half a step around zero."""
    square = np.zeros((1, 1), np.float32)
    while len(square) < _DITHER_SIDE:
        square = np.block([[4 * square, 4 * square + 2], [4 * square + 3, 4 * square + 1]])
    return ((square + 0.5) / square.size - 0.5).astype(np.float32) * 0.98


_BAYER = _bayer()


def _defocused(pixels: Pixels, weight: Plane, radius: float) -> Plane:
    """Light spread over a disc, counting each pixel by its weight; (height, width, 3)."""
    height, width = pixels.shape[:2]
    step = max(1.0, radius / 8)
    size = (max(1, round(width / step)), max(1, round(height / step)))

    def spread(plane: Plane) -> Plane:
        small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
        return cv2.filter2D(small, -1, disc, borderType=cv2.BORDER_REFLECT).astype(np.float32)

    disc = _disc(radius / step)
    share = spread(weight) + 1e-4
    # Where only subject is near there is no light to spread: a wider average stands in.
    wide = cv2.GaussianBlur(share, (0, 0), 6 * radius / step)
    out = np.empty((height, width, 3), np.float32)
    for place in range(3):
        light = spread(linear(pixels[..., place]) * weight)
        around = cv2.GaussianBlur(light, (0, 0), 6 * radius / step) / wide
        near = np.minimum(share * 20, 1)
        mixed = (light / share) * near + around * (1 - near)
        out[..., place] = cv2.resize(mixed, (width, height), interpolation=cv2.INTER_LINEAR)
    return out


def _disc(radius: float) -> Plane:
    reach = int(np.ceil(radius))
    across = np.arange(-reach, reach + 1, dtype=np.float32)
    distance = np.hypot(across[:, None], across[None, :])
    disc = np.clip(radius + 0.5 - distance, 0, 1)
    return np.asarray(disc / disc.sum(), np.float32)
