"""A picture that is refused when it is done: what was shown of it until then is taken away."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from core.session.models import TurnState
from tests.contract.openai_double import Behaviour, OpenAIDouble, serving
from tests.scenario.house import house

KEY = "sk-test-0123456789"
REFUSED = {
    "message": "Your request was rejected by the safety system. safety_violations=[violence].",
    "type": "image_generation_user_error",
    "code": "moderation_blocked",
}


async def test_previews_of_a_refused_picture_are_taken_away(tmp_path: Path) -> None:
    async with serving(OpenAIDouble(key=KEY)) as openai:
        openai.plan.append(Behaviour(fail_in_stream=REFUSED))
        settings: dict[str, Any] = {
            "openai_api_key": SecretStr(KEY),
            "openai_base_url": openai.base_url,
        }
        async with house(tmp_path, fake=False, **settings) as built, built.working():
            thread = built.thread()
            session = await built.desk.open_session(thread.key, thread.actor)
            shown: list[str | None] = []

            async def hear() -> None:
                async for event in built.desk.events(session.id, None):
                    if event.type == "preview":
                        shown.append(event.data["sha256"])
                    if event.type == "turn" and event.data["state"] == "failed":
                        return

            heard = asyncio.create_task(hear())
            turn = await thread.do("a red mug on a walnut table")
            await asyncio.wait_for(heard, 20)
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert "(violence)" in turn.error.message
    assert len(shown) >= 2
    assert shown[0] is not None
    assert shown[-1] is None
