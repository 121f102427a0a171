"""Who may not ask in a chat, or not yet, may not do so on the page of its session either."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from core.errors import NotAllowed, TooLarge
from core.policy.blocks import Blocks
from core.policy.quotas import OverQuota, Quotas, TooSoon
from core.policy.rules import RuleStore
from core.session.models import Actor, Turn
from core.turns.request import TurnRequest
from tests.scenario.house import House, house

SERVER, CHANNEL = "chat:1", "chat:general"
ANA = Actor(id="chat:ana", name="Ana", workspace=SERVER)
OPERATOR = Actor(id="web:operator", name="Operator")
_events = count()


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    """A session of a chat, one turn old; nobody works on anything."""
    async with house(tmp_path) as built:
        await _asked(built, place={"channel": "general"}, channel=CHANNEL)
        yield built


async def _asked(shop: House, actor: Actor = ANA, event: str = "", **more: object) -> Turn:
    request = TurnRequest.model_validate(
        {
            "thread": "chat:general:1",
            "event_keys": (event or f"event-{next(_events)}",),
            "actor": actor,
            "text": "make it navy",
            **more,
        }
    )
    return await shop.desk.accept(request)


async def _decide(shop: House, **decided: object) -> None:
    rules = RuleStore(shop.parts.redis)
    now = await rules.decided(SERVER, CHANNEL)
    await rules.decide(SERVER, CHANNEL, now.changed(**decided))


async def test_somebody_who_was_shut_out_stays_out(shop: House) -> None:
    blocks = Blocks(shop.parts.redis)
    await blocks.block(SERVER, ANA.id, "chat:mod")
    with pytest.raises(NotAllowed) as refused:
        await _asked(shop)
    assert refused.value.code == "blocked"
    await blocks.unblock(SERVER, ANA.id)
    assert (await _asked(shop)).place == {"channel": "general"}


async def test_a_pause_holds_on_the_page_too(shop: House) -> None:
    await _decide(shop, cooldown=60)
    first = await _asked(shop, event="twice")
    with pytest.raises(TooSoon):
        await _asked(shop)
    assert (await _asked(shop, event="twice")).id == first.id


async def test_a_quota_counts_on_the_page_too(shop: House) -> None:
    await _decide(shop, quotas={"*": 2})
    for _ in range(2):
        await _asked(shop)
    with pytest.raises(OverQuota):
        await _asked(shop)


async def test_what_is_refused_for_another_reason_does_not_count(shop: House) -> None:
    await _decide(shop, quotas={"*": 2})
    with pytest.raises(TooLarge):
        await _asked(shop, text="x" * 9_000)
    for _ in range(18):
        await _asked(shop, OPERATOR)
    assert await Quotas(shop.parts.redis).left(SERVER, ANA.id, 2) == 2


async def test_a_full_queue_gives_the_turn_back(shop: House) -> None:
    await _decide(shop, quotas={"*": 1})
    for _ in range(19):
        await _asked(shop, OPERATOR)
    with pytest.raises(Exception, match="wait"):
        await _asked(shop)
    assert await Quotas(shop.parts.redis).left(SERVER, ANA.id, 1) == 1


async def test_an_operator_belongs_to_no_chat(shop: House) -> None:
    await _decide(shop, cooldown=60, quotas={"*": 0})
    await _asked(shop, OPERATOR)
    await _asked(shop, OPERATOR)
