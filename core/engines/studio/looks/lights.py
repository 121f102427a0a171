"""Named lights: where the lamps hang, what the room around looks like, how the film is exposed.

Exposure belongs to the light and never to the picture, so that an edit can't brighten or darken
what it did not touch. Positions are for a scene of 18 cm radius and grow with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.engines.studio.looks.colour import RGB, Floats
from core.engines.studio.scene import Light

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Lamp:
    """A glowing sheet that faces `aim`; `size` is its whole width and height in cm.

    `panes` splits it into a grid of window panes (across, down). `disc` makes it round.
    """

    place: Vector
    aim: Vector
    size: tuple[float, float]
    radiance: RGB
    panes: tuple[int, int] = (1, 1)
    disc: bool = False


@dataclass(frozen=True)
class Glow:
    """A soft bright area of the room, seen in reflections: direction, angular width, radiance."""

    direction: Vector
    width: float
    radiance: RGB


@dataclass(frozen=True)
class Rig:
    """A light as set up. `sky`, `wall`, `floor`: radiance of the room above, around and below."""

    lamps: tuple[Lamp, ...]
    sky: RGB
    wall: RGB
    floor: RGB
    glows: tuple[Glow, ...]
    exposure: float


_RIGS: dict[str, Rig] = {
    "soft window": Rig(
        lamps=(Lamp((-90, -16, 62), (0, 2, 4), (74, 86), (25.0, 24.3, 23.2), panes=(2, 2)),),
        sky=(0.46, 0.47, 0.49), wall=(0.46, 0.45, 0.44), floor=(0.2, 0.185, 0.17),
        glows=(Glow((0.9, -0.5, 0.4), 0.5, (0.65, 0.62, 0.58)),),
        exposure=0.84,
    ),
    "golden hour": Rig(
        lamps=(Lamp((-150, 74, 58), (0, 0, 5), (26, 26), (235, 122, 42), disc=True),),
        sky=(0.30, 0.37, 0.52), wall=(0.50, 0.36, 0.26), floor=(0.14, 0.10, 0.07),
        glows=(
            Glow((-0.9, 0.45, 0.15), 0.6, (1.9, 0.95, 0.42)),
            Glow((0.6, -0.8, 0.3), 0.7, (0.30, 0.24, 0.20)),
        ),
        exposure=1.15,
    ),
    "overhead softbox": Rig(
        lamps=(Lamp((0, -12, 92), (0, 0, 0), (104, 78), (8.6, 8.6, 8.6)),),
        sky=(0.26, 0.26, 0.27), wall=(0.24, 0.24, 0.25), floor=(0.12, 0.12, 0.12),
        glows=(Glow((0.0, -1.0, 0.2), 0.5, (0.6, 0.6, 0.6)),),
        exposure=1.15,
    ),
    "rim light": Rig(
        lamps=(
            Lamp((-64, 62, 42), (0, 0, 8), (14, 80), (40, 41, 43)),
            Lamp((66, 58, 42), (0, 0, 8), (14, 80), (27, 28, 31)),
            Lamp((-40, -90, 74), (0, 0, 6), (60, 60), (2.6, 2.6, 2.7)),
        ),
        sky=(0.05, 0.05, 0.06), wall=(0.055, 0.055, 0.065), floor=(0.02, 0.02, 0.02),
        glows=(), exposure=0.85,
    ),
    "night": Rig(
        lamps=(Lamp((-96, 34, 96), (0, 0, 5), (34, 44), (9.0, 11.6, 17.5), panes=(2, 2)),),
        sky=(0.045, 0.06, 0.11), wall=(0.04, 0.05, 0.085), floor=(0.014, 0.017, 0.026),
        glows=(Glow((0.8, -0.6, 0.25), 0.45, (0.10, 0.12, 0.2)),),
        exposure=1.3,
    ),
    "candle light": Rig(
        lamps=(Lamp((-42, -46, 30), (0, 0, 6), (11, 14), (54, 25, 8.2), disc=True),),
        sky=(0.05, 0.036, 0.026), wall=(0.075, 0.047, 0.029), floor=(0.026, 0.017, 0.01),
        glows=(Glow((0.8, 0.3, 0.3), 0.5, (0.14, 0.08, 0.04)),),
        exposure=2.3,
    ),
    "daylight": Rig(
        lamps=(Lamp((-78, -66, 142), (0, 0, 0), (22, 22), (640, 606, 556), disc=True),),
        sky=(0.62, 0.76, 0.98), wall=(0.52, 0.56, 0.62), floor=(0.2, 0.19, 0.17),
        glows=(), exposure=0.8,
    ),
    "studio": Rig(
        lamps=(
            Lamp((-84, -52, 70), (0, 0, 6), (64, 76), (9.6, 9.6, 9.6)),
            Lamp((88, -38, 46), (0, 0, 8), (30, 90), (4.6, 4.6, 4.7)),
            Lamp((20, 70, 78), (0, 0, 10), (50, 20), (7.5, 7.5, 7.6)),
        ),
        sky=(0.36, 0.36, 0.37), wall=(0.34, 0.34, 0.35), floor=(0.16, 0.16, 0.16),
        glows=(), exposure=1.05,
    ),
    "overcast": Rig(
        lamps=(Lamp((0, -30, 150), (0, 0, 0), (260, 220), (1.35, 1.42, 1.5)),),
        sky=(0.9, 0.95, 1.0), wall=(0.6, 0.63, 0.66), floor=(0.2, 0.2, 0.2),
        glows=(), exposure=0.82,
    ),
    "neon": Rig(
        lamps=(
            Lamp((-62, 4, 34), (0, 0, 8), (7, 92), (64, 6.5, 36)),
            Lamp((62, 8, 34), (0, 0, 8), (7, 92), (5, 30, 70)),
            Lamp((0, -96, 80), (0, 0, 6), (50, 50), (0.7, 0.5, 1.0)),
        ),
        sky=(0.04, 0.03, 0.07), wall=(0.06, 0.04, 0.1), floor=(0.02, 0.015, 0.03),
        glows=(), exposure=1.35,
    ),
}  # fmt: skip


def rig(light: Light) -> Rig:
    """The rig of a named light, mirrored when the key comes from the right."""
    found = _RIGS[light.name]
    if light.side == "left":
        return found
    return Rig(
        tuple(_mirrored(lamp) for lamp in found.lamps), found.sky, found.wall, found.floor,
        tuple(Glow(_flipped(g.direction), g.width, g.radiance) for g in found.glows),
        found.exposure,
    )  # fmt: skip


def room(rig: Rig, height: int = 64) -> Floats:
    """The room as an equirectangular map, linear radiance float32 (height, 2 * height, 3).

    Row 0 is straight up; column 0 looks along +y, a quarter of the width further along +x.
    """
    v, u = np.mgrid[0:height, 0 : 2 * height].astype(np.float32) + 0.5
    polar, azimuth = v / height * np.pi, u / (2 * height) * 2 * np.pi
    flat = np.sin(polar)
    direction = np.stack([flat * np.sin(azimuth), flat * np.cos(azimuth), np.cos(polar)], -1)
    up = direction[..., 2:]
    sky, wall, floor = (np.array(c, np.float32) for c in (rig.sky, rig.wall, rig.floor))
    above = wall + (sky - wall) * np.clip(up, 0, 1) ** 0.8
    below = wall + (floor - wall) * np.clip(-up * 3, 0, 1)
    picture = np.where(up >= 0, above, below)
    for glow in rig.glows:
        aim = np.array(glow.direction) / np.linalg.norm(glow.direction)
        cosine = np.clip(direction @ aim.astype(np.float32), -1, 1)
        bump = np.exp(-(((1 - cosine) / (glow.width**2)) ** 2))
        picture = picture + bump[..., None] * np.array(glow.radiance, np.float32)
    return np.asarray(picture, np.float32)


def window(radiance: RGB, panes: tuple[int, int], size: int = 96) -> Floats:
    """A window as radiance, float32 (size, size, 3): bright panes, dark bars between them."""
    across, down = panes
    v, u = (np.mgrid[0:size, 0:size].astype(np.float32) + 0.5) / size
    bars = np.zeros((size, size), bool)
    for way, count in ((u, across), (v, down)):
        inside = way * count % 1
        bars |= (inside < 0.045) | (inside > 0.955)
    return np.where(bars[..., None], 0.02, np.array(radiance, np.float32)).astype(np.float32)


def _mirrored(lamp: Lamp) -> Lamp:
    return Lamp(
        _flipped(lamp.place), _flipped(lamp.aim), lamp.size, lamp.radiance, lamp.panes, lamp.disc
    )


def _flipped(vector: Vector) -> Vector:
    return -vector[0], vector[1], vector[2]
