"""What comes in from a platform, and what goes out to whoever listens."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.instruction.plan import TurnOptions
from core.session.models import Actor, FileRef, Gate


class IncomingFile(BaseModel):
    """A file as it came, unchecked."""

    model_config = ConfigDict(frozen=True)

    name: str
    data: bytes


class TurnRequest(BaseModel):
    """A platform event that asks for a turn, normalised by its adapter.

    `thread` is the opaque thread key ("slack:T1:C1:1766.24", "web:<id>"); the session id follows
    from it. `event_keys` name the event in every way in which it may arrive again, the lasting name
    first; a turn is accepted once for all of them. `acts_on` is the id of a version replied to or
    chosen. `channel` is where the thread stands ("slack:C1"), for the bill.

    `place` says where to show the answer, for the platform's presenter; empty: nobody shows it.
    `pending` are files that are fetched when the turn runs. `defaults` are the channel's wishes.
    `brings` is a version of another session. `models` are the ids of the models that may draw here;
    empty: any. `gate` is what is checked before anything is shown here. `hold_seconds`: the turn
    waits so long for another event of the same message that may bring its files.
    """

    model_config = ConfigDict(frozen=True)

    thread: str
    event_keys: tuple[str, ...] = Field(min_length=1)
    actor: Actor
    channel: str = ""
    text: str = ""
    files: tuple[IncomingFile, ...] = ()
    mask: bytes | None = None
    acts_on: str | None = None
    options: TurnOptions = TurnOptions()
    defaults: TurnOptions = TurnOptions()
    place: dict[str, str] = Field(default_factory=dict)
    pending: tuple[FileRef, ...] = ()
    brings: str | None = None
    models: tuple[str, ...] = ()
    gate: Gate = "off"
    hold_seconds: float = Field(default=0.0, ge=0, le=10)


class Event(BaseModel):
    """Something that listeners of a session hear. `id` grows; give it back to go on after it.

    turn:    the whole turn (as stored); while it waits or runs also `progress`:
             {stage, fraction, queue_place}
    preview: {turn_id, sha256, mime, index}; sha256 None takes the previews back
    version: the whole version (as stored)
    session: the whole session (as stored)
    """

    model_config = ConfigDict(frozen=True)

    id: str
    type: Literal["turn", "preview", "version", "session"]
    data: dict[str, Any]
