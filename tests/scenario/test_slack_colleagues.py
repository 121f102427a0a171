"""Where a channel is for members: colleagues of the same organisation are, strangers are not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from pydantic import SecretStr
from slack_bolt.async_app import AsyncBoltRequest

from adapters.slack.api import Apis
from adapters.slack.app import create_app
from adapters.slack.identity import OneWorkspace, bare_client
from core.policy.rules import Rules
from core.session import keys
from tests.contract.slack.slack_world import Team
from tests.scenario.slack_house import SlackHouse, slack_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    async with slack_house(tmp_path_factory.mktemp("slack"), working=False) as there:
        yield there


async def is_heard(there: SlackHouse, whose: Team, *, org: bool) -> bool:
    """Whether somebody of a workspace may ask in a channel of another that is for members."""
    fake = there.fake
    number = len(fake.world.teams)
    home = fake.team(f"home{number}", enterprise="E9", installed=not org)
    token = fake.org_install("E9").token if org else home.token
    tokens = OneWorkspace(SecretStr(token), bare_client(fake.api_url))
    apis = Apis(tokens, fake.api_url)
    app = create_app(replace(there.front, tokens=tokens, apis=apis))
    zoe = fake.person(whose, f"zoe{number}")
    channel = fake.channel(home, "design", [zoe], shared_with=[whose])
    installed = "E9" if org else home.id
    await there.front.rules.decide(f"slack:{installed}", channel.id, Rules(who="members"))
    said = zoe.writes(channel, f"{home.mention} a red mug")
    for told in zoe.events_of(said.message):
        response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=told))
        assert response.status == 200
    await there.told()
    await apis.close()
    thread = f"slack:{installed}:{channel.id}:{said.ts}"
    refused = [note.text for note in zoe.notes if "only members" in note.text]
    if await there.front.links.known(thread) is None:
        assert refused
        return False
    assert not refused
    return len(await there.house.desk.turns(keys.session_id(thread))) == 1


async def test_colleagues_are_members_where_the_whole_organisation_has_easel(
    there: SlackHouse,
) -> None:
    sister = there.fake.team("sister", enterprise="E9", installed=False)
    assert await is_heard(there, sister, org=True)


@pytest.mark.parametrize("enterprise", ["", "E7"])
async def test_strangers_are_not(there: SlackHouse, enterprise: str) -> None:
    globex = there.fake.team(f"globex{enterprise}", enterprise=enterprise, installed=False)
    assert not await is_heard(there, globex, org=True)


async def test_where_one_workspace_has_easel_others_are_not(there: SlackHouse) -> None:
    sister = there.fake.team("brother", enterprise="E9", installed=False)
    assert not await is_heard(there, sister, org=False)
