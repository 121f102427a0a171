"""Commands and shortcuts: each opens, or finds, the thread of its picture."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.chat import filled_in
from core.engines.fake import FakeEngine
from core.session.models import Turn, TurnState
from tests.contract.slack.slack_world import Channel, Message
from tests.scenario.house import png, wait_until
from tests.scenario.slack_drawn import Drawn, drawn
from tests.scenario.slack_house import SlackHouse, slack_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    engine = FakeEngine(png(), 64, 64)
    async with slack_house(tmp_path_factory.mktemp("slack"), engine) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mug(there: SlackHouse) -> Drawn:
    return await drawn(there)


@pytest.fixture
def room(there: SlackHouse) -> Channel:
    """A channel of its own for each test."""
    name = f"hall-{len(there.fake.world.channels)}"
    return there.fake.channel(there.team, name, [there.ana, there.ben])


async def opened(there: SlackHouse, room: Channel) -> tuple[Message, list[Turn]]:
    """The thread that was opened in a channel, its turns ended and shown."""
    found: list[Message] = []

    async def known() -> bool:
        found[:] = [m for m in there.fake.said_by_bot(room) if not m.is_reply]
        return bool(found) and bool(await there.turns(found[0]))

    await wait_until(known, "a thread is opened")
    turns = [await there.ended(turn) for turn in await there.turns(found[0])]
    return found[0], turns


async def shown(there: SlackHouse, room: Channel, pictures: int = 1) -> None:
    await there.fake.until(
        lambda: sum(bool(m.files) for m in there.fake.said_by_bot(room)) >= pictures, "the pictures"
    )


async def nothing_asked(there: SlackHouse, room: Channel) -> None:
    await there.told()
    assert there.fake.said_by_bot(room) == []


def permalink(there: SlackHouse, message: Message) -> str:
    link = f"{there.team.url}archives/{message.channel}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else ""
    return link + thread


async def test_words_after_the_command_open_a_thread(there: SlackHouse, room: Channel) -> None:
    words = 'a mug that says "5 < 6 & <!channel>" *bold*'
    answer = await there.ana.commands("/easel", words, room)
    assert (answer.ok, answer.body) == (True, b"")
    root, turns = await opened(there, room)
    assert [turn.text for turn in turns] == [words]
    assert root.text.startswith('*ana*: a mug that says "5 &lt; 6 &amp; &lt;!channel&gt;"')
    await shown(there, room)
    picture = next(m for m in there.fake.said_by_bot(room) if m.files)
    assert picture.thread_ts == root.ts

    reply = await there.ben.says(room, "make it navy", thread=root)
    assert (await there.turn_of(reply)).session_id == turns[0].session_id


async def test_words_that_look_like_a_form_of_slacks_are_only_words(
    there: SlackHouse, room: Channel
) -> None:
    words = "a rocket with its payload: {round}"
    assert (await there.ana.commands("/easel", words, room)).ok
    _, turns = await opened(there, room)
    assert turns[0].text == words


async def test_a_command_that_comes_twice_is_one_turn(there: SlackHouse, room: Channel) -> None:
    await there.ana.commands("/easel", "a boat", room)
    kind, payload, _ = [one for one in there.fake.delivery.log if one[0] == "slash_commands"][-1]
    assert (await there.fake.delivery.once(kind, payload, 1, "timeout")).ok
    root, turns = await opened(there, room)
    assert len(turns) == 1
    assert [m.ts for m in there.fake.said_by_bot(room) if not m.is_reply] == [root.ts]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("", "The thread is the session"),
        ("help", "/upscale"),
        (" HELP ", "/cutout"),
        ("models", "`fake`"),
        ("usage", "You: nothing yet"),
    ],
)
async def test_words_are_answered_to_the_person_alone(
    there: SlackHouse, room: Channel, words: str, part: str
) -> None:
    assert (await there.ana.commands("/easel", words, room)).ok
    note = there.ana.notes[-1]
    assert part in note.text
    assert (note.only_for, note.channel) == (there.ana.id, room.id)
    await nothing_asked(there, room)


async def test_the_settings_open(there: SlackHouse, room: Channel) -> None:
    boss = there.fake.person(there.team, "boss", admin=True)
    room.members.add(boss.id)
    assert (await boss.commands("/easel", "settings", room)).ok
    assert "callback_id" in boss.view.json
    await boss.closes(boss.view)


async def test_a_linked_message_is_enlarged_in_a_thread_here(
    there: SlackHouse, room: Channel
) -> None:
    photo = there.ana.writes(room, "look", files=[("photo.png", png("green", (40, 30)))])
    assert (await there.ana.commands("/upscale", f"4x {permalink(there, photo.message)}", room)).ok
    root, turns = await opened(there, room)
    assert [(turn.text, turn.state) for turn in turns] == [("4x", TurnState.DONE)]
    made = await there.house.desk.version(turns[0].versions[-1])
    assert (made.asset.width, made.asset.height) == (160, 120)
    assert root.text == "*ana*: 4x"


@pytest.mark.parametrize("named", ["link", "id"])
async def test_a_picture_of_ours_is_taken_from_where_it_is_kept(
    there: SlackHouse, room: Channel, mug: Drawn, named: str
) -> None:
    what = permalink(there, mug.results[0]) if named == "link" else mug.version
    assert (await there.ana.commands("/upscale", what, room)).ok
    _, turns = await opened(there, room)
    assert [(turn.text, turn.names, turn.state) for turn in turns] == [
        ("2x", ("v1",), TurnState.DONE)
    ]


@pytest.mark.parametrize("where", ["its message", "its message, numbered", "its thread"])
async def test_a_version_is_shown_here(
    there: SlackHouse, room: Channel, mug: Drawn, where: str
) -> None:
    link = permalink(there, mug.said.message if "thread" in where else mug.results[0])
    of = "" if where == "its message" else "v1 of "
    assert (await there.ana.commands("/easel", f"show {of}{link} here", room)).ok
    _, turns = await opened(there, room)
    assert (turns[0].brings, turns[0].state) == (mug.version, TurnState.DONE)
    await shown(there, room)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("show v3 here", "I see no picture of mine there"),
        ("show https://example.com/v3 here", "I see no picture of mine there"),
        ("show v7 of {mug} here", "There is no v7 in that thread"),
        ("show {talk} here", "I see no picture of mine there"),
    ],
)
async def test_what_can_not_be_shown_is_said_and_nothing_is_drawn(
    there: SlackHouse, room: Channel, mug: Drawn, what: str, words: str
) -> None:
    talk = permalink(there, there.ben.writes(room, "lunch?").message)
    command = what.format(mug=permalink(there, mug.results[0]), talk=talk)
    there.fake.world.ephemerals.clear()
    assert (await there.ana.commands("/easel", command, room)).ok
    await there.told()
    assert words in there.ana.notes[-1].text
    await nothing_asked(there, room)


@pytest.mark.parametrize("of", ["", "v1 of "])
async def test_a_mention_shows_a_version_of_another_thread_in_its_own(
    there: SlackHouse, room: Channel, mug: Drawn, of: str
) -> None:
    link = permalink(there, mug.results[0])
    said = await there.ana.says(room, f"{there.team.mention} show {of}<{link}> here")
    turn = await there.ended(await there.turn_of(said))
    assert (turn.brings, turn.state, turn.text) == (mug.version, TurnState.DONE, "show v1 here")
    await shown(there, room)
    [result] = [message for message in there.fake.said_by_bot(room, said.ts) if message.files]
    again = await there.ana.says(room, f"show v1 of {permalink(there, result)} here", thread=said)
    turn = await there.ended(await there.turn_of(again))
    assert (turn.brings, turn.shows) == (None, (f"{turn.session_id}.v1",))


async def test_a_mention_shows_nothing_that_its_author_could_not_open(
    there: SlackHouse, room: Channel, mug: Drawn
) -> None:
    eve = there.fake.person(there.team, "eve-who-links")
    room.members.add(eve.id)
    mug.channel.kind = "group"
    for message in (mug.results[0], mug.said.message):
        there.fake.world.ephemerals.clear()
        link = permalink(there, message)
        assert (await eve.says(room, f"{there.team.mention} show v1 of <{link}> here")).ok
        await there.told()
        assert eve.notes[-1].text.startswith("I can't show you that message.")
    mug.channel.kind = "channel"
    await nothing_asked(there, room)


@pytest.mark.parametrize("what", ["a version by its id", "a message of a private channel"])
async def test_what_a_stranger_names_is_not_shown(
    there: SlackHouse, room: Channel, mug: Drawn, what: str
) -> None:
    eve = there.fake.person(there.team, f"eve-{len(what)}")
    room.members.add(eve.id)
    mug.channel.kind = "group"
    named = mug.version if "id" in what else permalink(there, mug.results[0])
    for command, text in (("/easel", f"show {named} here"), ("/upscale", named)):
        assert (await eve.commands(command, text, room)).ok
        await there.told()
        assert eve.notes[-1].text.startswith(("There is no such", "I can't show you"))
    mug.channel.kind = "channel"
    await nothing_asked(there, room)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/upscale", "make it blue"),
        ("/cutout", "make it blue"),
        ("/cutout", "4x"),
    ],
)
async def test_a_command_says_what_it_does_not_do(
    there: SlackHouse, room: Channel, mug: Drawn, command: str, words: str
) -> None:
    assert (await there.ana.commands(command, f"{words} {mug.version}", room)).ok
    assert "not what this command does" in there.ana.notes[-1].text
    await nothing_asked(there, room)


async def test_pictures_given_in_the_dialog_are_a_turn_each_in_one_thread(
    there: SlackHouse, room: Channel
) -> None:
    assert (await there.ana.commands("/upscale", "4x", room)).ok
    files = [("a.png", png("red", (20, 10))), ("b.png", png("blue", (10, 20)))]
    assert (await there.ana.submits(there.ana.view, {"files": files})).ok
    root, turns = await opened(there, room)
    assert root.text == "*ana*: 4x, 2 pictures"
    assert [turn.names for turn in turns] == [("a.png",), ("b.png",)]
    sizes = [(await there.house.desk.version(turn.versions[-1])).asset for turn in turns]
    assert [(asset.width, asset.height) for asset in sizes] == [(80, 40), (40, 80)]
    await shown(there, room, 2)
    assert len({m.root for m in there.fake.said_by_bot(room)}) == 1


async def test_cutting_out_asks_for_pictures(there: SlackHouse, room: Channel) -> None:
    assert (await there.ana.commands("/cutout", "", room)).ok
    assert (await there.ana.submits(there.ana.view, {"files": [("a.png", png())]})).ok
    _, turns = await opened(there, room)
    assert [turn.text for turn in turns] == ["transparent"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "at least one picture"),
        ([("notes.pdf", b"%PDF-1.4")], "notes.pdf is no picture"),
        ([(f"{n}.png", png()) for n in range(11)], "11 pictures are too many"),
    ],
)
async def test_files_that_will_not_do_are_said_beside_the_input(
    there: SlackHouse, room: Channel, files: list[tuple[str, bytes]], said: str
) -> None:
    await there.ana.commands("/upscale", "", room)
    view = there.ana.view
    if not files:
        view.json["blocks"][0]["optional"] = True
    answer = await there.ana.submits(view, {"files": files})
    assert said in answer.json["errors"][filled_in.FILES]
    await there.ana.closes(view)
    await nothing_asked(there, room)


async def test_a_shortcut_edits_the_picture_of_a_message_in_its_thread(
    there: SlackHouse, room: Channel
) -> None:
    photo = there.ben.writes(room, "look", files=[("photo.png", png("green"))])
    assert (await there.ana.shortcut("easel_edit", photo)).ok
    assert (await there.ana.submits(there.ana.view, {"words": "make it night"})).ok
    turn = await there.ended((await there.turns(photo))[0])
    assert (turn.text, turn.names, turn.state) == ("make it night", ("photo.png",), TurnState.DONE)
    await there.fake.until(
        lambda: any(m.files for m in there.fake.said_by_bot(room, photo.ts)), "it is in the thread"
    )


async def test_a_shortcut_on_a_picture_of_ours_acts_on_its_version(
    there: SlackHouse, mug: Drawn
) -> None:
    before = len(await mug.turns())
    assert (await there.ben.shortcut("easel_upscale", mug.results[0])).ok
    assert (await there.ben.submits(there.ben.view, {"scale": "2x"})).ok
    turn = await mug.newest(before + 1)
    assert (turn.text, turn.acts_on, turn.inputs) == ("2x", mug.version, ())


async def test_cutting_out_by_shortcut_is_at_once_and_each_picture_once(
    there: SlackHouse, room: Channel
) -> None:
    files = [("a.png", png("red")), ("notes.pdf", b"%PDF-1.4"), ("b.png", png("blue"))]
    said = there.ben.writes(room, "these", files=files)
    for _ in range(2):
        assert (await there.ana.shortcut("easel_cutout", said)).ok
    turns = [await there.ended(turn) for turn in await there.turns(said)]
    assert [(turn.text, turn.names) for turn in turns] == [
        ("transparent", ("a.png",)),
        ("transparent", ("b.png",)),
    ]


@pytest.mark.parametrize("shortcut", ["easel_edit", "easel_upscale", "easel_cutout"])
async def test_a_message_without_a_picture_is_told_kindly(
    there: SlackHouse, room: Channel, shortcut: str
) -> None:
    said = there.ben.writes(room, "no picture here")
    assert (await there.ana.shortcut(shortcut, said)).ok
    await there.told()
    assert "no picture in that message" in there.ana.notes[-1].text
    assert await there.turns(said) == []


@pytest.mark.parametrize("words", ["", "   ", "x" * 8001])
async def test_words_that_will_not_do_are_said_beside_the_input(
    there: SlackHouse, room: Channel, words: str
) -> None:
    photo = there.ben.writes(room, "look", files=[("photo.png", png("green"))])
    await there.ana.shortcut("easel_edit", photo)
    view = there.ana.view
    view.json["blocks"][0]["optional"] = True
    answer = await there.ana.submits(view, {"words": words})
    assert list(answer.json["errors"]) == [filled_in.WORDS]
    await there.ana.closes(view)
    assert await there.turns(photo) == []


async def test_where_easel_is_not_the_person_is_told_how_to_invite_it(there: SlackHouse) -> None:
    room = there.fake.channel(there.team, "without", [there.ana], bot=False)
    assert (await there.ana.commands("/easel", "a boat", room)).ok
    await there.fake.until(
        lambda: [n for n in there.ana.notes if n.channel == room.id], "it is told"
    )
    assert "/invite" in there.ana.notes[-1].text


async def test_a_channel_for_admins_refuses_others_in_words(
    there: SlackHouse, room: Channel
) -> None:
    home = f"slack:{there.team.id}"
    rules = await there.front.rules.decided(home, room.id)
    await there.front.rules.decide(home, room.id, rules.model_copy(update={"who": "admins"}))
    assert (await there.ana.commands("/easel", "a boat", room)).ok
    assert "Only admins" in there.ana.notes[-1].text
    await nothing_asked(there, room)
