"""Methods that look up who and what there is: the app, people, servers, the gateway."""

from __future__ import annotations

from urllib.parse import unquote

from tests.contract.discord.discord_calling import Answered, Calling, method
from tests.contract.discord.discord_json import (
    channel_json,
    guild_json,
    member_json,
    thread_json,
    user_json,
)
from tests.contract.discord.discord_permissions import need
from tests.contract.discord.discord_refusing import Refused
from tests.contract.discord.discord_world import Json, World

_CONTENT, _CONTENT_LIMITED = 1 << 18, 1 << 19


def application_flags(world: World) -> int:
    return _CONTENT_LIMITED if world.content else 0


def application_json(world: World) -> Json:
    owner = {**user_json(world.bot), "bot": False, "username": "owner"}
    return {
        "id": world.app_id,
        "name": world.bot.name,
        "icon": None,
        "description": "Edits pictures.",
        "summary": "",
        "type": None,
        "bot": user_json(world.bot),
        "owner": owner,
        "team": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": application_flags(world),
        "hook": True,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}, "1": {}},
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
    }


@method("GET", "/gateway/bot")
def gateway(call: Calling) -> Answered:
    world = call.world
    limit = {
        "total": 1000,
        "remaining": world.starts_left,
        "reset_after": 24 * 3600 * 1000,
        "max_concurrency": world.max_concurrency,
    }
    url = world.base.replace("http", "ws", 1) + "/gateway"
    return 200, {"url": url, "shards": world.shards, "session_start_limit": limit}


@method("GET", "/users/@me")
def me(call: Calling) -> Answered:
    more = {"flags": 0, "email": None, "mfa_enabled": True, "verified": True, "locale": "en-US"}
    return 200, user_json(call.world.bot) | more


@method("GET", "/users/{user}")
def user(call: Calling) -> Answered:
    found = call.world.users.get(call.parts["user"])
    if found is None:
        raise Refused(10013)
    return 200, user_json(found)


@method("POST", "/users/@me/channels")
def open_direct(call: Calling) -> Answered:
    user = str(call.body.get("recipient_id"))
    if user not in call.world.users:
        raise Refused(50033)
    if call.world.users[user].bot:
        raise Refused(50007)
    return 200, channel_json(call.world, call.world.direct(user))


@method("GET", "/applications/@me")
@method("GET", "/oauth2/applications/@me")
def application(call: Calling) -> Answered:
    return 200, application_json(call.world)


@method("GET", "/users/@me/guilds")
def guilds(call: Calling) -> Answered:
    named = ("id", "name", "icon", "features")
    found = [guild_json(call.world, one) for one in call.world.guilds.values() if one.bot]
    return 200, [{name: one[name] for name in named} for one in found]


@method("GET", "/guilds/{guild}")
def guild(call: Calling) -> Answered:
    return 200, guild_json(call.world, call.guild())


@method("GET", "/guilds/{guild}/roles")
def roles(call: Calling) -> Answered:
    return 200, guild_json(call.world, call.guild())["roles"]


@method("GET", "/guilds/{guild}/channels")
def channels(call: Calling) -> Answered:
    places = [call.world.channels[name] for name in call.guild().channels]
    return 200, [channel_json(call.world, one) for one in places if not one.is_thread]


@method("GET", "/guilds/{guild}/threads/active")
def threads(call: Calling) -> Answered:
    places = [call.world.channels[name] for name in call.guild().channels]
    found = [one for one in places if one.is_thread and not one.archived]
    return 200, {"threads": [thread_json(call.world, one) for one in found], "members": []}


@method("GET", "/guilds/{guild}/members/{user}")
def member(call: Calling) -> Answered:
    found = call.guild().members.get(call.parts["user"])
    if found is None:
        raise Refused(10007)
    return 200, member_json(call.world, found)


@method("DELETE", "/users/@me/guilds/{guild}")
def leave(call: Calling) -> Answered:
    left = call.guild()
    left.bot = False
    left.members.pop(call.world.bot.id, None)
    call.world.tell("GUILD_DELETE", {"id": left.id}, left.id)
    return 204, None


@method("GET", "/channels/{channel}/messages/{message}/reactions/{emoji}")
def reactors(call: Calling) -> Answered:
    need(call.world, call.channel(), "read_message_history")
    users = call.message().reactions.get(unquote(call.parts["emoji"]), [])
    return 200, [user_json(call.world.users[name]) for name in users]
