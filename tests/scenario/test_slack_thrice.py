"""Everything that Slack tells three times, over HTTP and over sockets: one turn, one result."""

from __future__ import annotations

import itertools
import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.slack import buttons
from core.session.models import Turn
from core.session.showing import ShowStore
from tests.contract.slack.slack_delivery import Answer, Kind
from tests.contract.slack.slack_person import Habits, Said
from tests.contract.slack.slack_world import Message
from tests.scenario.house import png
from tests.scenario.slack_house import SlackHouse, slack_house
from tests.waiting import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORDERS = list(itertools.permutations(("message", "app_mention", "file_shared")))
WITH_FILES = [["message"], ["app_mention"], ["message", "app_mention"]]


@pytest_asyncio.fixture(
    loop_scope="module", scope="module", params=[False, True], ids=["http", "sockets"]
)
async def open_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SlackHouse]:
    folder = tmp_path_factory.mktemp("slack")
    async with slack_house(folder, sockets=request.param) as there:
        there.fake.tiers.on = False
        yield there


@pytest.fixture
def there(open_house: SlackHouse) -> SlackHouse:
    """The house with a channel of this test's own, to which everything comes three times."""
    fake = open_house.fake
    open_house.design = fake.channel(open_house.team, "design", [open_house.ana, open_house.ben])
    for name, value in vars(Habits()).items():
        setattr(fake.habits, name, value)
    fake.delivery.copies, fake.delivery.together, fake.delivery.shuffle = 3, False, None
    open_house.house.engine.calls.clear()
    return open_house


async def mentions(there: SlackHouse, words: str, *files: tuple[str, bytes]) -> Said:
    said = await there.ana.says(there.design, f"{there.team.mention} {words}", files=files)
    assert said.ok, [answer.status for answer in said.answers]
    return said


async def only_turn(there: SlackHouse, said: Said) -> Turn:
    (turn,) = await there.turns(said)
    return await there.ended(turn)


async def shown(there: SlackHouse, turn: Turn) -> None:
    """Wait until the end of a turn was shown, and nothing more is to come."""
    shows = ShowStore(there.house.parts.redis)

    async def is_over() -> bool:
        return turn.id not in await shows.unshown(turn.session_id)

    await wait_until(is_over, f"the end of “{turn.text}” is shown")
    await there.told()


async def one_result(there: SlackHouse, said: Said) -> Message:
    """What stands in the thread of a message that became one turn."""
    turn = await only_turn(there, said)
    await shown(there, turn)
    asked = [call.prompt.partition("\n\n")[0] for call in there.house.engine.calls]
    assert asked.count(turn.text) == 1
    (result,) = there.fake.said_by_bot(there.design, said.ts)
    assert len(result.files) == 1
    return result


def dropped(there: SlackHouse) -> float:
    """How many events were known to be told again."""
    for line in there.house.parts.metrics.render().decode().splitlines():
        name, _, value = line.partition(" ")
        if name == "easel_duplicates_dropped_total":
            return float(value)
    raise AssertionError("nobody counts")


async def told_again(there: SlackHouse, kind: Kind) -> list[Answer]:
    """The last deed of that kind, told twice more."""
    delivery = there.fake.delivery
    payload = next(told for known, told, _ in reversed(delivery.log) if known == kind)
    return [await delivery.once(kind, payload, mark, "http_timeout") for mark in (1, 2)]


@pytest.mark.parametrize("with_files", WITH_FILES, ids="+".join)
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
async def test_a_message_with_a_picture_is_one_turn_and_one_result(
    there: SlackHouse, order: tuple[str, ...], with_files: list[str]
) -> None:
    there.fake.habits.order = order
    there.fake.habits.with_files = frozenset(with_files)
    said = await mentions(there, "make it gold", ("mug.png", png()))
    await one_result(there, said)
    (turn,) = await there.turns(said)
    assert len(turn.inputs) == 1


@pytest.mark.parametrize("together", [False, True], ids=["in any order", "at once"])
@pytest.mark.parametrize("seed", range(2))
async def test_events_in_any_order_are_one_turn_and_one_result(
    there: SlackHouse, together: bool, seed: int
) -> None:
    there.fake.delivery.shuffle = random.Random(seed)
    there.fake.delivery.together = together
    there.fake.habits.with_files = frozenset({"message"})
    said = await mentions(there, f"make it blue {seed} {together}", ("mug.png", png()))
    await one_result(there, said)


async def test_each_event_that_was_told_again_is_counted(there: SlackHouse) -> None:
    before = dropped(there)
    await one_result(there, await mentions(there, "a mug that is counted"))
    assert dropped(there) - before == 5  # two events, three times


async def test_replies_are_one_turn_each_in_their_order(there: SlackHouse) -> None:
    said = await mentions(there, "a red mug")
    for words in ("make it navy", "make it gold"):
        assert (await there.ben.says(there.design, words, thread=said)).ok
    turns = await there.turns(said)
    assert [turn.text for turn in turns] == ["a red mug", "make it navy", "make it gold"]
    await shown(there, await there.ended(turns[-1]))
    results = there.fake.said_by_bot(there.design, said.ts)
    assert [there.fake.file(result).name for result in results] == ["v1.png", "v2.png", "v3.png"]
    assert len(there.house.engine.calls) == 3


async def test_a_direct_message_is_one_turn(there: SlackHouse) -> None:
    there.design = there.fake.dm(there.ana)
    said = await there.ana.says(there.design, "a mug for me alone")
    await one_result(there, said)


async def test_an_edit_is_offered_once(there: SlackHouse) -> None:
    said = await mentions(there, "a mug to be changed")
    await one_result(there, said)
    before = len(there.ana.notes)
    await there.ana.edits(said, f"{there.team.mention} a mug that was changed")
    await there.told()
    assert len(there.ana.notes) == before + 1
    assert len(await there.turns(said)) == 1


async def test_a_command_is_one_thread_with_one_result(there: SlackHouse) -> None:
    assert (await there.ana.commands("/easel", "a mug by command", there.design)).ok
    assert all(answer.ok for answer in await told_again(there, "slash_commands"))
    await there.fake.until(
        lambda: [one for one in there.fake.said_by_bot(there.design) if one.files], "a result"
    )
    root, *_ = there.fake.said_by_bot(there.design)
    (turn,) = await there.turns(root)
    await shown(there, turn)
    root, result = there.fake.said_by_bot(there.design)
    assert result.thread_ts == root.ts
    assert len(there.house.engine.calls) == 1


async def test_a_press_is_one_turn_with_one_result(there: SlackHouse) -> None:
    said = await mentions(there, "a mug to press on")
    result = await one_result(there, said)
    assert (await there.ben.chooses(result, buttons.UPSCALE, "2x")).ok
    assert all(answer.ok for answer in await told_again(there, "interactive"))
    _, larger = await there.turns(said)
    await shown(there, await there.ended(larger))
    assert len(there.fake.said_by_bot(there.design, said.ts)) == 2
