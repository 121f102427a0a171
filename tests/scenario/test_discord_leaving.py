"""Easel is taken out of a server: what that had decided is gone, and other servers keep theirs."""

from __future__ import annotations

from pathlib import Path

from core.policy.rules import Rules
from tests.scenario.discord_house import discord_house
from tests.scenario.house import wait_until


async def test_what_a_server_decided_ends_with_its_membership(tmp_path: Path) -> None:
    async with discord_house(tmp_path, working=False) as there:
        front, ours = there.front, f"discord:{there.guild.id}"
        for home in (ours, "discord:1"):
            await front.rules.decide(home, "", Rules(cooldown=30))
            await front.rules.decide(home, f"discord:{there.design.id}", Rules(who="admins"))
            await front.blocks.block(home, f"discord:{there.ben.id}", f"discord:{there.mod.id}")
        said_once = f"discord:hello:{there.guild.id}"
        await front.kept.set(said_once, "1")

        there.mod.kicks_bot(there.guild)

        async def nothing_is_kept_for_long() -> bool:
            left = await there.house.parts.redis.pttl(f"easel:kv:{said_once}")
            return 0 < left <= 24 * 3600 * 1000

        await wait_until(nothing_is_kept_for_long, "what the server had decided is forgotten")
        assert await front.rules.rules(ours, f"discord:{there.design.id}") == Rules()
        assert not await front.blocks.blocked(ours)
        assert await front.rules.decided("discord:1") == Rules(cooldown=30)
        assert await front.blocks.is_blocked("discord:1", f"discord:{there.ben.id}")
