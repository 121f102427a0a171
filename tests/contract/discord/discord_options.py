"""Options of commands as people fill them in, checked as Discord's client checks them."""

from __future__ import annotations

from typing import Any

from tests.contract.discord.discord_payloads import resolve, uploaded
from tests.contract.discord.discord_world import Channel, Json, World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(
    1, 12
)
_MOST_TEXT = 6000
_TYPES = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}


def found_under(command: Json, words: list[str]) -> tuple[list[Json], list[Json]]:
    """Options of a command or of its subcommand, and the subcommands that lead there."""
    options, way = command.get("options") or [], []
    for word in words:
        inner = next((one for one in options if one["name"] == word and one["type"] <= GROUP), None)
        if inner is None:
            raise AssertionError(f"/{command['name']} has no subcommand {word}")
        way.append({"name": word, "type": inner["type"]})
        options = inner.get("options") or []
    if any(one["type"] <= GROUP for one in options):
        raise AssertionError(f"/{command['name']} needs a subcommand")
    return options, way


def nested(way: list[Json], filled: list[Json]) -> list[Json]:
    """Filled in options, inside of their subcommands."""
    for step in reversed(way):
        filled = [step | {"options": filled}]
    return filled


def fill(
    world: World, channel: Channel, known: list[Json], given: dict[str, Any], resolved: Json
) -> list[Json]:
    """Options as the gateway tells of them. Fails the test for what a client would not send."""
    by_name = {one["name"]: one for one in known}
    unknown = set(given) - set(by_name)
    missing = [one["name"] for one in known if one.get("required") and one["name"] not in given]
    if unknown or missing:
        raise AssertionError(f"unknown options {sorted(unknown)}, missing {missing}")
    return [
        {"name": name, "type": by_name[name]["type"]}
        | {"value": _value(world, channel, by_name[name], value, resolved)}
        for name, value in given.items()
    ]


def _value(world: World, channel: Channel, option: Json, value: Any, resolved: Json) -> Any:
    kind = option["type"]
    if kind == FILE:
        return uploaded(world, [value], resolved)[0]
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
        return resolve(world, channel, value, resolved)
    if option.get("choices"):
        return _choice(option, value)
    return _plain(option, value)


def _choice(option: Json, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["name"], choice["value"]):
            return choice["value"]
    raise AssertionError(f"{option['name']}: {value!r} is none of its choices")


def _plain(option: Json, value: Any) -> Any:
    if type(value) not in _TYPES[option["type"]]:
        raise AssertionError(f"{option['name']}: {value!r} is of another type")
    if option["type"] == STRING:
        least, most = option.get("min_length") or 0, option.get("max_length") or _MOST_TEXT
        if not least <= len(value) <= most or not value.strip():
            raise AssertionError(f"{option['name']}: {len(value)} characters")
    elif option["type"] in (INTEGER, NUMBER):
        least, most = option.get("min_value", value), option.get("max_value", value)
        if not least <= value <= most:
            raise AssertionError(f"{option['name']}: {value} is not from {least} to {most}")
    return value
