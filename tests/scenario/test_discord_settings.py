"""What channels and servers decide in Discord: by those who may, looked at again, kept at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.settings import LEFT
from core.instruction.plan import TurnOptions
from core.policy.rules import Rules
from tests.contract.discord.discord_world import VOICE, Channel
from tests.scenario.discord_settings_stand import (
    SettingsStand,
    chooses,
    chosen,
    forges,
    inputs,
    opened,
    settings_stand,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURES = ["model", "quality", "models"]
PEOPLE = ["who", "roles", "listen", "cooldown", "quotas", "quotarole"]
SAFETY = ["gate", "adult", "reports"]
UNKNOWN = "I don't know that setting any more"
LISTED = "Choose one of the list"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SettingsStand]:
    async with settings_stand(tmp_path_factory.mktemp("discord"), working=False) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def room(stand: SettingsStand) -> AsyncIterator[Channel]:
    """A channel that has decided nothing, in a server that has decided nothing."""
    yield await stand.room()
    await stand.there.front.rules.forget(stand.workspace)


@pytest.mark.parametrize(
    ("page", "what", "value", "rules"),
    [
        ("Pictures", "model", "fake", Rules(options=TurnOptions(model="fake"))),
        ("Pictures", "quality", "high", Rules(options=TurnOptions(quality="high"))),
        ("Pictures", "models", "other", Rules(models=("other",))),
        ("People", "who", "admins", Rules(who="admins")),
        ("People", "who", "everyone", Rules(who="everyone")),
        ("People", "listen", "mention", Rules(listen="mention")),
        ("People", "cooldown", "60", Rules(cooldown=60)),
        ("People", "cooldown", "0", Rules(cooldown=0)),
        ("People", "quotas", "20", Rules(quotas={"*": 20})),
        ("People", "quotas", "0", Rules(quotas={"*": 0})),
        ("People", "quotas", "free", Rules(quotas={})),
        ("Safety", "gate", "pictures", Rules(gate="pictures")),
        ("Safety", "gate", "off", Rules(gate="off")),
        ("Safety", "adult", "yes", Rules(adult_only=True)),
        ("Safety", "adult", "no", Rules(adult_only=False)),
    ],
)
async def test_a_choice_is_kept_at_once_and_can_be_taken_back(
    stand: SettingsStand, room: Channel, page: str, what: str, value: str, rules: Rules
) -> None:
    panel = await opened(stand.boss, room, *([page] if page != "Pictures" else []))
    await chooses(stand.boss, panel, what, value)
    assert await stand.decided(room) == rules
    assert chosen(panel, what) == [value]
    assert "Saved" in stand.words(panel)
    await chooses(stand.boss, panel, what, value)  # a double click
    assert await stand.decided(room) == rules
    await chooses(stand.boss, panel, what, *([] if what == "models" else [LEFT]))
    assert await stand.decided(room) == Rules()
    assert await stand.decided() == Rules()


@pytest.mark.parametrize(
    ("ref", "values", "told"),
    [
        ("c/pictures/model", ["gpt-nonsense"], "That model can't be had just now"),
        ("c/pictures/quality", ["perfect"], LISTED),
        ("c/pictures/models", ["fake", "gpt-nonsense"], "can't be had just now"),
        ("c/people/who", ["nobody"], LISTED),
        ("c/people/who", ["members"], LISTED),
        ("c/people/who", [], LISTED),
        ("c/people/who", ["admins", "everyone"], LISTED),
        ("c/people/who", ["roles"], "Nobody could ask me then"),
        ("c/people/listen", ["x" * 100], LISTED),
        ("c/people/cooldown", ["-1"], LISTED),
        ("c/people/cooldown", ["31"], LISTED),
        ("c/people/roles", [], "Choose up to 25 roles"),
        ("c/people/roles", ["123456789012345678"], "no role of this server"),
        ("c/people/roles", ["@everyone"], "no role of this server"),
        ("c/people/quotas", ["1001"], LISTED),
        ("c/people/quotas", ["-5"], LISTED),
        ("c/people/quotarole", ["123456789012345678"], "no role of this server"),
        ("c/people/quota.123456789012345678", ["5"], "no role of this server"),
        ("c/people/quota", ["5"], "no role of this server"),
        ("c/safety/gate", ["everything"], LISTED),
        ("c/safety/adult", ["maybe"], LISTED),
        ("c/safety/reports", ["123456789012345678"], "no channel of this server"),
        ("c/safety/reports", ["here"], "no channel of this server"),
        ("c/people/unquota", ["123456789012345678"], "Saved"),  # taken away already
    ],
)
async def test_choices_that_are_none_are_said_and_not_kept(
    stand: SettingsStand, room: Channel, ref: str, values: list[str], told: str
) -> None:
    panel = await opened(stand.boss, room)
    answer = await forges(stand.boss, panel, ref, *values)
    assert answer.type == 7
    assert told in stand.words(panel)
    assert await stand.decided(room) == Rules()


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "c",
        "x/people/who",
        "c/nothing/who",
        "c/pictures/who",  # on another page
        "c/people/nothing",
        "c/safety/blocked",  # is the server's
        "m/pictures/quality",  # is a person's own
        "c/people/who/admins",
        "c/people.0001/who",
    ],
)
async def test_names_that_are_none_are_told_from_those_that_are(
    stand: SettingsStand, room: Channel, ref: str
) -> None:
    panel = await opened(stand.boss, room)
    answer = await forges(stand.boss, panel, ref, "admins")
    assert answer.ephemeral
    (told,) = answer.told
    assert UNKNOWN in told and "/settings" in told
    assert await stand.decided(room) == await stand.decided() == Rules()


async def test_each_page_has_its_questions(stand: SettingsStand, room: Channel) -> None:
    panel = await opened(stand.boss, room)
    assert inputs(panel) == PICTURES
    for page, asked in (("People", PEOPLE), ("Safety", SAFETY), ("Pictures", PICTURES)):
        assert (await stand.boss.clicks(panel, page)).type == 7
        assert inputs(panel) == asked
    await stand.boss.clicks(panel, "Safety")
    await stand.boss.clicks(panel, "The server's settings…")
    assert inputs(panel) == SAFETY  # nobody is blocked
    assert "Nobody is blocked" in stand.words(panel)
    await stand.boss.clicks(panel, "This channel's settings…")
    assert "Nobody is blocked" not in stand.words(panel)


async def test_what_the_server_decides_stands_beside_what_is_left_to_it(
    stand: SettingsStand, room: Channel
) -> None:
    panel = await opened(stand.boss, room, "The server's settings…", "People")
    await chooses(stand.boss, panel, "cooldown", "300")
    assert await stand.decided() == Rules(cooldown=300)
    assert await stand.decided(room) == Rules()
    await stand.boss.clicks(panel, "This channel's settings…")
    assert "As the server: 5 minutes" in stand.options(panel, "cooldown")
    assert chosen(panel, "cooldown") == [LEFT]
    await chooses(stand.boss, panel, "cooldown", "10")
    assert (await stand.holds(room)).cooldown == 10


async def test_options_that_no_menu_asks_for_stay(stand: SettingsStand, room: Channel) -> None:
    before: dict[str, Any] = {"cooldown": 45, "options": {"size": "landscape", "model": "away"}}
    await stand.decide(room, **before)
    panel = await opened(stand.boss, room)
    assert "away (can't be had just now)" in stand.options(panel, "model")
    await chooses(stand.boss, panel, "quality", "low")
    await stand.boss.clicks(panel, "People")
    assert "45 seconds" in stand.options(panel, "cooldown")
    kept = Rules().changed(**before)
    options = kept.options.model_copy(update={"quality": "low"})
    assert await stand.decided(room) == kept.changed(options=options)


async def test_a_quality_that_the_model_does_not_know_is_not_kept(
    stand: SettingsStand, room: Channel
) -> None:
    panel = await opened(stand.boss, room)
    await chooses(stand.boss, panel, "model", "fake")
    await chooses(stand.boss, panel, "quality", "xhigh")
    assert "Fake does not know that. Choose from: As the model thinks best" in stand.words(panel)
    assert (await stand.decided(room)).options == TurnOptions(model="fake")


async def test_a_model_takes_a_quality_with_it_that_it_does_not_know(
    stand: SettingsStand, room: Channel
) -> None:
    panel = await opened(stand.boss, room)
    await chooses(stand.boss, panel, "quality", "max")
    await chooses(stand.boss, panel, "model", "fake")
    assert (await stand.decided(room)).options == TurnOptions(model="fake")
    assert "does not know the quality" in stand.words(panel)


async def test_a_model_that_may_not_be_used_is_not_the_usual_one(
    stand: SettingsStand, room: Channel
) -> None:
    panel = await opened(stand.boss, room)
    await chooses(stand.boss, panel, "model", "fake")
    await chooses(stand.boss, panel, "models", "other")
    assert await stand.decided(room) == Rules(models=("other",))
    assert "Fake may not be used any more" in stand.words(panel)
    assert "fake" not in stand.values(panel, "model")
    await forges(stand.boss, panel, "c/pictures/model", "fake")
    assert "That model may not be used here. Allow it first" in stand.words(panel)
    assert await stand.decided(room) == Rules(models=("other",))


async def test_roles_are_chosen_and_shown(stand: SettingsStand, room: Channel) -> None:
    guild = stand.there.guild
    potters, guests = await stand.role("potters"), await stand.role("guests")
    panel = await opened(stand.boss, room, "People")
    await chooses(stand.boss, panel, "roles", potters, guests)
    assert await stand.decided(room) == Rules(who="roles", roles=(potters.id, guests.id))
    assert chosen(panel, "who") == ["roles"]
    assert chosen(panel, "roles") == [potters.id, guests.id]
    await chooses(stand.boss, panel, "roles", guild.roles[guild.id])
    assert "Everybody has one of these roles" in stand.words(panel)
    await chooses(stand.boss, panel, "who", "everyone")
    await chooses(stand.boss, panel, "who", "roles")  # they are known still
    assert await stand.decided(room) == Rules(who="roles", roles=(potters.id, guests.id))


async def test_a_role_gets_a_number_and_loses_it(stand: SettingsStand, room: Channel) -> None:
    guild, potters = stand.there.guild, await stand.role("potters")
    await stand.decide(None, quotas={"*": 3})
    panel = await opened(stand.boss, room, "People")
    await chooses(stand.boss, panel, "quotarole", guild.roles[guild.id])
    assert "Use the menu above for everybody" in stand.words(panel)
    await chooses(stand.boss, panel, "quotarole", potters)
    assert inputs(panel) == [*PEOPLE, "quota"]
    assert await stand.decided(room) == Rules()
    await chooses(stand.boss, panel, "quota", "50")
    assert await stand.decided(room) == Rules(quotas={"*": 3, potters.id: 50})
    assert f"<@&{potters.id}>: 50 in 24 hours" in stand.raw(panel)
    await chooses(stand.boss, panel, "quotas", "free")
    assert await stand.decided(room) == Rules(quotas={potters.id: 50})
    await chooses(stand.boss, panel, "unquota", potters.id)
    assert await stand.decided(room) == Rules(quotas={})
    await chooses(stand.boss, panel, "quotas", LEFT)
    assert (await stand.holds(room)).quotas == {"*": 3}


async def test_a_role_that_is_gone_can_be_taken_off_the_list(
    stand: SettingsStand, room: Channel
) -> None:
    await stand.decide(room, quotas={"123456789012345678": 5}, roles=["123456789012345678"])
    panel = await opened(stand.boss, room, "People")
    assert stand.options(panel, "unquota") == ["A role that is gone"]
    assert chosen(panel, "roles") == []
    await chooses(stand.boss, panel, "unquota", "123456789012345678")
    assert (await stand.decided(room)).quotas == {}


async def test_there_are_only_so_many_numbers(stand: SettingsStand, room: Channel) -> None:
    potters = await stand.role("potters")
    await stand.decide(room, quotas={str(10**17 + number): 5 for number in range(25)})
    panel = await opened(stand.boss, room, "People")
    await chooses(stand.boss, panel, "quotarole", potters)
    await chooses(stand.boss, panel, "quota", "50")
    assert "These are too many numbers" in stand.words(panel)
    assert potters.id not in ((await stand.decided(room)).quotas or {})


async def test_a_channel_for_reports(stand: SettingsStand, room: Channel) -> None:
    fake, guild = stand.there.fake, stand.there.guild
    reports, secret, closed = await stand.room(), await stand.room(), await stand.room()
    secret.deny(guild.id, "view_channel")
    secret.allow(fake.bot.id, "view_channel")
    closed.deny(fake.bot.id, "send_messages")
    for each in (secret, closed):
        await stand.known(each)
    panel = await opened(stand.boss, room, "Safety")
    await chooses(stand.boss, panel, "reports", reports)
    assert await stand.decided(room) == Rules(reports=f"discord:{reports.id}")
    assert chosen(panel, "reports") == [reports.id]
    await chooses(stand.boss, panel, "reports", closed)
    assert "I can't write into that channel" in stand.words(panel)
    await chooses(stand.boss, panel, "reports", secret)
    assert "You can't see that channel yourself" in stand.words(panel)
    await forges(stand.boss, panel, "c/safety/reports", guild.channel("talk", type=VOICE))
    assert "no channel of this server" in stand.words(panel)
    elsewhere = fake.guild("elsewhere").channel("reports")
    await forges(stand.boss, panel, "c/safety/reports", elsewhere)
    assert "no channel of this server" in stand.words(panel)
    assert await stand.decided(room) == Rules(reports=f"discord:{reports.id}")
    await chooses(stand.boss, panel, "reports")
    assert await stand.decided(room) == Rules()


async def test_settings_in_a_thread_are_those_of_its_channel(
    stand: SettingsStand, room: Channel
) -> None:
    said = await stand.there.ana.says(room, "hello")
    thread = await stand.thread(said)
    panel = await opened(stand.boss, thread)
    await chooses(stand.boss, panel, "quality", "low")
    assert await stand.decided(room) == Rules(options=TurnOptions(quality="low"))


async def test_a_panel_that_is_old_shows_what_others_decided(
    stand: SettingsStand, room: Channel
) -> None:
    old = await opened(stand.boss, room, "People")
    new = await opened(stand.keeper, room, "People")
    await chooses(stand.keeper, new, "listen", "mention")
    await chooses(stand.boss, old, "cooldown", "30")
    assert chosen(old, "listen") == ["mention"]
    assert await stand.decided(room) == Rules(listen="mention", cooldown=30)


async def test_two_who_decide_at_once_are_both_heard(stand: SettingsStand, room: Channel) -> None:
    panels = [await opened(person, room, "People") for person in (stand.boss, stand.keeper)]
    for cooldown, listen in (("10", "all"), ("30", "mention"), ("60", "all")):
        await asyncio.gather(
            chooses(stand.boss, panels[0], "cooldown", cooldown),
            chooses(stand.keeper, panels[1], "listen", listen),
        )
        rules = await stand.decided(room)
        assert (str(rules.cooldown), rules.listen) == (cooldown, listen)


async def test_a_panel_works_after_a_restart(stand: SettingsStand, room: Channel) -> None:
    panel = await opened(stand.boss, room, "People")
    await stand.there.restart()
    await chooses(stand.boss, panel, "who", "admins")
    assert await stand.decided(room) == Rules(who="admins")


async def test_somebody_is_let_in_again(stand: SettingsStand, room: Channel) -> None:
    there, blocks = stand.there, stand.there.front.blocks
    name = f"discord:{there.ben.id}"
    await blocks.block(stand.workspace, name, "discord:1", "was *rude*", name="ben")
    panel = await opened(stand.boss, room, "The server's settings…", "Safety")
    assert "ben" in stand.raw(panel) and r"was \*rude\*" in stand.raw(panel)
    for forged in ([], ["nobody"], ["1", there.ben.id]):
        answer = await forges(stand.boss, panel, "g/safety/blocked", *forged)
        assert "Choose one of the list" in stand.words(panel), answer
        assert await blocks.is_blocked(stand.workspace, name)
    await chooses(stand.boss, panel, "blocked", "ben")
    assert not await blocks.is_blocked(stand.workspace, name)
    assert "Nobody is blocked" in stand.words(panel)
