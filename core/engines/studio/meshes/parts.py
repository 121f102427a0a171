"""What a builder hands back: surfaces, each with the name of the finish that it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.engines.studio.meshes.geometry import Mesh

BODY = "body"


@dataclass(frozen=True)
class Part:
    """A surface of an object.

    `finish` is "body" for what takes the object's own colour and material, else the name of a
    fixed finish (`core.engines.studio.finishes.FIXED`).
    """

    mesh: Mesh
    finish: str = BODY


Builder = Callable[[], list[Part]]
