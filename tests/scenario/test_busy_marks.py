"""Which sessions have work waiting is known by marks that are never dropped too soon."""

from __future__ import annotations

from core.session import keys
from tests.scenario.house import House


async def test_an_idle_mark_goes_and_one_that_was_set_again_stays(idle: House) -> None:
    redis, store = idle.parts.redis, idle.parts.store
    long_ago = 1_000_000.123456
    await redis.zadd(keys.BUSY, {"s-idle": long_ago, "s-again": long_ago})
    scripts = store._scripts
    run = scripts.run

    async def marked_meanwhile(name, keys_, args):  # type: ignore[no-untyped-def]
        await redis.zadd(keys.BUSY, {"s-again": 2_000_000.5})
        return await run(name, keys_, args)

    scripts.run = marked_meanwhile  # type: ignore[method-assign]
    assert await store.busy_sessions() == {}
    assert await redis.zrange(keys.BUSY, 0, -1) == ["s-again"]
