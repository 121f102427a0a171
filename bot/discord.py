"""Discord in this installation: how its events come in, and what workers need."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from pydantic import SecretStr

from adapters.chat import aside
from adapters.discord import library
from adapters.discord.connecting import Connecting, Ways
from adapters.discord.downloads import Cdn
from adapters.discord.fetching import DiscordFetcher
from adapters.discord.front import Front
from adapters.discord.presenter import DiscordPresenter
from adapters.discord.rest import Rest, Worker
from bot import wiring
from bot.base import Base
from bot.beside import Beside, Platform
from bot.chat import chat_parts
from bot.linking import linking
from bot.settings import Settings
from bot.store import running_store
from core.engines.catalog import Catalog
from core.errors import BadInput, Unavailable
from core.policy.blocks import Blocks
from core.policy.keyvalue import KeyValue, RedisKeyValue
from core.policy.quotas import Quotas
from core.session.connect import connect
from core.turns.service import Desk


def is_set_up(settings: Settings) -> bool:
    """Whether there is a Discord to go to."""
    return settings.discord_token is not None


def ways_in(settings: Settings) -> str:
    """How its events come in, in words."""
    groups = settings.discord_shard_groups
    shared = f"one of {groups} groups of shards" if groups > 1 else "every shard"
    return f"events come over its gateway; this process takes {shared} while no other has it"


def prepared(settings: Settings) -> SecretStr:
    """The token; from now on this process finds Discord. Raises BadInput: there is none."""
    if settings.discord_token is None:
        raise BadInput("Discord is not set up.", hint="Set DISCORD_TOKEN.")
    library.point_at(settings.discord_api_url, settings.discord_gateway_url)
    library.quieten()
    return settings.discord_token


@contextlib.asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[Rest]:
    """Calls to Discord without any connection to its gateway. Raises BadInput."""
    worker = Worker(prepared(settings))
    try:
        yield Rest(worker.login)
    finally:
        await worker.close()


@contextlib.asynccontextmanager
async def kept_by_others(settings: Settings) -> AsyncIterator[KeyValue | None]:
    """What the processes of this installation keep; None where no store runs."""
    try:
        url = settings.redis_url and settings.redis_url.get_secret_value()
        redis = connect(url or await running_store(settings.data_dir, patience=0))
    except Unavailable:
        yield None
        return
    try:
        yield RedisKeyValue(redis)
    finally:
        await redis.aclose()


@contextlib.asynccontextmanager
async def discord_platform(settings: Settings, beside: Beside) -> AsyncIterator[Platform]:
    """What a worker needs of Discord: calls of its own, and no gateway."""
    async with asking(settings) as rest:
        presenter = DiscordPresenter(rest, beside.links, beside.desk, linking(settings))
        cdn = Cdn(settings.discord_api_url)
        try:
            yield Platform(presenter, DiscordFetcher(rest, cdn, wiring.limits(settings)))
        finally:
            await cdn.close()
            await presenter.close()


def front_of(parts: Base, desk: Desk, catalog: Catalog, rest: Rest, hears: bool) -> Front:
    """What handlers stand on."""
    shared = chat_parts(parts, desk, catalog, "discord")
    quotas, blocks = Quotas(parts.redis), Blocks(parts.redis)
    return Front(**shared, rest=rest, quotas=quotas, blocks=blocks, hears=hears)


@contextlib.asynccontextmanager
async def discord_gateway(
    parts: Base, desk: Desk, catalog: Catalog
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """The work of hearing Discord's events, to be kept up. Raises BadInput."""
    settings = parts.settings
    connecting = Connecting(
        prepared(settings),
        RedisKeyValue(parts.redis),
        partial(front_of, parts, desk, catalog),
        Ways(shards=settings.discord_shards, groups=settings.discord_shard_groups),
    )
    try:
        yield connecting.listen
    finally:
        await aside.settled()
