"""`make bench`: measure everything in one run, print the table, write docs/BENCHMARKS.md.

`python -m bench NAME…` measures only those parts and writes nothing.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench import discord, engines, long_sessions, slack, studio, turns, upscaling
from bench.rows import Row

PAGE = Path(__file__).parent.parent / "docs" / "BENCHMARKS.md"
PARTS: dict[str, Callable[[], Sequence[Row]]] = {
    "turns": turns.measure,
    "sessions": long_sessions.measure,
    "slack": slack.measure,
    "discord": discord.measure,
    "engines": engines.measure,
    "upscaling": upscaling.measure,
    "studio": studio.measure,
}
_OPENING = """# Benchmarks

Written by `make bench`, all in one run; `python -m bench turns` measures a part. Ratios are of two
things measured side by side. Speed is never a test: what misses its bar is listed here as such.
"""


def main(names: Sequence[str]) -> None:
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    rows: list[Row] = []
    for name, measure in PARTS.items():
        if not names or name in names:
            print(f"measuring {name} …", file=sys.stderr)
            rows += measure()
    Console().print(_table(rows))
    if not names:
        PAGE.write_text(page(rows))


def page(rows: Sequence[Row]) -> str:
    """The page with its table and the machine that it was measured on."""
    lines = [_OPENING, f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine()}.", ""]
    lines += ["| what | measured | bar | kept |", "|---|---|---|---|"]
    lines += [
        f"| {row.name} | {row.measured} | {row.bar} | {'yes' if row.kept else '**no**'} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """The machine in words: processor, cores, memory, system, Python."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "?")


def _table(rows: Sequence[Row]) -> Table:
    table = Table(title="Benchmarks", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for heading in ("what", "measured", "bar", "kept"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(row.name, row.measured, row.bar, "yes" if row.kept else "NO")
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
