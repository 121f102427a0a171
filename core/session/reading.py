"""Sessions and turns as they are stored: a document, and what scripts write beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.errors import NotFound
from core.session.models import Session, Turn, TurnProgress, TurnState


def missing(what: str) -> NotFound:
    return NotFound(f"There is no such {what} here.", hint="It may have been forgotten.")


def session_of(fields: Mapping[str, str]) -> Session:
    if not fields:
        raise missing("session")
    update: dict[str, Any] = {
        "title": fields.get("title", ""),
        "head": fields.get("head"),
        "turn_count": int(fields.get("turn_count", 0)),
        "version_count": int(fields.get("version_count", 0)),
    }
    if "place" in fields:
        update["place"] = json.loads(fields["place"])
    if "updated_at" in fields:
        update["updated_at"] = _moment(fields["updated_at"])
    return Session.model_validate_json(fields["doc"]).model_copy(update=update)


def turn_of(fields: Mapping[str, str]) -> Turn:
    """The stored document, with what the scripts write beside it laid over."""
    if not fields:
        raise missing("turn")
    update: dict[str, Any] = {
        "state": TurnState(fields["state"]),
        "number": int(fields["number"]),
        "held_until": float(fields["held_until"]) if "held_until" in fields else None,
    }
    for name in ("started_at", "finished_at"):
        if name in fields:
            update[name] = _moment(fields[name])
    if "progress" in fields:
        update["progress"] = TurnProgress.model_validate_json(fields["progress"])
    return Turn.model_validate_json(fields["doc"]).model_copy(update=update)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
