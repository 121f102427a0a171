"""Messages and people as Slack writes them in JSON, in answers and events alike."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from tests.contract.slack.slack_files import StoredFile, file_json
from tests.contract.slack.slack_world import Json, Message, Team, User, World


def with_ids(blocks: Iterable[Json]) -> list[Json]:
    """Blocks as they come back: each with a block_id, elements with an action_id."""
    told = []
    for block in blocks:
        elements = [
            element | {"action_id": element.get("action_id") or secrets.token_urlsafe(4)}
            if block["type"] == "actions"
            else element
            for element in block.get("elements", [])
        ]
        more = {"elements": elements} if elements else {}
        told.append(block | more | {"block_id": block.get("block_id") or secrets.token_urlsafe(4)})
    return told


def message_json(world: World, message: Message, *, metadata: bool = True) -> Json:
    told: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": message.team,
        "bot_id": message.bot_id,
        "app_id": world.app_id if message.bot_id else "",
        "client_msg_id": message.client_msg_id,
        "subtype": message.subtype,
        "thread_ts": message.thread_ts,
        "blocks": message.blocks,
        "edited": message.edited,
        "metadata": message.metadata if metadata else {},
    }
    told = {name: value for name, value in told.items() if value not in ("", [], {})}
    told.setdefault("text", "")
    if message.files:
        now = world.clock()
        told |= {"upload": False, "display_as_bot": False}
        told["files"] = [file_json(world.files[name], world.base, now) for name in message.files]
    if message.reactions:
        told["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    return told | _thread(world, message)


def _thread(world: World, message: Message) -> Json:
    if message.only_for:
        return {}
    if message.is_reply:
        first = world.messages.get((message.channel, message.thread_ts))
        return {"parent_user_id": first.user} if first else {}
    replies = [one for one in world.thread(message.channel, message.ts) if one is not message]
    if not replies:
        return {}
    users = list(dict.fromkeys(one.user for one in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
    }


def shares_json(world: World, file: StoredFile) -> Json:
    """Where a file is, as files.info says it."""
    told: Json = {}
    for message in world.shares(file):
        channel = world.channels[message.channel]
        kind = "public" if channel.kind == "channel" else "private"
        share = {
            "ts": message.ts,
            "channel_name": channel.name,
            "team_id": message.team,
            "share_user_id": message.user,
            "source": "UNKNOWN",
            "is_silent_share": False,
            **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        }
        told.setdefault(kind, {}).setdefault(channel.id, []).append(share)
    return told


def user_json(user: User, team: Team | None = None) -> Json:
    """An account; of people of an organisation it says to which workspaces of it they belong."""
    table: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.name.title(),
        "deleted": False,
        "tz": user.tz,
        "tz_offset": 3600,
        "locale": "en-US",
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_bot": user.is_bot,
        "profile": {"real_name": user.name.title(), "display_name": user.name},
    }
    if team is not None and team.enterprise:
        table["enterprise_user"] = {
            "id": user.id,
            "enterprise_id": team.enterprise,
            "enterprise_name": team.enterprise.title(),
            "is_admin": False,
            "is_owner": False,
            "teams": [team.id],
        }
    return table
