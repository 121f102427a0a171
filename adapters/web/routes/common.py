"""What routes share: names in paths, and what the schema says of refusals."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path

from adapters.web.shapes import ErrorBody
from core.errors import NotFound
from core.session import keys

SessionId = Annotated[str, Path(pattern=r"^s[0-9a-f]{20}$", description="A session's id.")]
TurnId = Annotated[str, Path(pattern=r"^t[0-9a-f]{20}$", description="A turn's id.")]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="Names picture bytes.")]

REFUSALS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorBody, "description": "It cannot be done as asked; the words say why."},
    "5XX": {"model": ErrorBody, "description": "A part of Easel is away or has failed."},
}


def version_id(sid: str, wanted: str) -> str:
    """The id of a session's version from its id or its name ("v3"). Raises NotFound."""
    name = wanted.strip()
    number = keys.version_number(name if "." in name else f"{sid}.{name.lower()}")
    if number is None or ("." in name and keys.version_id(sid, number) != name):
        raise NotFound(
            f"There is no version “{wanted[:40]}” in this session.",
            hint="Versions are called v1, v2 and so on.",
        )
    return keys.version_id(sid, number)
