"""The vocabulary of exact adjustments: what can be done to a picture without any model.

Plain parameter models, free of pixel libraries, so that the instruction grammar can name an
adjustment and the store can keep it; `core.picture.adjust` carries them out.
Colours are `#rrggbb`. Lengths are pixels of the picture acted on unless a name says otherwise.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Adjustment(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


HexColour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Anchor = Literal[
    "center", "top", "bottom", "left", "right",
    "top left", "top right", "bottom left", "bottom right",
]  # fmt: skip


class Crop(_Adjustment):
    """Crop to an aspect ratio (largest fitting frame) or to a size in pixels, at an anchor."""

    kind: Literal["crop"] = "crop"
    aspect: tuple[float, float] | None = None
    width: int | None = Field(default=None, ge=1)
    height: int | None = Field(default=None, ge=1)
    anchor: Anchor = "center"


class Resize(_Adjustment):
    """Resize to a width, a height (the other follows), both (`fit` decides), or by a factor."""

    kind: Literal["resize"] = "resize"
    width: int | None = Field(default=None, ge=1)
    height: int | None = Field(default=None, ge=1)
    factor: float | None = Field(default=None, gt=0)
    fit: Literal["cover", "contain", "stretch"] = "cover"


class Rotate(_Adjustment):
    """Rotate clockwise by `degrees`. Other than quarter turns leave transparent corners."""

    kind: Literal["rotate"] = "rotate"
    degrees: float


class Flip(_Adjustment):
    """Mirror: `horizontal` swaps left and right."""

    kind: Literal["flip"] = "flip"
    axis: Literal["horizontal", "vertical"] = "horizontal"


class Trim(_Adjustment):
    """Cut away empty (transparent or one-coloured) borders, keeping `margin`."""

    kind: Literal["trim"] = "trim"
    margin: int = Field(default=0, ge=0)


class Pad(_Adjustment):
    """Add a border of `pixels`, or up to an aspect ratio; transparent when no colour is given."""

    kind: Literal["pad"] = "pad"
    pixels: int | None = Field(default=None, ge=0)
    aspect: tuple[float, float] | None = None
    colour: HexColour | None = None


class Light(_Adjustment):
    """Brightness, contrast, warmth, saturation: each -100..100, 0 leaves as it is."""

    kind: Literal["light"] = "light"
    brightness: float = Field(default=0, ge=-100, le=100)
    contrast: float = Field(default=0, ge=-100, le=100)
    warmth: float = Field(default=0, ge=-100, le=100)
    saturation: float = Field(default=0, ge=-100, le=100)


class Sharpen(_Adjustment):
    """Unsharp mask; amount 0..100."""

    kind: Literal["sharpen"] = "sharpen"
    amount: float = Field(default=50, ge=0, le=100)


class BlurBackground(_Adjustment):
    """Blur all but the subject (its alpha, or its cut-out); amount 0..100."""

    kind: Literal["blur_background"] = "blur_background"
    amount: float = Field(default=50, ge=0, le=100)


class Backdrop(_Adjustment):
    """Put the subject on one colour, or on a vertical gradient from `colour` to `colour2`."""

    kind: Literal["backdrop"] = "backdrop"
    colour: HexColour
    colour2: HexColour | None = None


class Shadow(_Adjustment):
    """A soft drop shadow under a subject with transparency; strength 0..100."""

    kind: Literal["shadow"] = "shadow"
    strength: float = Field(default=50, ge=0, le=100)


class Outline(_Adjustment):
    """A sticker outline around a subject with transparency. Pixels None: 2 % of the long side."""

    kind: Literal["outline"] = "outline"
    pixels: int | None = Field(default=None, ge=1)
    colour: HexColour = "#ffffff"


class Label(_Adjustment):
    """Set text onto the picture, exactly as written."""

    kind: Literal["label"] = "label"
    text: str = Field(min_length=1, max_length=200)
    anchor: Anchor = "bottom"
    colour: HexColour | None = None


class Convert(_Adjustment):
    """Ask for the picture in another file format when it is downloaded."""

    kind: Literal["convert"] = "convert"
    format: Literal["png", "webp", "jpeg"]


Adjustment = Annotated[
    Crop | Resize | Rotate | Flip | Trim | Pad | Light | Sharpen | BlurBackground | Backdrop
    | Shadow | Outline | Label | Convert,
    Field(discriminator="kind"),
]  # fmt: skip
