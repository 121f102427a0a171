"""`easel discord`: what is needed once, when Easel is brought to Discord or has new commands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.exits import kindly
from bot.settings import Settings, load
from bot.telemetry import set_up_logging

app = typer.Typer(name="discord", help="Bring Easel to Discord.", no_args_is_help=True)


@app.callback()
def discord() -> None:
    """Bring Easel to Discord."""


@app.command()
@kindly
def sync(
    force: Annotated[
        bool, typer.Option("--force", help="Send the commands even if they are as they were sent.")
    ] = False,
) -> None:
    """Tell Discord which commands there are. `easel serve` does so by itself when they change."""
    settings = load()
    set_up_logging(settings)
    for line in asyncio.run(_synchronised(settings, force=force)):
        typer.echo(line)


async def _synchronised(settings: Settings, *, force: bool) -> Sequence[str]:
    """Do it, and say what was done."""
    from adapters.discord.app import offered
    from adapters.discord.checkup import examine, invitation
    from adapters.discord.syncing import synchronise
    from bot.discord import asking, kept_by_others

    async with asking(settings) as rest, kept_by_others(settings) as kept:
        found = await examine(rest)
        done = await synchronise(offered(), rest, kept, found.id, force=force)
    return (
        f"{found.name}: {done.commands} commands were sent to Discord."
        if done.sent
        else f"{found.name}: Discord has these {done.commands} commands already.",
        f"Bring it into a server: {invitation(found.id)}",
    )
