"""What a channel in Discord shows of a turn, from its first sign to what it came to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.discord.places import Place
from adapters.discord.presenter import DiscordPresenter
from core.errors import EngineError, EngineFault
from core.session.models import TurnProgress, TurnState
from core.turns.presenting import Scene
from tests.pictures import pixels
from tests.scenario.discord_out_stand import (
    Out,
    Stage,
    discord_stage,
    files,
    link_to,
    pressable,
    words,
)
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with discord_stage(tmp_path_factory.mktemp("easel")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def out(stage: Stage) -> AsyncIterator[Out]:
    async with stage.out() as stand, stand.showing():
        yield stand


async def test_the_response_is_the_placeholder_and_becomes_the_picture(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.commands("a red mug")
    placeholder = await out.placeholder("Drawing with Fake", "**Ana**: “a red mug”")
    assert list(pressable(placeholder)) == ["Cancel"]
    out.engine.gate.set()
    turn = await out.shown(turn)
    [result] = out.said
    assert result is placeholder, "one message a turn"
    [file] = result.attachments
    assert (file.name, file.description) == ("v1.png", "v1: a red mug")
    assert pixels(file.data) == pixels(png())
    assert "**v1** · fake · 64 × 64 px" in words(result)
    linked = await out.linked(result)
    assert linked and (linked.turn, linked.versions) == (turn.id, turn.versions)


async def test_an_answer_to_a_message_is_a_reply_that_is_edited(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.writes("a red mug")
    placeholder = await out.placeholder("Drawing with Fake")
    out.engine.gate.set()
    await out.shown(turn)
    [result] = out.said
    assert result.id == placeholder.id and result.edits
    assert result.reference == out.fake.messages(out.design)[0].id
    [sent] = out.fake.called("POST", "/channels/*/messages")
    assert sent.json["enforce_nonce"] and len(sent.json["nonce"]) == 25
    assert list(files(result)) == ["v1.png"]


async def test_a_thread_is_opened_from_the_response_and_leads_to_the_session(out: Out) -> None:
    turn = await out.shown(await out.imagines("a red mug"))
    [result] = out.said
    thread = out.fake.thread_of(result)
    assert thread.name == "a red mug" and out.ana.id in thread.members
    assert thread.auto_archive == 10_080
    key = f"discord:{out.guild.id}:{thread.id}"
    session = await out.home.desk.session(turn.session_id)
    assert await out.links.known(key) == session.thread
    there = Place.of(session.place)
    assert (there.channel, there.parent, there.token, there.opens) == (
        thread.id, out.design.id, "", "",
    )  # fmt: skip


async def test_a_reply_in_the_thread_is_answered_there(out: Out) -> None:
    first = await out.shown(await out.imagines("a red mug"))
    thread = out.fake.thread_of(out.said[0])
    said = out.ana.writes(thread, "make it blue")
    place = out.place.model_copy(
        update={"channel": thread.id, "parent": out.design.id, "message": said.id}
    )
    session = await out.home.desk.session(first.session_id)
    turn = await out.shown(await out.accept(session.thread, place, "make it blue"))
    assert turn.session_id == first.session_id
    [result] = out.fake.said_by_bot(thread)
    assert list(files(result)) == ["v2.png"] and result.reference == said.id
    assert len(out.said) == 1


async def test_a_mention_opens_a_thread_from_the_persons_message(out: Out) -> None:
    turn = await out.shown(await out.writes("a red mug", opens="a red mug"))
    said = out.fake.messages(out.design)[0]
    thread = out.fake.thread_of(said)
    [result] = out.fake.said_by_bot(thread)
    assert not out.said and list(files(result)) == ["v1.png"]
    session = await out.home.desk.session(turn.session_id)
    assert Place.of(session.place).channel == thread.id
    assert await out.links.known(f"discord:{out.guild.id}:{thread.id}") == session.thread
    linked = await out.linked(result)
    assert linked and linked.versions == turn.versions


async def test_where_no_thread_may_be_opened_the_session_stays_in_place(out: Out) -> None:
    out.design.deny(out.fake.bot.id, "create_public_threads")
    for asked in (out.imagines("a red mug"), out.writes("a blue mug", opens="a blue mug")):
        turn = await out.shown(await asked)
        result = out.said[-1]
        assert list(files(result)) == ["v1.png"]
        assert result.id not in out.fake.world.channels
        session = await out.home.desk.session(turn.session_id)
        assert Place.of(session.place).channel == out.design.id
        assert not (Place.of(session.place).token or Place.of(session.place).opens)


async def test_a_thread_that_is_there_already_is_taken(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    hold = out.fake.hold("POST", "/channels/*/messages/*/threads", after=True)
    turn = await out.imagines("a red mug")
    await hold.reached()
    hold.drop()
    out.engine.gate.set()
    turn = await out.shown(turn)
    [result] = out.said
    session = await out.home.desk.session(turn.session_id)
    assert Place.of(session.place).channel == out.fake.thread_of(result).id


async def test_what_is_drawn_is_seen_while_it_is_drawn(out: Out) -> None:
    out.engine.previews, out.engine.delay = 2, 0.3
    turn = await out.commands("a red mug")
    await out.fake.until(lambda: out.said and "preview.jpg" in files(out.said[0]), "a preview")
    sizes = [each.size for call in out.fake.calls for each in call.files]
    assert max(sizes) < 150_000
    await out.shown(turn)
    assert list(files(out.said[0])) == ["v1.png"], "the preview is gone"
    out.engine.previews, out.engine.delay = 0, 0.0


async def test_an_edit_names_and_shows_what_it_is_about(out: Out) -> None:
    first = await out.shown(await out.writes("a red mug"))
    session = await out.home.desk.session(first.session_id)
    await out.shown(await out.accept(session.thread, out.place, "make it blue"))
    out.engine.gate = asyncio.Event()
    turn = await out.accept(session.thread, out.place, "make it green")
    shown = await out.placeholder("Editing v2")
    assert list(files(shown)) == ["subject.webp"]
    others = pressable(shown)["Edit another"]["options"]
    assert [each["value"] for each in others] == [f"{session.id}.v1"]
    out.engine.gate.set()
    await out.shown(turn)


async def test_pictures_that_stay_are_not_sent_again(out: Out) -> None:
    first = await out.shown(await out.writes("a red mug"))
    session = await out.home.desk.session(first.session_id)
    subject = await out.home.desk.version(first.versions[0])
    presenter = DiscordPresenter(out.rest, out.links, out.home.desk, link_to)
    place = out.place.model_copy(update={"message": "5"})
    running = first.model_copy(
        update={"id": "t" + "1" * 20, "place": place.texts(), "state": TurnState.RUNNING}
    )
    out.fake.calls.clear()
    for fraction in (0.1, 0.1, 0.5):
        progress = TurnProgress(stage="Drawing", fraction=fraction)
        turn = running.model_copy(update={"progress": progress})
        await presenter.show(Scene(turn, session, subject=subject), out.ledger(turn))
    assert list(files(out.said[-1])) == ["subject.webp"] and "50%" in words(out.said[-1])
    sent = [[file.name for file in call.files] for call in out.fake.calls]
    assert sent == [["subject.webp"], []], "and nothing at all where nothing is new"


async def test_what_it_will_take_is_said_before_anything_is_spent(out: Out) -> None:
    [paid] = [each for each in out.home.others if each.name == "paid"]
    paid.gate = asyncio.Event()
    turn = await out.commands("a red mug --model paid --n 2")
    shown = await out.placeholder("with Paid")
    assert "about $0.08, 30 s" in words(shown) and "Expected <t:" in words(shown)
    paid.gate.set()
    await out.shown(turn)
    assert list(files(out.said[0])) == ["v1.png", "v2.png"]


async def test_a_transparent_picture_stays_true_and_is_shown_on_a_checkerboard(out: Out) -> None:
    turn = await out.shown(await out.commands("a red mug --model glass --transparent"))
    [result] = out.said
    version = await out.home.desk.version(turn.versions[0])
    kept = await out.home.desk.asset_bytes(version.asset.sha256)
    assert list(files(result)) == ["v1.png", "v1-on-checkerboard.jpg"]
    assert pixels(files(result)["v1.png"].data) == pixels(kept)


async def test_what_fails_says_so_in_its_place(out: Out) -> None:
    out.engine.failures = [EngineError("Too busy.", kind=EngineFault.BAD_REQUEST)]
    turn = await out.shown(await out.imagines("a red mug"))
    assert turn.state is TurnState.FAILED
    [message] = out.said
    assert "Too busy." in words(message) and "Try again" in pressable(message)


async def test_what_is_cancelled_says_so_in_its_place(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.commands("a red mug")
    await out.placeholder("Drawing with Fake")
    await out.home.desk.cancel(turn.session_id, turn.id)
    await out.shown(turn)
    [message] = out.said
    assert "Cancelled." in words(message) and list(pressable(message)) == ["Do it after all"]


async def test_an_answer_without_a_picture_leads_to_the_one_it_left(out: Out) -> None:
    first = await out.shown(await out.writes("a red mug"))
    session = await out.home.desk.session(first.session_id)
    await out.shown(await out.accept(session.thread, out.place, "make it blue"))
    await out.shown(await out.accept(session.thread, out.place, "undo"))
    answer = out.said[-1]
    assert "Back at v1" in words(answer) and "Edit" in pressable(answer)
    linked = await out.linked(answer)
    assert linked and linked.versions == (f"{session.id}.v1",)


async def test_all_pictures_of_a_session_on_one_sheet(out: Out) -> None:
    first = await out.shown(await out.writes("a red mug"))
    session = await out.home.desk.session(first.session_id)
    turn = await out.shown(await out.accept(session.thread, out.place, "recap"))
    assert turn.enclosed
    answer = out.said[-1]
    assert [name.partition(".")[0] for name in files(answer)] == ["pictures-1"]


async def test_a_turn_of_the_page_has_a_message_of_its_own(out: Out) -> None:
    """Its place is that of its session: the response to the first turn is not its own."""
    first = await out.commands("a red mug")
    session = await out.home.desk.session(first.session_id)
    turn = await out.accept(session.thread, Place.of(session.place), "make it blue")
    await out.shown(first)
    await out.shown(turn)
    one, other = out.said
    assert list(files(one)) == ["v1.png"] and list(files(other)) == ["v2.png"]
    assert "On the page of this thread: “make it blue”" in words(other)


async def test_one_place_of_which_only_responses_know_is_left_alone_by_the_page(out: Out) -> None:
    at = out.place.model_copy(update={"present": False})
    first = await out.shown(await out.commands("a red mug", at=at))
    session = await out.home.desk.session(first.session_id)
    turn = await out.accept(session.thread, Place.of(session.place), "make it blue")
    turn = await out.shown(turn)
    assert turn.state is TurnState.DONE, "the page shows it"
    [only] = out.said
    assert list(files(only)) == ["v1.png"]
