"""Methods of channels and threads."""

from __future__ import annotations

from tests.contract.discord.discord_calling import Answered, Calling, method
from tests.contract.discord.discord_json import channel_json, thread_json, thread_member_json
from tests.contract.discord.discord_messages import announced, check_open
from tests.contract.discord.discord_permissions import need, permissions_of
from tests.contract.discord.discord_refusing import Refused, required, wrong
from tests.contract.discord.discord_world import (
    HAS_THREAD,
    NEWS,
    NEWS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    Channel,
    Json,
    Message,
    World,
    permission,
)

_CHANNEL = "/channels/{channel}"
_DURATIONS = (60, 1440, 4320, 10080)
THREAD_CREATED, THREAD_STARTER = 18, 21


@method("GET", _CHANNEL)
def channel(call: Calling) -> Answered:
    need(call.world, call.channel())
    return 200, channel_json(call.world, call.channel())


@method("PATCH", _CHANNEL)
def change(call: Calling) -> Answered:
    world, place = call.world, call.channel()
    if not place.is_thread:
        need(world, place, "manage_channels")
        raise Refused(50024)
    if place.owner != world.bot.id or "locked" in call.body:
        need(world, place, "manage_threads")
    need(world, place)
    place.name = str(call.body.get("name") or place.name)
    place.archived = bool(call.body.get("archived", place.archived))
    place.locked = bool(call.body.get("locked", place.locked))
    place.auto_archive = _duration(call.body, place.auto_archive)
    place.changed = world.clock()
    world.tell("THREAD_UPDATE", {"channel": place.id}, place.guild)
    return 200, channel_json(world, place)


def _duration(body: Json, usual: int) -> int:
    minutes = int(body.get("auto_archive_duration") or usual)
    if minutes not in _DURATIONS:
        path = "auto_archive_duration"
        raise wrong(path, "BASE_TYPE_CHOICES", f"Value must be one of {_DURATIONS}.")
    return minutes


def _name(body: Json) -> str:
    name = str(body.get("name") or "").strip()
    if not name:
        raise required("name")
    if len(name) > 100:
        raise wrong("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    return name


@method("POST", _CHANNEL + "/messages/{message}/threads")
def from_message(call: Calling) -> Answered:
    world, place = call.world, call.channel()
    need(world, place, *(["create_public_threads"] if place.guild else []))
    if place.type not in (TEXT, NEWS):
        raise Refused(50024)
    message = call.message()
    if message.id in world.channels:
        raise Refused(160004)
    kind = NEWS_THREAD if place.type == NEWS else PUBLIC_THREAD
    thread = _opened(world, place, message.id, kind, call.body)
    thread.members.setdefault(message.author, world.clock())
    message.flags |= HAS_THREAD
    announced(world, message, "MESSAGE_UPDATE")
    starter = Message(world.new_id(), thread.id, message.author, type=THREAD_STARTER)
    starter.reference = message.id
    world.messages[starter.id] = starter
    return 201, thread_json(world, thread)


@method("POST", _CHANNEL + "/threads")
def without_message(call: Calling) -> Answered:
    world, place = call.world, call.channel()
    kind = int(call.body.get("type") or PRIVATE_THREAD)
    name = "create_private_threads" if kind == PRIVATE_THREAD else "create_public_threads"
    need(world, place, *([name] if place.guild else []))
    if place.type not in (TEXT, NEWS):
        raise Refused(50024)
    thread = _opened(world, place, world.new_id(), kind, call.body)
    if kind != PRIVATE_THREAD:
        told = Message(thread.id, place.id, world.bot.id, thread.name, THREAD_CREATED)
        world.messages[told.id] = told
        announced(world, told, "MESSAGE_CREATE")
    return 201, thread_json(world, thread)


def _opened(world: World, place: Channel, id: str, kind: int, body: Json) -> Channel:
    thread = Channel(id, _name(body), kind, place.guild, place.id, place.nsfw, world.bot.id)
    thread.auto_archive = _duration(body, 1440)
    thread.changed = world.clock()
    thread.members[world.bot.id] = world.clock()
    world.channels[id] = thread
    world.guilds[place.guild].channels.append(id)
    world.tell("THREAD_CREATE", {"channel": id, "newly_created": True}, place.guild)
    return thread


@method("PUT", _CHANNEL + "/thread-members/{user}")
def add_member(call: Calling) -> Answered:
    world, thread, user = call.world, call.channel(), _user(call)
    need(world, thread)
    if not thread.is_thread:
        raise Refused(50024)
    check_open(world, thread)
    need(world, thread, "send_messages_in_threads")
    if not permissions_of(world, user, thread) & permission("view_channel"):
        raise Refused(50001)
    thread.members.setdefault(user, world.clock())
    data = {"channel": thread.id, "added": user}
    world.tell("THREAD_MEMBERS_UPDATE", data, thread.guild)
    return 204, None


@method("GET", _CHANNEL + "/thread-members/{user}")
def member(call: Calling) -> Answered:
    thread, user = call.channel(), _user(call)
    need(call.world, thread)
    if user not in thread.members:
        raise Refused(10007)
    return 200, thread_member_json(thread, user)


@method("DELETE", _CHANNEL + "/thread-members/{user}")
def leave(call: Calling) -> Answered:
    thread, user = call.channel(), _user(call)
    check_open(call.world, thread)
    if user != call.world.bot.id:
        need(call.world, thread, "manage_threads")
    thread.members.pop(user, None)
    return 204, None


def _user(call: Calling) -> str:
    user = call.parts["user"]
    user = call.world.bot.id if user == "@me" else user
    if user not in call.world.users:
        raise Refused(10013)
    return user


@method("POST", _CHANNEL + "/typing")
def typing(call: Calling) -> Answered:
    place = call.channel()
    need(call.world, place, "send_messages_in_threads" if place.is_thread else "send_messages")
    call.world.typing.append(place.id)
    return 204, None
