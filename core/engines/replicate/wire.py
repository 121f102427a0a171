"""A prediction as Replicate tells it: only what is used, and nothing of it trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

_STOPPED = frozenset({"canceled", "cancelled", "aborted"})
_OVER = _STOPPED | {"succeeded", "failed"}
_PERCENT = re.compile(r"(\d{1,3})%\|")
_LOG_TAIL = 2_000
_MAX_OUTPUTS = 16
_MAX_DEPTH = 4

_Text = Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else "")]
_Table = Annotated[
    dict[str, Any], BeforeValidator(lambda value: value if isinstance(value, dict) else {})
]


class Prediction(BaseModel):
    """One run of a model. `aborted`: it was stopped before it began."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{6,64}$")
    status: _Text = ""
    model: _Text = ""
    version: _Text = ""
    input: _Table = Field(default_factory=dict)
    output: Any = None
    error: Any = None
    logs: _Text = ""
    metrics: _Table = Field(default_factory=dict)
    created_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    data_removed: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more will happen; a status of tomorrow counts once it has an end."""
        return self.status in _OVER or self.completed_at is not None

    @property
    def stopped(self) -> bool:
        return self.status in _STOPPED

    @property
    def failed(self) -> bool:
        return self.status == "failed" or (self.over and not self.urls and not self.stopped)

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the pictures are, whatever shape the output has."""
        return tuple(islice(_addresses(self.output), _MAX_OUTPUTS))

    @property
    def seconds(self) -> float | None:
        """The time that is billed, where it is told."""
        return _number(self.metrics.get("predict_time"))

    @property
    def fraction(self) -> float | None:
        """How far it is, by the progress bar that most models write into their log."""
        told = _PERCENT.findall(self.logs[-_LOG_TAIL:])
        return min(int(told[-1]), 100) / 100 if told else None


def _addresses(output: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(output, str):
        if output.startswith(("https://", "http://", "data:")):
            yield output
    elif depth < _MAX_DEPTH and isinstance(output, list):
        for item in output:
            yield from _addresses(item, depth + 1)
    elif depth < _MAX_DEPTH and isinstance(output, dict):
        for item in [output["url"]] if "url" in output else output.values():
            yield from _addresses(item, depth + 1)


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and 0 <= value < float("inf") else None
