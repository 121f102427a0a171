"""Methods of interactions: the first response, and what follows with its token."""

from __future__ import annotations

from typing import Any

from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_calling import Answered, Calling, method
from tests.contract.discord.discord_json import message_json
from tests.contract.discord.discord_messages import announced, change, check_open, remove, wake
from tests.contract.discord.discord_refusing import Refused, wrong
from tests.contract.discord.discord_world import EPHEMERAL, LOADING, Interaction, Json, Message
from tests.contract.discord.discord_writing import write

REPLY, DEFER, DEFER_UPDATE, UPDATE, COMPLETE, DIALOG = 4, 5, 6, 7, 8, 9
COMMAND, COMPONENT, COMPLETION, SUBMISSION = 2, 3, 4, 5
_FITTING = {
    COMMAND: (REPLY, DEFER, DIALOG),
    COMPONENT: (REPLY, DEFER, DEFER_UPDATE, UPDATE, DIALOG),
    COMPLETION: (COMPLETE,),
    SUBMISSION: (REPLY, DEFER, DEFER_UPDATE, UPDATE),
}
_MOST_FOLLOWUPS = 5
_HOOK = "/webhooks/{app}/{token}"
_ORIGINAL = _HOOK + "/messages/@original"
_ONE = _HOOK + "/messages/{message}"
_OF_COMMAND, _OF_MENU = 20, 23


@method("POST", "/interactions/{interaction}/{token}/callback", token=False)
def respond(call: Calling) -> Answered:
    world = call.world
    made = world.interactions.get(call.parts["interaction"])
    if made is None or made.token != call.parts["token"]:
        raise Refused(10062)
    if made.acknowledged:
        raise Refused(40060)
    if world.clock() - made.made > world.patience:
        raise Refused(10062)
    kind, data = int(call.body["type"]), call.body.get("data") or {}
    if kind not in _FITTING[made.kind] or (kind in (DEFER_UPDATE, UPDATE) and not made.source):
        raise wrong("type", "INTERACTION_CALLBACK_INVALID_TYPE", "Invalid response to that")
    message = _carried_out(call, made, kind, data)
    made.acknowledged = kind
    made.seconds = world.clock() - made.made
    made.answered.set()
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return 204, None
    return 200, _answer(call, made, message)


def _carried_out(call: Calling, made: Interaction, kind: int, data: Json) -> Message | None:
    if kind == COMPLETE:
        made.choices = data["choices"]
        if len(made.choices) > 25:
            raise wrong("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        return None
    if kind == DIALOG:
        components.check_dialog(data["components"])
        made.modal = data | {"components": components.with_ids(data["components"])}
        return None
    if kind in (DEFER_UPDATE, UPDATE):
        made.original = made.source
        source = call.world.messages.get(made.source)
        made.ephemeral = bool(source and source.only_for)
        if kind == UPDATE:
            change(_with(call, data), _original(call, made), limit=made.limit)
        return source
    return _first_message(call, made, kind, data)


def _first_message(call: Calling, made: Interaction, kind: int, data: Json) -> Message:
    made.ephemeral = bool(int(data.get("flags") or 0) & EPHEMERAL)
    message = _new(call, made, ephemeral=made.ephemeral)
    if kind == DEFER:
        message.flags |= LOADING
    else:
        write(call.world, message, data, call.uploads, limit=made.limit)
    made.original = message.id
    _place(call, message)
    return message


def _new(call: Calling, made: Interaction, *, ephemeral: bool) -> Message:
    message = Message(call.world.new_id(), made.channel, call.world.bot.id, interaction=made.id)
    if made.kind == COMMAND:
        message.type = _OF_COMMAND if made.command_type == 1 else _OF_MENU
    elif made.source:
        message.reference = made.source if not ephemeral else ""
        message.type = 19 if message.reference else 0
    if ephemeral:
        message.flags, message.only_for = EPHEMERAL, made.user
    return message


def _place(call: Calling, message: Message) -> None:
    call.world.messages[message.id] = message
    if not message.only_for:
        announced(call.world, message, "MESSAGE_CREATE")


def _answer(call: Calling, made: Interaction, message: Message | None) -> Json:
    told: Json = {"id": made.id, "type": made.kind}
    if made.acknowledged in (REPLY, DEFER) and message is not None:
        told |= {
            "response_message_id": message.id,
            "response_message_loading": message.loading,
            "response_message_ephemeral": made.ephemeral,
        }
    resource: Json = {"type": made.acknowledged}
    if made.acknowledged in (REPLY, UPDATE) and message is not None:
        resource["message"] = message_json(call.world, message)
    return {"interaction": told, "resource": resource}


def _with(call: Calling, body: Any) -> Calling:
    return Calling(call.world, call.parts, call.query, body, call.uploads)


def _hook(call: Calling) -> Interaction:
    """The interaction of a token. Raises Refused when it is unknown, too old or unanswered."""
    world = call.world
    made = world.interactions.get(world.tokens.get(call.parts["token"], ""))
    if made is None or call.parts["app"] != world.app_id:
        raise Refused(10015)
    if world.clock() >= made.expires:
        raise Refused(50027)
    if not made.acknowledged:
        raise Refused(10015)
    return made


def _original(call: Calling, made: Interaction) -> Message:
    found = call.world.messages.get(made.original)
    if found is None:
        raise Refused(10008)
    return found


def _named(call: Calling, made: Interaction) -> Message:
    name = call.parts["message"]
    found = call.world.messages.get(name)
    if found is None or name not in (made.original, *made.followups):
        raise Refused(10008)
    return found


@method("POST", _HOOK, token=False)
def follow_up(call: Calling) -> Answered:
    world, made = call.world, _hook(call)
    original = world.messages.get(made.original)
    if original is not None and original.loading and made.acknowledged == DEFER:
        _change(call, made, original)
        return 200, message_json(world, original)
    if made.installed == "user" and len(made.followups) >= _MOST_FOLLOWUPS:
        raise Refused(40094)
    ephemeral = bool(int(call.body.get("flags") or 0) & EPHEMERAL)
    message = _new(call, made, ephemeral=ephemeral)
    if original is not None and not ephemeral and not original.only_for:
        message.reference, message.type = original.id, 19
    write(world, message, call.body, call.uploads, limit=made.limit)
    wake(world, world.channels[made.channel])
    made.followups.append(message.id)
    _place(call, message)
    return 200, message_json(world, message)


def _change(call: Calling, made: Interaction, message: Message) -> None:
    check_open(call.world, call.world.channels[message.channel])
    change(call, message, limit=made.limit)


@method("GET", _ORIGINAL, token=False)
def original(call: Calling) -> Answered:
    return 200, message_json(call.world, _original(call, _hook(call)))


@method("PATCH", _ORIGINAL, token=False)
def edit_original(call: Calling) -> Answered:
    made = _hook(call)
    message = _original(call, made)
    _change(call, made, message)
    return 200, message_json(call.world, message)


@method("DELETE", _ORIGINAL, token=False)
def delete_original(call: Calling) -> Answered:
    remove(call.world, _original(call, _hook(call)))
    return 204, None


@method("GET", _ONE, token=False)
def followup(call: Calling) -> Answered:
    return 200, message_json(call.world, _named(call, _hook(call)))


@method("PATCH", _ONE, token=False)
def edit_followup(call: Calling) -> Answered:
    made = _hook(call)
    message = _named(call, made)
    _change(call, made, message)
    return 200, message_json(call.world, message)


@method("DELETE", _ONE, token=False)
def delete_followup(call: Calling) -> Answered:
    remove(call.world, _named(call, _hook(call)))
    return 204, None
