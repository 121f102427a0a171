"""Models as Replicate publishes them, made for tests, and the judge of what they are sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import jsonschema_rs

from core.engines.replicate.mapping import Prepared, Upload

URI = {"type": "string", "format": "uri"}
URIS = {"type": "array", "items": URI}

Document = dict[str, Any]


def published(
    inputs: Mapping[str, Any],
    *,
    required: tuple[str, ...] = (),
    output: Mapping[str, Any] | None = None,
    name: str = "someone/something",
    description: str = "",
    version: str | None = "0" * 64,
    **components: Any,
) -> Document:
    """The answer of `GET /v1/models/{owner}/{name}` for a model with these inputs."""
    owner, _, short = name.partition("/")
    whole: Document = {"type": "object", "title": "Input", "properties": dict(inputs)}
    if required:
        whole["required"] = list(required)
    schemas = {"Input": whole, "Output": {"title": "Output", **(output or URIS)}, **components}
    openapi = {"openapi": "3.0.2", "components": {"schemas": schemas}}
    return {
        "url": f"https://replicate.com/{name}",
        "owner": owner,
        "name": short,
        "description": description,
        "latest_version": {"id": version, "openapi_schema": openapi},
    }


def enumeration(*choices: Any, kind: str = "string") -> Document:
    return {"enum": list(choices), "type": kind, "title": "E", "description": "An enumeration."}


def chosen_from(name: str, **more: Any) -> Document:
    """An input whose choices are a component, as Replicate writes them."""
    return {"allOf": [{"$ref": f"#/components/schemas/{name}"}], **more}


def bundled_document(name: str) -> Document:
    copy = files("core.engines.replicate") / "schemas" / f"{name.replace('/', '__')}.json"
    document: Document = json.loads(copy.read_text("utf-8"))
    return document


def components_of(document: Document) -> Document:
    schemas: Document = document["latest_version"]["openapi_schema"]["components"]["schemas"]
    return schemas


def sent(prepared: Prepared) -> Document:
    """The input as it goes out, with an address for every file."""

    def plain(value: Any, place: str) -> Any:
        if isinstance(value, Upload):
            return f"https://files.example/{place}/{value.name}"
        if isinstance(value, list):
            return [plain(one, f"{place}/{at}") for at, one in enumerate(value)]
        return value

    out = {name: plain(value, name) for name, value in prepared.input.items()}
    document: Document = json.loads(json.dumps(out, allow_nan=False))
    return document


def faults(document: Document, given: Document) -> list[str]:
    """What a strict reading of the published schema has against an input."""
    openapi = document["latest_version"]["openapi_schema"]
    judge = jsonschema_rs.Draft202012Validator(
        {"$ref": "#/components/schemas/Input", "components": openapi["components"]},
        validate_formats=True,
    )
    unknown = set(given) - set(components_of(document)["Input"].get("properties", {}))
    told = [f"{list(error.instance_path)}: {error.message}" for error in judge.iter_errors(given)]
    return [*told, *(f"unknown input {name}" for name in sorted(unknown))]
