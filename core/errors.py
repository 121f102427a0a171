"""Every error that Easel raises on purpose, in one tree.

A message is written for the person who asked and says what is wrong; a hint says what to do
instead. `admin` carries what only an operator should read (it goes to the log, never to a thread).

    EaselError
    ├── BadInput            400  the request cannot be done as it was asked
    │   ├── BadPicture      415  a file that is no picture we read, or a broken one
    │   └── TooLarge        413  past a limit of bytes, pixels, files or characters
    ├── NotFound            404  no such session, turn, version or asset
    ├── Conflict            409  not possible in the present state (nothing to undo, turn has ended)
    │   └── QueueFull       429  too many turns wait in this session, or of this person
    ├── NotAllowed          403  this person may not do this here
    │   ├── MustWait        429  may ask again, but not yet (too soon, over the quota)
    │   └── OverBudget      402  it would cost more than was set aside
    ├── Unavailable         503  a part of Easel is away (the store, the disk); try again
    │   └── DiskFull        507  no room to keep a picture
    ├── EngineError         502  an engine could not draw; `kind` says why
    └── TurnCancelled       409  a person stopped the turn
"""

from __future__ import annotations

from enum import StrEnum


class EaselError(Exception):
    """Base of the tree. `code` is stable and machine-readable; `status` is the HTTP status.

    `offer` is the id of a model that could do the same, for the person to agree to.
    """

    status = 500
    code = "internal"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: str | None = None,
        admin: str = "",
        offer: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.admin = admin
        self.offer = offer
        if code is not None:
            self.code = code


class BadInput(EaselError):
    status = 400
    code = "bad_input"


class BadPicture(BadInput):
    status = 415
    code = "bad_picture"


class TooLarge(BadInput):
    status = 413
    code = "too_large"


class NotFound(EaselError):
    status = 404
    code = "not_found"


class Conflict(EaselError):
    status = 409
    code = "conflict"


class QueueFull(Conflict):
    status = 429
    code = "queue_full"


class NotAllowed(EaselError):
    status = 403
    code = "not_allowed"


class OverBudget(NotAllowed):
    status = 402
    code = "over_budget"


class Unavailable(EaselError):
    """`seconds`: when it may be tried again."""

    status = 503
    code = "unavailable"
    seconds: float = 1.0


class DiskFull(Unavailable):
    status = 507
    code = "disk_full"


class TurnCancelled(EaselError):
    status = 409
    code = "cancelled"


class EngineFault(StrEnum):
    """Why an engine could not draw. Decides whether trying again is safe and who must act."""

    MODERATION = "moderation"
    BAD_REQUEST = "bad_request"
    UNSUPPORTED = "unsupported"
    AUTH = "auth"
    QUOTA = "quota"
    RATE_LIMITED = "rate_limited"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"


class EngineError(EaselError):
    """An engine's refusal or failure.

    `retry_after` is in seconds, where the provider named a wait. `may_have_billed` is true when the
    request left us and no answer came back, so that repeating it could pay twice. `spent_usd` is
    what the failure is known to have cost.
    """

    status = 502
    code = "engine"

    def __init__(
        self,
        message: str,
        *,
        kind: EngineFault,
        hint: str = "",
        admin: str = "",
        retry_after: float | None = None,
        may_have_billed: bool = False,
        spent_usd: float = 0.0,
    ) -> None:
        super().__init__(message, hint=hint, code=f"engine_{kind}", admin=admin)
        self.kind = kind
        self.retry_after = retry_after
        self.may_have_billed = may_have_billed
        self.spent_usd = spent_usd
