"""Brings Discord's list of our commands up to date, only when they have changed.

Discord allows few changes a day, and each one costs everybody's apps a reload; so what was sent is
kept as a hash, and is not sent again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from discord import app_commands

from adapters.discord.rest import Rest
from adapters.discord.translating import Tables
from core.policy.keyvalue import KeyValue

_SECONDS = 60.0


@dataclass(frozen=True)
class Synchronised:
    """What was done: how many commands there are, and whether they had to be sent."""

    commands: int
    sent: bool


async def synchronise(
    tree: app_commands.CommandTree[Any],
    rest: Rest,
    kept: KeyValue | None,
    application: str,
    *,
    force: bool = False,
) -> Synchronised:
    """Send the commands where they have changed, or by `force`; always where nothing is kept.

    Raises DiscordRefusal, DiscordLater, Unavailable.
    """
    payload = await described(tree)
    if kept is None:
        await _send(rest, application, payload)
        return Synchronised(len(payload), sent=True)
    name, print_of = _name(application), fingerprint(payload)
    async with kept.locked(name, seconds=_SECONDS, patience=_SECONDS):
        sent = force or await kept.get(name) != print_of
        if sent:
            await _send(rest, application, payload)
            await kept.set(name, print_of)
    return Synchronised(len(payload), sent)


async def _send(rest: Rest, application: str, payload: list[dict[str, Any]]) -> None:
    path = "/applications/{application_id}/commands"
    await rest.call("PUT", path, application_id=application, json=payload)


async def is_synchronised(
    tree: app_commands.CommandTree[Any], kept: KeyValue, application: str
) -> bool:
    """Whether these very commands were sent last. Raises Unavailable."""
    return await kept.get(_name(application)) == fingerprint(await described(tree))


async def described(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """The commands as Discord is told them, with their words in other languages."""
    tables = Tables()
    return [await each.get_translated_payload(tree, tables) for each in tree.get_commands()]


def fingerprint(payload: list[dict[str, Any]]) -> str:
    """The same for the same commands, in whichever order."""
    lines = sorted(json.dumps(each, sort_keys=True, ensure_ascii=False) for each in payload)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _name(application: str) -> str:
    return f"discord:{application}:commands"
