"""Who pays in a shared channel: each person's own workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import wiring
from bot.spending import spending
from core.engines.fake import FakeEngine
from core.engines.port import PriceRule, Usage
from core.policy.spend import Spend
from core.session.models import TurnState
from tests.scenario.house import png
from tests.scenario.slack_house import slack_house

_CENTS = 0.04


async def test_people_of_another_company_pay_from_their_own_budget(tmp_path: Path) -> None:
    engine = FakeEngine(png(), 64, 64, price=PriceRule(each=_CENTS))
    engine.usage = Usage(cost_usd=_CENTS)
    async with slack_house(tmp_path, engine, budget_month=0.1) as there:
        globex = there.fake.team("globex", installed=False)
        zoe = there.fake.person(globex, "zoe")
        people = [there.ana, there.ben, zoe]
        shared = there.fake.channel(there.team, "shared", people, shared_with=[globex])
        said = await there.ana.says(shared, f"{there.team.mention} a red mug")
        turns = [await there.ended(await there.turn_of(said))]
        for who, words in ((zoe, "make it blue"), (zoe, "make it green"), (zoe, "taller")):
            reply = await who.says(shared, words, thread=said)
            turns.append(await there.ended(await there.turn_of(reply)))
        last = await there.ben.says(shared, "wider", thread=said)
        turns.append(await there.ended(await there.turn_of(last)))
        parts = there.house.parts
        report = await spending(Spend(parts.redis), wiring.budgets(parts.settings))()
    states = [turn.state for turn in turns]
    assert states == [TurnState.DONE] * 3 + [TurnState.FAILED, TurnState.DONE]
    assert turns[3].error is not None and turns[3].error.code == "over_budget"
    assert report["by_workspace"] == pytest.approx(
        {f"slack:{globex.id}": 2 * _CENTS, f"slack:{there.team.id}": 2 * _CENTS}
    )
    assert report["by_actor"][f"slack:{globex.id}:{zoe.id}"] == pytest.approx(2 * _CENTS)
    assert report["by_channel"] == pytest.approx({f"slack:{shared.id}": 4 * _CENTS})
