"""What stands behind Upscale and More: dialogs, other channels, deleting; and values from elsewhere
that are refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat import filled_in
from adapters.chat.values import TurnRef, with_choice
from adapters.slack import buttons
from core.engines.fake import FakeEngine
from core.session.links import MessageLink
from core.session.models import TurnState
from tests.contract.slack.slack_person import Said
from tests.contract.slack.slack_world import Kind, Message
from tests.scenario.house import png
from tests.scenario.slack_drawn import Drawn, drawn
from tests.scenario.slack_house import LINK, SlackHouse, slack_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    engine = FakeEngine(png(), 64, 64)
    async with slack_house(tmp_path_factory.mktemp("slack"), engine) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def mug(there: SlackHouse) -> Drawn:
    return await drawn(there)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(there: SlackHouse) -> Drawn:
    """A thread that stays as it is: nothing that is tried on it may do anything."""
    return await drawn(there)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cup(there: SlackHouse) -> Drawn:
    """Another one that stays as it is."""
    return await drawn(there, "a blue cup")


async def test_enlarging_by_a_model_is_asked_in_a_dialog(there: SlackHouse, mug: Drawn) -> None:
    assert (await there.ben.chooses(mug.results[-1], buttons.UPSCALE, f"model|{mug.version}")).ok
    view = there.ben.view
    assert (await there.ben.submits(view, {"scale": "2x", "model": "real-esrgan"})).ok
    turn = await mug.newest(2)
    assert (turn.text, turn.acts_on, turn.options.model) == ("2x", mug.version, "real-esrgan")
    assert turn.state is TurnState.DONE, turn.error


async def test_a_dialog_sent_twice_is_one_turn(there: SlackHouse, mug: Drawn) -> None:
    await there.ben.chooses(mug.results[-1], buttons.UPSCALE, f"model|{mug.version}")
    await there.ben.submits(there.ben.view, {"scale": "2x"})
    kind, payload, _ = [told for told in there.fake.delivery.log if told[0] == "interactive"][-1]
    assert (await there.fake.delivery.once(kind, payload, 1, "timeout")).ok
    assert len(await mug.turns()) == 2


async def test_a_model_that_is_not_offered_is_said_beside_the_input(
    there: SlackHouse, kept: Drawn
) -> None:
    await there.ben.chooses(kept.results[-1], buttons.UPSCALE, f"model|{kept.version}")
    forged = {"text": {"type": "plain_text", "text": "x"}, "value": "gpt-image-2"}
    answer = await there.ben.submits(there.ben.view, {"model": forged})
    assert answer.json["response_action"] == "errors"
    assert list(answer.json["errors"]) == [filled_in.MODEL]
    assert len(await kept.turns()) == 1
    await there.ben.closes(there.ben.view)


async def test_the_details_of_a_version_are_shown(there: SlackHouse, kept: Drawn) -> None:
    assert (await there.ben.chooses(kept.results[-1], buttons.MORE, f"details|{kept.version}")).ok
    told = str(there.ben.view.json["blocks"])
    for part in ("a red mug", "64 × 64 px", "fake", kept.version, "free"):
        assert part in told
    await there.ben.closes(there.ben.view)


async def test_the_link_into_the_workspace_is_for_the_one_who_asks(
    there: SlackHouse, kept: Drawn
) -> None:
    assert (await there.ben.chooses(kept.results[-1], buttons.MORE, f"workspace|{kept.version}")).ok
    await there.told()
    note = there.ben.notes[-1]
    assert LINK.format(kept.turn.session_id) in note.text
    assert (note.only_for, note.thread_ts) == (there.ben.id, kept.said.ts)


async def test_a_version_is_shown_in_another_channel(there: SlackHouse, mug: Drawn) -> None:
    other = there.fake.channel(there.team, f"other-{mug.said.ts}", [there.ana])
    await there.ana.chooses(mug.results[-1], buttons.MORE, f"show|{mug.version}")
    assert (await there.ana.submits(there.ana.view, {"channel": other.id})).ok
    await there.fake.until(
        lambda: [m for m in there.fake.said_by_bot(other) if m.files], "it is shown there"
    )
    root, *_ = there.fake.said_by_bot(other)
    assert (root.thread_ts, root.text) == ("", "*ana*: shows v1 of another thread here")
    turn = (await there.turns(root))[0]
    assert turn.brings == mug.version


@pytest.mark.parametrize("kind", ["not invited", "not theirs", "archived", "none"])
async def test_a_channel_that_will_not_do_is_said_beside_the_input(
    there: SlackHouse, kept: Drawn, kind: str
) -> None:
    people = [] if kind == "not theirs" else [there.ana]
    private: Kind = "group" if kind == "not theirs" else "channel"
    name = kind.replace(" ", "-")
    other = there.fake.channel(there.team, name, people, kind=private, bot=kind != "not invited")
    other.archived = kind == "archived"
    await there.ana.chooses(kept.results[-1], buttons.MORE, f"show|{kept.version}")
    chosen = "C0NOWHERE00" if kind == "none" else other.id
    answer = await there.ana.submits(there.ana.view, {"channel": chosen})
    assert list(answer.json["errors"]) == [filled_in.CHANNEL]
    assert there.fake.said_by_bot(other) == []
    await there.ana.closes(there.ana.view)


async def test_only_who_asked_for_a_picture_or_an_admin_deletes_it(
    there: SlackHouse, mug: Drawn
) -> None:
    result = mug.results[-1]
    await there.ben.chooses(result, buttons.MORE, f"delete|{mug.version}")
    answer = await there.ben.submits(there.ben.view)
    assert "Only the one who asked" in str(answer.json["view"])
    assert result in mug.results
    await there.ben.closes(there.ben.view)

    boss = there.fake.person(there.team, "boss", admin=True)
    mug.channel.members.add(boss.id)
    await boss.chooses(result, buttons.MORE, f"delete|{mug.version}")
    assert (await boss.submits(boss.view)).ok
    assert mug.results == []
    assert await there.front.links.linked(there.place(result).message_key(result.ts)) is None


async def test_the_author_deletes_what_they_asked_for(there: SlackHouse, mug: Drawn) -> None:
    await there.ana.chooses(mug.results[-1], buttons.MORE, f"delete|{mug.version}")
    assert (await there.ana.submits(there.ana.view)).ok
    assert mug.results == []
    assert len(await mug.turns()) == 1


async def test_a_dialog_of_somebody_else_is_not_theirs(there: SlackHouse, kept: Drawn) -> None:
    await there.ana.chooses(kept.results[-1], buttons.MORE, f"delete|{kept.version}")
    stolen = there.ana.view.json["private_metadata"]
    await there.ben.chooses(kept.results[-1], buttons.MORE, f"delete|{kept.version}")
    there.ben.view.json["private_metadata"] = stolen
    answer = await there.ben.submits(there.ben.view)
    assert "not yours" in str(answer.json["view"])
    assert len(kept.results) == 1
    for person in (there.ana, there.ben):
        await person.closes(person.view)


@pytest.mark.parametrize("metadata", ["", "x", "{}", "a" * 3000, 'slack:dialog:*"\n'])
async def test_a_dialog_about_nothing_does_nothing(
    there: SlackHouse, kept: Drawn, metadata: str
) -> None:
    await there.ana.chooses(kept.results[-1], buttons.UPSCALE, f"model|{kept.version}")
    there.ana.view.json["private_metadata"] = metadata
    answer = await there.ana.submits(there.ana.view, {"scale": "2x"})
    assert "too old" in answer.json["errors"][filled_in.SCALE]
    assert len(await kept.turns()) == 1
    await there.ana.closes(there.ana.view)


@pytest.mark.parametrize(
    "value",
    ["", "x", "|", "2x|", "2x|nothing", "9x|{own}", "2x|{own}.v9", "2x|{session}.v99", "{long}"],
)
async def test_a_value_that_says_nothing_is_refused_kindly(
    there: SlackHouse, kept: Drawn, value: str
) -> None:
    sid = kept.turn.session_id
    told = value.format(own=kept.version, session=sid, long="y" * 151)
    before = len(there.ana.notes)
    answer = await forged(there, kept.results[-1], buttons.UPSCALE, told)
    assert answer.ok
    await there.told()
    assert len(there.ana.notes) == before + 1
    assert len(await kept.turns()) == 1


@pytest.mark.parametrize(
    "action",
    [
        buttons.TRANSPARENT,
        buttons.VARIATIONS,
        buttons.UNDO,
        buttons.SHOW_HERE,
        buttons.UPSCALE,
        buttons.MORE,
        buttons.CANCEL,
        buttons.AGAIN,
        buttons.OFFER,
        buttons.INSTEAD,
    ],
)
async def test_a_session_of_another_thread_guessed_by_its_id_is_refused(
    there: SlackHouse, kept: Drawn, cup: Drawn, action: str
) -> None:
    turn = str(TurnRef(cup.turn.session_id, cup.turn.id))
    values = {
        buttons.UPSCALE: f"2x|{cup.version}",
        buttons.MORE: f"details|{cup.version}",
        buttons.INSTEAD: with_choice(turn, cup.version),
        **dict.fromkeys((buttons.CANCEL, buttons.AGAIN, buttons.OFFER), turn),
    }
    before = len(there.ana.notes)
    answer = await forged(there, kept.results[-1], action, values.get(action, cup.version))
    assert answer.ok
    await there.told()
    assert "does not belong to this thread" in there.ana.notes[before].text
    assert (len(await kept.turns()), len(await cup.turns())) == (1, 1)


async def test_a_turn_does_not_take_a_version_of_another_thread(
    there: SlackHouse, kept: Drawn, cup: Drawn
) -> None:
    own = str(TurnRef(kept.turn.session_id, kept.turn.id))
    value = with_choice(own, cup.version)
    assert (await forged(there, kept.results[-1], buttons.INSTEAD, value)).ok
    await there.told()
    assert "does not belong to this thread" in there.ana.notes[-1].text


async def test_a_message_that_shows_nothing_of_a_session_opens_none(
    there: SlackHouse, kept: Drawn
) -> None:
    """The same ids, pressed in another channel of the same workspace, and in a direct message."""
    lobby = there.fake.channel(there.team, f"lobby-{kept.said.ts}", [there.ana])
    for channel in (lobby, there.fake.dm(there.ana)):
        alone = there.ana.writes(channel, "hello")
        answer = await forged(there, alone, buttons.VARIATIONS, kept.version)
        assert answer.ok
        await there.told()
        assert "does not belong" in there.ana.notes[-1].text
    assert len(await kept.turns()) == 1


async def test_a_link_of_another_workspace_with_the_same_ids_is_none_of_ours(
    there: SlackHouse, kept: Drawn, cup: Drawn
) -> None:
    """Channels and timestamps are no secret; what they lead to is looked up by workspace."""
    result = kept.results[-1]
    elsewhere = f"slack:T0OTHER:{result.channel}:{result.ts}"
    await there.front.links.link(
        elsewhere, MessageLink(session=cup.turn.session_id, versions=(cup.version,))
    )
    assert (await forged(there, result, buttons.VARIATIONS, cup.version)).ok
    await there.told()
    assert "does not belong" in there.ana.notes[-1].text
    assert len(await cup.turns()) == 1


async def forged(there: SlackHouse, target: Message | Said, action: str, value: str) -> Any:
    """A press that no button of the message offers."""
    message = target.message if isinstance(target, Said) else target
    element = {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "x"}}
    before = list(message.blocks)
    message.blocks = [{"type": "actions", "block_id": "forged", "elements": [element]}]
    try:
        return await there.ana.clicks(message, action, value)
    finally:
        message.blocks = before
