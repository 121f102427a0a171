"""Methods of application commands, and what Discord demands of them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import discord

from tests.contract.discord.discord_calling import Answered, Calling, method
from tests.contract.discord.discord_refusing import Refused, required, wrong
from tests.contract.discord.discord_world import Json, World

CHAT, USER, MESSAGE = 1, 2, 3
_MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
_CREATES_A_DAY = 200
_MOST_CHARACTERS = 8000
_NAME = re.compile(r"[-_'\w]{1,32}")
_GLOBAL = "/applications/{app}/commands"
_LOCAL = "/applications/{app}/guilds/{guild}/commands"
_LOCALES = frozenset(locale.value for locale in discord.Locale)


def commands_of(world: World, guild: str, *, own: bool = True) -> list[Json]:
    """Commands that people of a server have: everybody's, and the server's own."""
    names = ["", guild] if own and guild else [""]
    return [command for name in names for command in world.commands.get(name, {}).values()]


def _where(call: Calling) -> str:
    if call.parts["app"] != call.world.app_id:
        raise Refused(10002)
    if "guild" in call.parts:
        return call.guild().id
    return ""


@method("GET", _GLOBAL)
@method("GET", _LOCAL)
def listed(call: Calling) -> Answered:
    return 200, list(call.world.commands.get(_where(call), {}).values())


@method("PUT", _GLOBAL)
@method("PUT", _LOCAL)
def overwrite(call: Calling) -> Answered:
    body: Any = call.body
    place = _where(call)
    wanted = [_checked(command, f"[{number}]") for number, command in enumerate(body or [])]
    _check_counts(wanted)
    call.world.commands[place] = _kept(call.world, place, wanted)
    return 200, list(call.world.commands[place].values())


@method("POST", _GLOBAL)
@method("POST", _LOCAL)
def create(call: Calling) -> Answered:
    place = _where(call)
    new = _checked(call.body, "")
    others = [
        one
        for one in call.world.commands.get(place, {}).values()
        if (one["name"], one["type"]) != (new["name"], new["type"])
    ]
    _check_counts([*others, new])
    replaced = len(others) < len(call.world.commands.get(place, {}))
    call.world.commands[place] = _kept(call.world, place, [*others, new])
    return (200 if replaced else 201), list(call.world.commands[place].values())[-1]


@method("DELETE", _GLOBAL + "/{command}")
@method("DELETE", _LOCAL + "/{command}")
def delete(call: Calling) -> Answered:
    if call.world.commands.get(_where(call), {}).pop(call.parts["command"], None) is None:
        raise Refused(10063)
    return 204, None


def _kept(world: World, place: str, wanted: list[Json]) -> dict[str, Json]:
    """Those with ids; a command of the same name and type keeps its id."""
    old = {(one["name"], one["type"]): one for one in world.commands.get(place, {}).values()}
    fresh = [one for one in wanted if (one["name"], one["type"]) not in old]
    if world.creates[place] + len(fresh) > _CREATES_A_DAY:
        raise Refused(30034)
    world.creates[place] += len(fresh)
    made = {}
    for command in wanted:
        before = old.get((command["name"], command["type"]), {})
        id = before.get("id") or world.new_id()
        made[id] = _whole(world, command) | {"id": id, "version": world.new_id()}
        if place:
            made[id]["guild_id"] = place
    return made


def _whole(world: World, command: Json) -> Json:
    permissions = command.get("default_member_permissions")
    return {
        "application_id": world.app_id,
        "description": "",
        "nsfw": False,
        "integration_types": [0],
        "contexts": None,
        "dm_permission": True,
        **command,
        "default_member_permissions": None if permissions is None else str(permissions),
    }


def _checked(command: Json, path: str) -> Json:
    kind = int(command.get("type") or CHAT)
    before = f"{path}." if path else ""
    _check_locales(command, before)
    if kind == CHAT:
        if not _is_name(command["name"]):
            raise _bad_name(f"{before}name")
        if not command.get("description"):
            raise required(f"{before}description")
        _check_options(command.get("options") or [], f"{before}options")
    elif command.get("description") or command.get("options"):
        raise wrong(f"{before}description", "APPLICATION_COMMAND_CONTEXT_MENU", "Not for menus")
    if _characters(command) > _MOST_CHARACTERS:
        raise wrong(path or "name", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size")
    return {**command, "type": kind}


def _bad_name(path: str) -> Refused:
    return wrong(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and name == name.lower()


def _check_locales(thing: Json, before: str) -> None:
    for field in ("name_localizations", "description_localizations"):
        for locale in thing.get(field) or {}:
            if locale not in _LOCALES:
                raise wrong(f"{before}{field}", "DICT_TYPE_KEYS", f"Unknown locale {locale}")


def _check_options(options: list[Json], path: str) -> None:
    optional = False
    names: set[str] = set()
    for number, option in enumerate(options):
        here = f"{path}[{number}]"
        _check_locales(option, f"{here}.")
        if not _is_name(option["name"]):
            raise _bad_name(f"{here}.name")
        if option["name"] in names:
            raise wrong(here, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Used already")
        names.add(option["name"])
        if option.get("required") and optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            raise wrong(here, code, "Required options must be placed before non-required options")
        optional = optional or not option.get("required")
        if option.get("choices") and option.get("autocomplete"):
            raise wrong(here, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE", "Choices or completion")
        _check_options(option.get("options") or [], f"{here}.options")


def _characters(thing: Json) -> int:
    """Name, description and values, in the longest of their languages, options included."""
    total = sum(
        max(
            map(
                len,
                [str(thing.get(name) or ""), *(thing.get(f"{name}_localizations") or {}).values()],
            )
        )
        for name in ("name", "description")
    )
    total += sum(
        len(str(choice["value"])) + len(choice["name"]) for choice in thing.get("choices") or []
    )
    return total + sum(map(_characters, thing.get("options") or []))


def _check_counts(wanted: list[Json]) -> None:
    counts = Counter(one["type"] for one in wanted)
    if any(counts[kind] > most for kind, most in _MOST.items()):
        raise Refused(30032)
    names = Counter((one["name"], one["type"]) for one in wanted)
    for (name, _), times in names.items():
        if times > 1:
            code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
            raise wrong("name", code, f"Application command names must be unique: {name}")
