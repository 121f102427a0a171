"""Messages of Slack's become turns: one each, with their files, whatever events tell of them."""

from __future__ import annotations

import itertools
import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.policy.rules import Rules
from core.session.models import Turn, TurnState
from tests.contract.slack import slack_payloads as payloads
from tests.contract.slack.slack_person import Habits, Said
from tests.contract.slack.slack_world import Channel, Json, Message
from tests.scenario.house import png
from tests.scenario.slack_house import SlackHouse, slack_house
from tests.waiting import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def open_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SlackHouse]:
    """One for all: without a worker, so that turns stay as they were accepted."""
    async with slack_house(tmp_path_factory.mktemp("slack"), working=False) as there:
        yield there


@pytest.fixture
def there(open_house: SlackHouse) -> SlackHouse:
    """The house with a channel of this test's own, and everything as it usually is."""
    fake = open_house.fake
    open_house.design = fake.channel(open_house.team, "design", [open_house.ana, open_house.ben])
    for name, value in vars(Habits()).items():
        setattr(fake.habits, name, value)
    fake.delivery.copies, fake.delivery.together, fake.delivery.shuffle = 1, False, None
    return open_house


def mention(there: SlackHouse, words: str) -> str:
    return f"{there.team.mention} {words}"


async def only_turn(there: SlackHouse, said: Said) -> Turn:
    """The one turn of a thread."""
    assert said.ok, [answer.status for answer in said.answers]
    (turn,) = await there.turns(said)
    assert turn.id == (await there.turn_of(said)).id
    return turn


def files_of(turn: Turn) -> list[str]:
    return [ref.id.partition(":")[2] for ref in turn.pending]


# One message, however it is told.

ORDERS = list(itertools.permutations(("message", "app_mention", "file_shared")))
WITH_FILES = [{"message"}, {"app_mention"}, {"message", "app_mention"}]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@pytest.mark.parametrize("with_files", WITH_FILES, ids=lambda names: "+".join(sorted(names)))
async def test_one_message_is_one_turn_with_its_files(
    there: SlackHouse, order: tuple[str, ...], with_files: set[str]
) -> None:
    there.fake.habits.order = order
    there.fake.habits.with_files = frozenset(with_files)
    there.fake.delivery.copies = 3
    said = await there.ana.says(
        there.design,
        mention(there, "make it blue"),
        files=[("mug.png", png()), ("logo.png", png("gold"))],
    )
    turn = await only_turn(there, said)
    assert turn.text == "make it blue"
    assert files_of(turn) == said.message.files


@pytest.mark.parametrize("seed", range(3))
async def test_all_its_events_at_once_are_one_turn(there: SlackHouse, seed: int) -> None:
    there.fake.delivery.copies, there.fake.delivery.together = 3, True
    there.fake.delivery.shuffle = random.Random(seed)
    there.fake.habits.with_files = frozenset({"message"})
    said = await there.ana.says(
        there.design, mention(there, "make it blue"), files=[("mug.png", png())]
    )
    assert files_of(await only_turn(there, said)) == said.message.files


@pytest.mark.parametrize("kinds", [("app_mention", "message"), ("message", "app_mention")])
async def test_a_mention_without_files_waits_for_the_event_that_may_bring_them(
    there: SlackHouse, kinds: tuple[str, str]
) -> None:
    there.fake.habits.order = (kinds[0],)
    said = await there.ana.says(there.design, mention(there, "a red mug"))
    assert (await only_turn(there, said)).held_until is not None
    await there.fake.delivery.events(there.ana.events_of(said.message))
    assert (await only_turn(there, said)).held_until is not None, "the same kind tells no more"
    there.fake.habits.order = (kinds[1],)
    await there.fake.delivery.events(there.ana.events_of(said.message))
    assert (await only_turn(there, said)).held_until is None


async def test_who_cannot_be_told_twice_need_not_wait(there: SlackHouse) -> None:
    said = await there.ana.says(there.fake.dm(there.ana), "a red mug")
    assert (await there.turn_of(said)).held_until is None


