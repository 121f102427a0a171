"""Trouble on purpose: refusals, broken answers, and points at which a call stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract.trouble import Failing

Json = dict[str, Any]


@dataclass
class Call:
    """One request as it arrived, and what was answered (None: nothing yet, or never)."""

    method: str
    params: Json
    token: str
    at: float
    team: str = ""
    answer: Json | None = None

    @property
    def ok(self) -> bool:
        return bool(self.answer and self.answer.get("ok"))


Chosen = Callable[[Call], bool]


@dataclass
class Fault(Failing[Call]):
    """`error` is Slack's own word for why (ok=false), `more` what stands beside it."""

    method: str
    error: str = ""
    more: Json = field(default_factory=dict)

    def fits(self, call: Call) -> bool:
        return call.method == self.method
