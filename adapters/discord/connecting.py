"""Holds a group of the gateway's shards whenever one is free, and connects for as long as it does.

Nothing ends this but being cancelled: a token that Discord does not take, an intent that is not
granted, Discord or the store away are said in the log, and it is tried again after a while.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from time import monotonic

import aiohttp
import discord
import structlog
from discord.http import HTTPClient
from pydantic import SecretStr

from adapters.discord.app import create_client
from adapters.discord.catching_up import CatchingUp
from adapters.discord.checkup import Application, examine
from adapters.discord.client import ConnectionLost, EaselClient
from adapters.discord.front import Front
from adapters.discord.refusals import DiscordLater, DiscordRefusal
from adapters.discord.rest import Rest, Worker
from adapters.discord.shards import LEASE_SECONDS, RENEW_SECONDS, Division, Lease, Shards
from adapters.discord.syncing import synchronise
from core.errors import EaselError
from core.policy.keyvalue import KeyValue

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_STEADY_SECONDS = 60.0
"""A connection that lasted so long was a good one; the next one is tried at once."""
_BAD_TOKEN = 4004
_BAD_SHARDS = (4010, 4011)
"""Close codes (Discord's documents, "Opcodes and Status Codes")."""
_REMEDY = "Copy the bot's token from Discord's developer portal into DISCORD_TOKEN."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ways:
    """How a process connects. `shards`: how many in all, None: as Discord recommends; `groups`:
    into how many groups they are shared. In seconds: `lease` and `renew` as in module `shards`,
    `settling` while discord.py waits for the servers of a shard, `wait` before a second try."""

    shards: int | None = None
    groups: int = 1
    lease: float = LEASE_SECONDS
    renew: float = RENEW_SECONDS
    settling: float = 2.0
    wait: float = _FIRST_WAIT


class Lent:
    """The calls of the client that is connected just now."""

    def __init__(self) -> None:
        self.client: EaselClient | None = None

    async def login(self) -> HTTPClient:
        """Raises DiscordLater while there is none."""
        if self.client is None or self.client.is_closed():
            raise DiscordLater(_FIRST_WAIT, admin="not connected")
        return self.client.http


class Connecting:
    """One process's connection; `client` is the one that is connected, None while there is none.

    `front` makes what handlers stand on, from the connection's calls and from whether it hears
    messages that do not mention us.
    """

    def __init__(
        self,
        token: SecretStr,
        kept: KeyValue,
        front: Callable[[Rest, bool], Front],
        ways: Ways | None = None,
    ) -> None:
        self.client: EaselClient | None = None
        self._token = token
        self._kept = kept
        self._front = front
        self._ways = ways or Ways()

    async def listen(self) -> None:
        """Hear Discord's events, until cancelled."""
        wait = first = self._ways.wait
        while True:
            begun = monotonic()
            with _said():
                await self._hear()
            steady = monotonic() - begun > _STEADY_SECONDS
            wait = first if steady else min(2 * wait, _LONGEST_WAIT)
            await asyncio.sleep(wait)

    async def _hear(self) -> None:
        """Wait for a group of shards, and hear what is said there for as long as it is ours."""
        ways = self._ways
        application = await self._asked()
        shards = Shards(
            self._kept, application.id, ways.groups, seconds=ways.lease, renew_seconds=ways.renew
        )
        async with shards.taken() as lease:
            application = await self._asked()  # it may have taken long until one was free
            division = await shards.division(lease, ways.shards or application.shards)
            if not division.of(lease.group):
                await lease.lost.wait()
                return
            try:
                await self._connect(application, shards, division, lease)
            except discord.ConnectionClosed as closed:
                if closed.code in _BAD_SHARDS:
                    await shards.forget_division()
                raise

    async def _asked(self) -> Application:
        worker = Worker(self._token)
        try:
            found = await examine(Rest(worker.login))
        finally:
            await worker.close()
        if found.starts < 1:
            raise DiscordLater(found.fresh_in, admin="no identifications left today")
        return found

    async def _connect(
        self, application: Application, shards: Shards, division: Division, lease: Lease
    ) -> None:
        lent = Lent()
        front = self._front(Rest(lent.login), application.reads_messages)
        client = lent.client = create_client(
            front,
            shard_ids=division.of(lease.group),
            shard_count=division.shards,
            holds=lease.held,
            pacing=_pacing(shards, division, application.buckets),
            settling_seconds=self._ways.settling,
        )
        catching_up = CatchingUp(client, front, lease.name)
        async with client:
            await client.login(self._token.get_secret_value().strip())
            await _brought_up_to_date(client, front, application.id)
            self.client = client
            try:
                await _first_of(client.connect(), lease.lost.wait(), catching_up.keep_noting())
            finally:
                self.client = None
        if not lease.held():
            raise ConnectionLost


def _pacing(
    shards: Shards, division: Division, buckets: int
) -> Callable[[int], Awaitable[None]] | None:
    """How shards wait for each other; a single one waits for nobody."""
    if division.shards == 1:
        return None
    return lambda shard: shards.may_identify(shard % buckets)


async def _brought_up_to_date(client: EaselClient, front: Front, application: str) -> None:
    """Commands that could not be told to Discord are those of before; the rest works."""
    try:
        done = await synchronise(client.tree, front.rest, front.kept, application)
    except EaselError as problem:
        log.error("commands_not_synchronised", detail=problem.admin or problem.message)
    else:
        log.info("commands_synchronised", commands=done.commands, sent=done.sent)


async def _first_of(*works: Awaitable[object]) -> None:
    """Carry on until the first ends; what it raised is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """What keeps us from hearing anything, in the log, for whoever runs Easel."""
    try:
        yield
    except ConnectionLost:
        log.warning("discord_shards_lost")
    except discord.PrivilegedIntentsRequired:
        log.error("discord_intents_refused", hint="What is granted is looked up again.")
    except (DiscordRefusal, discord.LoginFailure, discord.ConnectionClosed) as problem:
        if not _about_token(problem):
            log.error("discord_refused", detail=str(getattr(problem, "admin", problem))[:300])
        else:
            log.error("discord_token_refused", hint=_REMEDY)
    except EaselError as problem:
        detail = problem.admin or f"{problem.message} {problem.hint}"
        log.warning("discord_waits", detail=detail)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as problem:
        log.warning("discord_waits", detail=type(problem).__name__)
    except Exception:
        log.exception("discord_fell_down")


def _about_token(problem: Exception) -> bool:
    if isinstance(problem, discord.ConnectionClosed):
        return problem.code == _BAD_TOKEN
    return isinstance(problem, discord.LoginFailure) or (
        isinstance(problem, DiscordRefusal) and problem.http_status == 401
    )
