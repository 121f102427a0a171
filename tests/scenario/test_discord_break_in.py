"""Ways in that are none: what people of a Discord community try, and do not get."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat.values import with_choice
from adapters.discord import buttons
from core.errors import NotAllowed
from core.policy.quotas import OverQuota
from core.policy.rules import Rules
from core.session.models import Actor, TurnState
from core.turns.request import TurnRequest
from tests.contract.discord.discord_clicking import Person
from tests.contract.discord.discord_world import Channel
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_incoming_stand import all_heard
from tests.scenario.discord_press_stand import Drawn, drawn, noted
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

BLOCKED = "has taken Easel from you"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    async with discord_house(tmp_path_factory.mktemp("discord")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def mug(there: DiscordHouse) -> AsyncIterator[Drawn]:
    """A picture of somebody new, in a channel of its own whose rules nobody has set."""
    name = there.fake.world.new_id()
    room = there.guild.channel(f"room-{name}")
    yield await drawn(there, who=there.fake.person(f"p{name[-6:]}", there.guild), where=room)


def author(mug: Drawn) -> Person:
    user = mug.turn.actor.id.rpartition(":")[2]
    return Person(mug.there.fake.world, mug.there.fake.world.users[user])


def room(mug: Drawn) -> Channel:
    return mug.there.fake.world.channels[mug.message.channel]


async def block(mug: Drawn, who: Person) -> None:
    workspace = f"discord:{mug.there.guild.id}"
    await mug.there.front.blocks.block(workspace, f"discord:{who.id}", "discord:mod")


async def decide(mug: Drawn, **decided: object) -> None:
    workspace, channel = f"discord:{mug.there.guild.id}", f"discord:{room(mug).id}"
    await mug.there.front.rules.decide(workspace, channel, Rules().changed(**decided))


# Whoever was shut out, or may not ask here.


async def test_an_app_of_one_s_own_is_no_way_around_a_server_s_word(mug: Drawn) -> None:
    """Easel is in the server and the person's own as well; Discord may name only the latter."""
    there, eve = mug.there, author(mug)
    await block(mug, eve)
    cup = [("cup.png", png())]
    for answer in (
        await eve.slash(room(mug), "imagine", installed="user", prompt="a mug"),
        await eve.slash(room(mug), "cutout", installed="user", image=cup[0]),
        await eve.context(room(mug), "Quick upscale", mug.message, installed="user"),
        await eve.context(room(mug), "Edit with Easel", mug.message, installed="user"),
    ):
        assert BLOCKED in await noted(answer)
    assert len(await mug.turns()) == 1
    assert [turn for turn in await there.turns() if turn.actor.id == mug.turn.actor.id] == [
        mug.turn
    ]


async def test_nor_around_who_may_ask_how_often_and_where(mug: Drawn) -> None:
    eve = author(mug)
    for decided, told in (
        ({"who": "admins"}, "only those who manage this server"),
        ({"adult_only": True}, "only in age-restricted channels"),
        ({"quotas": {"*": 1}}, "You have used your one instruction"),
        ({"cooldown": 3_600}, "That was quick"),
    ):
        await decide(mug, **decided)
        answer = await eve.slash(room(mug), "imagine", installed="user", prompt="a mug")
        assert told in await noted(answer)


async def test_who_is_blocked_does_not_change_what_waits_for_them(mug: Drawn) -> None:
    there, eve = mug.there, author(mug)
    there.house.engine.gate = gate = asyncio.Event()
    try:
        first = await there.turn_of(await eve.says(mug.thread, "make it navy"))
        said = await eve.says(mug.thread, "make it green")
        waiting = await there.turn_of(said)
        await block(mug, eve)
        await eve.edits(said, "something worse")
        await all_heard(there)
        now = await there.house.desk.turn(waiting.session_id, waiting.id)
        assert now.text == "make it green"
    finally:
        there.house.engine.gate = None
        gate.set()
    await there.ended(first)
    await there.ended(waiting)


