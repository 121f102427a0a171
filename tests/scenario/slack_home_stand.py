"""A whole Easel in a fake Slack in which somebody is an admin and money was spent."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.slack.app import create_app
from core.engines.fake import FakeEngine
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_world import Json, View
from tests.scenario.house import wait_until
from tests.scenario.slack_drawn import Drawn
from tests.scenario.slack_house import SlackHouse, served, slack_house


@dataclass
class HomeStand:
    """`boss` is an admin. `spent` is what the books say."""

    there: SlackHouse
    boss: Person
    spent: dict[str, Any] = field(default_factory=dict)
    newcomers: int = 0

    def newcomer(self) -> Person:
        """Somebody who has never been here."""
        self.newcomers += 1
        return self.there.fake.person(self.there.team, f"newcomer-{self.newcomers}")

    async def page(self, person: Person) -> View:
        """Their home page, once they have looked at it."""
        assert (await person.opens_home()).ok
        await self.there.told()
        return person.home

    async def delivered(self, drawn: Drawn) -> Drawn:
        """Wait until it is known which files show the last turn."""
        turn = (await drawn.turns())[-1]
        ledger = self.there.front.ledger(turn.session_id, turn.id)

        async def known() -> bool:
            return await ledger.get("result") is not None

        await wait_until(known, "it is known which files were sent")
        return drawn


@contextlib.asynccontextmanager
async def home_stand(folder: Path, engine: FakeEngine | None = None) -> AsyncIterator[HomeStand]:
    """Everything, closed afterwards."""
    async with slack_house(folder, engine) as there:
        stand = HomeStand(there, there.fake.person(there.team, "boss", admin=True))
        there.design.members.add(stand.boss.id)

        async def usage() -> Mapping[str, Any]:
            return stand.spent

        front = replace(there.front, usage=usage)
        app = create_app(front, signing_secret=there.fake.signing_secret)
        async with served(app) as url:
            there.fake.deliver_to(f"{url}/slack/events")
            yield stand


def words_on(view: View) -> str:
    """Every word that stands on it."""
    return "\n".join(_words(view.json["blocks"]))


def sections(view: View, naming: str) -> list[Json]:
    """Its sections that say something."""
    return [
        block
        for block in view.json["blocks"]
        if block["type"] == "section" and naming in block["text"]["text"]
    ]


def _words(part: Any) -> list[str]:
    if isinstance(part, list):
        return [word for each in part for word in _words(each)]
    if isinstance(part, dict):
        return [
            word
            for name, each in part.items()
            for word in ([each] if name == "text" and isinstance(each, str) else _words(each))
        ]
    return []
