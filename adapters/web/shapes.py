"""What the interface shows: the public shapes of sessions, turns, versions, errors.

The stored documents have more fields than these; what is not named here stays inside. A shape is
read from a stored model (`Shape.of`) or from its JSON (events).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from core.instruction.plan import Step, TurnOptions
from core.session.models import AlphaReport, Session, TurnState


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra="ignore", frozen=True)

    @classmethod
    def of(cls, stored: BaseModel) -> Self:
        return cls.model_validate(stored)


def reply(shape: Shape, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A shape as a response, written once and not checked again."""
    body = shape.__pydantic_serializer__.to_json(shape)
    return Response(body, status, headers, media_type="application/json")


class ErrorShape(Shape):
    code: str
    message: str
    hint: str = ""


class ErrorBody(Shape):
    error: ErrorShape


class TurnErrorShape(ErrorShape):
    """Why a turn failed. `offer` is the id of a model that would do it, if the person says yes."""

    offer: str | None = None


class AssetShape(Shape):
    """Picture bytes, found at `/api/assets/{sha256}`."""

    sha256: str
    mime: str
    width: int
    height: int
    bytes: int
    alpha: bool


class RecipeShape(Shape):
    """How a picture came to be. `parents` are the assets it was made from.

    `cost_known` false: what it cost is at most about `cost_usd`.
    """

    operation: str
    model: str
    engine: str
    snapshot: str | None
    words: str
    size: str | None
    seed: int | None
    quality: str | None
    transparent: bool
    parents: tuple[str, ...]
    cost_usd: float
    cost_known: bool
    seconds: float
    from_photograph: bool


class VersionShape(Shape):
    """One picture state; `parents` are ids of versions."""

    id: str
    name: str
    parents: tuple[str, ...]
    turn_id: str
    operation: str
    model: str
    asset: AssetShape
    drift: dict[str, Any] | None
    alpha_report: AlphaReport | None
    recipe: RecipeShape


class ProgressShape(Shape):
    """How far a turn is. `fraction` is 0..1; `queue_place` 0 is next; `expected` is what the work
    will probably take, as words."""

    stage: str
    expected: str = ""
    fraction: float | None = None
    queue_place: int | None = None


class TurnShape(Shape):
    """One instruction and its outcome.

    `subject` is the id of the version that it acts on, `echo` says so in words; `inputs` are the
    pictures sent with it; `versions` are ids of those that it made, `shows` of those that it puts
    on view again; `enclosed` are pictures that answer it without being versions. `means` are the
    words that it carries out where its own only agree to an offer. `progress` is there while it
    waits or runs.
    """

    id: str
    session_id: str
    number: int
    state: TurnState
    text: str
    means: str
    options: TurnOptions
    inputs: tuple[AssetShape, ...]
    subject: str | None
    echo: str
    plan: tuple[Step, ...]
    model: str | None
    versions: tuple[str, ...]
    shows: tuple[str, ...]
    enclosed: tuple[AssetShape, ...]
    error: TurnErrorShape | None
    cost_usd: float
    notes: tuple[str, ...]
    progress: ProgressShape | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class SessionShape(Shape):
    """One thread. `head` is the id of the version that the next turn edits."""

    id: str
    title: str
    head: str | None
    turn_count: int
    version_count: int
    created_at: datetime
    updated_at: datetime


class SessionRow(SessionShape):
    """A session in the list. `thumbnail` is its head's picture."""

    thumbnail: AssetShape | None = None

    @classmethod
    def with_head(cls, session: Session, thumbnail: AssetShape | None) -> SessionRow:
        return cls.of(session).model_copy(update={"thumbnail": thumbnail})


class SessionPage(Shape):
    """`next` goes into `before` to get the next page; null on the last one."""

    sessions: tuple[SessionRow, ...]
    next: str | None


class WholeSession(SessionShape):
    """A session with all that happened in it."""

    turns: tuple[TurnShape, ...] = ()
    versions: tuple[VersionShape, ...] = ()


class PreviewShape(Shape):
    """An unfinished picture of a running turn; `sha256` null takes those before it back."""

    turn_id: str
    sha256: str | None
    mime: str | None
    index: int


class Health(Shape):
    status: Literal["ok"] = "ok"


class NewSession(BaseModel):
    """What a session is opened with."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=200)


class NewTurn(BaseModel):
    """An instruction without files. `version` is the id or the name of the one to act on."""

    model_config = ConfigDict(extra="forbid")

    text: str = ""
    version: str | None = Field(default=None, max_length=64)
    options: TurnOptions = TurnOptions()
