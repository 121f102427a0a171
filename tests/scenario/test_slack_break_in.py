"""Ways in that are none: what strangers, neighbours and guests try, and do not get."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat.values import with_choice
from adapters.slack import buttons
from core.policy.rules import Rules
from tests.scenario.slack_drawn import Drawn, drawn
from tests.scenario.slack_house import LINK, SlackHouse, slack_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    async with slack_house(tmp_path_factory.mktemp("slack")) as running:
        yield running


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"[" * 90_000),
        ("application/json", b'{"a": ' * 90_000),
        ("application/x-www-form-urlencoded", b"a=&" * 300_000),
        ("application/x-www-form-urlencoded", b"payload=%7B&" * 60_000),
    ],
)
async def test_what_slack_has_not_signed_is_not_taken_apart(
    there: SlackHouse, kind: str, body: bytes
) -> None:
    headers = there.fake.delivery.signed(body, secret="guessed")
    answer = await there.fake.delivery.raw(body, {"Content-Type": kind} | headers)
    assert answer.status == 401
    assert answer.json == {"error": "not signed"}, "said before the framework has read it"


# Who may go on in the workspace, and with what.


async def only_admins(mug: Drawn) -> None:
    """In the channel of a thread."""
    workspace = f"slack:{mug.there.team.id}"
    await mug.there.front.rules.decide(workspace, mug.channel.id, Rules(who="admins"))


async def test_who_may_not_ask_here_gets_no_way_around_it(there: SlackHouse) -> None:
    """On a page nothing asks for the rules of the channel any more."""
    mug = await drawn(there)
    await only_admins(mug)
    assert (await there.ben.chooses(mug.results[-1], buttons.MORE, f"workspace|{mug.version}")).ok
    await there.told()
    assert "Only admins" in there.ben.notes[-1].text
    assert "http" not in there.ben.notes[-1].text


async def test_nor_from_their_own_page(there: SlackHouse) -> None:
    mug = await drawn(there)
    link = LINK.format(mug.turn.session_id)

    async def page() -> str:
        assert (await there.ana.opens_home()).ok
        await there.told()
        return str(there.ana.home.json)

    assert link in await page()
    await only_admins(mug)
    shown = await page()
    assert link not in shown and f"archives/{mug.channel.id}" in shown


async def test_who_may_not_ask_changes_nothing_that_waits(there: SlackHouse) -> None:
    mug = await drawn(there)
    await there.ended(await mug.says("make it blue"))
    there.house.engine.gate = gate = asyncio.Event()
    turn = await mug.says("make it navy")
    waiting = await mug.says("make it green")
    await only_admins(mug)
    value = with_choice(f"{waiting.session_id}/{waiting.id}", mug.version)
    card = await mug.card(value)
    assert (await there.ben.chooses(card, buttons.INSTEAD, value)).ok
    await there.told()
    assert "Only admins" in there.ben.notes[-1].text
    assert (await there.house.desk.turn(waiting.session_id, waiting.id)).acts_on is None
    gate.set()
    await there.ended(turn)
    await there.ended(waiting)


@pytest.mark.parametrize("command", ["/easel show {} here", "/upscale 2x {}"])
async def test_who_has_left_a_channel_gets_nothing_of_it_by_a_guessed_id(
    there: SlackHouse, command: str
) -> None:
    mug = await drawn(there)
    lobby = there.fake.channel(there.team, f"lobby-{mug.said.ts}", [there.ana])
    name, _, words = command.format(mug.version).partition(" ")
    assert (await there.ana.commands(name, words, lobby)).ok
    await there.fake.until(lambda: there.fake.said_by_bot(lobby), "who is in it may")

    later = there.fake.channel(there.team, f"later-{mug.said.ts}", [there.ana])
    mug.channel.kind = "group"
    mug.channel.members.discard(there.ana.id)
    answer = await there.ana.commands(name, words, later)
    assert answer.ok and "no such version" in answer.text + there.ana.notes[-1].text
    await there.told()
    assert there.fake.said_by_bot(later) == []
