"""Payloads as recorded from Slack: event envelopes, interactions, commands, rich text."""

from __future__ import annotations

import base64
import json
import re
import secrets
from typing import Any

from tests.contract.slack.slack_world import Channel, Json, Message, Team, User, View, World

TOKEN = "xAbCdEfGhIjKlMnOpQrStUvW"
_MARKUP = re.compile(
    r"<@(?P<user>[UW]\w+)(?:\|[^>]*)?>|<#(?P<channel>\w+)(?:\|[^>]*)?>|<!(?P<range>\w+)>"
    r"|<(?P<url>https?://[^>|]+)(?:\|(?P<label>[^>]*))?>|:(?P<emoji>[a-z0-9_+-]+):"
)


def envelope(world: World, team: Team, event: Json, channel: Channel | None = None) -> Json:
    """An event with everything that Slack writes around it."""
    whole = is_org_wide(world, team)
    shared = bool(channel and channel.shared_with)
    told = {
        "token": TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise or None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [
            {
                "enterprise_id": team.enterprise or None,
                "team_id": None if whole else team.id,
                "user_id": team.bot_user,
                "is_bot": True,
                "is_enterprise_install": whole,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": _context(world, team, event),
    }
    return told | ({"enterprise_id": team.enterprise} if team.enterprise else {})


def is_org_wide(world: World, team: Team) -> bool:
    grant = world.grants.get(team.token)
    return bool(grant and not grant.team)


def _context(world: World, team: Team, event: Json) -> str:
    said = {"et": event["type"], "tid": team.id, "aid": world.app_id}
    return "4-" + base64.b64encode(json.dumps(said).encode()).decode().rstrip("=")


def rich_text(text: str) -> list[Json]:
    """The blocks that Slack makes of what a person typed."""
    parts: list[Json] = []
    place = 0
    for found in _MARKUP.finditer(text):
        if found.start() > place:
            parts.append({"type": "text", "text": plain(text[place : found.start()])})
        parts.append(_part(found))
        place = found.end()
    if place < len(text):
        parts.append({"type": "text", "text": plain(text[place:])})
    section = {"type": "rich_text_section", "elements": parts}
    return [{"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [section]}]


def plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _part(found: re.Match[str]) -> Json:
    if user := found["user"]:
        return {"type": "user", "user_id": user}
    if channel := found["channel"]:
        return {"type": "channel", "channel_id": channel}
    if everyone := found["range"]:
        return {"type": "broadcast", "range": everyone}
    if emoji := found["emoji"]:
        return {"type": "emoji", "name": emoji}
    label = {"text": found["label"]} if found["label"] else {}
    return {"type": "link", "url": found["url"], **label}


def interaction(world: World, team: Team, user: User, kind: str) -> Json:
    """What clicks, shortcuts and modals have in common."""
    told: Json = {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team,
        },
        "api_app_id": world.app_id,
        "token": TOKEN,
        "trigger_id": world.new_trigger(user.id, team.id),
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": {"id": team.enterprise, "name": "Org"} if team.enterprise else None,
        "is_enterprise_install": is_org_wide(world, team),
    }
    if team.enterprise:
        told["team"] |= {"enterprise_id": team.enterprise, "enterprise_name": "Org"}
    return told


def message_container(message: Message) -> Json:
    told: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": bool(message.only_for),
    }
    return told | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def view_container(view: View) -> Json:
    return {"type": "view", "view_id": view.id}


def elements_of(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Every interactive element with its block."""
    found = []
    for block in blocks:
        some = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        found += [(block, one) for one in some if isinstance(one, dict) and one.get("action_id")]
    return found


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    return [option for group in groups for option in group["options"]]


def option_named(element: Json, name: str) -> Json:
    """The option with that value or text, or the only one in which it occurs."""
    options = options_of(element)
    for option in options:
        if name in (option["value"], option["text"]["text"]):
            return option
    near = [one for one in options if name in one["value"] or name in one["text"]["text"]]
    if len(near) != 1:
        told = [(one["value"], one["text"]["text"]) for one in options]
        raise AssertionError(f"no option {name!r} among {told}")
    return near[0]


def action(world: World, block: Json, element: Json, value: Any) -> Json:
    """One entry of `actions` in a block_actions payload."""
    told: Json = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": world.new_ts(),
    }
    if element["type"] == "button":
        told["text"] = element["text"]
        told |= {name: element[name] for name in ("style", "value", "url") if name in element}
        return told | ({} if value is None else {"value": value})
    return told | _chosen(element, value)


def _chosen(element: Json, value: Any) -> Json:
    kind = element["type"]
    if isinstance(value, dict):
        return {"selected_option": value}
    if kind in ("static_select", "overflow", "radio_buttons"):
        return {"selected_option": option_named(element, str(value))}
    if kind in ("multi_static_select", "checkboxes"):
        return {"selected_options": [option_named(element, str(one)) for one in value]}
    named = {"users_select": "selected_user", "datepicker": "selected_date"}
    named |= {"conversations_select": "selected_conversation"}
    named |= {"channels_select": "selected_channel", "timepicker": "selected_time"}
    return {named.get(kind, "value"): value}


def state_value(element: Json, value: Any) -> Json:
    """What stands in view.state for one input."""
    kind = element["type"]
    if kind == "file_input":
        return {"type": kind, "files": value or []}
    if value is None:
        kept = {
            name.removeprefix("initial_"): chosen
            for name, chosen in element.items()
            if name.startswith("initial_")
        }
        renamed = {"option": "selected_option", "options": "selected_options"}
        known = {renamed.get(name, f"selected_{name}"): chosen for name, chosen in kept.items()}
        if "value" in kept:
            known = {"value": kept["value"]}
        return {"type": kind} | (known or _nothing(kind))
    return {"type": kind} | _chosen(element, value)


def _nothing(kind: str) -> Json:
    if kind in ("static_select", "radio_buttons"):
        return {"selected_option": None}
    if kind in ("checkboxes", "multi_static_select"):
        return {"selected_options": []}
    return {"value": None}
