"""A schema document of a provider, read within bounds: references resolved, combinations merged.

The document is hostile until it was read: it may be deep, large, or refer to itself. Whatever
narrows a value in a way that is not known here stays in the result, so that its reader can leave
the value alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MOST_NODES = 20_000
_DEEPEST = 40
_MOST_STEPS = 4_000
_LONGEST_CHAIN = 20
_CONFLICT = "conflict"

_COMBINED = ("$ref", "allOf", "anyOf", "oneOf")
_ANNOTATIONS = {"title", "description", "default", "example", "examples", "deprecated"}


class Unreadable(ValueError):
    """The document breaks the rules, or the bounds."""


class Document:
    """One OpenAPI document. Raises Unreadable at once when it is past the bounds."""

    def __init__(self, root: object) -> None:
        if not isinstance(root, Mapping):
            raise Unreadable("no document")
        _bound(root)
        self._root = root
        self._steps = 0

    def component(self, name: str) -> dict[str, Any]:
        """The schema of that name, as `plain` gives it."""
        return self.plain({"$ref": f"#/components/schemas/{name}"})

    def plain(self, node: object, chain: int = 0) -> dict[str, Any]:
        """A schema as one mapping of keywords.

        A choice between something and null is that something; any other choice remains, under
        "anyOf". Keywords that contradict each other leave the unknown keyword "conflict".
        """
        self._steps += 1
        if not isinstance(node, Mapping) or chain > _LONGEST_CHAIN or self._steps > _MOST_STEPS:
            raise Unreadable("references without end")
        merged: dict[str, Any] = {}
        for part in self._parts(node):
            _merge(merged, self.plain(part, chain + 1))
        for keyword in ("anyOf", "oneOf"):
            if keyword in node:
                _merge(merged, self._either(node[keyword], chain))
        _merge(merged, {key: value for key, value in node.items() if key not in _COMBINED})
        return _without_null(merged)

    def _parts(self, node: Mapping[str, Any]) -> list[object]:
        parts: list[object] = []
        if "$ref" in node:
            parts.append(self._target(node["$ref"]))
        if "allOf" in node:
            parts += _listed(node["allOf"])
        return parts

    def _either(self, options: object, chain: int) -> dict[str, Any]:
        read = [self.plain(option, chain + 1) for option in _listed(options)]
        real = [option for option in read if option.get("type") != "null"]
        return real[0] if len(real) == 1 else {"anyOf": real}

    def _target(self, reference: object) -> object:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            raise Unreadable("a reference to elsewhere")
        found: object = self._root
        for name in reference[2:].split("/"):
            name = name.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, Mapping) or name not in found:
                raise Unreadable(f"a reference to nothing: {reference[:80]}")
            found = found[name]
        return found


def _bound(root: object) -> None:
    """Refuse what is too large or too deep, without recursion."""
    stack: list[tuple[object, int]] = [(root, 0)]
    nodes = 0
    while stack:
        node, depth = stack.pop()
        nodes += 1
        if nodes > _MOST_NODES or depth > _DEEPEST:
            raise Unreadable("too large")
        if isinstance(node, Mapping):
            if not all(isinstance(key, str) for key in node):
                raise Unreadable("keys that are no text")
            stack += [(child, depth + 1) for child in node.values()]
        elif isinstance(node, list):
            stack += [(child, depth + 1) for child in node]


def _listed(options: object) -> list[object]:
    if not isinstance(options, list) or not options:
        raise Unreadable("a combination of nothing")
    return options


def _merge(merged: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        known = merged.get(key, value)
        if key not in _ANNOTATIONS and not key.startswith("x-") and not _same(known, value):
            merged[_CONFLICT] = key
        merged[key] = value


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _without_null(merged: dict[str, Any]) -> dict[str, Any]:
    """`["string", "null"]` as a type is a string here: null is never sent."""
    kinds = merged.get("type")
    if isinstance(kinds, list):
        real = [kind for kind in kinds if kind != "null"]
        return {**merged, "type": real[0] if len(real) == 1 else None}
    return merged
