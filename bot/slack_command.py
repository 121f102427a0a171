"""`easel slack`: what is needed once, when Easel is brought to Slack."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.exits import kindly
from bot.settings import load
from core.errors import BadInput

app = typer.Typer(name="slack", help="Bring Easel to Slack.", no_args_is_help=True)


@app.callback()
def slack() -> None:
    """Bring Easel to Slack."""


@app.command()
@kindly
def manifest(
    http: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Events over HTTP, to this public address of Easel."),
    ] = None,
    socket: Annotated[
        bool, typer.Option("--socket", help="Socket Mode, without a public address (the default).")
    ] = False,
    many: Annotated[
        bool, typer.Option("--many", help="For installing in many workspaces (OAuth).")
    ] = False,
) -> None:
    """Print the app manifest, to be pasted at api.slack.com/apps, "From a manifest"."""
    from adapters.slack.manifest import manifest

    if http is not None and socket:
        raise BadInput("--http and --socket are two ways.", hint="Give one of them.")
    base_url = http or (load().public_url if many else None) or ""
    made = manifest(base_url=base_url, socket=http is None, many=many)
    typer.echo(json.dumps(made, indent=2, ensure_ascii=False))
