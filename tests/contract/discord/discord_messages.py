"""Methods of messages: post, read, edit, delete, react."""

from __future__ import annotations

from urllib.parse import unquote

from tests.contract.discord.discord_calling import Answered, Calling, method
from tests.contract.discord.discord_permissions import need, need_to_send, permissions_of
from tests.contract.discord.discord_reading import told
from tests.contract.discord.discord_refusing import Refused, required, wrong
from tests.contract.discord.discord_world import (
    DM,
    FORUM,
    Channel,
    Json,
    Message,
    World,
    permission,
)
from tests.contract.discord.discord_writing import set_reference, write

NONCE_SECONDS = 300.0
_CHANNEL = "/channels/{channel}"
_ONE = _CHANNEL + "/messages/{message}"


def announced(world: World, message: Message, kind: str) -> None:
    """Tell the app of its own message, as Discord does."""
    guild = world.channels[message.channel].guild
    world.tell(kind, {"message": message.id}, guild)


def wake(world: World, channel: Channel) -> None:
    """Writing into an archived thread opens it again, unless it is locked."""
    held = permissions_of(world, world.bot.id, channel)
    if channel.is_thread and channel.locked and not held & permission("manage_threads"):
        raise Refused(160005)
    if channel.is_thread and channel.archived:
        channel.archived, channel.changed = False, world.clock()
        world.tell("THREAD_UPDATE", {"channel": channel.id}, channel.guild)


@method("POST", _CHANNEL + "/messages")
def post(call: Calling) -> Answered:
    world, channel, body = call.world, call.channel(), call.body
    need_to_send(world, channel, files=bool(call.uploads))
    if channel.type == FORUM:
        raise Refused(50024)
    if channel.type == DM and any(world.users[name].refuses for name in channel.recipients):
        raise Refused(50007)
    key = (world.bot.id, channel.id, str(body.get("nonce") or ""))
    there = _there_already(world, body, key)
    if there is not None:
        return 200, told(world, there, content=world.content)
    message = Message(world.new_id(), channel.id, world.bot.id, nonce=key[2])
    set_reference(world, message, body, channel)
    write(world, message, body, call.uploads, limit=world.limit_of(channel.id))
    wake(world, channel)
    world.messages[message.id] = message
    if key[2]:
        world.nonces[key] = (message.id, world.clock() + NONCE_SECONDS)
    announced(world, message, "MESSAGE_CREATE")
    return 200, told(world, message, content=world.content)


def _there_already(world: World, body: Json, key: tuple[str, str, str]) -> Message | None:
    """A message of the same nonce within the past minutes, where nonces are enforced."""
    if body.get("enforce_nonce") and not key[2]:
        raise required("nonce")
    found, until = world.nonces.get(key, ("", 0.0))
    if not body.get("enforce_nonce") or until < world.clock():
        return None
    return world.messages.get(found)


@method("GET", _CHANNEL + "/messages")
def history(call: Calling) -> Answered:
    world, channel = call.world, call.channel()
    need(world, channel, "read_message_history")
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise wrong("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    messages = world.messages_of(channel.id)
    if "before" in call.query:
        messages = [one for one in messages if int(one.id) < int(call.query["before"])]
    if "after" in call.query:
        after = [one for one in messages if int(one.id) > int(call.query["after"])]
        messages = after[:limit]
    newest_first = messages[::-1][:limit]
    return 200, [told(world, one, content=world.content) for one in newest_first]


@method("GET", _ONE)
def one_message(call: Calling) -> Answered:
    need(call.world, call.channel(), "read_message_history")
    return 200, told(call.world, call.message(), content=call.world.content)


def check_open(world: World, channel: Channel) -> None:
    """Nothing is edited in a thread that is archived."""
    if channel.is_thread and channel.archived:
        raise Refused(50083)


@method("PATCH", _ONE)
def edit(call: Calling) -> Answered:
    world, channel = call.world, call.channel()
    need(world, channel)
    message = call.message()
    if message.author != world.bot.id:
        raise Refused(50005)
    check_open(world, channel)
    change(call, message, limit=world.limit_of(channel.id))
    return 200, told(world, message, content=world.content)


def change(call: Calling, message: Message, *, limit: int) -> None:
    """Edit a message of the app. Raises Refused."""
    write(call.world, message, call.body, call.uploads, limit=limit)
    message.edits += 1
    message.edited = call.world.clock()
    if not message.only_for:
        announced(call.world, message, "MESSAGE_UPDATE")


@method("DELETE", _ONE)
def delete(call: Calling) -> Answered:
    world, channel = call.world, call.channel()
    need(world, channel)
    message = call.message()
    if message.author != world.bot.id:
        need(world, channel, "manage_messages")
    check_open(world, channel)
    remove(world, message)
    return 204, None


def remove(world: World, message: Message) -> None:
    del world.messages[message.id]
    if not message.only_for:
        channel = world.channels[message.channel]
        gone = {"id": message.id, "channel_id": channel.id}
        more = {"guild_id": channel.guild} if channel.guild else {}
        world.tell("MESSAGE_DELETE", gone | more, channel.guild)


@method("PUT", _ONE + "/reactions/{emoji}/@me")
def react(call: Calling) -> Answered:
    world, channel, message = call.world, call.channel(), call.message()
    need(world, channel, "read_message_history")
    emoji = _emoji(call)
    if emoji not in message.reactions:
        need(world, channel, "add_reactions")
    check_open(world, channel)
    users = message.reactions.setdefault(emoji, [])
    if world.bot.id not in users:
        users.append(world.bot.id)
        world.tell(*reaction_event(world, message, world.bot.id, emoji, "ADD"))
    return 204, None


@method("DELETE", _ONE + "/reactions/{emoji}/@me")
def unreact(call: Calling) -> Answered:
    world, message = call.world, call.message()
    need(world, call.channel(), "read_message_history")
    emoji = _emoji(call)
    users = message.reactions.get(emoji, [])
    if world.bot.id in users:
        take_away(message, world.bot.id, emoji)
        world.tell(*reaction_event(world, message, world.bot.id, emoji, "REMOVE"))
    return 204, None


def _emoji(call: Calling) -> str:
    emoji = unquote(call.parts["emoji"])
    if emoji.isascii():
        raise Refused(10014)
    return emoji


def take_away(message: Message, user: str, emoji: str) -> None:
    message.reactions[emoji].remove(user)
    if not message.reactions[emoji]:
        del message.reactions[emoji]


def reaction_event(
    world: World, message: Message, user: str, emoji: str, change: str
) -> tuple[str, Json, str]:
    """The event of a reaction that came or went, ready to be told."""
    guild = world.channels[message.channel].guild
    data: Json = {
        "user_id": user,
        "channel_id": message.channel,
        "message_id": message.id,
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if change == "ADD":
        data["message_author_id"] = message.author
    if guild:
        data["guild_id"] = guild
        data |= {"member": user} if change == "ADD" else {}
    return f"MESSAGE_REACTION_{change}", data, guild
