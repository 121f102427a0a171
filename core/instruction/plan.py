"""What an instruction means: a plan, the ordered steps of one turn."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.picture.adjustments import Adjustment


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Generate(_Step):
    """Draw a new picture from words (attached pictures are references)."""

    op: Literal["generate"] = "generate"
    prompt: str


class Edit(_Step):
    """Let a model change the subject picture, in the person's own words.

    `keep_rest` is true when the words name a part to change, false when they change the whole
    ("golden hour light", "as a watercolour").
    """

    op: Literal["edit"] = "edit"
    prompt: str
    keep_rest: bool = True


class Vary(_Step):
    """Other takes on the subject picture; `again` repeats the turn that made it."""

    op: Literal["vary"] = "vary"
    n: int = Field(default=4, ge=1, le=10)
    again: bool = False


class Cutout(_Step):
    """Make the background truly transparent; `by` is the model that the words name."""

    op: Literal["cutout"] = "cutout"
    by: str | None = None


class Upscale(_Step):
    """Enlarge by `scale`, or until the long side has `long_side` pixels.

    `model` is a way of enlarging that is known here ("photo"), `by` the model that the words name
    ("clarity-pro-upscaler").
    """

    op: Literal["upscale"] = "upscale"
    scale: float | None = Field(default=None, gt=1, le=16)
    long_side: int | None = Field(default=None, ge=1)
    model: str | None = None
    by: str | None = None


class Adjust(_Step):
    """An exact local adjustment."""

    op: Literal["adjust"] = "adjust"
    adjustment: Adjustment


class Undo(_Step):
    op: Literal["undo"] = "undo"
    steps: int = Field(default=1, ge=1)


class Redo(_Step):
    op: Literal["redo"] = "redo"
    steps: int = Field(default=1, ge=1)


class Jump(_Step):
    """Make version `version` (its number) the head."""

    op: Literal["jump"] = "jump"
    version: int = Field(ge=1)


class ShowVersions(_Step):
    op: Literal["show_versions"] = "show_versions"


class Show(_Step):
    """Put version `version` (its number) on view again, with its buttons; the head stays."""

    op: Literal["show"] = "show"
    version: int = Field(ge=1)


class Recap(_Step):
    """A contact sheet of the thread: every version with the words that made it."""

    op: Literal["recap"] = "recap"


class Advise(_Step):
    """Say which model fits what the words are `about`; makes no picture."""

    op: Literal["advise"] = "advise"
    about: str


Step = Annotated[
    Generate
    | Edit
    | Vary
    | Cutout
    | Upscale
    | Adjust
    | Undo
    | Redo
    | Jump
    | ShowVersions
    | Show
    | Recap
    | Advise,
    Field(discriminator="op"),
]


class TurnOptions(BaseModel):
    """Wishes beside the words: from flags in the text, the `options` field, or a settings page.

    `size` is "WxH" or a named size ("square", "portrait", "landscape", "auto"); `ar` is "W:H".
    `substitute`: another model may do it when the chosen one can't. None means not asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = Field(default=None, max_length=120)
    size: str | None = Field(
        default=None, pattern=r"^(\d{1,5}x\d{1,5}|square|portrait|landscape|auto)$"
    )
    ar: str | None = Field(default=None, pattern=r"^\d{1,4}(\.\d+)?:\d{1,4}(\.\d+)?$")
    n: int | None = Field(default=None, ge=1, le=10)
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1)
    quality: Literal["low", "medium", "high", "xhigh", "max", "auto"] | None = None
    transparent: bool | None = None
    style: str | None = Field(default=None, max_length=120)
    substitute: bool | None = None

    def under(self, stronger: TurnOptions) -> TurnOptions:
        """These options with every wish of `stronger` laid over them."""
        return self.model_copy(update=stronger.model_dump(exclude_none=True))


class Plan(BaseModel):
    """The steps of a turn, or a question when the words alone do not decide.

    `acts_on` is the number of the version that the words name ("edit v2: …"), if they name one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: tuple[Step, ...] = ()
    options: TurnOptions = TurnOptions()
    acts_on: int | None = None
    question: str | None = None
    notes: tuple[str, ...] = ()
