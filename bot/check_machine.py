"""Checks of the machine: Python, packages, memory, disk, clock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bot.findings import Finding, bad, ok, warn
from bot.settings import Settings

OLDEST_PYTHON = (3, 11)
_INSTALL = "Run `make run`, which installs what is pinned."
_IMPORT_SECONDS = 60
_FREE_ENOUGH = 2_000_000_000
_FREE_TOO_LITTLE = 200_000_000
_MEMORY_ENOUGH = 2_000_000_000
_BUILT = datetime(2026, 11, 1, tzinfo=UTC)

# What each is for, in the words of the report. The studio's renderer is not in every installation.
_PACKAGES = {
    "fastapi": "the web workspace",
    "uvicorn": "the web workspace",
    "docket": "running turns",
    "redis": "the store",
    "obstore": "keeping pictures",
    "openai": "OpenAI's models and the offline studio",
    "PIL": "reading pictures",
    "numpy": "picture work",
    "cv2": "picture work",
    "ncnn": "enlarging",
}
_STUDIO = "mitsuba"

# Each name is written before its import, so that one that takes the process down is known too.
_IMPORTER = """
import importlib, sys
for name in sys.argv[1:]:
    print("try", name, flush=True)
    try:
        importlib.import_module(name)
    except BaseException as problem:
        print("bad", name, type(problem).__name__, flush=True)
print("end")
"""


async def check_python(_: Settings) -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return bad("Python", f"{found} is too old.", "Install Python 3.11 or newer.")
    return ok("Python", found)


async def check_packages(_: Settings) -> Finding:
    broken = await asyncio.to_thread(unimportable, list(_PACKAGES))
    if broken:
        words = ", ".join(f"{name} ({_PACKAGES[name]})" for name in broken)
        return bad("packages", f"Missing or broken: {words}.", _INSTALL)
    return ok("packages", f"all {len(_PACKAGES)} load")


async def check_studio(_: Settings) -> Finding:
    if await asyncio.to_thread(unimportable, [_STUDIO]):
        remedy = f"{_INSTALL} Without it, connect an engine (OPENAI_API_KEY)."
        return warn("offline studio", "Its renderer (mitsuba) is not installed.", remedy)
    return ok("offline studio", "its renderer loads")


def unimportable(names: list[str]) -> list[str]:
    """Which of these modules cannot be imported. Tried in a child, since a broken one may crash."""
    child = subprocess.run(  # noqa: S603 - our own interpreter, fixed words
        [sys.executable, "-c", _IMPORTER, *names],
        capture_output=True,
        text=True,
        timeout=_IMPORT_SECONDS,
        check=False,
    )
    said = [line.split() for line in child.stdout.splitlines()]
    tried = [words[1] for words in said if words[:1] == ["try"]]
    failed = [words[1] for words in said if words[:1] == ["bad"]]
    if ["end"] in said:
        return failed
    crashed = tried[-1:] or names[:1]
    rest = names[names.index(crashed[0]) + 1 :]
    return [*failed, *crashed, *(unimportable(rest) if rest else [])]


async def check_memory(_: Settings) -> Finding:
    total = psutil.virtual_memory().total
    words = f"{total / 1e9:.1f} GB"
    if total < _MEMORY_ENOUGH:
        remedy = "Large pictures may fail; give the machine 2 GB or set EASEL_PIXEL_WORKERS=1."
        return warn("memory", f"Only {words}.", remedy)
    return ok("memory", words)


async def check_data_dir(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"easel")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        words = f"{folder} cannot be written to: {problem.strerror}."
        return bad("data folder", words, "Set EASEL_DATA_DIR to a folder that can.")
    return _room(folder)


def _room(folder: Path) -> Finding:
    free = psutil.disk_usage(str(folder)).free
    words = f"{folder}, {free / 1e9:.1f} GB free"
    if free < _FREE_TOO_LITTLE:
        return bad("data folder", f"{words}: too little.", "Free some disk space.")
    if free < _FREE_ENOUGH:
        return warn("data folder", f"{words}: not much.", "Free some disk space soon.")
    return ok("data folder", words)


async def check_clock(_: Settings) -> Finding:
    now = datetime.now(UTC)
    if now < _BUILT:
        words = f"It says {now:%Y-%m-%d}, which has long passed."
        return bad("clock", words, "Set it: certificates and signatures depend on it.")
    return ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")
