"""Cut a subject out of its background: true alpha, and colours that don't glow of what was behind.

A transparency that the picture has already is kept. On a plain backdrop alpha follows from the
colours: each pixel at an edge is so much of the subject and so much of the backdrop. In front of a
busy background the subject is guessed (GrabCut), and the report says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import BadInput
from core.picture.alpha import bled, is_transparent, report
from core.picture.backdrop import Backdrop, behind, distance
from core.picture.pixels import Pixels

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

PLAIN = "matting against the plain backdrop"
GUESSED = "GrabCut and edge refinement"
OWN = "the picture's own transparency"

_WORK_SIDE = 1024
_GUESS_SIDE = 420
_PLAIN_SHARE = 0.6
_BACKDROP, _SUBJECT = 7.0, 22.0
"""Up to this far from the backdrop's colour (LAB) is surely backdrop; from that on subject."""
_LEAST = 0.001
_SMALL_HOLE = 0.02
_GRAIN = 1.5
_UNSURE = 0.15


@dataclass(frozen=True)
class Trimap:
    """What is surely backdrop and surely subject; the rest is an edge."""

    clear: Mask
    solid: Mask


def cutout(pixels: Pixels) -> tuple[Pixels, dict[str, Any]]:
    """The subject as RGBA, and how it was done and how good it is, as `AlphaReport` has it.

    Raises:
        BadInput: no subject can be told from the background.
    """
    if is_transparent(pixels):
        if not pixels[..., 3].any():
            raise _no_subject()
        return pixels, report(pixels, OWN)
    rgb = np.ascontiguousarray(pixels[..., :3])
    small = _calmed(_within(rgb, _WORK_SIDE))
    backdrop = behind(small)
    if backdrop.plain < _PLAIN_SHARE:
        return _guessed(rgb, small)
    trimap = _by_colour(small, backdrop)
    if trimap.solid.mean() < _LEAST:
        raise _no_subject()
    cut = _matted(rgb, trimap, backdrop)
    return cut, report(cut, PLAIN, _doubts(trimap))


def subject_alpha(pixels: Pixels) -> Pixels:
    """The alpha (h, w) of a picture's subject, for adjustments that act on a subject."""
    return cutout(pixels)[0][..., 3]


def _no_subject() -> BadInput:
    return BadInput(
        "I can't tell a subject from the background in this picture.",
        hint="It works best with one subject in front of a plain backdrop.",
        code="no_subject",
    )


def _within(pixels: Pixels, side: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _calmed(small: Pixels) -> Pixels:
    """Without grain, where there is much of it: the grain of the backdrop is no subject.

    Grain is told from the border by its finest structure (Immerkaer 1996).
    """
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(cv2.filter2D(grey, -1, np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], "f4")))
    ring = np.concatenate(
        [fine[:9].ravel(), fine[-9:].ravel(), fine[:, :9].ravel(), fine[:, -9:].ravel()]
    )
    grain = float(np.median(ring)) / 4
    if grain < _GRAIN:
        return small
    strength = min(12.0, 1.2 * grain)
    calm = cv2.fastNlMeansDenoisingColored(small, None, strength, strength, 5, 15)
    return np.asarray(calm, np.uint8)


def _by_colour(small: Pixels, backdrop: Backdrop) -> Trimap:
    """Backdrop is what has its colour and hangs together with the border, or is a clean hole."""
    apart = distance(small, backdrop)
    near = max(_BACKDROP, 1.2 * backdrop.noise)
    calm = np.asarray(cv2.medianBlur(apart, 3), np.float32)
    alike = calm < near
    labels, areas = _pieces(alike)
    ground = np.zeros(len(areas), bool)
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        ground[edge] = True
    for label in range(1, len(areas)):
        if not ground[label] and areas[label] > _LEAST * apart.size:
            ground[label] = float(np.median(calm[labels == label])) < near / 3
    ground[0] = False
    clear = np.asarray(ground[labels])
    solid = ~_grown(clear, 2) & (calm > max(_SUBJECT, 3 * near))
    solid |= _shrunk(_without_specks(~clear), _edge_width(apart.shape))
    return Trimap(_shrunk(clear, 1), solid & ~clear)


def _edge_width(shape: tuple[int, ...]) -> int:
    return max(3, round(0.008 * max(shape)))


def _without_specks(mask: Mask) -> Mask:
    """The mask without islands too small to be a part of a subject."""
    labels, areas = _pieces(mask)
    keep = areas > max(8, _LEAST / 10 * mask.size)
    keep[0] = False
    return np.asarray(keep[labels])


def _matted(rgb: Pixels, trimap: Trimap, backdrop: Backdrop) -> Pixels:
    """Alpha and colours of the edges at full size, from the colours on both sides of them."""
    clear, solid = _sized(trimap.clear, rgb), _sized(trimap.solid, rgb)
    subject = bled(np.dstack([rgb, np.where(solid, 255, 0).astype(np.uint8)]))
    y, x = np.nonzero(~clear & ~solid)
    height, width = rgb.shape[:2]
    ground = backdrop.at((y + 0.5) / height, (x + 0.5) / width)
    seen, own = rgb[y, x].astype(np.float32), subject[y, x, :3].astype(np.float32)
    share = _shares(seen, own, ground, backdrop.noise)
    subject[..., 3] = np.where(solid, 255, 0)
    subject[y, x, 3] = np.rint(share * 255)
    freed = (seen - (1 - share[:, None]) * ground) / np.maximum(share, 0.05)[:, None]
    trust = np.clip((share[:, None] - 0.2) / 0.5, 0, 1)
    subject[y, x, :3] = np.rint(np.clip(freed * trust + own * (1 - trust), 0, 255))
    return subject


