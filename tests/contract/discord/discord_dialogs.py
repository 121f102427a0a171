"""Dialogs as people fill them in, checked as Discord's client checks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.contract.discord import discord_components as components
from tests.contract.discord.discord_payloads import resolve, uploaded
from tests.contract.discord.discord_world import Channel, Json, World

_RADIO, _CHECKBOXES, _CHECKBOX = 21, 22, 23


def submission(world: World, channel: Channel, dialog: Json, given: dict[str, Any]) -> Json:
    """The data of a filled in dialog. Fails the test for what a client would not send."""
    left = dict(given)
    resolved: Json = {}
    told = [
        _part(world, channel, part, left, resolved)
        for part in dialog["components"]
        if part["type"] != components.TEXT_DISPLAY
    ]
    if left:
        raise AssertionError(f"the dialog has no fields {sorted(left)}")
    data = {"custom_id": dialog["custom_id"], "components": told}
    return data | ({"resolved": resolved} if resolved else {})


def fields_of(dialog: Json) -> Iterator[tuple[Json, str]]:
    """Fields and their labels."""
    for part in dialog["components"]:
        if part["type"] == components.LABEL:
            yield part["component"], part["label"]
        elif part["type"] == components.ROW:
            yield part["components"][0], part["components"][0].get("label", "")


def _part(world: World, channel: Channel, part: Json, left: dict[str, Any], resolved: Json) -> Json:
    inner = part["component"] if part["type"] == components.LABEL else part["components"][0]
    label = part.get("label") or inner.get("label") or ""
    name = inner["custom_id"] if inner["custom_id"] in left else label
    there = name in left
    value = left.pop(name, None)
    told = {"type": inner["type"], "id": inner["id"], "custom_id": inner["custom_id"]}
    told |= _filled(world, channel, inner, value if there else _default(inner), resolved)
    shared = {"type": part["type"], "id": part["id"]}
    if part["type"] == components.LABEL:
        return shared | {"component": told}
    return shared | {"components": [told]}


def _default(field: Json) -> Any:
    chosen = [one["value"] for one in field.get("options", []) if one.get("default")]
    if field["type"] == _RADIO:
        return chosen[0] if chosen else None
    if field["type"] in (components.INPUT, _CHECKBOX):
        return field.get("value", field.get("default"))
    return chosen


def _filled(world: World, channel: Channel, field: Json, value: Any, resolved: Json) -> Json:
    kind = field["type"]
    if kind == components.INPUT:
        return {"value": _text(field, str(value or ""))}
    if kind == _CHECKBOX:
        return {"value": bool(value)}
    if kind == _RADIO:
        _check_count(field, 0 if value is None else 1, 1, 1)
        return {"value": value if value is None else _option(field, value)}
    values = list(value) if isinstance(value, list | tuple) else [value] if value else []
    if kind == _CHECKBOXES:
        usual = len(field["options"])
        _check_count(field, len(values), field.get("min_values", 1), field.get("max_values", usual))
        return {"values": [_option(field, one) for one in values]}
    _check_count(field, len(values), field.get("min_values", 1), field.get("max_values", 1))
    if kind == components.UPLOAD:
        return {"values": uploaded(world, values, resolved)}
    if kind == components.SELECT:
        return {"values": [_option(field, one) for one in values]}
    return {"values": [resolve(world, channel, one, resolved) for one in values]}


def _text(field: Json, value: str) -> str:
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    least = max(least, 1) if field.get("required", True) else least
    if (value or field.get("required", True)) and not least <= len(value) <= most:
        raise AssertionError(f"{field['custom_id']} takes {least} to {most} characters")
    return value


def _option(field: Json, value: Any) -> str:
    for option in field["options"]:
        if value in (option["value"], option["label"]):
            return str(option["value"])
    raise AssertionError(f"{value!r} is not offered by {field['custom_id']}")


def _check_count(field: Json, count: int, least: int, most: int) -> None:
    if not field.get("required", True) and not count:
        return
    if not max(least, 1 if field.get("required", True) else 0) <= count <= most:
        raise AssertionError(f"{field['custom_id']} takes from {least} to {most}")
