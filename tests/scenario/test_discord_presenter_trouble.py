"""Processes that end, answers that get lost, tokens that are over, places that close: one message
for a turn, or one word to whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.discord import posting, presenter, rest
from adapters.discord.places import Place
from core.session.models import TurnState
from tests.pictures import pixels
from tests.scenario.discord_out_stand import MIB, Out, Stage, discord_stage, files, pressable, words
from tests.scenario.house import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORIGINAL = ("PATCH", "/webhooks/*/*/messages/@original")
POST = ("POST", "/channels/*/messages")
EDIT = ("PATCH", "/channels/*/messages/*")
THREAD = ("POST", "/channels/*/messages/*/threads")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with discord_stage(tmp_path_factory.mktemp("easel")) as stage:
        yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Out]:
    monkeypatch.setattr(rest, "_AGAIN_SECONDS", 0.1)
    async with stage.out() as stand:
        yield stand


def has_picture(out: Out, name: str = "v1.png") -> None:
    """Exactly one message of ours stands in the channel, with the picture."""
    [only] = out.said
    assert pixels(files(only)[name].data) == pixels(png())


async def held_back(out: Out) -> None:
    """Let the engine draw once the placeholder stands."""
    await out.placeholder("Drawing with Fake")
    assert out.engine.gate is not None
    out.engine.gate.set()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("by", "call", "drawn"),
    [
        ("command", ORIGINAL, False),
        ("command", ORIGINAL, True),
        ("command", THREAD, False),
        ("message", POST, False),
        ("message", POST, True),
        ("message", EDIT, True),
    ],
    ids=["placeholder", "result", "thread", "post", "post of a result", "edit to a result"],
)
async def test_a_process_that_ends_at_a_call_leaves_one_result(
    out: Out, by: str, call: tuple[str, str], drawn: bool, after: bool
) -> None:
    """`drawn`: it ends at the call that brings the picture."""
    gate = out.engine.gate = asyncio.Event()
    turn = await (out.imagines("a red mug") if by == "command" else out.writes("a red mug"))
    if drawn and call == POST:
        gate.set()
        await out.ended(turn)
    hold = out.fake.hold(*call, after=after, when=lambda asked: bool(asked.files) == drawn)
    async with out.showing():
        if drawn and not gate.is_set():
            await held_back(out)
        await hold.reached()
    hold.drop()
    gate.set()
    await out.ended(turn)  # so that whoever follows only ever sees the end
    async with out.showing():
        turn = await out.shown(turn)
    has_picture(out)
    linked = await out.linked(out.said[0])
    assert linked and linked.versions == turn.versions
    if by == "command":
        session = await out.home.desk.session(turn.session_id)
        assert Place.of(session.place).channel == out.fake.thread_of(out.said[0]).id


async def test_a_mention_whose_thread_got_no_answer_has_one_thread(out: Out) -> None:
    turn = await out.writes("a red mug", opens="a red mug")
    await out.dies_at(out.fake.hold(*THREAD, after=True))
    async with out.showing():
        await out.shown(turn)
    said = out.fake.messages(out.design)[0]
    [result] = out.fake.said_by_bot(out.fake.thread_of(said))
    assert list(files(result)) == ["v1.png"]


async def test_a_lost_answer_is_asked_for_with_the_same_nonce(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    out.fake.fail(*POST, drop_answer=True)
    turn = await out.writes("a red mug")
    async with out.showing():
        await held_back(out)
        await out.shown(turn)
    has_picture(out)
    nonces = {call.json["nonce"] for call in out.fake.called(*POST)}
    assert len(out.fake.called(*POST)) == 2 and len(nonces) == 1


@pytest.mark.parametrize("sent", [True, False], ids=["sent", "never sent"])
async def test_what_is_too_old_for_its_nonce_is_looked_for(
    out: Out, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    turn = await out.writes("a red mug")
    for number in range(130):
        out.ana.writes(out.design, f"chatter {number}")
    await out.dies_at(out.fake.hold(*POST, after=sent))
    out.fake.forget_nonces()
    monkeypatch.setattr(posting, "NONCE_SECONDS", 0.0)
    async with out.showing():
        await out.shown(turn)
    has_picture(out)
    assert len(out.fake.called(*POST)) == (1 if sent else 2)


async def test_a_response_that_is_not_deferred_yet_is_waited_for(out: Out) -> None:
    made = out.asked()
    place = out.place.model_copy(
        update={"app": out.fake.world.app_id, "interaction": made.id, "token": made.token}
    )
    turn = await out.accept(place.thread_key(made.id), place, "a red mug")
    async with out.showing():
        await out.fake.until(lambda: out.fake.called(*ORIGINAL), "it is tried")
        await out.defer(made)
        await out.shown(turn)
    has_picture(out)
    assert not out.fake.called(*POST)


async def test_one_that_was_never_deferred_is_answered_by_a_message(
    out: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "DEFERRAL_SECONDS", 0.3)
    turn = await out.imagines("a red mug", deferred=False)
    async with out.showing():
        turn = await out.shown(turn)
    has_picture(out)
    session = await out.home.desk.session(turn.session_id)
    assert Place.of(session.place).channel == out.fake.thread_of(out.said[0]).id


@pytest.mark.parametrize("known", [True, False], ids=["by its age", "by the refusal"])
async def test_a_token_that_is_over_leaves_the_message_to_our_own_rights(
    out: Out, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.commands("a red mug")
    async with out.showing():
        placeholder = await out.placeholder("Drawing with Fake")
        out.fake.age_tokens()
        if known:
            monkeypatch.setattr(posting, "TOKEN_SECONDS", 0.0)
        tried = len(out.fake.called(*ORIGINAL))
        out.engine.gate.set()
        await out.shown(turn)
    has_picture(out)
    assert out.said[0].id == placeholder.id
    assert len(out.fake.called(*ORIGINAL)) - tried == (0 if known else 1)
    assert len(out.fake.called(*EDIT)) == 1 and not out.fake.called(*POST)


async def test_where_that_can_not_be_changed_either_there_is_a_message(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.commands("a red mug")
    async with out.showing():
        placeholder = await out.placeholder("Drawing with Fake")
        out.fake.age_tokens()
        out.fake.fail(*EDIT, code=50001, status=403)
        out.engine.gate.set()
        await out.shown(turn)
    old, new = out.said
    assert old.id == placeholder.id and new.reference == old.id
    assert list(files(new)) == ["v1.png"]


async def test_a_message_that_was_taken_away_comes_anew_with_the_picture(out: Out) -> None:
    moderator = out.fake.person("mod", out.guild, permissions=["manage_messages"])
    for asked in (out.commands("a red mug"), out.writes("a red mug")):
        out.engine.gate = asyncio.Event()
        turn = await asked
        async with out.showing():
            await out.fake.until(lambda: [m for m in out.said if not m.loading], "a placeholder")
            await out.placeholder("Drawing with Fake")
            await moderator.deletes(out.said[-1])
            out.engine.gate.set()
            await out.shown(turn)
        has_picture(out)
        await moderator.deletes(out.said[0])


async def test_progress_that_discord_does_not_take_is_left_out(out: Out) -> None:
    out.engine.previews, out.engine.delay = 2, 0.3
    fault = out.fake.fail(
        *EDIT, code=50035, times=9, when=lambda call: "v1.png" not in {f.name for f in call.files}
    )
    turn = await out.writes("a red mug")
    async with out.showing():
        turn = await out.shown(turn)
    out.engine.previews, out.engine.delay = 0, 0.0
    assert fault.hits and turn.state is TurnState.DONE
    has_picture(out)


async def test_what_stands_is_not_sent_again_for_what_comes_after_it(out: Out) -> None:
    turn = await out.ended(await out.imagines("a red mug"))
    out.fake.fail(*THREAD, drop=True)
    async with out.showing():
        await out.shown(turn)
    has_picture(out)
    assert len(out.fake.called(*THREAD)) == 2 and len(out.fake.called(*ORIGINAL)) == 1


async def test_an_end_that_discord_does_not_take_now_is_said_later(out: Out) -> None:
    turn = await out.writes("a red mug")
    out.fake.fail(*POST, drop=True, times=2)
    async with out.showing():
        await out.shown(turn)
    has_picture(out)


async def test_a_thread_that_was_closed_meanwhile_is_opened_again(out: Out) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.writes("a red mug", opens="a red mug")
    thread = out.fake.thread_of
    async with out.showing():
        said = out.fake.messages(out.design)[0]
        await out.fake.until(
            lambda: said.id in out.fake.world.channels and out.fake.said_by_bot(said.id), "a thread"
        )
        out.ana.archives(thread(said))
        out.engine.gate.set()
        await out.shown(turn)
    [result] = out.fake.said_by_bot(thread(said))
    assert list(files(result)) == ["v1.png"] and not thread(said).archived


async def told(out: Out) -> list[str]:
    """What Easel told Ana alone."""
    return [words(message) for message in out.fake.said_by_bot(out.fake.dm(out.ana))]


async def test_whoever_asked_is_told_once_though_the_process_ends_at_that(out: Out) -> None:
    out.design.deny(out.fake.bot.id, "send_messages")
    turn = await out.writes("a red mug")
    before = len(await told(out))
    direct = out.fake.dm(out.ana).id
    await out.dies_at(out.fake.hold(*POST, after=True, when=lambda call: direct in call.path))
    out.fake.forget_nonces()
    async with out.showing():
        await out.shown(turn)
    assert len(await told(out)) == before + 1


async def test_a_response_that_was_taken_away_is_answered_by_a_whisper(out: Out) -> None:
    """Where Easel can't write by itself, the token of the interaction still reaches the person."""
    out.engine.gate = asyncio.Event()
    out.ana.kicks_bot(out.guild)
    turn = await out.commands("a red mug", at=out.place.model_copy(update={"present": False}))
    async with out.showing():
        await out.placeholder("Drawing with Fake")
        del out.fake.world.messages[out.said[0].id]
        out.engine.gate.set()
        await out.shown(turn)
    whisper = out.ana.notes[-1]
    assert "Your pictures are here" in pressable(whisper) and whisper.only_for == out.ana.id


