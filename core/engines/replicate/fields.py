"""One input of a model: which values its schema allows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["string", "integer", "number", "boolean", "uri", "array", "other"]
Node = dict[str, Any]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")
_LONGEST_WORDS = 1_000
_MOST_CHOICES = 500
_LARGEST = 1e30

_KNOWN = {
    "type", "format", "enum", "const", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "items", "minItems", "maxItems",
    "nullable", "default", "title", "description", "example", "examples",
    "deprecated",
}  # fmt: skip
"""What may stand in the schema of an input that is filled; anything else could narrow it."""

_FORMATS: dict[object, Kind] = {None: "string", "password": "string", "uri": "uri"}
_NUMBERS = ("minimum", "maximum")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")


@dataclass(frozen=True, slots=True)
class InputField:
    """One input. `kind` "other": not wholly understood, so that nothing is put into it.

    `items`: the kind of an array's items. `order` is the place in which the model shows it. Bounds
    are inclusive; `min_length` and `max_length` are those of a text or an array; `multiple` 0: any.
    """

    name: str
    kind: Kind
    items: Kind | None = None
    required: bool = False
    default: Any = None
    choices: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""
    order: int = 0
    multiple: int = 0
    min_length: int = 0
    max_length: int | None = None

    @property
    def holds_files(self) -> bool:
        """Whether files go into it, one or several."""
        return self.kind == "uri" or (self.kind == "array" and self.items == "uri")

    def takes(self, value: object) -> bool:
        """Whether the schema allows the value. Files are another matter: see `holds_files`."""
        if self.choices and not any(_identical(value, choice) for choice in self.choices):
            return False
        if self.kind == "string":
            return isinstance(value, str) and self._fits(len(value))
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind in ("integer", "number"):
            return is_number(value, whole=self.kind == "integer") and self._within(value)
        return False

    def _fits(self, length: int) -> bool:
        return length >= self.min_length and (self.max_length is None or length <= self.max_length)

    def _within(self, value: Any) -> bool:
        low = self.minimum is None or value >= self.minimum
        high = self.maximum is None or value <= self.maximum
        return low and high and (not self.multiple or bool(value % self.multiple == 0))


def read_field(
    name: str, node: Node, required: bool, plain: Callable[[object], Node]
) -> InputField:
    """An input by its schema; `plain` resolves what stands inside it."""
    items = plain(node["items"]) if node.get("type") == "array" and "items" in node else None
    kind = _kind(node)
    order = node.get("x-order")
    described = InputField(
        name=name,
        kind="other",
        required=required,
        description=words(node.get("description")),
        order=order if isinstance(order, int) and is_number(order) else 0,
    )
    if kind == "other" or not _NAME.fullmatch(name):
        return described
    return _filled(described, kind, _kind(items) if items is not None else None, node)


def words(text: object) -> str:
    """A provider's text on one line, without anything that does not print."""
    if not isinstance(text, str):
        return ""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST_WORDS])
    return " ".join(shown.split())


def is_number(value: object, *, whole: bool = False) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) <= _LARGEST


def _filled(described: InputField, kind: Kind, items: Kind | None, node: Node) -> InputField:
    least, most = ("minItems", "maxItems") if kind == "array" else ("minLength", "maxLength")
    field = InputField(
        name=described.name,
        kind=kind,
        items=items,
        required=described.required,
        choices=_choices(node),
        minimum=_least(node, kind),
        maximum=_most(node, kind),
        description=described.description,
        order=described.order,
        multiple=node.get("multipleOf", 0),
        min_length=node.get(least, 0),
        max_length=node.get(most),
    )
    default = node.get("default")
    return replace(field, default=default) if field.takes(default) else field


def _kind(node: Node) -> Kind:
    if not all(key in _KNOWN or key.startswith("x-") for key in node) or not _sound(node):
        return "other"
    kind = node.get("type")
    if kind == "string":
        form = node.get("format")
        found = _FORMATS.get(form, "other") if form is None or isinstance(form, str) else "other"
        narrowed = {"enum", "const", "minLength", "maxLength"} & set(node)
        return "other" if found == "uri" and narrowed else found
    if kind in ("integer", "number", "boolean", "array"):
        return "other" if kind == "array" and {"enum", "const"} & set(node) else kind
    return "other"


def _sound(node: Node) -> bool:
    """Whether its bounds are such as can be kept to."""
    choices = node.get("enum", [])
    multiple = node.get("multipleOf", 1)
    return (
        isinstance(choices, list)
        and len(choices) <= _MOST_CHOICES
        and ("enum" not in node or bool(_choices(node)))
        and is_number(multiple, whole=True)
        and multiple >= 1
        and all(is_number(node[key]) for key in _NUMBERS if key in node)
        and all(is_number(node[key], whole=True) for key in _COUNTS if key in node)
        and all(
            isinstance(node[key], bool) or is_number(node[key])
            for key in ("exclusiveMinimum", "exclusiveMaximum")
            if key in node
        )
    )


def _choices(node: Node) -> tuple[Any, ...]:
    listed = node.get("enum", [])
    if "const" in node:
        const = node["const"]
        listed = [const] if "enum" not in node else [one for one in listed if one == const]
    return tuple(choice for choice in listed if isinstance(choice, str | int | float))


def _least(node: Node, kind: Kind) -> float | None:
    """The least value. `exclusiveMinimum` is a number, or says of `minimum` that it is past it."""
    bound, beyond = node.get("minimum"), node.get("exclusiveMinimum", False)
    if beyond is True:
        return None if bound is None else _above(bound, kind)
    if beyond is False:
        return bound
    past = _above(beyond, kind)
    return past if bound is None else max(bound, past)


def _most(node: Node, kind: Kind) -> float | None:
    bound, beyond = node.get("maximum"), node.get("exclusiveMaximum", False)
    if beyond is True:
        return None if bound is None else -_above(-bound, kind)
    if beyond is False:
        return bound
    past = -_above(-beyond, kind)
    return past if bound is None else min(bound, past)


def _above(bound: float, kind: Kind) -> float:
    return math.floor(bound) + 1 if kind == "integer" else math.nextafter(bound, math.inf)


def _identical(one: object, other: object) -> bool:
    """Equal as JSON has it: true is not 1, but 1.0 is."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
