"""Checks of what Easel works with: settings, store, blobs, port, engines."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.findings import Finding, bad, note, ok, warn
from bot.settings import Settings, environment_names
from bot.store import running_store
from bot.store_server import OLDEST_MAJOR, find_binary
from core.assets.blobs import Blobs
from core.errors import EaselError, Unavailable
from core.hosts import is_loopback

_SECONDS = 5.0
_OURS = re.compile(r"EASEL_\w+")
# Read by the tests and the Makefile, not by the program.
_NOT_SETTINGS = frozenset(
    {"EASEL_SKIP_BROWSER", "EASEL_SOAK", "EASEL_CHAOS_SEED", "EASEL_SCREENSHOTS"}
)


async def check_names(_: Settings) -> Finding:
    """A misspelt variable does nothing, silently; this says so."""
    known = environment_names()
    unknown = sorted({*filter(_OURS.fullmatch, os.environ), *_names_in_file()} - {*known})
    unknown = [name for name in unknown if name not in _NOT_SETTINGS]
    if not unknown:
        return ok("settings", "every EASEL_ variable is known")
    return warn("settings", f"Not known: {', '.join(unknown)}.", _suggestion(unknown, known))


def _names_in_file() -> list[str]:
    try:
        text = Path(".env").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return re.findall(r"^\s*(?:export\s+)?(EASEL_\w+)\s*=", text, re.MULTILINE)


def _suggestion(unknown: Sequence[str], known: Sequence[str]) -> str:
    near = [match for name in unknown for match in get_close_matches(name, known, 1, 0.8)]
    meant = f"Did you mean {', '.join(near)}? " if near else ""
    return f"{meant}docs/SETTINGS.md lists every setting."


async def check_store(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return await _check_embedded_store(settings)
    try:
        async with asyncio.timeout(_SECONDS):
            async with Redis.from_url(settings.redis_url.get_secret_value()) as client:
                return judge_store(await client.info())
    except (RedisError, OSError, TimeoutError, ValueError) as problem:
        words = f"REDIS_URL cannot be reached ({type(problem).__name__})."
        return bad(
            "store", words, "Start that server or correct REDIS_URL; unset, Easel has its own."
        )


def judge_store(info: dict[str, object]) -> Finding:
    """What a server's INFO says about whether sessions are safe with it."""
    version = str(info.get("valkey_version") or info.get("redis_version") or "0")
    if int(version.split(".")[0]) < OLDEST_MAJOR:
        return bad("store", f"Version {version} is too old.", f"Use {OLDEST_MAJOR} or newer.")
    if not info.get("aof_enabled"):
        remedy = "Set `appendonly yes` on it, so that accepted turns outlive its restart."
        return warn("store", f"Version {version}, without append-only persistence.", remedy)
    return ok("store", f"version {version}, append-only")


async def _check_embedded_store(settings: Settings) -> Finding:
    try:
        binary = await asyncio.to_thread(find_binary)
    except Unavailable as problem:
        return bad("store", problem.message, problem.hint)
    if (settings.data_dir / "store" / "address").exists():
        try:
            await running_store(settings.data_dir, patience=0)
        except EaselError:
            return note("store", f"{binary.version}; the last run did not end cleanly (harmless)")
        return ok("store", f"{binary.version}, running now")
    return ok("store", f"{binary.version}, started by `easel serve`")


async def check_blobs(settings: Settings) -> Finding:
    place = settings.blobs_place
    try:
        async with asyncio.timeout(4 * _SECONDS):
            await Blobs.at(place).check()
    except EaselError as problem:
        return bad("pictures", f"{place}: {problem.message}", problem.hint)
    except (OSError, ValueError, TimeoutError) as problem:
        words = f"{place} cannot be used ({type(problem).__name__})."
        return bad("pictures", words, "Correct EASEL_BLOBS, or unset it for the data folder.")
    return ok("pictures", place)


async def check_port(settings: Settings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    try:
        await asyncio.to_thread(_try_to_listen, settings.host, settings.port)
    except OSError as problem:
        if await _easel_answers(settings):
            return ok("port", f"{where}, where Easel is running now")
        words = f"{where} cannot be listened on: {problem.strerror or problem}."
        return bad("port", words, "Stop what uses it, or set EASEL_PORT or EASEL_HOST.")
    return ok("port", f"{where} is free")


def _try_to_listen(host: str, port: int) -> None:
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, proto) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)
        trial.listen()


async def _easel_answers(settings: Settings) -> bool:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            answer = await client.get(f"http://{host}:{settings.port}/healthz")
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK


async def check_exposure(settings: Settings) -> Finding:
    if is_loopback(settings.host):
        return ok("who can reach it", "this machine only")
    if settings.secret_key is None:
        remedy = "Set EASEL_SECRET_KEY to a long random text, or EASEL_HOST to 127.0.0.1."
        return warn("who can reach it", "Other machines, and there is no EASEL_SECRET_KEY.", remedy)
    return ok("who can reach it", "other machines")
