"""The scene graph: all that a studio picture is made of, as plain data.

It is what a prompt is read into, what an edit changes, what the renderer draws, and what travels
inside the finished PNG. Everything that was decided once (places, camera, seed) is written down
here, so that an edit keeps whatever it does not name. Lengths are centimetres; x points right,
y away from the camera, z up; colours are sRGB `#rrggbb`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadInput

SCENE_VERSION: Literal[1] = 1
MAX_THINGS = 24

Hex = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Length = Annotated[float, Field(ge=-2000, le=2000, allow_inf_nan=False)]
MaterialName = Literal[
    "ceramic", "matte", "glass", "gold", "silver", "copper", "steel", "wood", "fabric", "plastic",
    "marble", "stone", "terracotta", "leather", "paper", "wax", "skin",
]  # fmt: skip
SurfaceName = Literal[
    "walnut", "oak", "pine", "marble", "concrete", "linen", "slate", "painted", "sweep", "metal",
    "terrazzo", "sand", "grass",
]  # fmt: skip
BackdropName = Literal["wall", "gradient", "sweep", "plain"]
LightName = Literal[
    "soft window", "golden hour", "overhead softbox", "rim light", "night", "candle light",
    "daylight", "studio", "overcast", "neon",
]  # fmt: skip


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Thing(_Part):
    """An object. `kind` is a name of `kinds.KINDS`; `word` is how the person called it.

    `x`, `y`, `z`: where its foot stands; `turn`: degrees anticlockwise; `scale`: 1 is life size.
    `on`: the id of the thing that carries it. `label`: text on it, exactly as written. `mark`:
    what tells it from its like to a person ("red", "left").
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9 -]{0,39}$")
    kind: str = Field(pattern=r"^[a-z][a-z ]{0,29}$")
    word: str = Field(min_length=1, max_length=40)
    colour: Hex
    colour_name: str = Field(default="", max_length=40)
    material: MaterialName
    scale: float = Field(default=1.0, ge=0.1, le=6.0)
    label: str | None = Field(default=None, min_length=1, max_length=40)
    x: Length = 0.0
    y: Length = 0.0
    z: Length = 0.0
    turn: float = Field(default=0.0, ge=-360, le=360)
    on: str | None = Field(default=None, max_length=40)


class Surface(_Part):
    """What the things stand on. `colour` paints a "painted", "linen" or "sweep" surface."""

    name: SurfaceName = "oak"
    colour: Hex = "#ffffff"
    words: str = Field(default="", max_length=60)


class Backdrop(_Part):
    """What is behind. "gradient" runs from `colour` at the top to `colour2` at the bottom."""

    name: BackdropName = "wall"
    colour: Hex = "#d9d2c7"
    colour2: Hex | None = None
    words: str = Field(default="", max_length=60)


class Light(_Part):
    """A named light. `side` is where the key light comes from; `strength` is a factor."""

    name: LightName = "soft window"
    side: Literal["left", "right"] = "left"
    strength: float = Field(default=1.0, ge=0.2, le=3.0)


class Camera(_Part):
    """Where the picture is taken from.

    Degrees for angles; `distance` is from `target`. `lens` is the focal length in millimetres on
    a 36 mm wide frame, across the shorter side of the picture. `blur`: aperture, 0 is all sharp.
    """

    azimuth: float = Field(default=0.0, ge=-60, le=60)
    elevation: float = Field(default=20.0, ge=1, le=89.5)
    lens: float = Field(default=60.0, ge=18, le=200)
    distance: float = Field(default=80.0, gt=1, le=5000)
    target: tuple[Length, Length, Length] = (0.0, 0.0, 5.0)
    closeness: float = Field(default=1.0, ge=0.3, le=3.0)
    blur: float = Field(default=0.3, ge=0, le=3)
    words: str = Field(default="", max_length=60)


class Scene(_Part):
    """A whole scene.

    `seed` decides chance (little turns, the grain of the wood, the film's noise). `reach` is the
    radius in cm that the set and the lamps are built for; an edit leaves it, so that the light on
    what it does not touch stays the same.
    """

    schema_version: Literal[1] = SCENE_VERSION
    seed: int = Field(ge=0, le=2**32 - 1)
    things: tuple[Thing, ...] = Field(default=(), max_length=MAX_THINGS)
    surface: Surface = Surface()
    backdrop: Backdrop = Backdrop()
    light: Light = Light()
    camera: Camera = Camera()
    reach: float = Field(default=18.0, gt=0.5, le=1000)
    transparent: bool = False

    def thing(self, name: str) -> Thing:
        return next(thing for thing in self.things if thing.id == name)

    def replaced(self, thing: Thing) -> Scene:
        """With the thing of the same id exchanged."""
        return self.model_copy(
            update={"things": tuple(thing if t.id == thing.id else t for t in self.things)}
        )


def read_scene(text: str) -> Scene:
    """A scene from text that may come from anyone.

    Raises:
        BadInput: it is no scene, or one of a version that this studio does not know.
    """
    from core.engines.studio.kinds import KINDS

    try:
        scene = Scene.model_validate_json(text)
    except ValidationError as error:
        raise _unreadable(f"{error.error_count()} faults in the embedded scene") from None
    names = [thing.id for thing in scene.things]
    if len(set(names)) != len(names):
        raise _unreadable("ids in the embedded scene are not unique")
    if any(thing.kind not in KINDS for thing in scene.things):
        raise _unreadable("an unknown kind in the embedded scene")
    if any(thing.on is not None and thing.on not in names for thing in scene.things):
        raise _unreadable("a thing in the embedded scene stands on one that is not there")
    if _stands_on_itself(scene):
        raise _unreadable("things in the embedded scene stand on one another in a circle")
    return scene


def _stands_on_itself(scene: Scene) -> bool:
    """Whether following what carries what never comes to the ground."""
    below = {thing.id: thing.on for thing in scene.things}
    for start in below:
        at: str | None = start
        for _ in below:
            at = below[at] if at is not None else None
        if at is not None:
            return True
    return False


def _unreadable(admin: str) -> BadInput:
    return BadInput(
        "The scene inside this picture can't be read.",
        hint="It may come from a newer studio or may have been changed. Start from another "
        "version, or describe the picture anew.",
        code="studio_scene",
        admin=admin,
    )
