"""Discord's client with all that Easel listens to and offers."""

from __future__ import annotations

from typing import Any, cast

from discord import app_commands

from adapters.discord import (
    blocking,
    commands,
    context_menus,
    edits,
    leaving,
    messages,
    pressing,
    reactions,
    welcome,
)
from adapters.discord.client import EaselClient
from adapters.discord.front import Front


def create_client(front: Front, **connection: Any) -> EaselClient:
    """The client; `connection` is what `EaselClient` takes about its shards."""
    client = EaselClient(message_content=front.hears, **connection)
    install_commands(client.tree, front)
    for each in (messages, edits, reactions, pressing, welcome, leaving):
        each.install(client, front)
    return client


def offered() -> app_commands.CommandTree[Any]:
    """The commands and menus alone, to tell Discord of them: nobody stands behind them."""
    client = EaselClient(message_content=False)
    install_commands(client.tree, cast("Front", None))
    return client.tree


def install_commands(tree: app_commands.CommandTree[Any], front: Front) -> None:
    """Everything that is offered by name: commands and context menus."""
    commands.install(tree, front)
    context_menus.install(tree, front)
    blocking.install_menus(tree, front)
