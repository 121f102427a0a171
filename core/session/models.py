"""The nouns of Easel as they are stored: session, turn, version, asset.

Each stored document carries `schema_version`; a reader refuses a newer one than it knows.
Times are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.instruction.plan import Step, TurnOptions

SCHEMA_VERSION: Literal[1] = 1

Gate = Literal["off", "words", "pictures"]
"""What is checked before a picture is shown: nothing, the words, or the words and the pictures."""


def now() -> datetime:
    return datetime.now(UTC)


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid")
    schema_version: Literal[1] = SCHEMA_VERSION


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Asset(_Part):
    """Immutable picture bytes, named by their SHA-256 (hex). `alpha`: has transparent pixels."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    mime: str
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    bytes: int = Field(ge=1)
    alpha: bool = False


class Actor(_Part):
    """Who asked. `id` is unique within Easel ("web:local", "slack:T1:U2")."""

    id: str
    name: str = ""
    workspace: str = "local"


class FileRef(_Part):
    """A file that still lies with its platform; `id` says where, in the platform's own terms.

    `optional`: there may be no picture behind it, and that is no error.
    """

    id: str = Field(max_length=500)
    name: str = ""
    where: dict[str, str] = Field(default_factory=dict)
    optional: bool = False


class ErrorInfo(_Part):
    """What a person reads when a turn failed.

    `offer` is the id of a model with which it can be done, if the person agrees.
    """

    code: str
    message: str
    hint: str = ""
    offer: str | None = None


class TurnState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in (TurnState.QUEUED, TurnState.RUNNING)


class Recipe(_Part):
    """How a picture came to be: enough to tell, and where the model allows it, to repeat.

    `cost_known` false: the provider does not say what it cost, `cost_usd` is at the upper end.
    """

    operation: str
    model: str
    engine: str
    snapshot: str | None = None
    words: str = ""
    size: str | None = None
    seed: int | None = None
    quality: str | None = None
    transparent: bool = False
    parents: tuple[str, ...] = ()
    cost_usd: float = 0.0
    cost_known: bool = True
    seconds: float = 0.0
    from_photograph: bool = False
    details: dict[str, Any] = Field(default_factory=dict)


class AlphaReport(_Part):
    """How a transparent result was made and how good it is. Fractions are of all pixels."""

    method: str
    coverage: float
    partial: float
    corners_clear: bool
    warnings: tuple[str, ...] = ()


class Version(_Stored):
    """One picture state. `id` is unique across sessions, `name` within one ("v3")."""

    id: str
    session_id: str
    number: int = Field(ge=1)
    name: str
    parents: tuple[str, ...] = ()
    turn_id: str
    operation: str
    model: str
    asset: Asset
    step: Step | None = None
    recipe: Recipe
    drift: dict[str, Any] | None = None
    alpha_report: AlphaReport | None = None
    created_at: datetime = Field(default_factory=now)


class StepRecord(_Stored):
    """A step that has run. Its presence means: never run it again."""

    index: int
    step: Step
    results: tuple[StepResult, ...] = ()
    notes: tuple[str, ...] = ()
    cost_usd: float = 0.0


class StepResult(_Part):
    """One picture that a step made, before it becomes a version."""

    asset: Asset
    operation: str
    model: str
    recipe: Recipe
    parents: tuple[str, ...] = ()
    alpha_report: AlphaReport | None = None


class TurnProgress(_Part):
    """How far a waiting or running turn is. `fraction` is 0..1; `queue_place` 0 is next.

    `expected` is what the work will probably take, as words ("about $0.04, 30 s"), `ready_at` when
    it will probably be done (seconds since 1970).
    """

    stage: str
    expected: str = ""
    ready_at: float | None = None
    fraction: float | None = None
    queue_place: int | None = None


class Turn(_Stored):
    """One instruction and its outcome.

    `inputs` are the pictures attached to it (`names`: their files' names), `mask` the painted area,
    `acts_on` the id of the version that the person chose, `subject` the id of the version it was
    found to act on. `channel` is where its thread stands ("slack:C1"), for the bill. `agreed_to` is
    the id of the model that the person agreed to instead of the one that was asked for, `means` the
    words that are carried out then.

    `place` is where its answer is shown, in the platform's own terms; empty: nowhere but on pages.
    `pending` are files that are fetched when it runs. `defaults` are wishes of the channel, weaker
    than those of the session. `brings` is the id of a version of another session that joins this
    one. `shows` are versions that it puts on view without making them, `enclosed` are pictures that
    answer without being versions (a contact sheet). `models` are the ids of the models that may
    draw it; empty: any. `gate` is what is checked before anything of it is shown. It does not start
    before `held_until` (seconds since 1970).
    """

    id: str
    session_id: str
    number: int = Field(ge=1)
    state: TurnState = TurnState.QUEUED
    text: str = ""
    actor: Actor
    channel: str = ""
    options: TurnOptions = TurnOptions()
    agreed_to: str | None = None
    means: str = ""
    inputs: tuple[Asset, ...] = ()
    names: tuple[str, ...] = ()
    mask: Asset | None = None
    place: dict[str, str] = Field(default_factory=dict)
    pending: tuple[FileRef, ...] = ()
    defaults: TurnOptions = TurnOptions()
    brings: str | None = None
    models: tuple[str, ...] = ()
    gate: Gate = "off"
    acts_on: str | None = None
    subject: str | None = None
    echo: str = ""
    plan: tuple[Step, ...] = ()
    model: str | None = None
    versions: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    enclosed: tuple[Asset, ...] = ()
    error: ErrorInfo | None = None
    cost_usd: float = 0.0
    notes: tuple[str, ...] = ()
    progress: TurnProgress | None = None
    held_until: float | None = None
    created_at: datetime = Field(default_factory=now)
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def platform(self) -> str:
        """Where it came from ("web", "slack")."""
        return self.actor.id.partition(":")[0]


class Session(_Stored):
    """One thread's edit session. `head` is the id of the version that the next turn edits.

    `place` is where its turns are shown, as in a turn, for those that come from elsewhere.
    """

    id: str
    thread: str
    title: str = ""
    owner: Actor
    place: dict[str, str] = Field(default_factory=dict)
    head: str | None = None
    turn_count: int = 0
    version_count: int = 0
    options: TurnOptions = TurnOptions()
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


StepRecord.model_rebuild()
