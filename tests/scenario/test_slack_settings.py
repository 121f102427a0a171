"""What a channel and a workspace decide: by admins, checked in place, true from the next turn."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat.settings import LEFT, LISTEN, MODEL, QUALITY, WHO
from adapters.slack import home_view, settings_view
from core.instruction.plan import TurnOptions
from core.policy.rules import Rules
from tests.contract.slack.slack_clicking import Person
from tests.contract.slack.slack_views import make_view
from tests.contract.slack.slack_world import Channel, Json, View
from tests.scenario.slack_home_stand import HomeStand, home_stand, words_on

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HomeStand]:
    async with home_stand(tmp_path_factory.mktemp("slack")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def room(stand: HomeStand) -> AsyncIterator[Channel]:
    """A channel that has decided nothing, in a workspace that has decided nothing."""
    there = stand.there
    number = len(there.fake.world.channels)
    people = [there.ana, there.ben, stand.boss]
    yield there.fake.channel(there.team, f"room-{number}", people)
    await there.front.rules.forget(_workspace(stand))
    there.fake.world.views.clear()


def _workspace(stand: HomeStand) -> str:
    return f"slack:{stand.there.team.id}"


async def _opened(person: Person, channel: Channel) -> View:
    answer = await person.commands("/easel", "settings", channel)
    assert answer.ok and not answer.body, answer.text
    return person.view


async def _decided(stand: HomeStand, channel: Channel | None = None) -> Rules:
    return await stand.there.front.rules.decided(_workspace(stand), channel.id if channel else "")


def _forged(stand: HomeStand, person: Person, source: Json) -> View:
    """A dialog in front of somebody to whom we never showed it."""
    return make_view(stand.there.fake.world, source, person.id, stand.there.team.id, None)


async def test_what_an_admin_decides_holds_from_the_next_turn_on(
    stand: HomeStand, room: Channel
) -> None:
    there = stand.there
    view = await _opened(stand.boss, room)
    chosen = {MODEL: "fake", QUALITY: "high", WHO: "everyone", LISTEN: "mention"}
    assert (await stand.boss.submits(view, chosen)).ok
    options = TurnOptions(model="fake", quality="high")
    assert await _decided(stand, room) == Rules(who="everyone", listen="mention", options=options)
    said = await there.ana.says(room, f"{there.team.mention} a red mug")
    await there.ended(await there.turn_of(said))
    assert there.house.engine.calls[-1].quality == "high"
    await there.ana.says(room, "make it blue", thread=said)
    assert len(await there.turns(said)) == 1
    await there.told()
    assert "Saved" in stand.boss.notes[-1].text
    assert "High" in stand.boss.notes[-1].text


async def test_the_dialog_shows_what_is_decided(stand: HomeStand, room: Channel) -> None:
    rules = Rules(who="members", options=TurnOptions(quality="low"))
    await stand.there.front.rules.decide(_workspace(stand), room.id, rules)
    view = await _opened(stand.boss, room)
    assert (await stand.boss.submits(view)).ok
    assert await _decided(stand, room) == rules


async def test_a_choice_can_be_taken_back(stand: HomeStand, room: Channel) -> None:
    await stand.there.front.rules.decide(_workspace(stand), room.id, Rules(who="members"))
    view = await _opened(stand.boss, room)
    assert (await stand.boss.submits(view, {WHO: LEFT})).ok
    assert await _decided(stand, room) == Rules()


async def test_what_is_said_to_hold_is_what_the_workspace_says_too(
    stand: HomeStand, room: Channel
) -> None:
    rules = Rules(options=TurnOptions(quality="low"))
    await stand.there.front.rules.decide(_workspace(stand), "", rules)
    view = await _opened(stand.boss, room)
    assert (await stand.boss.submits(view, {WHO: "members"})).ok
    await stand.there.told()
    assert "Low: quick and cheap" in stand.boss.notes[-1].text
    assert "Members of this workspace" in stand.boss.notes[-1].text


async def test_others_read_what_holds_and_who_can_change_it(
    stand: HomeStand, room: Channel
) -> None:
    rules = Rules(who="members", options=TurnOptions(quality="low"))
    await stand.there.front.rules.decide(_workspace(stand), "", rules)
    view = await _opened(stand.there.ana, room)
    words = words_on(view)
    assert view.json["submit"] is None
    assert "Members of this workspace" in words
    assert "Low: quick and cheap" in words
    assert "Admins and owners of the workspace can change this" in words


async def test_who_is_no_admin_saves_nothing(stand: HomeStand, room: Channel) -> None:
    ana, catalog = stand.there.ana, stand.there.front.catalog
    view = _forged(stand, ana, settings_view.workspace_view(catalog, Rules()))
    answer = await ana.submits(view, {WHO: "admins"})
    assert answer.ok
    assert "Only admins can change these settings" in words_on(ana.view)
    assert await _decided(stand) == Rules()


async def test_the_dialog_of_another_is_no_ones_key(stand: HomeStand, room: Channel) -> None:
    other = stand.there.fake.person(stand.there.team, "boss-too", admin=True)
    view = await _opened(stand.boss, room)
    forged = _forged(stand, other, {**view.json, "blocks": view.json["blocks"]})
    assert (await other.submits(forged, {WHO: "admins"})).ok
    assert "too old, or not yours" in words_on(other.view)
    assert await _decided(stand, room) == Rules()


async def test_the_dialog_carries_no_channel_that_could_be_changed(
    stand: HomeStand, room: Channel
) -> None:
    view = await _opened(stand.boss, room)
    assert room.id not in view.json["private_metadata"]
    view.json["private_metadata"] = stand.there.design.id
    assert (await stand.boss.submits(view, {WHO: "admins"})).ok
    assert "too old, or not yours" in words_on(stand.boss.view)
    assert await _decided(stand, stand.there.design) == Rules()


@pytest.mark.parametrize(
    ("name", "forged"),
    [(MODEL, "gpt-nonsense"), (QUALITY, "perfect"), (WHO, "nobody"), (LISTEN, "x" * 200)],
)
async def test_choices_that_are_none_are_marked_in_place(
    stand: HomeStand, room: Channel, name: str, forged: str
) -> None:
    view = await _opened(stand.boss, room)
    option = {"text": {"type": "plain_text", "text": "forged"}, "value": forged}
    answer = await stand.boss.submits(view, {name: option})
    assert set(answer.json["errors"]) == {name}
    assert await _decided(stand, room) == Rules()


async def test_a_quality_that_the_model_does_not_know_is_marked(
    stand: HomeStand, room: Channel
) -> None:
    view = await _opened(stand.boss, room)
    answer = await stand.boss.submits(view, {MODEL: "fake", QUALITY: "xhigh"})
    assert answer.json["errors"] == {
        QUALITY: "Fake does not know that. Choose from: As the model thinks best, "
        "Low: quick and cheap, Medium, High."
    }
    assert await _decided(stand, room) == Rules()
    assert (await stand.boss.submits(view, {MODEL: "fake", QUALITY: "medium"})).ok
    assert (await _decided(stand, room)).options.quality == "medium"


async def test_a_model_that_is_away_is_not_lost_by_saving_something_else(
    stand: HomeStand, room: Channel
) -> None:
    rules = Rules(options=TurnOptions(model="away-just-now", size="landscape"))
    await stand.there.front.rules.decide(_workspace(stand), room.id, rules)
    view = await _opened(stand.boss, room)
    assert "can't be had just now" in words_on(view)
    assert (await stand.boss.submits(view, {WHO: "members"})).ok
    assert await _decided(stand, room) == rules.model_copy(update={"who": "members"})


async def test_the_workspace_decides_from_the_home_page(stand: HomeStand, room: Channel) -> None:
    page = await stand.page(stand.boss)
    assert (await stand.boss.clicks(page, home_view.SETTINGS)).ok
    assert (await stand.boss.submits(stand.boss.view, {QUALITY: "low", WHO: "members"})).ok
    assert await _decided(stand) == Rules(who="members", options=TurnOptions(quality="low"))
    await stand.there.told()
    assert "Low: quick and cheap" in words_on(stand.boss.home)
    said = await stand.there.ana.says(room, f"{stand.there.team.mention} a red mug")
    await stand.there.ended(await stand.there.turn_of(said))
    assert stand.there.house.engine.calls[-1].quality == "low"


async def test_others_read_the_workspaces_settings_from_the_home_page(
    stand: HomeStand, room: Channel
) -> None:
    ana = stand.there.ana
    assert (await ana.clicks(await stand.page(ana), home_view.SETTINGS)).ok
    assert ana.view.json["submit"] is None
    assert "Admins and owners" in words_on(ana.view)


async def test_the_workspaces_dialog_opens_over_that_of_a_channel(
    stand: HomeStand, room: Channel
) -> None:
    below = await _opened(stand.boss, room)
    assert (await stand.boss.clicks(below, settings_view.IN_WORKSPACE)).ok
    above = stand.boss.view
    assert above.json["previous_view_id"] == below.id
    assert (await stand.boss.submits(above, {LISTEN: "mention"})).ok
    assert stand.boss.view.id == below.id
    assert await _decided(stand) == Rules(listen="mention")
    assert await _decided(stand, room) == Rules()


async def test_a_direct_conversation_is_its_persons_own(stand: HomeStand, room: Channel) -> None:
    ana, fake = stand.there.ana, stand.there.fake
    direct = fake.dm(ana)
    view = await _opened(ana, direct)
    inputs = [block["block_id"] for block in view.json["blocks"] if block["type"] == "input"]
    assert inputs == [MODEL, QUALITY]
    assert (await ana.submits(view, {QUALITY: "high"})).ok
    said = await ana.says(direct, "a red mug")
    await stand.there.ended(await stand.there.turn_of(said))
    assert stand.there.house.engine.calls[-1].quality == "high"


async def test_a_missing_scope_is_named(stand: HomeStand, room: Channel) -> None:
    there = stand.there
    person = there.fake.person(there.team, "somebody-new")
    room.members.add(person.id)
    there.fake.fail("users.info", error="missing_scope")
    answer = await person.commands("/easel", "settings", room)
    assert answer.ok
    assert "permission" in answer.text
