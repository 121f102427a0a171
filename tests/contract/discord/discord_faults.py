"""Trouble on purpose: refusals, broken answers, and points at which a call stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.contract.discord.discord_calling import Call
from tests.contract.trouble import Failing

Chosen = Callable[[Call], bool]


def fits(call: Call, method: str, path: str) -> bool:
    """Whether a call is one of a method and a path; each `*` stands for a part of the path."""
    asked, named = call.path.split("/"), path.split("/")
    same = len(asked) == len(named) and all(map(fnmatchcase, asked, named))
    return same and method in ("*", call.method)


@dataclass
class Fault(Failing[Call]):
    """`code` is Discord's own number; `status` may say another than its usual one."""

    method: str
    path: str
    code: int = 0

    def fits(self, call: Call) -> bool:
        return fits(call, self.method, self.path)
