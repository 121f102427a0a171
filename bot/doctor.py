"""`easel doctor`: every part is checked, and what is missing is said in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import check_engines, check_machine, check_services
from bot.check_discord import check_discord
from bot.check_safety import check_safety
from bot.check_slack import check_slack
from bot.check_weights import check_weights
from bot.findings import Finding, Level, bad
from bot.settings import Settings

Check = Callable[[Settings], Awaitable[Finding]]

CHECKS: tuple[Check, ...] = (
    check_machine.check_python,
    check_machine.check_packages,
    check_machine.check_studio,
    check_weights,
    check_safety,
    check_machine.check_memory,
    check_machine.check_data_dir,
    check_machine.check_clock,
    check_services.check_names,
    check_services.check_store,
    check_services.check_blobs,
    check_services.check_port,
    check_services.check_exposure,
    check_engines.check_openai,
    check_engines.check_replicate,
    check_engines.check_compatible,
    check_engines.check_default_model,
    check_slack,
    check_discord,
)
_STYLES = {Level.OK: "green", Level.NOTE: "dim", Level.WARN: "yellow", Level.BAD: "bold red"}


async def examine(settings: Settings, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Run all checks, side by side; a check that fails itself is a finding too."""
    return list(await asyncio.gather(*(_run(check, settings) for check in checks)))


async def _run(check: Check, settings: Settings) -> Finding:
    try:
        return await check(settings)
    except Exception as problem:
        part = check.__name__.removeprefix("check_").replace("_", " ")
        words = f"This could not be checked ({type(problem).__name__})."
        return bad(part, words, "Please report it as a fault of Easel.")


def report(findings: Sequence[Finding], console: Console) -> bool:
    """Print the findings as a table with a verdict; true when nothing essential is missing."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for finding in findings:
        words = Text(finding.words)
        if finding.remedy:
            words.append(f"\n{finding.remedy}", style="italic")
        table.add_row(Text(finding.level, _STYLES[finding.level]), Text(finding.part), words)
    console.print(table)
    worst = [finding for finding in findings if finding.level is Level.BAD]
    if worst:
        parts = ", ".join(finding.part for finding in worst)
        console.print(Text(f"Easel cannot work yet: {parts}.", style="bold red"))
        return False
    console.print(Text("Easel is ready.", style="bold green"))
    return True
