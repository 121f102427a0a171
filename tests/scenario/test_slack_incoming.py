"""Messages of Slack's become turns: one each, with their files, whatever events tell of them."""

from __future__ import annotations

from pathlib import Path

from core.session.models import TurnState
from tests.scenario.slack_house import slack_house


async def test_a_mention_is_drawn_in_its_thread(tmp_path: Path) -> None:
    async with slack_house(tmp_path) as there:
        said = await there.ana.says(there.design, f"<@{there.team.bot_user}> a red mug")
        assert said.ok
        turn = await there.ended(await there.turn_of(said))
        assert turn.state is TurnState.DONE, turn.error
        assert turn.text == "a red mug"
        await there.fake.until(
            lambda: any(m.files for m in there.fake.said_by_bot(there.design, said.ts)),
            "the picture is in the thread",
        )
        assert there.acks
