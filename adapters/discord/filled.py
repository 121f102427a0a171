"""What was filled into a dialog, as Discord tells of it: none of it was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord


class Filled:
    """The inputs of a dialog by their names."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        told: Any = interaction.data or {}
        self._state = interaction._state
        self._resolved = _mapping(_mapping(told.get("resolved")).get("attachments"))
        self._inputs = _inputs(told.get("components"))

    def one(self, name: str) -> object:
        """A text, or the first thing that was chosen; None: nothing."""
        told = self._inputs.get(name, {})
        return told.get("value") or next(iter(_listed(told.get("values"))), None)

    def files(self, name: str) -> list[discord.Attachment]:
        """The files that were given, those that Discord itself tells of."""
        chosen = _listed(self._inputs.get(name, {}).get("values"))
        found = [self._resolved[each] for each in chosen if each in self._resolved]
        return [discord.Attachment(data=each, state=self._state) for each in found]


def _inputs(parts: Any) -> dict[str, Mapping[str, Any]]:
    """What stands in labels and in rows."""
    found: dict[str, Mapping[str, Any]] = {}
    for part in map(_mapping, parts if isinstance(parts, list) else ()):
        inner = [part.get("component"), *_parts(part.get("components"))]
        for told in filter(None, map(_mapping, inner)):
            found[str(told.get("custom_id"))] = told
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _parts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _listed(value: Any) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
