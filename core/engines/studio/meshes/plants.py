"""Things that grow: a potted plant, a cactus, flowers."""

from __future__ import annotations

import numpy as np

from core.engines.studio.meshes.geometry import (
    Mesh,
    blob,
    joined,
    lathe,
    measured_normals,
    patch,
    smooth,
    sweep,
)
from core.engines.studio.meshes.parts import Part
from core.engines.studio.meshes.vessels import pot_wall

_GOLDEN_ANGLE = 137.508


def potted_plant() -> list[Part]:
    """A rubber plant: broad leaves around short stems."""
    leaves, stems = [], []
    for index in range(17):
        age = index / 16
        tilt = 62 - 52 * age + 6 * np.sin(index * 2.1)
        stem, leaf = _stalk(8.5 + 9.5 * age, 9.8 - 2.6 * age, tilt)
        turn = index * _GOLDEN_ANGLE
        stems.append(stem.turned(turn).moved(z=9.2))
        leaves.append(leaf.turned(turn).moved(z=9.2))
    return [*_potted(), Part(joined(stems), "stalk"), Part(joined(leaves), "leaf")]


def cactus() -> list[Part]:
    trunk = lathe(
        smooth([(2.9, 8.5), (3.5, 11), (3.9, 15), (3.7, 20), (2.9, 23.2), (1.4, 24.8), (0, 25.1)]),
        segments=120,
    )
    arm_path = smooth([(3.0, 0, 14.5), (5.4, 0, 14.9), (6.4, 0, 16.6), (6.5, 0, 20.5)])
    radii = np.full(len(arm_path), 1.35)
    radii[-6:] = 1.35 * np.sqrt(1 - np.linspace(0, 0.97, 6) ** 2)
    arm = sweep(arm_path, radii.tolist(), sides=64)
    return [*_potted(), Part(joined([_ribbed(trunk, 14, 0.09), arm]), "cactus")]


def flowers() -> list[Part]:
    """Five flowers, to stand in a vase or a bottle."""
    stems, petals, hearts, leaves = [], [], [], []
    for index in range(5):
        turn = index * 72.0 + 15
        lean = 3.2 if index else 0.4
        top = (lean, 0.0, 25.0 + (index * 37 % 11) * 0.45)
        stem = sweep(smooth([(0.2, 0, 0), (0.35, 0, 12), top]), 0.17, sides=10)
        bloom, heart = _bloom()
        stems.append(stem.turned(turn))
        petals.append(bloom.turned(22, "y").moved(*top).turned(turn))
        hearts.append(heart.turned(22, "y").moved(*top).turned(turn))
        leaf = _blade(5.2, 1.5).turned(-48, "y").moved(x=0.5, z=16.5)
        leaves.append(leaf.turned(turn + 36))
    return [
        Part(joined(stems), "stalk"), Part(joined(petals)), Part(joined(hearts), "pollen"),
        Part(joined(leaves), "leaf"),
    ]  # fmt: skip


def _potted() -> list[Part]:
    soil = lathe([(5.9, 9.35), (5.6, 9.3), (2.5, 9.6), (0, 9.7)])
    return [Part(pot_wall()), Part(soil, "soil")]


def _stalk(rise: float, length: float, tilt: float) -> tuple[Mesh, Mesh]:
    """A stem that leans by `tilt` degrees from upright, and the leaf at its end."""
    lean = np.radians(tilt)
    end = (float(np.sin(lean) * rise * 0.62), 0.0, float(np.cos(lean) * rise * 0.9 + 1.2))
    stem = sweep(smooth([(0.3, 0, 0), (end[0] * 0.3, 0, end[2] * 0.6), end]), 0.2, sides=10)
    leaf = _blade(length, length * 0.46).turned(tilt - 78, "y").moved(*end)
    return stem, leaf


def _blade(length: float, width: float) -> Mesh:
    """A broad leaf along +x that bends down towards its tip."""

    def surface(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        across = (v - 0.5) * width * np.sin(np.pi * u**0.75) ** 0.8
        bend = -0.42 * length * u**2.2
        return np.stack([u * length * 0.93, across, bend + np.abs(across) * 0.34], -1)

    return patch(surface, 14, 7)


def _bloom() -> tuple[Mesh, Mesh]:
    """A daisy-like flower looking up, radius about 3 cm, and its heart."""
    petals = [
        _blade(2.9, 1.5).turned(-16 - 14 * (index % 2), "y").turned(index * 30.0).moved(z=0.1)
        for index in range(12)
    ]
    heart = blob(0.85, lambda d: d * np.array([1, 1, 0.55], np.float32), rings=16).moved(z=0.25)
    return joined(petals), heart


def _ribbed(mesh: Mesh, ribs: int, depth: float) -> Mesh:
    angle = np.arctan2(mesh.vertices[:, 1], mesh.vertices[:, 0])
    points = mesh.vertices.copy()
    points[:, :2] *= (1 - depth * (0.5 - 0.5 * np.cos(angle * ribs)))[:, None]
    return Mesh(points, measured_normals(points, mesh.faces), mesh.uv, mesh.faces)