async def test_an_event_that_tells_little_is_enough(there: SlackHouse) -> None:
    """As some were recorded: no event id, no kind of channel, an authorization without a team."""
    event = {
        "type": "message",
        "user": there.ana.id,
        "ts": there.fake.world.new_ts(),
        "text": mention(there, "a red mug"),
        "channel": there.design.id,
    }
    told = {
        "token": payloads.TOKEN,
        "team_id": there.team.id,
        "event": event,
        "type": "event_callback",
        "authorizations": [{"user_id": there.team.bot_user, "is_bot": True}],
    }
    (answer,) = await there.fake.delivery.events([told])
    assert answer.ok
    said = Said(Message(event["channel"], event["ts"], event["user"], there.team.id))
    turn = await only_turn(there, said)
    assert (turn.text, turn.actor.id) == ("a red mug", f"slack:{there.team.id}:{there.ana.id}")


# Which messages are for us.


async def test_replies_in_a_session_need_no_mention_and_stand_in_order(there: SlackHouse) -> None:
    root = await there.ana.says(there.design, mention(there, "a red mug"))
    await there.ben.says(there.design, "make it blue", thread=root)
    await there.ana.says(there.design, "now 4x", thread=root)
    turns = await there.turns(root)
    assert [turn.text for turn in turns] == ["a red mug", "make it blue", "now 4x"]
    assert [turn.actor.id for turn in turns] == [
        f"slack:{there.team.id}:{who.id}" for who in (there.ana, there.ben, there.ana)
    ]
    assert turns[1].place["thread"] == root.ts


async def test_talk_that_is_not_for_us_is_left_alone(there: SlackHouse) -> None:
    root = await there.ana.says(there.design, mention(there, "a red mug"))
    others = await there.ana.says(there.design, "lunch?")
    said = [
        others,
        await there.ben.says(there.design, "yes", thread=others),
        await there.ben.says(there.design, f"<@{there.ana.id}> lovely!", thread=root),
    ]
    assert all(each.ok for each in said)
    assert [turn.text for turn in await there.turns(root)] == ["a red mug"]
    assert not await there.turns(others)


async def test_a_reply_to_somebody_else_that_mentions_us_is_ours(there: SlackHouse) -> None:
    root = await there.ana.says(there.design, mention(there, "a red mug"))
    both = f"<@{there.ana.id}> agreed. {there.team.mention} make it blue"
    await there.ben.says(there.design, both, thread=root)
    assert (await there.turns(root))[1].text.endswith("agreed. make it blue")


async def test_a_channel_that_wants_mentions_only_is_heeded(there: SlackHouse) -> None:
    workspace = f"slack:{there.team.id}"
    await there.front.rules.decide(workspace, there.design.id, Rules(listen="mention"))
    root = await there.ana.says(there.design, mention(there, "a red mug"))
    await there.ben.says(there.design, "nice!", thread=root)
    await there.ben.says(there.design, mention(there, "make it blue"), thread=root)
    assert [turn.text for turn in await there.turns(root)] == ["a red mug", "make it blue"]


async def test_a_direct_message_needs_no_mention(there: SlackHouse) -> None:
    direct = there.fake.dm(there.ana)
    said = await there.ana.says(direct, "a red mug")
    await there.ana.says(direct, "make it blue", thread=said)
    assert [turn.text for turn in await there.turns(said)] == ["a red mug", "make it blue"]


async def test_a_group_message_needs_a_mention(there: SlackHouse) -> None:
    group = there.fake.channel(there.team, "", [there.ana, there.ben], kind="mpim")
    talk = await there.ana.says(group, "a red mug would be nice")
    asked = await there.ana.says(group, mention(there, "a red mug"))
    await there.ben.says(group, "make it blue", thread=asked)
    assert not await there.turns(talk)
    assert [turn.text for turn in await there.turns(asked)] == ["a red mug", "make it blue"]


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": "B0OTHERBOT"},
        {"subtype": "bot_message"},
        {"subtype": "channel_topic"},
        {"user": "USLACKBOT"},
        {"user": None},
        {"ts": None},
    ],
    ids=str,
)
async def test_what_no_person_said_is_left_alone(there: SlackHouse, change: Json) -> None:
    said = there.ana.writes(there.design, mention(there, "a red mug"))
    for payload in there.ana.events_of(said.message):
        event = {**payload["event"], **change}
        (answer,) = await there.fake.delivery.events([{**payload, "event": event}])
        assert answer.ok
    assert not await there.turns(said)


# Threads that begin elsewhere.


