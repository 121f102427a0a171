"""What people write in Discord, read: words, links, sizes, files, and who they say it to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord.components import _component_factory

from adapters.discord.completing import scales, size_wish, sizes, styles
from adapters.discord.heard import heard
from adapters.discord.markup import addressed_to, mentions, thread_name, words
from adapters.discord.references import (
    MessageRef,
    given,
    linked_message,
    may_be_picture,
    pictures_behind,
    pictures_in,
)
from adapters.discord.show_here import ShowWish, show_wish
from core.errors import BadInput, EaselError, TooLarge
from core.turns.limits import TurnLimits

BOT, ANA, CHANNEL, MESSAGE = (
    111111111111111111,
    222222222222222222,
    333333333333333333,
    444444444444444444,
)
OWN = (f"<@{BOT}>", f"<@!{BOT}>", "<@&555555555555555555>")
CLIENT: Any = SimpleNamespace(user=SimpleNamespace(id=BOT))


def attachment(**told: Any) -> discord.Attachment:
    """A file as Discord tells of it."""
    usual = {
        "id": 7,
        "filename": "cat.png",
        "size": 10,
        "url": "https://cdn.discordapp.com/attachments/1/7/cat.png?ex=1",
        "proxy_url": "https://media.discordapp.net/attachments/1/7/cat.png",
        "content_type": "image/png",
    }
    data: Any = usual | told
    state: Any = SimpleNamespace(http=None)
    return discord.Attachment(data=data, state=state)


def message(content: str = "", **told: Any) -> Any:
    """A message with what is read of one."""
    usual: dict[str, Any] = {
        "id": MESSAGE,
        "content": content,
        "author": SimpleNamespace(id=ANA, bot=False),
        "webhook_id": None,
        "type": discord.MessageType.default,
        "channel": SimpleNamespace(id=CHANNEL),
        "guild": None,
        "mentions": [],
        "attachments": [],
        "components": [],
        "embeds": [],
        "stickers": [],
        "message_snapshots": [],
        "reference": None,
    }
    return SimpleNamespace(**usual | told)


def reply(to: Any, **told: Any) -> Any:
    """A reference to a message, with it where `to` is one."""
    resolved = object.__new__(discord.Message)
    for name, value in vars(to).items() if to else ():
        setattr(resolved, name, value)
    reference = SimpleNamespace(
        message_id=MESSAGE, type=discord.MessageReferenceType.reply, resolved=resolved if to else 0
    )
    return message(reference=reference, **told)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (f"<@{BOT}> a “red”\nmug", "a “red”\nmug"),
        (f"<@!{BOT}>, <@{BOT}>: a mug", "a mug"),
        (f"a mug <@{BOT}> please", "a mug please"),
        ("<@&555555555555555555> a mug", "a mug"),
        (f"like <@{ANA}> and <@999999999999999999>", "like @Ana and @someone"),
        ("in <#333333333333333333>, </imagine:123456789012345678>", "in #channel, /imagine"),
        ("<:mug:123456789012345678> <a:spin:123456789012345678>", ":mug: :spin:"),
        ("<t:1700000000:R> and <b>", "<t:1700000000:R> and <b>"),
    ],
)
def test_markup_is_turned_back_to_words(said: str, read: str) -> None:
    there = message(said, mentions=[SimpleNamespace(id=ANA, display_name="Ana")])
    assert words(there, OWN) == read


def test_who_is_spoken_to() -> None:
    assert mentions(f"hey <@!{BOT}>", OWN) and not mentions("hey <@1>", OWN)
    assert addressed_to(f" <@{ANA}> look") == str(ANA)
    assert addressed_to(f"look <@{ANA}>") == ""


def test_names_of_threads_are_one_line_and_never_empty() -> None:
    assert thread_name("a red mug\non wood") == "a red mug on wood"
    assert len(thread_name("mug " * 100)) <= 100
    assert thread_name(" \u200b ") == "Pictures"


LINK = "https://discord.com/channels/123456789012345678/333333333333333333/444444444444444444"
THERE = MessageRef("123456789012345678", "333333333333333333", "444444444444444444")


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        (f"show {LINK} here", THERE, "show here"),
        (f"show v3 of <{LINK}> here", THERE, "show v3 of here"),
        (LINK.replace("discord.com", "ptb.discord.com") + "?x=1", THERE, ""),
        (LINK.replace("discord.com", "canary.discordapp.com"), THERE, ""),
        (f"{LINK} {LINK}", THERE, ""),
        (f"{LINK} {LINK[:-1]}5", None, ""),
        (LINK.replace("discord.com", "discord.com.evil.example"), None, None),
        (LINK.replace("https", "http"), None, None),
        ("https://discord.com/channels/1/2", None, None),
    ],
)
def test_links_to_messages_are_taken_out(
    text: str, found: MessageRef | None, left: str | None
) -> None:
    assert linked_message(text) == (found, text if left is None else left)


def test_direct_conversations_are_linked_to_as_well() -> None:
    ref, _ = linked_message(LINK.replace("123456789012345678", "@me"))
    assert ref is not None and ref.home == "@me"


VID = "s0123456789abcdef0123.v4"


@pytest.mark.parametrize(
    ("said", "linked", "wish"),
    [
        ("show v3 of here", THERE, ShowWish(3, linked=THERE)),
        ("show here.", THERE, ShowWish(None, linked=THERE)),
        ("Show me v2", None, ShowWish(2)),
        (f"show {VID} here", THERE, ShowWish(None, VID)),
        ("show a mug", THERE, None),
        ("show versions", None, None),
    ],
)
def test_wishes_to_be_shown_something(
    said: str, linked: MessageRef | None, wish: ShowWish | None
) -> None:
    assert show_wish(said, linked) == wish


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3:2", {"ar": "3:2"}),
        (" 16/9 ", {"ar": "16:9"}),
        ("1536x1024", {"size": "1536x1024"}),
        ("1536 × 1024 px", {"size": "1536x1024"}),
        ("1024", {"size": "1024x1024"}),
        ("Square", {"size": "square"}),
    ],
)
def test_sizes_as_people_type_them(said: str, meant: dict[str, str]) -> None:
    assert size_wish(said).model_dump(exclude_none=True) == meant


@pytest.mark.parametrize(
    "said", ["huge", "0x0", "0:4", "1x", "-3:2", "3:2:1", "123456x1", "１:２x"]
)
def test_sizes_that_are_none(said: str) -> None:
    with pytest.raises(BadInput, match="I don't know the size"):
        size_wish(said)


async def test_choices_keep_to_what_discord_takes() -> None:
    nobody: Any = None
    for complete in (sizes, scales, styles):
        for typed in ("", "x" * 300, "3:2", "  "):
            found = await complete(nobody, typed)
            assert len(found) <= 25
            for choice in found:
                assert 1 <= len(choice.name) <= 100 and 1 <= len(choice.value) <= 100


@pytest.mark.parametrize(
    ("told", "picture"),
    [
        ({"content_type": "image/png"}, True),
        ({"content_type": "image/webp; charset=x"}, True),
        ({"content_type": "text/plain"}, False),
        ({"content_type": "video/mp4", "filename": "cat.png"}, False),
        ({"content_type": None, "filename": "cat"}, True),
        ({"content_type": "application/octet-stream", "filename": "cat.HEIC"}, True),
        ({"content_type": "application/octet-stream", "filename": "cat.exe"}, False),
    ],
)
def test_what_may_be_a_picture(told: dict[str, Any], picture: bool) -> None:
    assert may_be_picture(attachment(**told)) is picture


LIMITS = TurnLimits(max_files=2, max_file_bytes=1_000_000)


@pytest.mark.parametrize(
    ("files", "error", "said"),
    [
        ([{}, {}, {}], TooLarge, "3 files"),
        ([{"size": 1_200_000}], TooLarge, "cat.png has 1.2 MB"),
        ([{"size": 0}], BadInput, "cat.png is empty"),
        ([{"content_type": "text/plain"}], EaselError, "cat.png is no picture"),
    ],
)
def test_files_that_won_t_do_are_refused_before_they_are_fetched(
    files: list[dict[str, Any]], error: type[EaselError], said: str
) -> None:
    with pytest.raises(error) as refused:
        given([None, *(attachment(**told) for told in files)], LIMITS)
    assert said in refused.value.message and refused.value.hint


def test_a_file_of_a_command_says_where_it_lies_and_stands_in_no_message() -> None:
    (ref,) = given([None, attachment()], LIMITS)
    assert ref.id == "attachment:7" and set(ref.where) == {"attachment", "url"}


def test_pictures_of_a_message_its_forwards_and_embeds_that_lie_with_discord() -> None:
    embeds = [
        discord.Embed().set_image(url="https://cdn.discordapp.com/attachments/1/9/in.png"),
        discord.Embed().set_image(url="https://elsewhere.example/out.png"),
        discord.Embed().set_thumbnail(url="https://cdn.discordapp.com.evil.example/x.png"),
    ]
    sent = [attachment(id=8, filename="fwd.png")]
    forwarded = [SimpleNamespace(attachments=sent, components=[])]
    notes = attachment(id=9, filename="notes.txt", content_type="text/plain")
    there = message(
        attachments=[attachment(), attachment(), notes], embeds=embeds, message_snapshots=forwarded
    )
    pictures, others = pictures_in(there)
    assert [ref.name for ref in pictures] == ["cat.png", "fwd.png", "in.png"]
    assert others == ("notes.txt",)
    assert all(ref.where["message"] == str(MESSAGE) for ref in pictures)


def shown(number: int, name: str, mime: str | None = "image/png") -> dict[str, Any]:
    """A file of the message as a component shows it."""
    url = f"https://cdn.discordapp.com/attachments/1/{number}/{name}?ex=1"
    return {"url": url, "content_type": mime, "attachment_id": str(number)}


def test_pictures_that_components_show_are_not_among_the_attachments() -> None:
    """As in messages of other bots, and in ours once we do not know them any more."""
    elsewhere = {"url": "https://elsewhere.example/out.png", "content_type": "image/png"}
    gallery = [{"media": shown(7, "cat.png")}, {"media": shown(11, "dog.png")}]
    thumbnail = {"type": 11, "id": 5, "media": shown(12, "small.webp", None)}
    words = {"type": 10, "id": 6, "content": "look"}
    told: list[dict[str, Any]] = [
        {"type": 12, "id": 1, "items": [*gallery, {"media": elsewhere}]},
        {"type": 9, "id": 2, "components": [words], "accessory": thumbnail},
        {"type": 13, "id": 3, "file": shown(13, "notes.txt", "text/plain")},
    ]
    container: Any = {"type": 17, "id": 4, "components": told}
    there = message(attachments=[attachment()], components=[_component_factory(container)])
    pictures, others = pictures_in(there)
    assert [ref.id for ref in pictures] == ["attachment:7", "attachment:11", "attachment:12"]
    assert pictures[1].name == "dog.png" and others == ("notes.txt",)
    assert pictures[1].where["attachment"] == "11"
    assert pictures[1].where["message"] == str(MESSAGE)
    forward = SimpleNamespace(attachments=[], components=there.components)
    assert len(pictures_in(message(message_snapshots=[forward]))[0]) == 3


def test_pictures_that_may_not_be_there_are_no_error() -> None:
    assert pictures_behind("1", "2").optional


# To whom it is said.


@pytest.mark.parametrize(
    "told",
    [
        {"author": SimpleNamespace(id=ANA, bot=True)},
        {"webhook_id": 1},
        {"type": discord.MessageType.pins_add},
        {"type": discord.MessageType.thread_starter_message},
    ],
    ids=["bot", "webhook", "pin", "starter"],
)
def test_what_no_person_said_is_not_heard(told: dict[str, Any]) -> None:
    assert heard(message(f"<@{BOT}> a mug", **told), CLIENT, hears=True) is None


def test_a_reply_is_said_to_whose_message_it_answers() -> None:
    ours = message(author=SimpleNamespace(id=BOT, bot=True))
    theirs = message(author=SimpleNamespace(id=ANA, bot=False))
    to_us = heard(reply(ours, content="blue"), CLIENT, hears=True)
    assert to_us and to_us.to_us and to_us.reply_to == str(MESSAGE) and not to_us.addressed
    to_them = heard(reply(theirs, content="lovely"), CLIENT, hears=True)
    assert to_them and to_them.addressed and not to_them.reply_to and to_them.under
    calling = heard(reply(theirs, content=f"<@{BOT}> blue"), CLIENT, hears=True)
    assert calling and not calling.addressed and calling.mentioned and calling.under
    unknown = heard(reply(None, content="blue"), CLIENT, hears=True)
    assert unknown and unknown.reply_to == str(MESSAGE) and not unknown.to_us


def test_without_the_intent_only_what_is_said_to_us_can_be_read() -> None:
    plain = heard(message("", channel=SimpleNamespace(id=1)), CLIENT, hears=False)
    assert plain and not plain.readable
    pinged = message("blue", mentions=[SimpleNamespace(id=BOT, display_name="Easel")])
    told = heard(pinged, CLIENT, hears=False)
    assert told and told.readable and not told.mentioned