@pytest.mark.parametrize("trouble", ["locked", "no permission", "gone"])
async def test_a_place_that_closed_midway_is_said_to_whoever_asked_once(
    out: Out, trouble: str
) -> None:
    out.engine.gate = asyncio.Event()
    turn = await out.writes("a red mug")
    before = len(await told(out))
    async with out.showing():
        await out.fake.until(lambda: out.said, "a placeholder")
        if trouble == "gone":
            del out.fake.world.channels[out.design.id]
        elif trouble == "no permission":
            out.design.deny(out.fake.bot.id, "view_channel")
        else:
            out.fake.fail(*EDIT, code=160005, times=9)
        out.engine.gate.set()
        turn = await out.shown(turn)
    out.fake.world.channels[out.design.id] = out.design
    assert turn.state is TurnState.DONE
    [message] = out.fake.said_by_bot(out.fake.dm(out.ana))[before:]
    assert pressable(message)["Your pictures are here"]["url"].endswith(f"for=discord:{out.ana.id}")


async def test_what_can_not_be_said_anywhere_is_not_drawn(out: Out) -> None:
    out.design.deny(out.fake.bot.id, "send_messages")
    out.ana.user.refuses = True
    out.engine.gate = asyncio.Event()
    turn = await out.writes("a red mug")
    async with out.showing():
        turn = await out.shown(turn)
    out.ana.user.refuses = False
    assert turn.state is TurnState.CANCELLED and not out.said


