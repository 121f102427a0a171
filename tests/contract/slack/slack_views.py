"""views.*, agents.sessions.*, assistant.threads.*: modals, the home page, and states of work."""

from __future__ import annotations

import secrets

from tests.contract.slack import slack_rules as rules
from tests.contract.slack.slack_calling import Calling, method
from tests.contract.slack.slack_json import with_ids
from tests.contract.slack.slack_tiers import FOUR, FREE, THREE
from tests.contract.slack.slack_world import Json, Refused, View, World

NOT_AN_AGENT = "not_allowed_token_type"
"""What sessions of agents answer where the app is no agent. Not verified with Slack."""

MOST_DEEP = 3
_STATUSES = ("processing", "active", "suspended", "closed")


def make_view(world: World, source: Json, user: str, team: str, before: View | None) -> View:
    """Keep a view as Slack tells it; `before` stands under it."""
    made = world.new_id("V")
    told = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit": None,
        "close": None,
        **source,
        "id": made,
        "team_id": team,
        "app_id": world.app_id,
        "bot_id": world.teams[team].bot_id,
        "app_installed_team_id": team,
        "hash": f"{int(world.clock())}.{secrets.token_hex(4)}",
        "state": {"values": {}},
        "root_view_id": before.json["root_view_id"] if before else made,
        "previous_view_id": before.id if before else None,
        "blocks": with_ids(source["blocks"]),
    }
    view = View(told, user, team)
    world.views[made] = view
    return view


def renew(world: World, view: View, source: Json) -> None:
    """Replace what a view shows; its place in the stack stays."""
    kept = ("id", "team_id", "app_id", "bot_id", "app_installed_team_id", "root_view_id")
    told = {name: view.json[name] for name in (*kept, "previous_view_id", "state")}
    fresh = {"blocks": with_ids(source["blocks"]), "hash": f"{secrets.token_hex(6)}"}
    view.json = view.json | source | told | fresh


@method("views.open", "", FOUR)
def open_view(call: Calling) -> Json:
    source = call.want("view")
    rules.check_view(source, "modal", call.ready)
    trigger = call.world.take_trigger(str(call.want("trigger_id")))
    view = make_view(call.world, source, trigger.user, call.team.id, None)
    return {"view": view.json}


@method("views.push", "", FOUR)
def push(call: Calling) -> Json:
    source = call.want("view")
    rules.check_view(source, "modal", call.ready)
    trigger = call.world.take_trigger(str(call.want("trigger_id")))
    stack = [view for view in call.world.views.values() if view.user == trigger.user]
    if len(stack) >= MOST_DEEP:
        raise Refused("push_limit_reached")
    view = make_view(call.world, source, trigger.user, call.team.id, stack[-1] if stack else None)
    return {"view": view.json}


@method("views.update", "", FOUR)
def update(call: Calling) -> Json:
    view = call.world.views.get(str(call.args.get("view_id") or ""))
    if view is None or not call.may_see(view.team):
        raise Refused("not_found")
    if call.args.get("hash") and call.args["hash"] != view.json["hash"]:
        raise Refused("hash_conflict")
    source = call.want("view")
    rules.check_view(source, "modal", call.ready)
    renew(call.world, view, source)
    return {"view": view.json}


@method("views.publish", "", FOUR)
def publish(call: Calling) -> Json:
    source, user = call.want("view"), str(call.want("user_id"))
    if user not in call.world.users:
        raise Refused("user_not_found")
    rules.check_view(source, "home", call.ready)
    team = call.world.users[user].team if not call.grant.team else call.team.id
    before = call.world.homes.get((team, user))
    if call.args.get("hash") and before and call.args["hash"] != before.json["hash"]:
        raise Refused("hash_conflict")
    view = make_view(call.world, source, user, team, None)
    del call.world.views[view.id]
    call.world.homes[team, user] = view
    return {"view": view.json}


@method("agents.sessions.setStatus", "chat:write", THREE)
def agent_status(call: Calling) -> Json:
    status, title = str(call.want("status")), str(call.args.get("title") or "")
    if not call.team.agent:
        raise Refused(NOT_AN_AGENT)
    if status not in _STATUSES or len(title) > 200:
        raise Refused("invalid_arguments")
    channel = call.channel("channel_id", write=True)
    key = (channel.id, call.root(channel))
    session = call.world.agent_sessions.setdefault(key, {"title": title})
    session["status"] = status
    call.world.statuses.append({"channel": key[0], "thread_ts": key[1], "status": status})
    return {"agent_status": status, "title": session["title"]}


@method("agents.sessions.rename", "chat:write", THREE)
def agent_title(call: Calling) -> Json:
    title = str(call.want("title"))
    if not call.team.agent:
        raise Refused(NOT_AN_AGENT)
    if len(title) > 200:
        raise Refused("invalid_arguments")
    channel = call.channel("channel_id", write=True)
    session = call.world.agent_sessions.get((channel.id, call.root(channel)))
    if session is None:
        raise Refused("session_not_found")
    session["title"] = title
    return {"title": title}


@method("assistant.threads.setStatus", "assistant:write|chat:write", FREE)
def assistant_status(call: Calling) -> Json:
    channel = call.channel("channel_id", write=True)
    call.want("thread_ts")
    if len(call.args.get("loading_messages") or []) > 10:
        raise Refused("invalid_arguments")
    status = str(call.args.get("status") or "")
    root = call.root(channel)
    call.world.statuses.append({"channel": channel.id, "thread_ts": root, "status": status})
    return {}


@method("assistant.threads.setTitle", "assistant:write", FOUR)
def assistant_title(call: Calling) -> Json:
    channel = call.channel("channel_id", write=True)
    call.want("thread_ts")
    title = str(call.want("title"))
    key = (channel.id, call.root(channel))
    call.world.agent_sessions.setdefault(key, {"status": ""})["title"] = title
    return {}