async def test_a_mention_under_somebody_elses_picture_takes_that_picture(
    there: SlackHouse,
) -> None:
    there.fake.delivery.copies = 2
    root = await there.ben.says(there.design, "look", files=[("beach.png", png())])
    await there.ana.says(there.design, mention(there, "make it night"), thread=root)
    await there.ana.says(there.design, mention(there, "and add stars"), thread=root)
    first, second = await there.turns(root)
    (ref,) = first.pending
    assert (ref.id, ref.optional) == (f"message:{there.design.id}:{root.ts}", True)
    assert not second.pending


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(
    "order", [("message", "app_mention"), ("app_mention", "message")], ids="-".join
)
async def test_its_own_picture_is_taken_instead_of_the_one_above(
    there: SlackHouse, order: tuple[str, ...], together: bool
) -> None:
    """Also where one of its events does not tell of it."""
    there.fake.habits.order, there.fake.habits.with_files = order, frozenset({"message"})
    there.fake.delivery.together = together
    root = await there.ben.says(there.design, "look", files=[("beach.png", png())])
    said = await there.ana.says(
        there.design, mention(there, "make it night"), thread=root, files=[("mug.png", png())]
    )
    (turn,) = await there.turns(root)
    assert files_of(turn) == said.message.files


async def test_links_to_files_and_messages_are_pictures_of_the_message(there: SlackHouse) -> None:
    shared = await there.ben.says(there.design, "", files=[("mug.png", png())])
    (file,) = shared.message.files
    link = f"https://acme.slack.com/files/{there.ben.id}/{file}/mug.png"
    said = await there.ana.says(there.design, mention(there, f"make it blue <{link}>"))
    turn = await only_turn(there, said)
    assert (turn.text, files_of(turn)) == ("make it blue", [file])


