"""An afternoon in the same workspace: dialogs and the Home tab, as people open them.

Unlike the morning, everything goes in as Slack sends it, over HTTP.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from pydantic import SecretStr

from adapters.chat import aside
from adapters.slack.app import create_app
from adapters.slack.identity import OneWorkspace, bare_client
from bot import wiring
from bot.spending import spending
from core.policy.spend import Spend
from tests.contract.slack.fake_slack import FakeSlack
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_delivery import Answer
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Channel, Message, View
from tests.scenario.house import House
from tests.scenario.slack_house import served, slack_front

PLANT = "a green plant in a white pot, morning light"
BOWL = "a blue bowl on a marble table"
_FLAGS = "--size 360x360 --seed 7"


async def afternoon(
    fake: FakeSlack, house: House, ana: Person, design: Channel
) -> Mapping[str, View]:
    """What was open in front of people, by name."""
    team = fake.world.teams[design.team]
    boss = fake.person(team, "boss", admin=True)
    design.members.add(boss.id)
    async with _listening(fake, house):
        plant = await _drawn(fake, await ana.says(fake.dm(ana), f"{PLANT} {_FLAGS}"))
        bowl = f"{team.mention} {BOWL} {_FLAGS}, then transparent"
        await _drawn(fake, await ana.says(design, bowl))
        return {
            "edit": _opened(ana, await ana.shortcut("easel_edit", plant)),
            "upscale": _opened(ana, await ana.commands("/upscale", "4x", design)),
            "cutout": _opened(ana, await ana.commands("/cutout", "", design)),
            "settings": _opened(boss, await boss.commands("/easel", "settings", design)),
            "readonly": _opened(ana, await ana.commands("/easel", "settings", design)),
            "home": await _home(fake, ana),
            "newcomer": await _home(fake, boss),
        }


@contextlib.asynccontextmanager
async def _listening(fake: FakeSlack, house: House) -> AsyncIterator[None]:
    """Easel hears of what happens, and answers with what its books say."""
    (team,) = fake.world.teams.values()
    parts, crew = house.parts, house.crew
    tokens = OneWorkspace(SecretStr(team.token), bare_client(fake.api_url))
    usage = spending(Spend(parts.redis), wiring.budgets(parts.settings))
    front = slack_front(parts, house.desk, crew, tokens, fake.api_url, [])
    front = replace(front, usage=usage)
    try:
        async with served(create_app(front, signing_secret=fake.signing_secret)) as url:
            fake.deliver_to(f"{url}/slack/events")
            yield
            await aside.settled()
    finally:
        await front.apis.close()


async def _drawn(fake: FakeSlack, said: Said) -> Message:
    """The result in the thread of a message, once it stands there alone."""
    channel = fake.world.channels[said.message.channel]

    def ours() -> list[Message]:
        return fake.said_by_bot(channel, said.ts)

    await fake.until(lambda: len(ours()) == 1 and bool(ours()[0].files), "the result is there")
    await fake.quiet()
    return ours()[0]


def _opened(person: Person, answer: Answer) -> View:
    assert answer.ok, answer.text
    return person.view


async def _home(fake: FakeSlack, person: Person) -> View:
    assert (await person.opens_home()).ok
    await aside.settled()
    await fake.quiet()
    return person.home
