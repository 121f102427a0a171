"""What Discord takes as components of a message or a dialog, beyond what its description says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.contract.discord.discord_refusing import required, too_long, wrong

Json = dict[str, Any]

ROW, BUTTON, SELECT, INPUT, SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE = (
    1,
    2,
    3,
    4,
    9,
    10,
    11,
    12,
    13,
)
SEPARATOR, CONTAINER, LABEL, UPLOAD = 14, 17, 18, 19
SELECTS = (3, 5, 6, 7, 8)
_TOP = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER)
_MOST, _MOST_TEXT = 40, 4000


def each_component(components: Any) -> Iterator[Json]:
    """Every component of a tree, in order."""
    for component in components or []:
        yield component
        yield from each_component(component.get("components"))
        for name in ("accessory", "component"):
            if component.get(name):
                yield from each_component([component[name]])


def _paths(components: Any, path: str) -> Iterator[tuple[Json, str]]:
    for number, component in enumerate(components or []):
        here = f"{path}[{number}]"
        yield component, here
        yield from _paths(component.get("components"), f"{here}.components")
        for name in ("accessory", "component"):
            if component.get(name):
                child = component[name]
                yield child, f"{here}.{name}"
                yield from _paths(child.get("components"), f"{here}.{name}.components")


def media_of(component: Json) -> Iterator[Json]:
    """The pictures and files that a component shows."""
    if component["type"] == GALLERY:
        yield from (item["media"] for item in component["items"])
    elif component["type"] in (THUMBNAIL, FILE):
        yield component["media" if component["type"] == THUMBNAIL else "file"]


def check(components: list[Json], *, v2: bool) -> None:
    """Raises Refused for a tree that a message can't have."""
    found = list(_paths(components, "components"))
    if len(found) > _MOST:
        raise wrong(
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {_MOST}",
        )
    if not v2 and len(components) > 5:
        raise too_long("components", 5)
    _check_top(components, v2=v2)
    for component, path in found:
        _check_one(component, path)
    _check_alike(found, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")
    _check_alike(found, "id", "COMPONENT_ID_DUPLICATED")
    _check_text([component for component, _ in found])


def _check_top(components: list[Json], *, v2: bool) -> None:
    for number, component in enumerate(components):
        if component["type"] not in (_TOP if v2 else (ROW,)):
            raise wrong(
                f"components[{number}].type",
                "BASE_TYPE_CHOICES" if v2 else "UNION_TYPE_CHOICES",
                "This component needs the flag IS_COMPONENTS_V2, or can't stand here",
            )


def _check_one(component: Json, path: str) -> None:
    kind = component["type"]
    if kind == ROW:
        _check_row(component, path)
    elif kind == BUTTON:
        _check_button(component, path)
    elif kind in SELECTS:
        _check_select(component, path)


def _check_row(row: Json, path: str) -> None:
    kinds = [child["type"] for child in row["components"]]
    width = sum(1 if kind == BUTTON else 5 for kind in kinds)
    if not kinds:
        raise required(f"{path}.components")
    if width > 5:
        raise wrong(
            f"{path}.components",
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_button(button: Json, path: str) -> None:
    linked = button["style"] == 5
    if linked and (not button.get("url") or button.get("custom_id")):
        raise wrong(path, "BUTTON_COMPONENT_INVALID", "A link has a url and no custom id")
    if not linked and (not button.get("custom_id") or button.get("url")):
        raise wrong(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id required")
    if not button.get("label") and not button.get("emoji"):
        raise wrong(path, "BUTTON_COMPONENT_INVALID", "A button needs a label or an emoji")


def _check_select(select: Json, path: str) -> None:
    _check_bounds(select, path)
    most = select.get("max_values", 1)
    if select["type"] != SELECT:
        return
    options = select.get("options") or []
    if not 1 <= len(options) <= 25:
        raise wrong(
            f"{path}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length."
        )
    if most > len(options):
        raise wrong(f"{path}.max_values", "BASE_TYPE_MAX", "More than there are options")
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        raise wrong(
            f"{path}.options",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            "The specified option value is already used",
        )
    chosen = sum(bool(option.get("default")) for option in options)
    if chosen > most:
        raise wrong(f"{path}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Too many defaults")


def _check_alike(found: list[tuple[Json, str]], name: str, code: str) -> None:
    seen: set[Any] = set()
    for component, path in found:
        value = component.get(name)
        if value and value in seen:
            raise wrong(f"{path}.{name}", code, f"The {name} is used more than once")
        seen.add(value)


def _check_text(components: list[Json]) -> None:
    texts = [one["content"] for one in components if one["type"] == TEXT_DISPLAY]
    if sum(map(len, texts)) > _MOST_TEXT:
        raise wrong(
            "components",
            "COMPONENT_MAX_TOTAL_TEXT_EXCEEDED",
            f"The total text of components cannot exceed {_MOST_TEXT}",
        )


def check_dialog(components: list[Json]) -> None:
    """Raises Refused for what a dialog can't hold."""
    found = list(_paths(components, "data.components"))
    if len(components) > 5:
        raise wrong("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    _check_alike(found, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")
    for component, path in found:
        if component["type"] == INPUT:
            _check_input(component, path)
        elif component["type"] in SELECTS:
            _check_select(component, path)
        elif component["type"] == UPLOAD:
            _check_bounds(component, path)


def _check_bounds(component: Json, path: str) -> None:
    if component.get("min_values", 1) > component.get("max_values", 1):
        raise wrong(f"{path}.min_values", "COMPONENT_MIN_OVER_MAX", "More at least than at most")


def _check_input(field: Json, path: str) -> None:
    most = field.get("max_length") or 4000
    if (field.get("min_length") or 0) > most:
        raise wrong(f"{path}.min_length", "TEXT_INPUT_MIN_OVER_MAX", "Longer than at most")
    if len(field.get("value") or "") > most:
        raise too_long(f"{path}.value", most)


def with_ids(components: list[Json]) -> list[Json]:
    """Every component has a number; those without get one."""
    used = {one["id"] for one in each_component(components) if one.get("id")}
    number = 0
    for component in each_component(components):
        if not component.get("id"):
            number += 1
            while number in used:
                number += 1
            component["id"] = number
    return components


def found_by(components: list[Json], kinds: tuple[int, ...], names: tuple[str, ...]) -> list[Json]:
    """What can be pressed, by what stands on it or by its custom id."""
    return [
        one
        for one in each_component(components)
        if one["type"] in kinds
        and {one.get("custom_id"), one.get("label"), one.get("placeholder")} & set(names)
    ]
