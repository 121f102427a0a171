"""Bodies of requests, judged by Discord's own description of its HTTP API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

Json = dict[str, Any]

_HERE = Path(__file__).with_name("openapi.json")


@cache
def description() -> Json:
    """The part of it that is kept here."""
    read: Json = json.loads(_HERE.read_text())
    # Ids may be numbers, too (Discord's documents, "Snowflakes"); discord.py numbers files so.
    snowflake = read["components"]["schemas"]["SnowflakeType"]
    snowflake["type"] = ["string", "integer"]
    return read


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    """The most literal first, so that "@original" is no message id."""
    ordered = sorted(description()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in ordered]


@cache
def _judge(path: str, method: str) -> jsonschema_rs.Draft202012Validator | None:
    operation = description()["paths"][path].get(method.lower())
    if operation is None:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator(
        {**schema, "components": description()["components"]}, validate_formats=False
    )


def faults(method: str, path: str, body: Any) -> list[str]:
    """What is wrong with a body, as "where: what"; nothing for paths that are not described."""
    for pattern, template in _paths():
        if pattern.fullmatch(path):
            judge = _judge(template, method)
            errors = judge.iter_errors(body) if judge else ()
            told = [deeper for error in errors for deeper in _deeper(error)]
            return [f"{_where(error.instance_path)}: {error.message[:300]}" for error in told]
    return []


def _deeper(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """What is wrong inside of the one alternative that is of the type that the body says."""
    branches = getattr(error.kind, "context", None) or []
    path = [*error.instance_path, "type"]
    meant = [
        branch for branch in branches if not any(list(one.instance_path) == path for one in branch)
    ]
    if len(meant) == 1:
        for inner in meant[0]:
            yield from _deeper(inner)
    else:
        yield error


def _where(path: Any) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(
        "."
    )
