"""What people do to messages later: edits, deletions."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat.edits import Sibling, kept_sibling
from adapters.discord import buttons
from core.session.models import Turn, TurnState
from tests.contract.discord.discord_world import Message
from tests.scenario.discord_house import DiscordHouse, discord_house
from tests.scenario.discord_incoming_stand import all_heard, begun, replied, replies
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAT = ("cat.png", png())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordHouse]:
    """One for all: without a worker, so that turns stay as they were accepted."""
    async with discord_house(tmp_path_factory.mktemp("discord"), working=False) as there:
        yield there


@pytest.fixture
def there(open_house: DiscordHouse) -> DiscordHouse:
    """The house with a channel of this test's own."""
    open_house.design = open_house.guild.channel("design")
    return open_house


async def asked(there: DiscordHouse, words: str = "a red mug") -> tuple[Message, Turn]:
    """A turn of Ana's that waits."""
    said = await there.ana.says(there.design, f"{there.fake.mention} {words}")
    return said, await there.turn_of(said)


async def running(there: DiscordHouse, turn: Turn) -> None:
    await there.house.parts.store.start(turn.session_id, turn.id, owner="test", lease=60)


async def now(there: DiscordHouse, turn: Turn) -> Turn:
    await all_heard(there)
    return await there.house.desk.turn(turn.session_id, turn.id)


async def test_a_turn_that_waits_follows_the_edit(there: DiscordHouse) -> None:
    said, turn = await asked(there)
    await there.ana.edits(said, f"{there.fake.mention} a blue mug")
    assert (await now(there, turn)).text == "a blue mug"
    assert replies(there, said) == []


async def test_a_reply_in_a_thread_follows_its_edit_too(there: DiscordHouse) -> None:
    session = await begun(there)
    said = await there.ben.says(session.thread, "make it blue")
    turn = await there.turn_of(said)
    await there.ben.edits(said, "make it green")
    assert (await now(there, turn)).text == "make it green"


async def test_a_preview_of_a_link_changes_nothing(there: DiscordHouse) -> None:
    said, turn = await asked(there, "a mug as on https://example.com")
    await running(there, turn)
    await there.ana.unfurls(said)
    assert (await now(there, turn)).text == "a mug as on https://example.com"
    assert replies(there, said) == []


async def test_what_ran_already_is_offered_as_a_version_of_the_new_words(
    there: DiscordHouse,
) -> None:
    said, turn = await asked(there)
    await running(there, turn)
    await there.ana.edits(said, f"{there.fake.mention} a blue mug")
    assert "had already been carried out" in await replied(there, said)
    assert (await now(there, turn)).text == "a red mug"
    (offer,) = [one for one in there.fake.said_by_bot(there.design) if one.reference == said.id]
    named = str(offer.components).split("'custom_id': '")[1].split("'")[0]
    action, note = buttons.read_custom_id(named)
    assert action == buttons.SIBLING
    assert await kept_sibling(there.front, "discord", note) == Sibling(
        session=turn.session_id, turn=turn.id, text="a blue mug"
    )
    there.fake.world.tell("MESSAGE_UPDATE", {"message": said.id}, there.guild.id)
    await all_heard(there)
    assert len(replies(there, said)) == 1
    await there.ana.edits(said, f"{there.fake.mention} a green mug")
    await there.fake.until(lambda: len(replies(there, said)) == 2, "another offer")


async def test_an_edit_that_is_too_long_is_refused_in_words(there: DiscordHouse) -> None:
    said, turn = await asked(there)
    await there.ana.edits(said, f"{there.fake.mention} {'a mug ' * 1400}")
    assert "Keep it to 8,000" in await replied(there, said)
    assert (await now(there, turn)).text == "a red mug"


async def test_all_words_taken_away_drop_the_turn_unless_it_has_pictures(
    there: DiscordHouse,
) -> None:
    said, turn = await asked(there)
    await there.ana.edits(said, there.fake.mention)
    assert (await now(there, turn)).state is TurnState.CANCELLED
    said = await there.ana.says(there.design, f"{there.fake.mention} on wood", files=[CAT])
    turn = await there.turn_of(said)
    await there.ana.edits(said, there.fake.mention)
    after = await now(there, turn)
    assert (after.state, after.text) == (TurnState.QUEUED, "")


async def test_a_deleted_message_drops_its_turn_while_that_waits(there: DiscordHouse) -> None:
    said, turn = await asked(there)
    await there.ana.deletes(said)
    assert (await now(there, turn)).state is TurnState.CANCELLED
    said, turn = await asked(there)
    await running(there, turn)
    await there.mod.deletes(said)
    assert (await now(there, turn)).state is TurnState.RUNNING


async def test_many_deleted_at_once_are_all_dropped(there: DiscordHouse) -> None:
    first, one = await asked(there)
    second, two = await asked(there, "a bowl")
    gone = {"ids": [first.id, second.id], "channel_id": there.design.id}
    there.fake.world.tell(
        "MESSAGE_DELETE_BULK", {**gone, "guild_id": there.guild.id}, there.guild.id
    )
    assert (await now(there, one)).state is (await now(there, two)).state is TurnState.CANCELLED