def _shares(seen: Floats, own: Floats, ground: Floats, noise: float) -> Floats:
    """How much of each colour is the subject's: its place on the way from backdrop to subject.

    The ends are cut off as far as the backdrop's noise reaches, or it would shine through as a
    veil.
    """
    way = own - ground
    length = np.maximum((way * way).sum(1), 1e-3)
    share = ((seen - ground) * way).sum(1) / length
    veil = np.clip(2.5 * noise / np.sqrt(length), 0.01, 0.2)
    return np.asarray(np.clip((share - veil) / (1 - 1.5 * veil), 0, 1), np.float32)


def _sized(mask: Mask, like: Pixels) -> Mask:
    """A mask of the small picture for the large one."""
    height, width = like.shape[:2]
    if mask.shape == (height, width):
        return mask
    soft = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(soft > 0.98)


def _guessed(rgb: Pixels, small: Pixels) -> tuple[Pixels, dict[str, Any]]:
    """The subject in front of a busy background, as well as colours and places tell it."""
    tiny = _within(small, _GUESS_SIDE)
    mask = _grabbed(tiny)
    if not _LEAST < mask.mean() < 0.98:
        raise _no_subject()
    edge = _edge_width(tiny.shape)
    trimap = Trimap(~_grown(mask, edge), _shrunk(mask, edge))
    height, width = rgb.shape[:2]
    soft = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    alpha = _guided(rgb, np.asarray(soft, np.float32), round(edge * height / tiny.shape[0]))
    alpha[_sized(trimap.clear, rgb)] = 0
    alpha[_sized(trimap.solid, rgb)] = 1
    cut = _free_of_background(rgb, alpha)
    return cut, report(cut, GUESSED, (
        "The background is busy, so the outline is a guess: look at the edges before you use it",
        *_cut_off(mask),
    ))  # fmt: skip


def _grabbed(tiny: Pixels) -> Mask:
    """GrabCut (Rother 2004) from the assumption that the outer border is background."""
    height, width = tiny.shape[:2]
    labels = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    labels[np.hypot(x / 0.85, y / 0.9) < 1] = cv2.GC_PR_FGD
    wide = max(1, round(0.02 * min(height, width)))
    labels[:wide] = labels[:, :wide] = labels[:, -wide:] = cv2.GC_BGD
    cv2.setRNGSeed(0)
    ground, subject = np.zeros((1, 65)), np.zeros((1, 65))
    whole = (0, 0, width, height)
    cv2.grabCut(tiny, labels, whole, ground, subject, 6, cv2.GC_INIT_WITH_MASK)
    mask = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    kept = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return _main_parts(np.asarray(kept > 0))


def _pieces(mask: Mask, connectivity: int = 8) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Which connected piece each pixel belongs to (0: none), and the pieces' areas."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=connectivity
    )
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)[:, cv2.CC_STAT_AREA]


def _main_parts(mask: Mask) -> Mask:
    """The largest piece and those a tenth as large, without small holes."""
    labels, areas = _pieces(mask)
    if len(areas) < 2:
        return mask
    areas[0] = 0
    kept = np.asarray((areas >= areas.max() / 10)[labels])
    return _without_holes(kept) if kept.any() else kept


def _without_holes(mask: Mask) -> Mask:
    """In front of a busy background, a small hole is more often a mistake than a handle."""
    labels, areas = _pieces(~mask, connectivity=4)
    filled = areas < _SMALL_HOLE * mask.size
    return np.asarray(mask | filled[labels])


def _guided(rgb: Pixels, mask: Floats, radius: int) -> Floats:
    """The mask drawn to the picture's own edges (guided filter, He 2010)."""
    guide = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32) / 255
    size = (2 * max(2, radius) + 1,) * 2

    def mean(plane: NDArray[np.floating[Any]]) -> Floats:
        return np.asarray(cv2.blur(plane, size), np.float32)

    guide_mean, mask_mean = mean(guide), mean(mask)
    slope = mean(guide * mask) - guide_mean * mask_mean
    slope /= mean(guide * guide) - guide_mean * guide_mean + np.float32(1e-3)
    level = mask_mean - slope * guide_mean
    return np.asarray(np.clip(mean(slope) * guide + mean(level), 0, 1), np.float32)


def _free_of_background(rgb: Pixels, alpha: Floats) -> Pixels:
    """RGBA whose edges have the colours of the subject beside them."""
    level = np.rint(alpha * 255).astype(np.uint8)
    spread = bled(np.dstack([rgb, np.where(level > 242, 255, 0).astype(np.uint8)]))
    spread[..., 3] = level
    return spread


def _doubts(trimap: Trimap) -> tuple[str, ...]:
    doubts = list(_cut_off(trimap.solid))
    if float((~trimap.clear & ~trimap.solid).mean()) > _UNSURE:
        doubts.append("The backdrop is not quite plain, so some of it may be left at the edges")
    return tuple(doubts)


def _cut_off(mask: Mask) -> tuple[str, ...]:
    sides = (("top", mask[0]), ("bottom", mask[-1]), ("left", mask[:, 0]), ("right", mask[:, -1]))
    touched = [name for name, side in sides if side.mean() > 0.02]
    if not touched:
        return ()
    return (f"The subject runs out of the picture at the {' and the '.join(touched)}",)


def _grown(mask: Mask, by: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def _shrunk(mask: Mask, by: int) -> Mask:
    return ~_grown(~mask, by)
