"""The `easel` command. Each command is a thin door to the part that does the work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot import discord_command, slack_command
from bot.exits import FAULT, kindly
from bot.loop import run
from bot.settings import Settings, load
from bot.telemetry import set_up_logging
from core.errors import BadInput

app = typer.Typer(
    name="easel",
    help="An image bot in which each chat thread is an edit session.",
    epilog="Exit codes: 0 done · 1 something essential is missing or broken · 2 it cannot be done "
    "as asked · 3 a needed part is not available · 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(slack_command.app)
app.add_typer(discord_command.app)

Source = Annotated[Path, typer.Argument(metavar="IN", help="The picture to read.")]
Target = Annotated[
    Path, typer.Argument(metavar="OUT", help="The file to write: .png, .webp, .jpg or .jpeg.")
]


@app.command()
@kindly
def serve() -> None:
    """Serve the web workspace, with a worker inside unless told otherwise."""
    settings = _settings()
    from bot.serve import serve

    run(serve(settings))


@app.command()
@kindly
def worker() -> None:
    """Run turns only, beside an `easel serve` on the same store."""
    settings = _settings()
    from bot.worker import work

    run(work(settings))


@app.command()
@kindly
def doctor() -> None:
    """Check every part, and say in words what is missing."""
    settings = _settings()
    from bot.doctor import examine, report

    findings = asyncio.run(examine(settings))
    if not report(findings, Console()):
        raise typer.Exit(FAULT)


@app.command()
@kindly
def models(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Say all about one, such as replicate:owner/name."),
    ] = None,
    usable: Annotated[
        bool, typer.Option("--usable/--all", help="Only those that can be used now, or all.")
    ] = False,
) -> None:
    """List the models, what each can do, and what those that are not usable need."""
    settings = _settings()
    from bot.models_table import card_of, cards_of, model_details, models_table
    from bot.wiring import catalog

    if name is not None:
        told = model_details(asyncio.run(card_of(catalog(settings), name)))
    else:
        told = models_table(asyncio.run(cards_of(catalog(settings))), usable_only=usable)
    Console().print(told)


@app.command()
@kindly
def upscale(
    source: Source,
    target: Target,
    scale: Annotated[
        float, typer.Option(min=1, max=16, help="How many times as wide and as high.")
    ] = 4,
    model: Annotated[
        str, typer.Option(help="auto, photo, drawing, fast or exact.", metavar="NAME")
    ] = "auto",
) -> None:
    """Enlarge a picture."""
    _settings()
    _check_paths(source, target)
    from core.picture.files import upscale_file

    with _bar("Enlarging") as advance:
        upscale_file(source, target, scale, model, advance)
    typer.echo(target)


@app.command()
@kindly
def cutout(source: Source, target: Target) -> None:
    """Make the background of a picture transparent."""
    _settings()
    _check_paths(source, target)
    from core.picture.files import cutout_file

    with _bar("Cutting out") as advance:
        cutout_file(source, target, advance)
    typer.echo(target)


def _settings() -> Settings:
    settings = load()
    set_up_logging(settings)
    return settings


def _check_paths(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BadInput(f"There is no file {source}.", hint="Give the path of a picture.")
    if not target.parent.is_dir():
        raise BadInput(f"There is no folder {target.parent}.", hint="Make it first.")
    if target.is_dir():
        raise BadInput(f"{target} is a folder.", hint="Give the name of the file to write.")
    if target.exists() and target.samefile(source):
        raise BadInput(
            "The picture would be written over itself.", hint="Give OUT another name than IN."
        )


@contextmanager
def _bar(words: str) -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error; the callable takes how far it is, 0..1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(words, total=1.0)
        yield lambda fraction: progress.update(task, completed=fraction)
