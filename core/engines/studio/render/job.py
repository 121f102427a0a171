"""The job that draws one scene, run in a worker process.

It tells how far it is and shows unfinished pictures: a small one at once, then the whole in the
noise of its first passes, cleaned. The last message is the result itself, returned.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from core.engines.studio.chunk import embed
from core.engines.studio.scene import read_scene

Report = Callable[[object], None]
Quality = Literal["low", "medium", "high"]
Floats = NDArray[np.float32]

PREVIEW_SIDE = 256
_MOST_PASSES = 12
_BUDGET = {"low": 4_000_000, "medium": 8_400_000, "high": 34_000_000}
_LEAST = {"low": 3, "medium": 5, "high": 16}
_MOST = {"low": 9, "medium": 32, "high": 96}
_OWN_SAMPLES, _NORMAL_SAMPLES, _COVER_SAMPLES = 5, 3, 16
_BRIGHTEST = 6.0
"""Radiance that a sample may bring at most: one that found a lamp by luck would be a white dot."""


@dataclass(frozen=True)
class Order:
    """What to draw. `scene`: as JSON; `previews`: how many unfinished pictures are wanted."""

    scene: str
    width: int
    height: int
    quality: Quality = "medium"
    previews: int = 0


@dataclass(frozen=True)
class Stage:
    """How far the job is: 0..1, and what it does in a few words."""

    words: str
    fraction: float


@dataclass(frozen=True)
class Preview:
    """An unfinished picture as PNG."""

    png: bytes


@dataclass(frozen=True)
class Drawn:
    """The finished picture as PNG, with its scene inside. `samples`: a pixel; in seconds."""

    png: bytes
    samples: int
    seconds: float


def samples_for(quality: Quality, width: int, height: int) -> int:
    """Samples a pixel: a fixed amount of work, within bounds, in equal passes."""
    wanted = _BUDGET[quality] // (width * height)
    bounded = max(_LEAST[quality], min(_MOST[quality], wanted))
    passes = passes_of(bounded)
    return bounded // passes * passes


def passes_of(samples: int) -> int:
    """How many passes some samples are drawn in: the more, the better their noise is known."""
    return min(samples, _MOST_PASSES)


def draw(report: Report, order: Order) -> Drawn:
    """Draw the scene of an order.

    Raises:
        BadInput: the scene can't be read.
    """
    started = time.perf_counter()
    report(Stage("setting the scene", 0.02))
    from core.engines.studio.render.assemble import assemble

    scene = read_scene(order.scene)
    job = _Job(report, order, assemble(scene))
    if order.previews > 0 and max(order.width, order.height) > PREVIEW_SIDE:
        report(Preview(job.small()))
    pixels = job.finished()
    png = embed(_png(pixels), scene.model_dump_json())
    return Drawn(png, job.samples, time.perf_counter() - started)


class _Job:
    """One picture on its way."""

    def __init__(self, report: Report, order: Order, stage: Any) -> None:
        self.report = report
        self.stage = stage
        self.size = (order.width, order.height)
        self.samples = samples_for(order.quality, order.width, order.height)
        self.passes = passes_of(self.samples)
        self.glimpses = _spread_out(order.previews - 1, self.passes)
        self.transparent = bool(stage.scene.transparent)
        self.done = 0.0

    def small(self) -> bytes:
        """A first impression, its longer side 256 pixels."""
        scale = PREVIEW_SIDE / max(self.size)
        size = max(16, round(self.size[0] * scale)), max(16, round(self.size[1] * scale))
        light, noise = self._light(size, 2, 1, "small", share=0.0)
        return _png(self._developed(light, noise, size, quick=True))

    def finished(self) -> NDArray[np.uint8]:
        """The whole picture: RGB (h, w, 3), or RGBA (h, w, 4) when transparent."""
        light, noise = self._light(
            self.size, self.passes, self.samples // self.passes, "pass", share=0.8
        )
        return self._developed(light, noise, self.size)

    def _light(
        self, size: tuple[int, int], passes: int, samples: int, salt: str, share: float
    ) -> tuple[Floats, Floats]:
        """Mean light (h, w, 3) and the variance of its luminance (h, w)."""
        from core.engines.studio.render.denoise import luminance, spread
        from core.engines.studio.render.tracer import traced

        total = np.zeros((size[1], size[0], 3), np.float32)
        ones, squares = np.zeros_like(total[..., 0]), np.zeros_like(total[..., 0])
        for index in range(passes):
            tick = self._ticker(share / passes)
            one = traced(self.stage, self.stage.lit(), size, samples, f"{salt}{index}", tick)
            one *= np.minimum(1.0, _BRIGHTEST / np.maximum(one.max(-1, keepdims=True), 1e-6))
            total += one
            bright = luminance(one)
            ones += bright
            squares += bright * bright
            if share and index + 1 in self.glimpses:
                noise = spread(ones, squares, index + 1)
                self.report(Preview(self._glimpse(_mean(total, index + 1), noise)))
        return _mean(total, passes), spread(ones, squares, passes)

    def _glimpse(self, light: Floats, noise: Floats) -> bytes:
        """The unfinished picture at half its size, which takes a quarter of the time."""
        half = max(32, self.size[0] // 2), max(32, self.size[1] // 2)
        small = cv2.resize(light, half, interpolation=cv2.INTER_AREA)
        calm = cv2.resize(noise, half, interpolation=cv2.INTER_AREA) / 4

        light, noise = np.asarray(small, np.float32), np.asarray(calm, np.float32)
        return _png(self._developed(light, noise, half, quick=True))

    def _developed(
        self, light: Floats, noise: Floats, size: tuple[int, int], *, quick: bool = False
    ) -> NDArray[np.uint8]:
        """Noise out, edges cut free where the picture is transparent, and made into pixels."""
        from core.engines.studio.render.denoise import Guides, denoised
        from core.engines.studio.render.tone import tone_mapped

        own = self._guide(self.stage.colours(), size, 2 if quick else _OWN_SAMPLES)
        normals = self._guide(self.stage.normals(), size, 2 if quick else _NORMAL_SAMPLES)
        self.report(Stage("cleaning up", min(0.97, self.done + 0.05)))
        levels = 4 if max(size) <= PREVIEW_SIDE else 6
        clean = denoised(light, noise, Guides(own, normals), levels) * self.stage.rig.exposure
        if self.transparent:
            return self._cut_free(clean, size, 4 if quick else _COVER_SAMPLES)
        return tone_mapped(clean)

    def _cut_free(self, clean: Floats, size: tuple[int, int], samples: int) -> NDArray[np.uint8]:
        """The things alone, as RGBA: no ground, no wall and no shadow, which would be theirs."""
        from core.engines.studio.render.matte import assembled, cut_free
        from core.engines.studio.render.tone import tone_mapped
        from core.engines.studio.render.tracer import traced

        matte, rows = self.stage.matte(), self.stage.rows_of_things(*size)
        tick = self._ticker(0.0)
        cover = traced(self.stage, matte, size, samples, "own", tick, rows, alpha=True)
        return assembled(tone_mapped(cut_free(clean, cover)), cover)

    def _guide(self, scene: Any, size: tuple[int, int], samples: int) -> Floats:
        from core.engines.studio.render.tracer import traced

        return traced(self.stage, scene, size, samples, "own", self._ticker(0.0))

    def _ticker(self, share: float) -> Callable[[float], None]:
        def tick(part: float) -> None:
            self.done = min(0.95, self.done + share * part)
            self.report(Stage("rendering", 0.05 + 0.9 * self.done))

        return tick


def _spread_out(number: int, passes: int) -> frozenset[int]:
    """After which passes to show the unfinished picture, `number` times at most."""
    if number < 1:
        return frozenset()
    return frozenset(max(1, passes * (k + 1) // (number + 1)) for k in range(number)) - {passes}


def _mean(total: Floats, count: int) -> Floats:
    return np.asarray(total / count, np.float32)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """PNG of RGB or RGBA pixels, always the same bytes for the same pixels."""
    way = cv2.COLOR_RGBA2BGRA if pixels.shape[2] == 4 else cv2.COLOR_RGB2BGR
    written, data = cv2.imencode(
        ".png", cv2.cvtColor(pixels, way), [cv2.IMWRITE_PNG_COMPRESSION, 4]
    )
    if not written:
        raise RuntimeError("the picture could not be encoded")
    return data.tobytes()
