"""conversations.*, users.info, team.info, bots.info, auth.test: what the app looks up."""

from __future__ import annotations

from tests.contract.slack.slack_calling import HISTORY, READ, Calling, method
from tests.contract.slack.slack_json import message_json, user_json
from tests.contract.slack.slack_tiers import FOUR, FREE, THREE
from tests.contract.slack.slack_world import Json, Message, Refused

_DISTRIBUTED_LIMIT = 15


@method("auth.test", "", FREE, "any")
def who_am_i(call: Calling) -> Json:
    if call.grant.kind == "app":
        return {"app_id": call.world.app_id, "app_name": "Easel"}
    team = call.team
    return {
        "url": team.url,
        "team": team.name,
        "user": "easel",
        "team_id": team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot_id,
        "enterprise_id": team.enterprise or None,
        "is_enterprise_install": not call.grant.team,
    }


@method("conversations.info")
def info(call: Calling) -> Json:
    channel = call.world.channels.get(str(call.want("channel")))
    if channel is None or not any(map(call.may_see, {channel.team} | channel.shared_with)):
        raise Refused("channel_not_found")
    call.need(READ[channel.kind])
    member = call.team.bot_user in channel.members
    if channel.kind != "channel" and not member:
        raise Refused("channel_not_found")
    shared = bool(channel.shared_with)
    told = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_member": member,
        "is_ext_shared": shared,
        "is_shared": shared,
        "context_team_id": channel.team,
        "shared_team_ids": sorted({channel.team} | channel.shared_with),
    }
    return {"channel": told}


@method("conversations.members", "", FOUR)
def members(call: Calling) -> Json:
    channel = call.channel()
    call.need(READ[channel.kind])
    return {"members": sorted(channel.members), "response_metadata": {"next_cursor": ""}}


@method("conversations.open", "im:write", THREE)
def open_direct(call: Calling) -> Json:
    user = str(call.want("users"))
    if user not in call.world.users:
        raise Refused("user_not_found")
    return {"channel": {"id": call.world.direct(call.team.id, user).id}}


@method("conversations.history")
def history(call: Calling) -> Json:
    channel = call.channel()
    call.need(HISTORY[channel.kind])
    tops = [one for one in call.world.messages_of(channel.id) if not one.is_reply]
    found = list(reversed(_within(call, tops)))
    return _page(call, found, 100)


@method("conversations.replies")
def replies(call: Calling) -> Json:
    channel = call.channel()
    call.need(HISTORY[channel.kind])
    first = call.world.messages.get((channel.id, str(call.want("ts"))))
    if first is None:
        raise Refused("thread_not_found")
    if first.is_reply:
        return _page(call, [first], 1)
    later = [one for one in call.world.thread(channel.id, first.ts) if one is not first]
    return _page(call, [first, *_within(call, later)], 1000)


def _within(call: Calling, messages: list[Message]) -> list[Message]:
    oldest = float(call.args.get("oldest") or 0)
    latest = float(call.args.get("latest") or "inf")
    if _flag(call, "inclusive"):
        return [one for one in messages if oldest <= float(one.ts) <= latest]
    return [one for one in messages if oldest < float(one.ts) < latest]


def _flag(call: Calling, name: str) -> bool:
    return str(call.args.get(name, "")).lower() in ("true", "1")


def _page(call: Calling, messages: list[Message], usual: int) -> Json:
    most = int(call.args.get("limit") or usual)
    if call.world.distributed:
        most = min(most, _DISTRIBUTED_LIMIT)
    start = int(call.args.get("cursor") or 0)
    some = messages[start : start + most]
    more = start + most < len(messages)
    metadata = _flag(call, "include_all_metadata")
    return {
        "messages": [message_json(call.world, one, metadata=metadata) for one in some],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + most) if more else ""},
    }


@method("users.info", "users:read", FOUR)
def user_info(call: Calling) -> Json:
    user = call.world.users.get(str(call.want("user")))
    if user is None:
        raise Refused("user_not_found")
    return {"user": user_json(user, call.world.teams.get(user.team))}


@method("team.info", "team:read")
def team_info(call: Calling) -> Json:
    team = call.team
    told = {"id": team.id, "name": team.name, "domain": team.domain, "url": team.url}
    if team.enterprise:
        told["enterprise_id"] = team.enterprise
    return {"team": told}


@method("bots.info", "users:read")
def bot_info(call: Calling) -> Json:
    wanted = str(call.args.get("bot") or call.team.bot_id)
    for team in call.world.teams.values():
        if team.bot_id == wanted and call.may_see(team.id):
            app = call.world.app_id
            told = {"id": wanted, "app_id": app, "user_id": team.bot_user, "name": "easel"}
            return {"bot": told}
    raise Refused("bot_not_found")
