"""The content gate: what a channel does not show is not drawn, not paid for and not posted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from core.engines.fake import FakeEngine
from core.engines.port import ImageRequest, ImageResult, PriceRule, Progress, Usage
from core.picture import safety
from core.policy.moderation import Moderation
from core.session.models import Actor, Gate, Turn, TurnState
from core.turns.request import IncomingFile, TurnRequest
from tests.contract.openai_double import Behaviour, OpenAIDouble, serving
from tests.contract.openai_moderating import pictures_in
from tests.scenario.house import House, Thread, house, png
from tests.unshowable import unshowable

KEY = "sk-test-0123456789"
SIDE = 256
NAKED, MUG = unshowable(), png("steelblue", (SIDE, SIDE))
BEN = Actor(id="discord:7", name="Ben", workspace="discord:1")


class Hand(FakeEngine):
    """Draws the pictures of `next`, then mugs; each costs ten cents."""

    def __init__(self) -> None:
        price = PriceRule(each=0.10)
        super().__init__(MUG, SIDE, SIDE, previews=2, price=price)
        self.usage = Usage(cost_usd=0.10)
        self.next: list[bytes] = []

    async def _draw(self, request: ImageRequest, progress: Progress) -> ImageResult:
        data = self.next.pop(0) if self.next else MUG
        result = await super()._draw(request, progress)
        return result.model_copy(
            update={"pictures": (result.pictures[0].model_copy(update={"data": data}),)}
        )


@contextlib.asynccontextmanager
async def guarded(folder: Path) -> AsyncIterator[tuple[House, OpenAIDouble]]:
    """A house whose words are read by a moderation endpoint that minds gore."""
    async with serving(OpenAIDouble(key=KEY)) as openai:
        openai.amiss = {"gore": "violence/graphic"}
        told: dict[str, Any] = {
            "openai_api_key": SecretStr(KEY),
            "openai_base_url": openai.base_url,
            "default_model": "fake",
        }
        async with house(folder, Hand(), **told) as built:
            yield built, openai


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[tuple[House, OpenAIDouble]]:
    async with guarded(tmp_path) as (built, openai), built.working():
        yield built, openai


def drawn(built: House, *pictures: bytes) -> None:
    assert isinstance(built.engine, Hand)
    built.engine.next = list(pictures)


def refused(turn: Turn) -> str:
    """What somebody reads who was refused by the gate."""
    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert turn.error.code == "moderated"
    assert turn.error.hint
    return turn.error.message


async def heard(thread: Thread, text: str, gate: Gate) -> tuple[Turn, list[str]]:
    """A turn that ran, and the kinds of everything that could be heard of it."""
    session = await thread.desk.open_session(thread.key, thread.actor)
    kinds: list[str] = []

    async def listen() -> None:
        async for event in thread.desk.events(session.id, None):
            kinds.append(event.type)
            if event.type == "turn" and TurnState(event.data["state"]).ended:
                return

    listening = asyncio.create_task(listen())
    turn = await thread.do(text, gate=gate)
    await asyncio.wait_for(listening, 20)
    return turn, kinds


async def test_refused_words_are_not_drawn_and_leave_all_as_it_was(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, openai = there
    thread = built.thread()
    first = await thread.do("a red mug", gate="words")
    turn = await thread.do("make it gore", gate="words")
    assert refused(turn) == "I can't draw that here."
    assert "violence" not in turn.model_dump_json()
    assert (turn.versions, turn.cost_usd, len(built.engine.calls)) == ((), 0.0, 1)
    assert await thread.head(turn) == "v1"
    assert len(await built.desk.versions(turn.session_id)) == 1
    after = await thread.do("make it blue", gate="words")
    assert (after.state, after.number) == (TurnState.DONE, first.number + 2)
    assert [asked.endpoint for asked in openai.asked] == ["moderate"] * 3


async def test_nothing_is_read_where_nobody_asked_for_it(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, openai = there
    turn = await built.thread().do("gore")
    assert (turn.state, openai.asked) == (TurnState.DONE, [])


async def test_only_words_that_end_up_in_a_picture_are_read(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, openai = there
    thread = built.thread()
    await thread.done("a red mug")
    for text in ("flip it", "show v1", "which model is best for gore?"):
        assert (await thread.do(text, gate="words")).state is TurnState.DONE
    assert openai.asked == []
    assert refused(await thread.do("add the text “gore”", gate="words"))


async def test_older_words_are_read_before_they_are_drawn_again(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    thread = built.thread()
    await thread.done("gore")
    assert refused(await thread.do("again", gate="words")) == "I can't draw that here."
    assert len(built.engine.calls) == 1


async def test_words_pass_when_nobody_answers_and_the_log_says_so(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, openai = there
    openai.plan += [
        Behaviour(fail=(503, {"message": "overloaded"}, {})),
        Behaviour(fail=(404, {"message": "no such page"}, {})),
        Behaviour(hang_up="before"),
    ]
    with capture_logs() as logs:
        for _ in range(3):
            assert (await built.thread().do("gore", gate="words")).state is TurnState.DONE
    told = [line for line in logs if line["event"] == "words_not_checked"]
    assert [line["code"] for line in told] == [
        "engine_transient", "engine_unsupported", "engine_transient",
    ]  # fmt: skip
    assert KEY not in repr(told)
    assert "gore" not in repr(told)


async def test_a_picture_that_is_not_for_the_place_is_never_shown_and_its_cost_is_told(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    thread = built.thread()
    drawn(built, NAKED)
    turn, kinds = await heard(thread, "a lady", "pictures")
    assert refused(turn) == "The picture that came out is not one for this place."
    assert turn.cost_usd == pytest.approx(0.10)
    assert "What failed may have been billed: about $0.100." in turn.notes
    assert await built.desk.versions(turn.session_id) == []
    assert "preview" not in kinds
    assert built.engine.calls[0].previews == 0
    assert (await thread.do("a mug", gate="pictures")).state is TurnState.DONE


async def test_previews_are_shown_where_only_words_are_read(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    _, kinds = await heard(built.thread(), "a mug", "words")
    assert kinds.count("preview") == 2


async def test_of_several_pictures_those_that_passed_are_shown(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    drawn(built, MUG, NAKED, MUG)
    turn = await built.thread().do("a mug --n 3", gate="pictures")
    assert (turn.state, len(turn.versions)) == (TurnState.DONE, 2)
    assert "Left out, as not for this place: 1 of 3 pictures." in turn.notes
    assert turn.cost_usd == pytest.approx(0.30)
    drawn(built, NAKED, NAKED)
    none = await built.thread().do("a lady --n 2", gate="pictures")
    assert refused(none) == "The pictures are not ones for this place."


async def test_what_somebody_sends_is_looked_at_before_anything_is_done_with_it(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, openai = there
    thread = built.thread()
    turn = await thread.do("as a watercolour", NAKED, gate="pictures")
    assert refused(turn) == "This picture is not one for this place."
    assert (built.engine.calls, await built.desk.versions(turn.session_id)) == ([], [])
    assert refused(await thread.do("", NAKED, gate="pictures"))
    assert openai.asked == []


async def test_a_small_copy_of_what_somebody_sends_is_read_with_the_words(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, openai = there
    thread = built.thread()
    red = png("#e42828", (1200, 800))
    turn = await thread.do("as a watercolour", red, gate="pictures")
    assert refused(turn) == "I can't draw that here."
    assert await built.desk.versions(turn.session_id) == []
    assert (await thread.do("as a watercolour", red, gate="words")).state is TurnState.DONE
    parts = [part["type"] for asked in openai.asked for part in asked.params["input"]]
    assert parts == ["text", "image_url", "text"]
    assert pictures_in(openai.asked[0])[0].opened().size == (512, 341)


async def test_what_was_made_before_the_rule_came_is_looked_at_when_it_is_used(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    thread = built.thread()
    drawn(built, NAKED)
    await thread.done("a lady")
    for text in ("show v1", "flip it"):
        turn = await thread.do(text, gate="pictures")
        assert "not one for this place" in refused(turn)
        assert (turn.versions, turn.shows) == ((), ())


async def test_a_recap_leaves_out_what_is_not_for_the_place(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    thread = built.thread()
    drawn(built, NAKED)
    await thread.done("a lady")
    assert (await thread.do("recap")).enclosed
    alone = await thread.do("recap", gate="pictures")
    assert alone.error is not None
    assert alone.error.code == "no_versions"
    await thread.done("a mug", gate="pictures")
    assert (await thread.do("recap", gate="pictures")).enclosed


async def test_what_is_brought_from_elsewhere_is_looked_at(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    drawn(built, NAKED)
    elsewhere = await built.thread().done("a lady")
    thread = built.thread()
    turn = await thread.do("", brings=elsewhere.id, gate="pictures")
    assert refused(turn) == "This picture is not one for this place."
    assert await built.desk.versions(turn.session_id) == []
    assert (await thread.do("", brings=elsewhere.id)).state is TurnState.DONE


async def test_a_turn_on_the_page_of_a_channel_s_session_is_checked_as_there(
    there: tuple[House, OpenAIDouble],
) -> None:
    built, _ = there
    thread = Thread(built.desk, "discord:1:2:3", BEN)
    place = {"channel": "2", "guild": "1"}
    await thread.done("a mug", place=place, gate="pictures")
    page = TurnRequest(
        thread=thread.key, event_keys=("web:1",), actor=Actor(id="web:ana"), text="gore"
    )
    assert refused(await thread.ended(await built.desk.accept(page)))
    file = IncomingFile(name="a.png", data=NAKED)
    again = page.model_copy(update={"event_keys": ("web:2",), "text": "a lady", "files": (file,)})
    assert refused(await thread.ended(await built.desk.accept(again)))


async def test_where_pictures_cannot_be_looked_at_words_still_are(
    there: tuple[House, OpenAIDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    built, _ = there
    monkeypatch.setattr(
        safety, "find_spec", lambda name: None if name == safety.PACKAGE else find_spec(name)
    )
    drawn(built, NAKED)
    thread = built.thread()
    assert (await thread.do("a lady", gate="pictures")).state is TurnState.DONE
    assert refused(await thread.do("gore", gate="pictures"))


async def test_without_a_key_nobody_reads_words(tmp_path: Path) -> None:
    async with house(tmp_path) as built, built.working():
        turn = await built.thread().do("gore", gate="words")
    assert turn.state is TurnState.DONE


async def test_a_worker_that_stops_while_it_looks_costs_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture is drawn and paid for; another worker looks at it, and draws no other."""
    looking = asyncio.Event()
    passes = Moderation.passes

    async def stuck(self: Moderation, data: bytes) -> bool:
        if not looking.is_set():
            looking.set()
            await asyncio.Event().wait()
        return await passes(self, data)

    monkeypatch.setattr(Moderation, "passes", stuck)
    async with guarded(tmp_path) as (built, _):
        drawn(built, NAKED)
        thread = built.thread()
        async with built.working():
            turn = await thread.say("a lady", gate="pictures")
            await asyncio.wait_for(looking.wait(), 20)
        async with built.working():
            turn = await thread.ended(turn)
        assert refused(turn)
        assert len(built.engine.calls) == 1
        assert turn.cost_usd == pytest.approx(0.10)
