"""How a command ends: its exit code, and what a person reads when it cannot do its work.

0    done
1    `doctor` found something essential missing, or Easel itself is at fault
2    the request cannot be done as it was asked: arguments, files, settings
3    a part that is needed is not available: the store, an engine, the disk
130  interrupted (Ctrl-C)
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

import structlog
import typer
from rich.console import Console
from rich.text import Text

from core.errors import EaselError, EngineError, TurnCancelled, Unavailable

FAULT = 1
BAD_INPUT = 2
NOT_AVAILABLE = 3
INTERRUPTED = 130

P = ParamSpec("P")

log = structlog.get_logger(__name__)


def code_of(problem: EaselError) -> int:
    """The exit code that goes with an error."""
    if isinstance(problem, Unavailable | EngineError):
        return NOT_AVAILABLE
    if isinstance(problem, TurnCancelled):
        return INTERRUPTED
    return BAD_INPUT


def kindly(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command end with words and an exit code, never with a traceback.

    Details for an operator are logged at level debug.
    """

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except EaselError as problem:
            if problem.admin:
                log.debug("command_failed", detail=problem.admin)
            _say(problem.message, problem.hint)
            raise typer.Exit(code_of(problem)) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except typer.Exit:
            raise
        except Exception as problem:
            log.debug("command_failed", exc_info=True)
            _say(
                f"Something went wrong inside Easel: {type(problem).__name__}.",
                "With EASEL_LOG_LEVEL=debug the details are shown.",
            )
            raise typer.Exit(FAULT) from None

    return wrapped


def _say(message: str, hint: str) -> None:
    console = Console(stderr=True, highlight=False)
    console.print(Text(message, style="bold red"))
    if hint:
        console.print(Text(hint))
