"""What people do to messages later: edits, deletions, reactions, Slack's own stop button."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat.edits import Sibling, kept_sibling
from adapters.slack import buttons
from core.session.links import MessageLink
from core.session.models import Turn, TurnState
from tests.contract.slack import slack_payloads as payloads
from tests.contract.slack.slack_chat import changed_event
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Message
from tests.scenario.house import png
from tests.scenario.slack_house import SlackHouse, slack_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    """One for all: without a worker, so that turns stay as they were accepted."""
    async with slack_house(tmp_path_factory.mktemp("slack"), working=False) as there:
        yield there


@pytest.fixture
def there(open_house: SlackHouse) -> SlackHouse:
    """The house with a channel of this test's own; every event comes twice."""
    people = [open_house.ana, open_house.ben]
    open_house.design = open_house.fake.channel(open_house.team, "design", people)
    open_house.fake.delivery.copies = 2
    return open_house


async def asked(there: SlackHouse, words: str = "a red mug") -> tuple[Said, Turn]:
    """A turn of Ana's that waits."""
    said = await there.ana.says(there.design, f"{there.team.mention} {words}")
    return said, await there.turn_of(said)


async def running(there: SlackHouse, turn: Turn) -> None:
    await there.house.parts.store.start(turn.session_id, turn.id, owner="test", lease=60)


async def now(there: SlackHouse, turn: Turn) -> Turn:
    return await there.house.desk.turn(turn.session_id, turn.id)


# Edits.


async def test_a_turn_that_waits_follows_the_edit(there: SlackHouse) -> None:
    said, turn = await asked(there)
    before = len(there.ana.notes)
    assert (await there.ana.edits(said, f"{there.team.mention} a &lt;blue&gt; mug")).ok
    await there.told()
    assert (await now(there, turn)).text == "a <blue> mug"
    assert len(there.ana.notes) == before


async def test_links_follow_too_and_attached_pictures_stay(there: SlackHouse) -> None:
    shared = await there.ben.says(there.design, "", files=[("logo.png", png("gold"))])
    link = f"https://acme.slack.com/files/{there.ben.id}/{shared.message.files[0]}/logo.png"
    said = await there.ana.says(
        there.design, f"{there.team.mention} make it blue", files=[("mug.png", png())]
    )
    await there.ana.edits(said, f"{there.team.mention} put this on it: <{link}>")
    turn = await now(there, await there.turn_of(said))
    assert turn.text == "put this on it:"
    assert [ref.id for ref in turn.pending] == [
        f"file:{name}" for name in (*said.message.files, *shared.message.files)
    ]


async def test_a_turn_that_has_begun_stays_and_a_version_beside_it_is_offered_once(
    there: SlackHouse,
) -> None:
    said, turn = await asked(there)
    await running(there, turn)
    before = len(there.ana.notes)
    assert (await there.ana.edits(said, f"{there.team.mention} a blue mug")).ok
    await there.told()
    assert (await now(there, turn)).text == "a red mug"
    (note,) = there.ana.notes[before:]
    ((_, button),) = payloads.elements_of(note.blocks)
    assert button["action_id"] == buttons.SIBLING
    assert await kept_sibling(there.front, "slack", button["value"]) == Sibling(
        session=turn.session_id, turn=turn.id, text="a blue mug"
    )


@pytest.mark.parametrize("value", ["", "nothing", "../tokens", "a" * 100])
async def test_a_note_that_is_none_of_ours_means_nothing(there: SlackHouse, value: str) -> None:
    assert await kept_sibling(there.front, "slack", value) is None


async def test_previews_of_links_and_formatting_change_nothing(there: SlackHouse) -> None:
    said, turn = await asked(there)
    await there.house.desk.cancel(turn.session_id, turn.id)
    before = len(there.ana.notes)
    await there.ana.unfurls(said)
    await there.ana.edits(said, f"  {there.team.mention}  a red mug ")
    await there.told()
    assert len(there.ana.notes) == before


async def test_words_that_nobody_edited_change_nothing(there: SlackHouse) -> None:
    said, turn = await asked(there)
    said.message.text = f"{there.team.mention} a blue mug"
    event = changed_event(there.fake.world, said.message, {"text": "a red mug"})
    told = payloads.envelope(there.fake.world, there.team, event)
    assert all(answer.ok for answer in await there.fake.delivery.events([told]))
    assert (await now(there, turn)).text == "a red mug"


async def test_somebody_elses_edit_changes_nothing(there: SlackHouse) -> None:
    """Only its author can edit a message; an event that says otherwise is not believed."""
    said, turn = await asked(there)
    said.message.user = there.ben.id
    await there.ben.edits(said, f"{there.team.mention} a blue mug")
    assert (await now(there, turn)).text == "a red mug"


async def test_an_edit_to_nothing_drops_the_turn(there: SlackHouse) -> None:
    said, turn = await asked(there)
    await there.ana.edits(said, there.team.mention)
    assert (await now(there, turn)).state is TurnState.CANCELLED


async def test_an_edit_that_is_too_long_is_refused_in_words(there: SlackHouse) -> None:
    said, turn = await asked(there)
    before = len(there.ana.notes)
    assert (await there.ana.edits(said, f"{there.team.mention} {'x' * 9_000}")).ok
    await there.told()
    assert (await now(there, turn)).text == "a red mug"
    assert [note.text[:20] for note in there.ana.notes[before:]] == ["That instruction has"]


