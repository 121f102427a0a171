"""discord.py alone, connected as Easel connects: what of its memory is not Easel's doing."""

from __future__ import annotations

import asyncio
import logging
import sys

import discord

from adapters.discord.client import intents
from adapters.discord.library import point_at
from bench.discord_stand_in import TOKEN


async def main(address: str) -> None:
    point_at(f"{address}/api/v10", f"{address.replace('http', 'ws', 1)}/gateway")
    client = discord.AutoShardedClient(
        intents=intents(message_content=True),
        shard_ids=[0],
        shard_count=1,
        member_cache_flags=discord.MemberCacheFlags.none(),
        max_messages=None,
        chunk_guilds_at_startup=False,
    )
    print("connecting", flush=True)
    await client.start(TOKEN)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(sys.argv[1]))
