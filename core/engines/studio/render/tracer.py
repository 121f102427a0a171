"""Path tracing in small bands, so that progress is known and a job can be stopped within a second.

The noise of a pixel follows from the seed, the pass and the band alone, and pixels are filtered by
themselves, so that the same scene gives the same numbers whatever the number of cores.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from core.engines.studio.render.assemble import Stage

Floats = NDArray[np.float32]
Tick = Callable[[float], None]

_SAMPLES_A_BAND = 500_000
_LEAST_ROWS = 32


def traced(
    stage: Stage, scene: Any, size: tuple[int, int], samples: int, salt: str, tick: Tick,
    rows: tuple[int, int] | None = None, *, alpha: bool = False,
) -> Floats:  # fmt: skip
    """Mean radiance of `samples` per pixel, float32 (h, w, 3), or coverage (h, w) with `alpha`.

    `size`: (width, height). `tick` is called after each band with its share of the picture; it
    may raise to stop. `rows`: top and bottom of the part to draw, the rest stays zero.
    """
    width, height = size
    top, bottom = rows or (0, height)
    picture = np.zeros((height, width) if alpha else (height, width, 3), np.float32)
    step = max(_LEAST_ROWS, _SAMPLES_A_BAND // (width * samples) // 32 * 32)
    for start in range(top, bottom, step):
        end = min(start + step, bottom)
        sensor = stage.sensor(width, height, start, end - start, alpha=alpha)
        seed = mi.UInt32(_seed(stage.scene.seed, salt, start))
        band = np.asarray(mi.render(scene, sensor=sensor, spp=samples, seed=seed), np.float32)
        picture[start:end] = band[..., 3] if alpha else band[..., :3]
        tick((end - start) / height)
    return np.nan_to_num(picture, nan=0.0, posinf=60.0, neginf=0.0)


def _seed(seed: int, salt: str, row: int) -> int:
    """A seed for one band, far from those of the others."""
    digest = hashlib.blake2s(f"{seed}:{salt}:{row}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 1
