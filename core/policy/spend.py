"""What pictures cost, month by month, and the budgets that stop a call before it spends.

Each call has one booking: its estimate first, what it came to afterwards. A booking's amount stands
once, so that doing it again changes nothing, and the sums (by workspace, channel, actor, model and
turn) move with it in one step, so that no two callers pass a budget with the same last dollar.
Amounts are whole micro-dollars inside. Months are those of UTC.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from redis.asyncio import Redis

from core.engines.wording import dollars
from core.errors import OverBudget
from core.policy import keys
from core.policy.scripts import script
from core.session.connect import ask

_KEPT_SECONDS = 400 * 24 * 3600
_MICRO = 1_000_000
_NAMES = ("amounts", "bookings", "sums", "turns")
_PAGE = 1_000


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Payer(_Value):
    """Whose money it is."""

    actor: str
    channel: str
    workspace: str


class Budgets(_Value):
    """What may be spent at most, in US dollars; None: no bound."""

    workspace_month: float | None = Field(default=None, ge=0)
    actor_month: float | None = Field(default=None, ge=0)
    turn: float | None = Field(default=None, ge=0)


@dataclass(frozen=True)
class SpendReport:
    """What was spent in a month ("2026-11"), in US dollars, by the id of whom or what; `people` by
    workspace, then actor: people of some platforms are in several workspaces."""

    month: str
    total: float
    workspaces: dict[str, float]
    channels: dict[str, float]
    actors: dict[str, float]
    models: dict[str, float]
    turns: dict[str, float]
    people: dict[str, dict[str, float]]


class Spend:
    """The books."""

    def __init__(self, redis: Redis, budgets: Budgets | None = None) -> None:
        self._redis = redis
        self._budgets = budgets or Budgets()
        self._reserve = script(redis, "reserve")
        self._settle = script(redis, "settle")

    async def reserve(
        self, booking: str, usd: float, payer: Payer, *, model: str, tid: str, step_key: str,
        at: datetime,
    ) -> None:  # fmt: skip
        """Book an estimate in the month of `at`. Raises OverBudget, with nothing booked.

        What costs nothing passes every budget. A booking that stands already is left as it is.
        """
        budgets, amount = self._budgets, _micro(usd)
        sums = {
            f"workspace:{payer.workspace}": budgets.workspace_month,
            f"actor:{payer.actor}": budgets.actor_month,
            f"channel:{payer.channel}": None,
            f"model:{model}": None,
            f"person:{payer.workspace}|{payer.actor}": None,
        }
        document = {"turn": tid, "step": step_key, "at": at.isoformat(), "sums": list(sums)}
        args: list[str | int] = [booking, amount, json.dumps(document), _KEPT_SECONDS, tid]
        args.append(_bound(budgets.turn))
        for name, bound in sums.items():
            args += [name, _bound(bound)]
        passed = await self._reserve(keys=_keys(month_of(at)), args=args)
        if passed:
            budget, left = passed
            raise over_budget(amount, budget, left, at)

    async def settle(self, booking: str, usd: float, *, at: datetime | None = None) -> None:
        """Set what a booking came to; `at` is what it was booked with (now: about that month)."""
        if at is not None:
            months: Sequence[str] = (month_of(at),)
        else:
            months = _lately()
        for month in months:
            if await self._settle(keys=_keys(month), args=[booking, _micro(usd)]):
                return
        raise LookupError(f"there is no booking {booking!r}")

    async def report(self, month: str | None = None) -> SpendReport:
        """What was spent in a month, the present one unless another is named."""
        month = month or month_of(datetime.now(UTC))
        by: dict[str, dict[str, float]] = defaultdict(dict)
        for name, micro in (await self._all(keys.spending(month, "sums"))).items():
            kind, _, of = name.partition(":")
            by[kind][of] = micro / _MICRO
        turns = await self._all(keys.spending(month, "turns"))
        return SpendReport(
            month=month,
            total=sum(turns.values()) / _MICRO,
            workspaces=by["workspace"],
            channels=by["channel"],
            actors=by["actor"],
            models=by["model"],
            turns={tid: micro / _MICRO for tid, micro in turns.items()},
            people=_by_workspace(by["person"]),
        )

    async def of_turn(self, tid: str) -> float:
        """What a turn has cost so far; it may have begun in the month before."""
        found = [await ask(self._redis.hget(keys.spending(month, "turns"), tid))
                 for month in _lately()]  # fmt: skip
        return sum(int(micro or 0) for micro in found) / _MICRO

    async def _all(self, key: str) -> dict[str, int]:
        """A whole hash, page by page: a busy month has many turns, and nobody shall wait for it."""
        rows = self._redis.hscan_iter(key, count=_PAGE)
        return {name: int(micro) async for name, micro in rows}


def _by_workspace(people: dict[str, float]) -> dict[str, dict[str, float]]:
    """From "workspace|actor" to workspace, then actor."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for name, usd in people.items():
        workspace, _, actor = name.partition("|")
        found[workspace][actor] = usd
    return dict(found)


def month_of(at: datetime) -> str:
    """The month in which something is booked, "2026-11"."""
    return at.astimezone(UTC).strftime("%Y-%m")


def _lately() -> tuple[str, str]:
    """This month and the one before."""
    today = datetime.now(UTC)
    return month_of(today), month_of(today.replace(day=1) - timedelta(days=1))


def _keys(month: str) -> list[str]:
    return [keys.spending(month, name) for name in _NAMES]


def _micro(usd: float) -> int:
    if not (math.isfinite(usd) and usd >= 0):
        raise ValueError(f"no amount of money: {usd}")
    return round(usd * _MICRO)


def _bound(budget: float | None) -> str | int:
    return "" if budget is None else _micro(budget)


def over_budget(amount: int, budget: int, left: int, at: datetime) -> OverBudget:
    """What a person hears. Amounts are micro-dollars.

    `budget` is the number that the script gives: 0 the turn's, 1 the workspace's, 2 a person's.

    A person's budget and the workspace's start anew with the month, a turn's does not.
    """
    costs = f"This would cost about {dollars(amount / _MICRO)}, but "
    rest = dollars(max(0, left) / _MICRO) if left > 0 else "nothing"
    if budget == 0:
        return OverBudget(
            f"{costs}{rest} is left of what one instruction may cost.",
            hint="Ask for fewer pictures at once, a smaller size, or a cheaper model.",
        )
    whose = "this workspace's" if budget == 1 else "your"
    day = at.astimezone(UTC)
    anew = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return OverBudget(
        f"{costs}{rest} is left of {whose} budget for {day:%B}.",
        hint=f"It starts anew on 1 {anew:%B}. Until then a cheaper or free model may do, or ask "
        "your admin for more.",
    )