async def test_a_reply_waits_a_moment_for_the_session_of_a_thread_of_ours(
    there: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread of a command is opened by us, and its session is known by its own key first."""
    root = _ours_said(there, there.design)
    thread = there.place(root).thread_key()
    born = there.place(root).thread_key("1337.42.trigger")
    links = there.front.links
    known = links.known

    async def known_after_the_first_look(key: str) -> str | None:
        found = await known(key)
        await links.alias(thread, born)
        return found

    monkeypatch.setattr(links, "known", known_after_the_first_look)
    said = await there.ana.says(there.design, "make it blue", thread=root)
    assert said.ok
    turn = await there.turn_of(said)
    assert turn.text == "make it blue"
    assert (await there.house.desk.session(turn.session_id)).thread == born


async def test_words_of_ours_without_a_session_are_not_waited_for_later(
    there: SlackHouse,
) -> None:
    root = _ours_said(there, there.design, ago=60)
    talk = await there.ana.says(there.design, "thank you", thread=root)
    asked = await there.ana.says(there.design, mention(there, "a red mug"), thread=root)
    assert max(answer.seconds for answer in (*talk.answers, *asked.answers)) < 1
    (turn,) = await there.turns(asked)
    assert (turn.text, turn.pending) == ("a red mug", ())


def _ours_said(there: SlackHouse, channel: Channel, ago: float = 0) -> Message:
    """A message of ours at the top of a channel."""
    team, world = there.team, there.fake.world
    ts = f"{float(world.new_ts()) - ago:.6f}"
    message = Message(channel.id, ts, team.bot_user, team.id, text="A red mug")
    message.bot_id = team.bot_id
    world.messages[channel.id, message.ts] = message
    return message


# Words.


async def test_words_are_plain_and_otherwise_untouched(there: SlackHouse) -> None:
    typed = 'say “hello” &amp; "bye"\nto <@U0STRANGER1> in <#C1|design> &lt;3 :tada:'
    said = await there.ana.says(there.design, mention(there, typed))
    turn = await only_turn(there, said)
    assert turn.text == 'say “hello” & "bye"\nto @someone in #design <3 🎉'


async def test_a_name_is_used_once_it_is_known(there: SlackHouse) -> None:
    words = mention(there, f"draw <@{there.ben.id}>")
    await there.ana.says(there.design, words)
    await there.told()
    turn = await only_turn(there, await there.ana.says(there.design, words))
    assert (turn.text, turn.actor.name) == ("draw @ben", "ana")


# Nothing to do, and what is told of it.


@pytest.mark.parametrize("words", ["{0}", " {0}: ", "{0} {0}"])
async def test_a_bare_mention_is_told_how_to_begin_once(there: SlackHouse, words: str) -> None:
    there.fake.delivery.copies = 3
    before = len(there.ana.notes)
    said = await there.ana.says(there.design, words.format(there.team.mention))
    await there.told()
    assert said.ok
    assert not await there.turns(said)
    (note,) = there.ana.notes[before:]
    assert "say what to draw" in note.text


async def test_a_picture_without_words_is_a_turn_and_no_question(there: SlackHouse) -> None:
    """Also where the first of its events does not tell of the picture."""
    there.fake.habits.order = ("app_mention", "message")
    there.fake.habits.with_files = frozenset({"message"})
    before = len(there.ana.notes)
    said = await there.ana.says(there.design, there.team.mention, files=[("mug.png", png())])
    await there.told()
    turn = await only_turn(there, said)
    assert (turn.text, files_of(turn)) == ("", said.message.files)
    assert len(there.ana.notes) == before


async def test_files_that_are_no_pictures_are_named_to_their_sender(there: SlackHouse) -> None:
    before = len(there.ana.notes)
    there.fake.delivery.copies = 2
    said = await there.ana.says(
        there.design,
        mention(there, "make it blue"),
        files=[("mug.png", png()), ("<b>rief.pdf", b"%PDF-1.7")],
    )
    await there.told()
    turn = await only_turn(there, said)
    assert files_of(turn) == said.message.files[:1]
    (note,) = there.ana.notes[before:]
    assert note.text == "I left out what is no picture: &lt;b&gt;rief.pdf"


async def test_in_a_direct_message_it_is_said_in_the_thread(there: SlackHouse) -> None:
    direct = there.fake.dm(there.ana)
    said = await there.ana.says(direct, files=[("brief.pdf", b"%PDF-1.7")])
    await there.told()
    assert not await there.turns(said)
    (told,) = there.fake.said_by_bot(direct, said.ts)
    assert told.text == "That is no picture: brief.pdf. Send PNG, JPEG or WebP."


@pytest.mark.parametrize("where", ["channel", "thread"])
async def test_a_person_hears_once_why_it_can_not_be_done(there: SlackHouse, where: str) -> None:
    there.fake.delivery.copies = 3
    before = len(there.ana.notes)
    root = await there.ben.says(there.design, "look") if where == "thread" else None
    said = await there.ana.says(there.design, mention(there, "x" * 9_000), thread=root)
    await there.told()
    assert said.ok
    assert all(answer.tries == 1 for answer in said.answers)
    assert not await there.turns(said)
    (note,) = there.ana.notes[before:]
    assert note.text.startswith("That instruction has 9,000 characters.")
    assert note.thread_ts == (root.ts if root else "")


async def test_who_may_not_ask_here_is_told(there: SlackHouse) -> None:
    workspace = f"slack:{there.team.id}"
    await there.front.rules.decide(workspace, there.design.id, Rules(who="admins"))
    before = len(there.ana.notes)
    said = await there.ana.says(there.design, mention(there, "a red mug"))
    await there.told()
    assert said.ok
    assert not await there.turns(said)
    (note,) = there.ana.notes[before:]
    assert note.text.startswith("Only admins may ask me for pictures here")


# Other companies.


async def test_people_of_another_company_count_to_their_own_workspace(there: SlackHouse) -> None:
    globex = there.fake.team("globex", installed=False)
    zoe = there.fake.person(globex, "zoe")
    shared = there.fake.channel(there.team, "shared", [there.ana, zoe], shared_with=[globex])
    said = await zoe.says(shared, mention(there, "make it blue"), files=[("mug.png", png())])
    turn = await only_turn(there, said)
    assert (turn.actor.id, turn.actor.workspace) == (
        f"slack:{globex.id}:{zoe.id}",
        f"slack:{globex.id}",
    )
    assert turn.place["team"] == there.team.id
    (ref,) = turn.pending
    assert (ref.id, ref.where) == (f"file:{said.message.files[0]}", {})


# To the end.


async def test_a_mention_is_drawn_in_its_thread(there: SlackHouse) -> None:
    async with there.house.working():
        said = await there.ana.says(there.design, mention(there, "a red mug"))
        turn = await there.ended(await there.turn_of(said))
        assert turn.state is TurnState.DONE, turn.error

        async def in_thread() -> bool:
            return any(each.files for each in there.fake.said_by_bot(there.design, said.ts))

        await wait_until(in_thread, "the picture is in the thread")
    assert there.acks
