"""Calls to providers, written down before they are made, so that a crash does not pay twice.

A record says what an earlier attempt came to: a picture that is there needs no second call; a call
that its engine can find again at the provider goes on; one that may have been billed without an
answer stays in the books as lost, and the next attempt is booked beside it.

The order of writes leans to caution. The estimate is booked before the record says that a call is
intended, and the record says what the call came to before the booking is corrected. A crash between
the two leaves the estimate booked, never too little, and the next look puts it right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from redis.asyncio import Redis

from core.engines.journal import CallNote, Journal
from core.policy.records import CallRecord, Drawn, KeptDrawn, Records
from core.policy.spend import Payer, Spend
from core.session.models import now

__all__ = ["CallBook", "CallRecord", "Drawn", "KeptDrawn", "Payer"]


class CallBook:
    """The records of calls."""

    def __init__(self, redis: Redis, spend: Spend) -> None:
        self._spend = spend
        self._records = Records(redis)

    async def find(self, sid: str, tid: str, key: str) -> CallRecord | None:
        """What is known of a call, its booking put right if a crash came between."""
        record = await self._records.get(sid, tid, key)
        if record is not None and record.state != "intended":
            await self._settle(sid, tid, record)
        return record

    async def open(
        self, sid: str, tid: str, key: str, *, model: str, engine: str, estimate: float,
        payer: Payer,
    ) -> CallRecord:  # fmt: skip
        """Book the next attempt and write it down, before anything is sent.

        An attempt that its engine can find again goes on, and a call that is drawn stays as it is.
        Raises OverBudget, with nothing booked for the new attempt.
        """

        async def opened(before: CallRecord | None) -> CallRecord:
            if before is not None and (before.state == "drawn" or _goes_on(before)):
                return before
            record = _attempt(before, key, model=model, engine=engine, estimate=estimate)
            await self._spend.reserve(
                _booking(sid, tid, record), estimate, payer,
                model=model, tid=tid, step_key=key, at=record.begun_at,
            )  # fmt: skip
            return record

        return await self._records.change(sid, tid, key, opened)

    async def close(
        self, sid: str, tid: str, key: str, *, state: Literal["drawn", "failed", "cancelled"],
        cost: float, drawn: Drawn | None = None, may_have_billed: bool = False,
    ) -> CallRecord:  # fmt: skip
        """Write down what the attempt came to, and correct its booking to what it cost.

        `may_have_billed`: nobody knows what it cost, so that the estimate stays. A call that is
        closed already stays as it is, unless only now a picture has come.
        """

        async def closed(before: CallRecord | None) -> CallRecord:
            record = _known(before, key)
            if record.state == "drawn" or (record.state != "intended" and state != "drawn"):
                return record
            lost = record.estimate_usd if may_have_billed else 0.0
            return record.model_copy(update={
                "state": state,
                "note": None,
                "drawn": drawn,
                "booked_usd": lost if may_have_billed else cost,
                "lost_usd": record.lost_usd + lost,
                "cost_usd": 0.0 if may_have_billed else cost,
            })  # fmt: skip

        record = await self._records.change(sid, tid, key, closed)
        await self._settle(sid, tid, record)
        return record

    def journal(self, sid: str, tid: str, key: str) -> Journal:
        """The notes of the call for its engine. They are kept in its record: open it first."""
        return _Notes(self._records, sid, tid, key)

    async def _settle(self, sid: str, tid: str, record: CallRecord) -> None:
        booking = _booking(sid, tid, record)
        await self._spend.settle(booking, record.booked_usd, at=record.begun_at)


class _Notes:
    """A journal that is kept in the record of its call."""

    def __init__(self, records: Records, sid: str, tid: str, key: str) -> None:
        self._records = records
        self._place = (sid, tid, key)

    async def recall(self) -> CallNote | None:
        return (await self._record()).note

    async def intend(self, marker: str) -> None:
        note = CallNote(marker=marker, intended_at=now())
        await self._write(lambda _: note)

    async def claim(self, ref: str) -> bool:
        engine = (await self._record()).engine
        if not await self._records.claim(engine, ref, "/".join(self._place)):
            return False
        await self._write(lambda note: note and note.model_copy(update={"ref": ref}))
        return True

    async def forget(self) -> None:
        await self._write(lambda _: None)

    async def _record(self) -> CallRecord:
        return _known(await self._records.get(*self._place), self._place[-1])

    async def _write(self, changed: Callable[[CallNote | None], CallNote | None]) -> None:
        async def noted(before: CallRecord | None) -> CallRecord:
            record = _known(before, self._place[-1])
            return record.model_copy(update={"note": changed(record.note)})

        await self._records.change(*self._place, noted)


def _attempt(
    before: CallRecord | None, key: str, *, model: str, engine: str, estimate: float
) -> CallRecord:
    """The next attempt. Of one that never ended nobody knows whether it was billed: its estimate
    stays booked, as does what an ended one is known to have cost."""
    record = CallRecord(
        key=key, model=model, engine=engine, estimate_usd=estimate, booked_usd=estimate
    )
    if before is None:
        return record
    wasted = before.booked_usd if before.state == "intended" else before.cost_usd
    return record.model_copy(
        update={"attempts": before.attempts + 1, "lost_usd": before.lost_usd + wasted}
    )


def _goes_on(record: CallRecord) -> bool:
    """Whether the engine has a note by which it finds the call again."""
    return record.state == "intended" and record.note is not None


def _booking(sid: str, tid: str, record: CallRecord) -> str:
    return f"{sid}/{tid}/{record.key}/{record.attempts}"


def _known(record: CallRecord | None, key: str) -> CallRecord:
    if record is None:
        raise LookupError(f"the call {key!r} was never opened")
    return record
