"""By what a prediction of ours is known in the account's list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.engines.replicate.schema import ModelSchema
from core.engines.replicate.wire import Prediction


class Marker(BaseModel):
    """What a prediction of ours is recognised by: its model, and a hash of each thing given.

    Files that were laid down have addresses of their own, seeds follow from the request, and where
    a model takes a name for its user, that name is new each time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    version: str
    given: dict[str, str]

    @classmethod
    def of(cls, schema: ModelSchema, given: Mapping[str, Any]) -> Marker:
        prints = {name: _print(value) for name, value in given.items()}
        return cls(model=schema.name, version=schema.version or "", given=prints)

    def fits(self, prediction: Prediction) -> bool:
        """Whether it was given the same; what the provider added by itself does not count."""
        theirs = prediction.input
        return is_of(prediction, self.model, self.version) and all(
            name in theirs and _print(theirs[name]) == known for name, known in self.given.items()
        )


def is_of(prediction: Prediction, model: str, version: str) -> bool:
    """Whether it is a run of that model; a private one is known by its version only."""
    if prediction.model:
        return prediction.model.lower() == model
    return bool(version) and prediction.version == version


def _print(value: Any) -> str:
    """A short hash; 4 and 4.0 are the same number in JSON."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