async def test_an_edit_of_talk_that_is_not_for_us_changes_nothing(there: SlackHouse) -> None:
    said = await there.ana.says(there.design, "lunch?")
    assert (await there.ana.edits(said, "dinner?")).ok
    assert not await there.turns(said)


# Deletions.


@pytest.mark.parametrize("replied", [False, True], ids=["alone", "with replies"])
async def test_a_turn_that_waits_goes_with_its_message(there: SlackHouse, replied: bool) -> None:
    said, turn = await asked(there)
    if replied:
        await there.ben.says(there.design, "make it blue", thread=said)
    assert (await there.ana.deletes(said)).ok
    states = [each.state for each in await there.house.desk.turns(turn.session_id)]
    assert states == [TurnState.CANCELLED, *([TurnState.QUEUED] if replied else [])]


async def test_a_turn_that_has_begun_outlives_its_message(there: SlackHouse) -> None:
    said, turn = await asked(there)
    await running(there, turn)
    assert (await there.ana.deletes(said)).ok
    assert (await now(there, turn)).state is TurnState.RUNNING


# Reactions.


async def shown(there: SlackHouse, said: Said, turn: Turn) -> Message:
    """A result of ours that shows the first version of the session."""
    world, team = there.fake.world, there.team
    message = Message(there.design.id, world.new_ts(), team.bot_user, team.id, text="v1")
    message.bot_id, message.thread_ts = team.bot_id, said.ts
    world.messages[there.design.id, message.ts] = message
    link = MessageLink(session=turn.session_id, turn=turn.id, versions=(f"{turn.session_id}.v1",))
    await there.front.links.link(there.place(message).message_key(message.ts), link)
    return message


@pytest.mark.parametrize("name", ["white_check_mark", "heavy_check_mark", "ballot_box_with_check"])
async def test_a_check_mark_approves_until_it_is_taken_back(there: SlackHouse, name: str) -> None:
    said, turn = await asked(there)
    result = await shown(there, said, turn)
    approved = {f"{turn.session_id}.v1": (turn.actor.id,)}
    assert (await there.ana.reacts(result, name)).ok
    assert await there.front.links.approvals(turn.session_id) == approved
    assert (await there.ana.unreacts(result, name)).ok
    assert await there.front.links.approvals(turn.session_id) == {}


async def test_who_took_no_part_does_not_approve(there: SlackHouse) -> None:
    said, turn = await asked(there)
    result = await shown(there, said, turn)
    await there.ben.reacts(result, "white_check_mark")
    assert await there.front.links.approvals(turn.session_id) == {}


async def test_people_of_another_company_approve_as_themselves(there: SlackHouse) -> None:
    globex = there.fake.team("globex", installed=False)
    zoe = there.fake.person(globex, "zoe")
    people = [there.ana, zoe]
    there.design = there.fake.channel(there.team, "shared", people, shared_with=[globex])
    said = await zoe.says(there.design, f"{there.team.mention} a red mug")
    turn = await there.turn_of(said)
    await zoe.reacts(await shown(there, said, turn), "white_check_mark")
    (approved,) = (await there.front.links.approvals(turn.session_id)).values()
    assert approved == (f"slack:{globex.id}:{zoe.id}",)


@pytest.mark.parametrize("name", ["x", "negative_squared_cross_mark"])
async def test_a_cross_of_the_author_takes_our_message_away(there: SlackHouse, name: str) -> None:
    said, turn = await asked(there)
    result = await shown(there, said, turn)
    assert (await there.ana.reacts(result, name)).ok
    await there.told()
    assert not there.fake.said_by_bot(there.design, said.ts)
    key = there.place(result).message_key(result.ts)
    assert await there.front.links.linked(key) is None


@pytest.mark.parametrize("name", ["x", "tada"])
async def test_other_reactions_do_nothing(there: SlackHouse, name: str) -> None:
    said, turn = await asked(there)
    result = await shown(there, said, turn)
    await there.ben.reacts(result, name)
    await there.ana.reacts(said, name)
    await there.told()
    assert there.fake.said_by_bot(there.design, said.ts) == [result]


# Stop, and being invited.


async def test_stop_cancels_all_that_is_under_way_and_says_who_it_was(there: SlackHouse) -> None:
    said, first = await asked(there)
    await running(there, first)
    await there.ana.says(there.design, "make it blue", thread=said)
    assert (await there.ben.stops(said)).ok
    await there.told()
    states = {turn.state for turn in await there.turns(said)}
    assert states == {TurnState.CANCELLED}
    (told,) = there.fake.said_by_bot(there.design, said.ts)
    assert told.text.endswith("stopped 2 instructions in this thread.")


async def test_stopping_ones_own_turn_needs_no_words(there: SlackHouse) -> None:
    said, turn = await asked(there)
    assert (await there.ana.stops(said)).ok
    await there.told()
    assert (await now(there, turn)).state is TurnState.CANCELLED
    assert not there.fake.said_by_bot(there.design, said.ts)


async def test_stop_in_a_thread_without_a_session_does_nothing(there: SlackHouse) -> None:
    said = await there.ana.says(there.design, "lunch?")
    assert (await there.ana.stops(said)).ok


async def test_an_invitation_is_answered_once_with_how_to_begin(there: SlackHouse) -> None:
    fresh = there.fake.channel(there.team, "fresh", [there.ana], bot=False)
    await there.ana.invites_bot(fresh)
    await there.told()
    await there.ana.removes_bot(fresh)
    await there.ana.invites_bot(fresh)
    await there.told()
    (hello,) = there.fake.said_by_bot(fresh)
    assert "Mention me and say what to draw" in hello.text
