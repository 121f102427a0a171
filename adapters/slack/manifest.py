"""The app manifest: all that Slack must know of Easel, to be pasted once when the app is made.

What stands here is what the code uses, each thing with its reason; `easel slack manifest` prints it
for either transport.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from core.errors import BadInput

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SCOPES = {
    "app_mentions:read": "hear when somebody writes @Easel",
    "assistant:write": "show native status and the stop button in a thread",
    "channels:history": "hear replies in threads of public channels",
    "channels:read": "names of public channels, who may set them up, being invited",
    "chat:write": "answer in threads",
    "commands": "/easel, /upscale, /cutout and the entries of the message menu",
    "files:read": "fetch the pictures that people send",
    "files:write": "put results into the thread",
    "groups:history": "hear replies in threads of private channels it was invited to",
    "groups:read": "names of those private channels, being invited",
    "im:history": "hear direct messages",
    "im:read": "who may see a picture that was sent in a direct message",
    "im:write": "open a direct message, to answer in private",
    "metadata.message:read": "find its own messages again after a crash, so that none is doubled",
    "mpim:history": "hear replies in group direct messages it was added to",
    "mpim:read": "who may see a picture that was sent in one of those",
    "reactions:read": "act on a reaction to a result",
    "users:read": "names of people, who is an admin, who comes from elsewhere",
}
"""What the bot may do, and what for."""

BOT_EVENTS = {
    "agent_session_stopped": "the native stop button",
    "app_home_opened": "fill the Home tab",
    "app_mention": "a session begins, or goes on",
    "app_uninstalled": "delete what is kept of the workspace",
    "member_joined_channel": "say hello where it was invited",
    "message.channels": "replies in threads, edits and deletions",
    "message.groups": "the same in private channels",
    "message.im": "direct messages",
    "message.mpim": "group direct messages",
    "reaction_added": "a reaction to a result",
    "reaction_removed": "the reaction is taken back",
    "tokens_revoked": "delete what is kept of the workspace",
}
"""What is heard, and what for."""

COMMANDS = {
    "/easel": (
        "Draw or edit a picture in a thread of its own",
        "a red mug on a wooden table | help",
    ),
    "/upscale": ("Enlarge a picture", "a link to a message with a picture, or nothing"),
    "/cutout": ("Make the background transparent", "a link to a message, or nothing"),
}
"""Slash commands: what they do, and a hint of how they are used."""

SHORTCUTS = {
    "easel_edit": ("Edit with Easel", "Say what to change in the picture of this message"),
    "easel_upscale": ("Upscale", "Enlarge the picture of this message"),
    "easel_cutout": ("Cut out background", "Make the background of this picture transparent"),
}
"""Entries of the message menu, by callback id: name and description."""

_SHORT = "Draw and edit pictures with your team, in threads"
_LONG = (
    "Each thread is an edit session for pictures. Mention Easel, say what to draw or attach a "
    "picture, and go on by replying: every reply edits the picture further, several people at "
    "once. Real transparency, exact adjustments, upscaling, versions that can be undone, and the "
    "cost of everything in plain sight."
)
_PROMPTS = (
    ("Draw something", "A ceramic mug on a wooden table, morning light from the left, 50mm"),
    ("Cut something out", "Make the background of the attached picture transparent"),
    ("What can you do?", "help"),
)


def manifest(*, base_url: str = "", socket: bool = True, many: bool = False) -> dict[str, Any]:
    """The manifest, for events over sockets or over HTTP.

    `base_url`: where Slack and browsers reach Easel; sockets in one workspace need none. `many`:
    installing in many workspaces by OAuth, in whole organisations too, with tokens that are
    renewed. Raises BadInput for an address that Slack can't reach.
    """
    base = _checked(base_url) if many or not socket else ""
    request = {} if socket else {"request_url": f"{base}{EVENTS_PATH}"}
    oauth: dict[str, Any] = {"scopes": {"bot": sorted(SCOPES)}}
    if many:
        oauth["redirect_urls"] = [f"{base}{REDIRECT_PATH}"]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Easel",
            "description": _SHORT,
            "long_description": _LONG,
            "background_color": "#1d3557",
        },
        "features": _features(f"{base}{EVENTS_PATH}" if not socket else ""),
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**request, "bot_events": sorted(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": many,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": many,
        },
    }


def _features(url: str) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {
            "agent_description": _SHORT,
            "suggested_prompts": [{"title": t, "message": m} for t, m in _PROMPTS],
        },
        "bot_user": {"display_name": "easel", "always_online": True},
        "shortcuts": [
            {"name": name, "type": "message", "callback_id": callback, "description": words}
            for callback, (name, words) in SHORTCUTS.items()
        ],
        "slash_commands": [
            {
                "command": command,
                "description": words,
                "usage_hint": hint,
                "should_escape": False,
                **({"url": url} if url else {}),
            }
            for command, (words, hint) in COMMANDS.items()
        ],
    }


def _checked(url: str) -> str:
    """The address without what would break a path after it."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise BadInput(
            "Slack comes only to an address that begins with https://.",
            hint="Give the public address, such as https://easel.example.com, or use Socket Mode "
            "in one workspace.",
        )
    return url.rstrip("/")
