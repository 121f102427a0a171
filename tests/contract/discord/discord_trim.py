"""Cut out of Discord's description of its HTTP API what an image bot may send.

    python -m tests.contract.discord.discord_trim ../shared/fixtures/discord-openapi.json

Only bodies of requests stay, with the schemas that they need; words for people go.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]

KEPT = re.compile(
    r"/applications/\{application_id\}(/guilds/\{guild_id\})?/commands(/\{command_id\})?"
    r"|/applications/@me"
    r"|/channels/\{channel_id\}(/messages(/\{message_id\}(/threads)?|/bulk-delete)?|/threads|/typing)?"
    r"|/channels/\{channel_id\}/thread-members/.*"
    r"|/channels/\{channel_id\}/messages/\{message_id\}/reactions/\{emoji_name\}/@me"
    r"|/interactions/\{interaction_id\}/\{interaction_token\}/callback"
    r"|/users/@me(/channels)?"
    r"|/webhooks/\{webhook_id\}/\{webhook_token\}(/messages/(@original|\{message_id\}))?"
)
_FOR_PEOPLE = ("description", "summary", "example", "examples", "title")
_REFERENCE = "#/components/schemas/"


def trimmed(whole: Json) -> Json:
    """The paths that are kept, and every schema that their bodies lead to."""
    paths = {
        path: {method: _body(operation) for method, operation in methods.items() if _has(operation)}
        for path, methods in whole["paths"].items()
        if KEPT.fullmatch(path)
    }
    schemas: Json = {}
    for name in _named(paths):
        _follow(name, whole["components"]["schemas"], schemas)
    about = {name: whole["info"][name] for name in ("title", "version", "license")}
    return {
        "openapi": whole["openapi"],
        "info": about,
        "paths": {path: methods for path, methods in sorted(paths.items()) if methods},
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _has(operation: Any) -> bool:
    return isinstance(operation, dict) and "requestBody" in operation


def _body(operation: Json) -> Json:
    content = operation["requestBody"]["content"]
    schema = content.get("application/json") or next(iter(content.values()))
    return {"requestBody": {"content": {"application/json": _plain(schema)}}}


def _plain(value: Any, *, names: bool = False) -> Any:
    """Without words for people. `names`: the keys are names of properties, not keywords."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _plain(each, names=name == "properties" and not names)
        for name, each in value.items()
        if names or name not in _FOR_PEOPLE
    }


def _named(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for each in value for name in _named(each)}
    if not isinstance(value, dict):
        return set()
    found = {name for each in value.values() for name in _named(each)}
    reference = value.get("$ref")
    if isinstance(reference, str):
        found.add(reference.removeprefix(_REFERENCE))
    return found


def _follow(name: str, schemas: Json, kept: Json) -> None:
    if name not in kept:
        kept[name] = _plain(schemas[name])
        for other in _named(kept[name]):
            _follow(other, schemas, kept)


def main() -> None:
    whole = json.loads(Path(sys.argv[1]).read_text())
    target = Path(__file__).with_name("openapi.json")
    target.write_text(json.dumps(trimmed(whole), indent=0, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
