"""A person's page of Easel: their own sessions and nobody else's, what was spent, what is set."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image

from adapters.slack import home_view
from core.engines.fake import FakeEngine
from core.engines.journal import UNKEPT, Journal
from core.engines.port import ImageRequest, ImageResult, Progress
from core.session.models import Actor
from core.turns.request import TurnRequest
from tests.scenario.house import png, wait_until
from tests.scenario.slack_drawn import drawn
from tests.scenario.slack_home_stand import HomeStand, home_stand, sections, words_on

pytestmark = pytest.mark.asyncio(loop_scope="module")


class _OfBothKinds(FakeEngine):
    """Draws what is clear transparent, and everything else not."""

    async def run(
        self, request: ImageRequest, progress: Progress, journal: Journal = UNKEPT
    ) -> ImageResult:
        result = await super().run(request, progress, journal)
        if "clear" not in request.prompt:
            return result
        (picture,) = result.pictures
        clear = picture.model_copy(update={"data": _clear(), "alpha": True})
        return result.model_copy(update={"pictures": (clear,)})


def _clear() -> bytes:
    packed = io.BytesIO()
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    clear.paste((178, 34, 34, 255), (16, 16, 48, 48))
    clear.save(packed, "PNG")
    return packed.getvalue()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HomeStand]:
    engine = _OfBothKinds(png(), 64, 64)
    async with home_stand(tmp_path_factory.mktemp("slack"), engine) as running:
        yield running


async def test_a_newcomer_reads_how_it_goes(stand: HomeStand) -> None:
    page = await stand.page(stand.newcomer())
    words = words_on(page)
    assert "You have no session yet" in words
    assert "Your latest sessions" not in words
    assert "*Mention me* in a channel" in words
    assert "nothing yet" in words
    assert "*Model*: Fake" in words


async def test_a_session_is_listed_with_its_picture_and_its_links(stand: HomeStand) -> None:
    mug = await stand.delivered(await drawn(stand.there, "a mug for the page"))
    page = await stand.page(stand.there.ana)
    (listed,) = sections(page, "a mug for the page")
    text = listed["text"]["text"]
    ts, team = mug.said.ts, stand.there.team
    root = f"<{team.url}archives/{mug.channel.id}/p{ts.replace('.', '')}?thread_ts={ts}&amp;cid="
    assert root in text
    assert f"<https://easel.example/open/{mug.turn.session_id}|" in text
    assert "1 version ·" in text
    assert "<!date^" in text
    assert listed["accessory"]["slack_file"] == {"id": mug.results[-1].files[0]}
    assert listed["accessory"]["alt_text"].startswith("v1 of a mug")


async def test_nobody_sees_what_others_do(stand: HomeStand) -> None:
    await drawn(stand.there, "something of ana's alone")
    assert "something of ana's alone" not in words_on(await stand.page(stand.there.ben))
    assert "something of ana's alone" in words_on(await stand.page(stand.there.ana))


async def test_who_left_a_private_channel_sees_nothing_of_it(stand: HomeStand) -> None:
    zoe, there = stand.newcomer(), stand.there
    den = there.fake.channel(there.team, "den", [zoe], kind="group")
    said = await zoe.says(den, f"{there.team.mention} a secret thing")
    await there.ended(await there.turn_of(said))
    den.members.discard(zoe.id)
    assert "a secret thing" not in words_on(await stand.page(zoe))


async def test_who_is_in_a_private_channel_sees_it(stand: HomeStand) -> None:
    zoe, there = stand.newcomer(), stand.there
    den = there.fake.channel(there.team, "other-den", [zoe], kind="group")
    said = await zoe.says(den, f"{there.team.mention} a thing among us")
    await there.ended(await there.turn_of(said))
    assert "a thing among us" in words_on(await stand.page(zoe))


async def test_sessions_of_other_installations_stay_there(stand: HomeStand) -> None:
    zoe, there = stand.newcomer(), stand.there
    team = there.team.id
    shared = there.fake.channel(there.team, "shared-by-two", [zoe])
    elsewhere = TurnRequest(
        thread=f"slack:T0ELSEWHERE:{shared.id}:1700000000.000100",
        event_keys=("elsewhere",),
        actor=Actor(id=f"slack:{team}:{zoe.id}", workspace=f"slack:{team}"),
        text="a mug of another house",
        place={"team": "T0ELSEWHERE", "channel": shared.id, "thread": "1700000000.000100"},
    )
    sid = (await there.house.desk.accept(elsewhere)).session_id

    async def noted() -> bool:
        return await there.front.links.took_part(elsewhere.actor.id, sid)

    await wait_until(noted, "it is known that she took part")
    assert "a mug of another house" not in words_on(await stand.page(zoe))


async def test_one_bad_picture_does_not_take_the_page_away(stand: HomeStand) -> None:
    mug = await stand.delivered(await drawn(stand.there, "a mug that Slack still looks at"))
    file = stand.there.fake.file(mug.results[-1])
    scanned, file.scanned = file.scanned, stand.there.fake.clock() + 1_000
    page = await stand.page(stand.there.ana)
    (listed,) = sections(page, "a mug that Slack still looks at")
    assert "slack_file" not in str(page.json["blocks"])
    assert "Open the thread" in listed["text"]["text"]
    file.scanned = scanned
    assert "slack_file" in str((await stand.page(stand.there.ana)).json["blocks"])


async def test_refresh_shows_what_is_new(stand: HomeStand) -> None:
    there = stand.there
    page = await stand.page(there.ben)
    assert "a brand-new mug" not in words_on(page)
    said = await there.ben.says(there.design, f"{there.team.mention} a brand-new mug")
    await there.ended(await there.turn_of(said))
    assert (await there.ben.clicks(page, home_view.REFRESH)).ok
    await there.told()
    assert "a brand-new mug" in words_on(there.ben.home)


async def test_peoples_words_are_only_words(stand: HomeStand) -> None:
    zoe, there = stand.newcomer(), stand.there
    said = await zoe.says(
        there.fake.dm(zoe), "a mug &lt;!channel&gt; &lt;https://evil.example|x&gt;"
    )
    await there.turn_of(said)
    words = words_on(await stand.page(zoe))
    assert "&lt;!channel&gt;" in words
    assert "<!channel>" not in words
    assert "<https://evil.example" not in words


async def test_a_thread_that_a_command_began_is_linked_once_it_is_there(stand: HomeStand) -> None:
    zoe, there = stand.newcomer(), stand.there
    room = there.fake.channel(there.team, "commands", [zoe])
    assert (await zoe.commands("/easel", "a commanded mug", room)).ok
    await there.fake.until(lambda: there.fake.said_by_bot(room), "the thread is there")
    root = there.fake.said_by_bot(room)[0]

    async def linked() -> bool:
        (listed,) = sections(await stand.page(zoe), "a commanded mug")
        return f"p{root.ts.replace('.', '')}?" in listed["text"]["text"]

    await wait_until(linked, "the page leads to the thread")


async def test_only_the_home_tab_makes_a_page(stand: HomeStand) -> None:
    zoe = stand.newcomer()
    assert (await zoe.opens_home("messages")).ok
    await stand.there.told()
    assert not stand.there.fake.called("views.publish", user_id=zoe.id)


async def test_what_was_spent_and_what_is_left(stand: HomeStand) -> None:
    there = stand.there
    workspace = f"slack:{there.team.id}"
    stand.spent = {
        "month": "2026-11",
        "by_actor": {f"{workspace}:{there.ben.id}": 1.5, f"{workspace}:{there.ana.id}": 7.77},
        "by_workspace": {workspace: 42.0},
        "budgets": {"actor_month": 10.0, "workspace_month": 100.0, "turn": None},
    }
    words = words_on(await stand.page(there.ben))
    assert "$1.50 of $10.00, $8.50 left" in words
    assert "$42.00 of $100.00, $58.00 left" in words
    assert "7.77" not in words
    assert "This channel" not in words
    stand.spent = {}


async def test_no_more_than_the_latest_are_listed(stand: HomeStand) -> None:
    zoe, there = stand.newcomer(), stand.there
    direct = there.fake.dm(zoe)
    for number in range(10):
        await there.turn_of(await zoe.says(direct, f"mug number {number}"))
    page = await stand.page(zoe)
    assert len(sections(page, "mug number")) == 8
    assert "mug number 9" in words_on(page)


async def test_what_is_transparent_is_shown_on_its_checkerboard(stand: HomeStand) -> None:
    mug = await stand.delivered(await drawn(stand.there, "a clear mug"))
    (listed,) = sections(await stand.page(stand.there.ana), "a clear mug")
    shown = stand.there.fake.world.files[listed["accessory"]["slack_file"]["id"]]
    assert "checkerboard" in shown.name
    assert shown.id in mug.results[-1].files