async def test_a_response_of_a_place_without_easel_that_took_too_long_comes_directly(
    out: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.engine.gate = asyncio.Event()
    before = len(await told(out))
    out.ana.kicks_bot(out.guild)
    turn = await out.commands("a red mug", at=out.place.model_copy(update={"present": False}))
    async with out.showing():
        await out.placeholder("Drawing with Fake")
        out.fake.age_tokens()
        out.engine.gate.set()
        turn = await out.shown(turn)
    assert turn.state is TurnState.DONE
    [message] = (await told(out))[before:]
    assert "longer than Discord waits" in message


async def test_a_picture_too_large_for_the_place_is_fitted_and_said_so(
    out: Out,
) -> None:
    turn = await out.commands("noise --model large --size 2000x2000")
    async with out.showing():
        turn = await out.shown(turn)
    [result] = out.said
    [file] = result.attachments
    assert len(file.data) <= 10 * MIB and file.mime in ("image/png", "image/webp")
    full = pressable(result)["Original file"]
    assert full["custom_id"] == f"e1:full:{turn.versions[0]}"
    assert "the picture has 2,000 × 2,000" in words(result)


async def test_what_is_refused_as_too_large_though_it_fits_is_made_smaller(
    out: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit was that of a person with more rights than ours."""
    monkeypatch.setattr(presenter, "DEFAULT_LIMIT", MIB // 2)
    [small] = [each for each in out.home.others if each.name == "small"]
    out.fake.fail(
        *POST, code=40005, times=9, when=lambda call: any(f.size > MIB // 2 for f in call.files)
    )
    turn = await out.ended(await out.writes(f"noise --model {small.name} --size 500x500"))
    async with out.showing():
        await out.shown(turn)
    [result] = out.said
    [file] = result.attachments
    assert MIB // 4 < len(file.data) <= MIB // 2


async def test_what_does_not_fit_at_all_says_where_it_is(out: Out) -> None:
    out.limit = 30
    turn = await out.commands("a red mug")
    async with out.showing():
        turn = await out.shown(turn)
    [message] = out.said
    assert not message.attachments and "can't put it here" in words(message)
    more = [each["value"] for each in pressable(message)["More"]["options"]]
    assert f"workspace|{turn.versions[0]}" in more