async def test_who_is_blocked_does_not_fill_the_channel_for_reports(mug: Drawn) -> None:
    there, eve = mug.there, author(mug)
    reports = there.guild.channel("reports-here")
    await decide(mug, reports=f"discord:{reports.id}")
    chosen = with_choice("report", mug.version)
    name = buttons.custom_id(buttons.MORE, mug.turn.id)
    dialog = await eve.selects(mug.message, name, chosen, forged=True)
    assert dialog.modal
    await block(mug, eve)
    assert BLOCKED in await noted(await eve.submits(dialog, {"words": "I hate it"}))
    again = await eve.selects(mug.message, name, chosen, forged=True)
    assert BLOCKED in await noted(again)
    assert there.fake.said_by_bot(reports) == []


# On the page of a session.


async def on_page(mug: Drawn, who: Actor | None = None, text: str = "make it navy") -> TurnState:
    """What becomes of words on the page."""
    desk = mug.there.house.desk
    session = await mug.session()
    event = f"web:{mug.there.fake.world.new_id()}"
    turn = await desk.accept(
        TurnRequest(
            thread=session.thread,
            event_keys=(event,),
            actor=who or mug.turn.actor,
            channel="web",
            text=text,
        )
    )
    return (await mug.there.ended(turn)).state


async def test_on_the_page_roles_count_as_when_they_last_asked(mug: Drawn) -> None:
    there, eve = mug.there, author(mug)
    role = there.guild.role("beginners")
    there.guild.join(eve.id, roles=["beginners"])
    await decide(mug, quotas={role.id: 2})
    turn = await there.turn_of(await eve.slash(room(mug), "imagine", prompt="a cup"))
    await there.ended(turn)
    with pytest.raises(OverQuota):
        await on_page(mug)
    await decide(mug, quotas={"*": 9, role.id: 2})
    assert await on_page(mug) is TurnState.DONE, "the most that one of the roles gives"


async def test_whose_roles_nobody_knows_has_the_least_on_the_page(mug: Drawn) -> None:
    await decide(mug, quotas={"4": 50, "5": 0})
    with pytest.raises(NotAllowed) as refused:
        await on_page(mug)
    assert refused.value.code == "no_quota"


async def test_models_and_the_gate_of_now_hold_on_the_page(mug: Drawn) -> None:
    await decide(mug, models=("another",), gate="pictures")
    assert await on_page(mug) is TurnState.FAILED
    turn = (await mug.turns())[-1]
    assert (turn.models, turn.gate) == (("another",), "pictures")
    assert turn.error and turn.error.code == "no_model_allowed"


async def test_who_is_blocked_is_so_on_the_page_whoever_began_it(mug: Drawn) -> None:
    """Of a session, too, that began before Easel was in the server, in somebody's own account."""
    eve = author(mug)
    await block(mug, eve)
    away = mug.turn.actor.model_copy(update={"workspace": "discord:@9"})
    desk, thread = mug.there.house.desk, f"discord:{mug.there.guild.id}:{room(mug).id}:9"
    asked = TurnRequest(
        thread=thread, event_keys=("9",), actor=away, text="a cup", place=mug.turn.place
    )
    await mug.there.ended(await desk.accept(asked))
    page = asked.model_copy(
        update={"event_keys": ("web:9",), "actor": mug.turn.actor, "place": {}, "channel": "web"}
    )
    with pytest.raises(NotAllowed) as refused:
        await desk.accept(page)
    assert refused.value.code == "blocked"


# Many at once.


async def test_a_quota_holds_for_who_asks_many_times_at_once(mug: Drawn) -> None:
    there, eve = mug.there, author(mug)
    await decide(mug, quotas={"*": 3})
    name = f"e1:vary:{mug.version}"
    await asyncio.gather(
        *(eve.slash(room(mug), "imagine", prompt=f"a cup {number}") for number in range(6)),
        *(eve.says(mug.thread, f"make it {colour}") for colour in ("navy", "red", "grey")),
        *(eve.clicks(mug.message, custom_id=name, forged=True) for _ in range(3)),
    )
    await there.quiet()
    mine = [turn for turn in await there.turns() if turn.actor.id == mug.turn.actor.id]
    assert len(mine) == 3, "the first one counts as well"
    for turn in mine:
        await there.ended(turn)


async def test_a_pause_holds_for_who_asks_many_times_at_once(mug: Drawn) -> None:
    eve = author(mug)
    await decide(mug, cooldown=3_600)
    answers = await asyncio.gather(
        *(eve.slash(room(mug), "imagine", prompt=f"a cup {number}") for number in range(5))
    )
    for answer in answers:
        assert "That was quick" in await noted(answer)
