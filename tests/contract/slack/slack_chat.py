"""chat.* and reactions.*: what the app writes."""

from __future__ import annotations

from tests.contract.slack import slack_rules as rules
from tests.contract.slack.slack_calling import Calling, method
from tests.contract.slack.slack_json import message_json, with_ids
from tests.contract.slack.slack_tiers import FOUR, FREE, THREE, TWO
from tests.contract.slack.slack_world import Channel, Json, Message, Refused, World


def checked(call: Calling) -> tuple[str, list[Json]]:
    """Text and blocks of a message. Raises Refused."""
    text, blocks = str(call.args.get("text") or ""), call.args.get("blocks") or []
    rules.check_text(text)
    rules.check_metadata(call.args.get("metadata"))
    rules.check_blocks(blocks, call.ready)
    if not text and not blocks:
        raise Refused("no_text")
    return text, with_ids(blocks)


def put(world: World, message: Message) -> None:
    """A message of the app is there, and whoever listens hears of it."""
    world.messages[message.channel, message.ts] = message
    world.tell(message.team, _event(world, message, message_json(world, message)))


def _event(world: World, message: Message, told: Json) -> Json:
    kind = world.channels[message.channel].kind
    return told | {"channel": message.channel, "event_ts": message.ts, "channel_type": kind}


def changed_event(
    world: World, message: Message, before: Json, subtype: str = "message_changed"
) -> Json:
    """Says that a message is not what it was."""
    ts = world.new_ts()
    event: Json = {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": message.channel,
        "previous_message": before,
        "ts": ts,
        "event_ts": ts,
        "channel_type": world.channels[message.channel].kind,
    }
    if subtype == "message_deleted":
        return event | {"deleted_ts": message.ts}
    return event | {"message": message_json(world, message) | {"source_team": message.team}}


def remove(world: World, message: Message) -> Json:
    """Delete, and say so; a message with replies leaves a tombstone, as in Slack."""
    before = message_json(world, message)
    replies = [one for one in world.thread(message.channel, message.ts) if one is not message]
    if replies and not message.is_reply:
        message.subtype, message.text = "tombstone", "This message was deleted."
        message.blocks, message.files, message.metadata = [], [], {}
        return changed_event(world, message, before)
    del world.messages[message.channel, message.ts]
    return changed_event(world, message, before, "message_deleted")


@method("chat.postMessage", "chat:write", FREE)
def post(call: Calling) -> Json:
    channel = call.channel(write=True)
    text, blocks = checked(call)
    message = _own_message(call, channel, text, blocks)
    put(call.world, message)
    told = message_json(call.world, message)
    return {"channel": channel.id, "ts": message.ts, "message": told}


def _own_message(call: Calling, channel: Channel, text: str, blocks: list[Json]) -> Message:
    team = call.team
    return Message(
        channel.id,
        call.world.new_ts(),
        team.bot_user,
        team.id,
        text=text,
        thread_ts=call.root(channel),
        blocks=blocks,
        bot_id=team.bot_id,
        metadata=call.args.get("metadata") or {},
    )


@method("chat.update", "chat:write", THREE)
def update(call: Calling) -> Json:
    channel = call.channel(write=True)
    message = call.message(channel)
    call.own(message, "cant_update_message")
    if not {"text", "blocks"} & set(call.args):
        raise Refused("no_text")
    rules.check_text(str(call.args.get("text") or ""))
    rules.check_blocks(call.args.get("blocks") or [], call.ready)
    rules.check_metadata(call.args.get("metadata"))
    before = message_json(call.world, message)
    message.text = str(call.args.get("text", message.text) or "")
    if "blocks" in call.args:
        message.blocks = with_ids(call.args["blocks"] or [])
    message.metadata = call.args.get("metadata", message.metadata)
    message.edits += 1
    message.edited = {"user": message.user, "ts": f"{int(call.world.clock())}.000000"}
    call.world.tell(message.team, changed_event(call.world, message, before))
    told = message_json(call.world, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": told}


@method("chat.delete", "chat:write", THREE)
def delete(call: Calling) -> Json:
    channel = call.channel(write=True)
    message = call.message(channel)
    call.own(message, "cant_delete_message")
    call.world.tell(message.team, remove(call.world, message))
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "chat:write", FOUR)
def post_ephemeral(call: Calling) -> Json:
    channel = call.channel(write=True)
    user = str(call.want("user"))
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = checked(call)
    message = _own_message(call, channel, text, blocks)
    message.only_for = user
    call.world.ephemerals.append(message)
    return {"message_ts": message.ts}


@method("chat.getPermalink", "", FREE)
def permalink(call: Calling) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.team.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("reactions.add", "reactions:write", THREE)
def react(call: Calling) -> Json:
    channel = call.channel(write=True)
    users = call.message(channel, "timestamp").reactions.setdefault(str(call.want("name")), [])
    if call.team.bot_user in users:
        raise Refused("already_reacted")
    users.append(call.team.bot_user)
    return {}


@method("reactions.remove", "reactions:write", TWO)
def unreact(call: Calling) -> Json:
    message = call.message(call.channel(write=True), "timestamp")
    name, bot = str(call.want("name")), call.team.bot_user
    users = message.reactions.get(name, [])
    if bot not in users:
        raise Refused("no_reaction")
    users.remove(bot)
    if not users:
        del message.reactions[name]
    return {}
