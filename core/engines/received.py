"""Pictures as they come back from wherever they were drawn: hostile until they were checked."""

from __future__ import annotations

from typing import Any

from core.engines.port import DrawnPicture
from core.errors import BadPicture, EngineError, EngineFault
from core.picture.codec import probe


def picture_of(
    data: bytes,
    title: str,
    *,
    paid: bool,
    seed: int | None = None,
    details: dict[str, Any] | None = None,
) -> DrawnPicture:
    """What came back, with its true properties. Raises EngineError when it is no picture.

    `title` is the model's name for people, `paid`: it was billed all the same.
    """
    try:
        info = probe(data)
    except BadPicture as broken:
        reason = broken.message
    else:
        return DrawnPicture(
            data=data,
            mime=info.mime,
            width=info.width,
            height=info.height,
            alpha=info.alpha,
            seed=seed,
            details=details or {},
        )
    raise unreadable(title, f"{len(data)} bytes: {reason}", paid=paid)


def unreadable(title: str, reason: str, *, paid: bool) -> EngineError:
    """What is said when what came back is no picture; `reason` is for the operator."""
    return EngineError(
        f"{title} sent a picture that can't be read.",
        kind=EngineFault.UNKNOWN,
        hint="Try again, or use another model.",
        admin=reason,
        may_have_billed=paid,
    )
