"""What a model on Replicate takes and gives, read from the schema that it publishes.

Models change their inputs without notice, so that the schema of today decides what is sent; a
bundled copy stands in where it can't be read. Nothing of it is believed: sizes are bounded,
references stay within the document, and an input that is not wholly understood is never filled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from core.engines.replicate.document import Document, Unreadable
from core.engines.replicate.fields import InputField, Kind, read_field, words
from core.engines.replicate.media import other_medium
from core.errors import BadInput

__all__ = ["InputField", "Kind", "ModelSchema", "bundled", "read_schema"]

Output = Literal["uri", "uris"]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}/[a-z0-9][a-z0-9._-]{0,99}")
_VERSION = re.compile(r"[0-9a-f]{64}")
_MOST_FIELDS = 300
_INPUT_WORDS = {"type", "title", "description", "properties", "required", "example", "examples"}


@dataclass(frozen=True, slots=True)
class ModelSchema:
    """A model by what it publishes. `official`: may be run by its name, without a version."""

    name: str
    version: str | None
    official: bool
    inputs: tuple[InputField, ...]
    output: Output
    description: str = ""

    def field(self, name: str) -> InputField | None:
        return next((field for field in self.inputs if field.name == name), None)


def read_schema(document: Mapping[str, Any], *, official: bool | None = None) -> ModelSchema:
    """The answer of `GET /v1/models/{owner}/{name}`, checked.

    `official`: known from elsewhere; None goes by what the document says.

    Raises:
        BadInput: it can't be used here; says why.
    """
    name = _name_of(document)
    latest = document.get("latest_version")
    version = latest if isinstance(latest, Mapping) else {}
    try:
        published = Document(version.get("openapi_schema"))
        inputs = _inputs(published)
        output = _output(published.component("Output"), published)
    except Unreadable as error:
        raise BadInput(
            f"What {name} takes is not published in a form that I can read.",
            hint="Choose another model.",
            code="model_unreadable",
            admin=str(error),
        ) from error
    description = words(document.get("description"))
    number = version.get("id")
    return ModelSchema(
        name=name,
        version=number if isinstance(number, str) and _VERSION.fullmatch(number) else None,
        official=document.get("is_official") is True if official is None else official,
        inputs=inputs,
        output=_of_pictures(output, name, description, inputs),
        description=description,
    )


@cache
def bundled(name: str) -> ModelSchema | None:
    """The copy that comes with Easel, for the models that it knows."""
    if not _NAME.fullmatch(name):
        return None
    copy = files(__package__) / "schemas" / f"{name.replace('/', '__')}.json"
    return read_schema(json.loads(copy.read_text("utf-8"))) if copy.is_file() else None


def _name_of(document: Mapping[str, Any]) -> str:
    name = f"{document.get('owner')}/{document.get('name')}"
    if not _NAME.fullmatch(name):
        raise BadInput("That is no name of a model.", hint="A name looks like owner/name.")
    return name


def _inputs(published: Document) -> tuple[InputField, ...]:
    whole = published.component("Input")
    if any(word not in _INPUT_WORDS and not word.startswith("x-") for word in whole):
        raise Unreadable("inputs that depend on each other")
    properties, required = whole.get("properties", {}), whole.get("required", [])
    if not isinstance(properties, Mapping) or not isinstance(required, list):
        raise Unreadable("inputs that are no mapping")
    names = [name for name in dict.fromkeys([*properties, *required]) if isinstance(name, str)]
    if len(names) > _MOST_FIELDS:
        raise Unreadable("more inputs than any model has")
    read = [
        read_field(name, published.plain(properties.get(name, {})), name in required,
                   published.plain)
        for name in names
    ]  # fmt: skip
    return tuple(sorted(read, key=lambda field: field.order))


def _output(node: dict[str, Any], published: Document) -> Output | None:
    """Whether it gives one file or several; None: no files."""
    for option in node.get("anyOf", ()):
        found = _output(option, published)
        if found is not None:
            return found
    if node.get("type") == "array":
        item = published.plain(node.get("items", {}))
        return "uris" if item.get("format") == "uri" else None
    return "uri" if node.get("type") == "string" and node.get("format") == "uri" else None


def _of_pictures(
    output: Output | None, name: str, description: str, inputs: tuple[InputField, ...]
) -> Output:
    medium = other_medium(name, description, inputs, pictures=output is not None)
    if output is not None and medium is None:
        return output
    raise BadInput(
        f"{name} is not an image model: it makes {medium or 'text or data'}.",
        hint="Choose a model whose results are pictures.",
        code="not_an_image_model",
    )
