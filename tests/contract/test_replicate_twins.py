"""Requests that are given the same: one prediction each, whatever the list shows and when.

Seedream has no seed, so that nothing but the claims tells whose prediction is whose.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from core.engines.port import ImageResult
from core.engines.replicate.engine import ReplicateEngine
from core.engines.replicate.predictions import Patience
from tests.contract.openai_wishes import Watcher
from tests.contract.replicate_double import Behaviour, ReplicateDouble
from tests.contract.replicate_wishes import HASTY, SEEDREAM, TOKEN, Claims, Notebook, wish
from tests.waiting import wait_until

HELD = replace(HASTY, wait=60, swapped=(0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6))
UNNOTICED = replace(HELD, notice=())
ONLY_HELD = replace(HELD, slow=600.0)
LIST = r"/v1/predictions"


@dataclass
class Family:
    """Twins over one account, each in a process of its own."""

    platform: ReplicateDouble
    claims: Claims = field(default_factory=Claims)
    notes: list[Notebook] = field(default_factory=list)
    runs: list[asyncio.Task[ImageResult]] = field(default_factory=list)
    engines: list[ReplicateEngine] = field(default_factory=list)

    async def born(self, how: Behaviour, patience: Patience = HELD) -> None:
        """One more, whose call has reached Replicate when this returns."""
        self.platform.plan.append(how)
        engine = ReplicateEngine(TOKEN, self.platform.base_url, patience=patience)
        notes = Notebook(self.claims, f"turn-{len(self.notes)}:0")
        request = wish(model=SEEDREAM, key=notes.owner)
        run = asyncio.create_task(engine.run(request, Watcher(), notes))
        self.engines.append(engine)
        self.notes.append(notes)
        self.runs.append(run)
        count = len(self.runs)
        await self.platform.until(lambda: self.platform.creates == count)
        await until(lambda: not self.platform.plan, "its call is read")

    async def takes(self, twin: int, prediction: int) -> None:
        ref = self.platform.predictions[prediction].id
        owner = self.notes[twin].owner
        await until(lambda: self.claims.owners.get(ref) == owner, f"{owner} takes {ref}")

    def refs(self) -> list[str | None]:
        return [notes.note.ref if notes.note else None for notes in self.notes]

    def statuses(self) -> list[str]:
        return [made.status for made in self.platform.predictions]

    def ids(self) -> list[str]:
        return [made.id for made in self.platform.predictions]


async def until(holds: Callable[[], bool], what: str) -> None:
    async def so() -> bool:
        return holds()

    await wait_until(so, what)


@asynccontextmanager
async def at_home(platform: ReplicateDouble) -> AsyncIterator[Family]:
    family = Family(platform)
    yield family
    for run in family.runs:
        run.cancel()
    await asyncio.gather(*family.runs, return_exceptions=True)
    for engine in family.engines:
        await engine.close()


@pytest.fixture
async def family(platform: ReplicateDouble) -> AsyncIterator[Family]:
    async with at_home(platform) as twins:
        yield twins


async def test_each_of_several_gets_its_own_picture_at_once(family: Family) -> None:
    """The list shows all of them, which is why none is taken from it; no look is needed."""
    platform = family.platform
    platform.list_gate = asyncio.Event()
    gates = [asyncio.Event() for _ in range(4)]
    for number, gate in enumerate(gates):
        notice = ONLY_HELD.notice if number else ()  # the oldest is there for all others to see
        await family.born(Behaviour(gate=gate), replace(ONLY_HELD, notice=notice))
    await until(lambda: platform.count("GET", LIST) == 3, "the others have looked")
    platform.list_gate.set()
    for gate, run in reversed(list(zip(gates, family.runs, strict=True))):
        gate.set()
        async with asyncio.timeout(20):
            assert (await run).pictures
    assert family.refs() == family.ids()
    assert platform.count("GET", r"/v1/predictions/\w+") == 0
    assert platform.creates == 4


async def _crossed(family: Family, first: Behaviour, second: Behaviour) -> None:
    """The first twin has taken the second one's prediction, for its own is not listed yet."""
    platform = family.platform
    first.listed = asyncio.Event()
    platform.list_gate = asyncio.Event()
    await family.born(first)
    await family.born(second, UNNOTICED)
    await until(lambda: platform.count("GET", LIST) == 1, "the first has looked")
    platform.list_gate.set()
    await family.takes(0, 1)
    first.listed.set()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_twins_that_were_mistaken_for_each_other_both_finish(
    family: Family, order: tuple[int, int]
) -> None:
    gates = [asyncio.Event(), asyncio.Event()]
    await _crossed(family, Behaviour(gate=gates[0]), Behaviour(gate=gates[1]))
    for number in order:
        gates[number].set()
        over = family.platform.predictions[number].over
        await family.platform.until(over.is_set)
    results = await asyncio.gather(*family.runs)
    assert all(result.pictures for result in results)
    assert family.refs() == family.ids()[::-1]
    assert family.statuses() == ["succeeded"] * 2
    assert family.platform.creates == 2


async def test_one_that_is_cancelled_with_its_twins_prediction_leaves_it_the_other(
    family: Family,
) -> None:
    gate = asyncio.Event()
    await _crossed(family, Behaviour(gate=gate), Behaviour(gate=asyncio.Event()))
    family.runs[0].cancel()
    await family.takes(1, 0)
    gate.set()
    assert (await family.runs[1]).pictures
    assert family.statuses() == ["succeeded", "canceled"]
    assert family.refs() == [None, family.ids()[0]]
    assert family.platform.creates == 2


async def test_one_that_is_cancelled_while_its_twin_has_its_prediction_stops_the_other(
    family: Family,
) -> None:
    gate = asyncio.Event()
    await _crossed(family, Behaviour(gate=asyncio.Event()), Behaviour(gate=gate))
    family.runs[1].cancel()
    await asyncio.wait({family.runs[1]})
    assert family.statuses() == ["canceled", "processing"]
    gate.set()
    assert (await family.runs[0]).pictures
    assert family.refs() == [family.ids()[1], None]
    assert family.platform.creates == 2


async def test_one_whose_prediction_is_only_made_later_is_waited_for(family: Family) -> None:
    """The second finds its own taken by a twin whose call Replicate has not carried out yet."""
    platform, late = family.platform, asyncio.Event()
    await family.born(Behaviour(late=late))
    await family.born(Behaviour(gate=(gate := asyncio.Event())), UNNOTICED)
    await family.takes(0, 0)
    looked = platform.count("GET", LIST)
    gate.set()
    await until(lambda: platform.count("GET", LIST) > looked, "the second has looked in vain")
    late.set()
    results = await asyncio.gather(*family.runs)
    assert all(result.pictures for result in results)
    assert family.refs() == family.ids()
    assert (platform.creates, family.statuses()) == (2, ["succeeded"] * 2)


async def test_one_that_was_killed_takes_what_is_left(family: Family) -> None:
    """The first has the second one's; the second was killed and knows no id."""
    gates = [asyncio.Event(), asyncio.Event()]
    await _crossed(family, Behaviour(gate=gates[0]), Behaviour(gate=gates[1]))
    kept = family.notes[1].note
    await family.engines[1].close()  # the process is gone
    await asyncio.gather(family.runs[1], return_exceptions=True)
    family.notes[1].note = kept
    again = ReplicateEngine(TOKEN, family.platform.base_url, patience=HELD)
    run = asyncio.create_task(again.run(wish(model=SEEDREAM), Watcher(), family.notes[1]))
    await family.takes(1, 0)
    for gate in gates:
        gate.set()
    assert (await run).pictures
    assert (await family.runs[0]).pictures
    await again.close()
    assert family.refs() == family.ids()[::-1]
    assert family.platform.creates == 2


class Interrupted(Notebook):
    """Cancels whoever asks for a claim the first time."""

    async def claim(self, ref: str) -> bool:
        running = asyncio.current_task()
        if not self.written.count("asked"):
            self.written.append("asked")
            assert running is not None
            running.cancel()
            await asyncio.Event().wait()
        return await super().claim(ref)


async def test_one_that_is_cancelled_while_it_claims_a_twins_prediction_leaves_that_alone(
    platform: ReplicateDouble, replicate: ReplicateEngine
) -> None:
    platform.plan.append(Behaviour(early=True))
    claims = Claims({"p" + "1".zfill(25): "turn-9:0"})
    notes = Interrupted(claims, "turn-1:0")
    with pytest.raises(asyncio.CancelledError):
        await replicate.run(wish(model=SEEDREAM), Watcher(), notes)
    assert "asked" in notes.written
    assert [made.status for made in platform.predictions] == ["processing"]


@pytest.mark.parametrize("seed", [*range(12), 171])
async def test_whatever_happens_every_prediction_has_one_twin(family: Family, seed: int) -> None:
    """Answers lost, lists that lag, ends and cancels in any order: none too many, none left."""
    chance = random.Random(seed)
    platform, deeds = family.platform, list[Callable[[], object]]()
    cancelled: set[int] = set()
    for number in range(6):
        how = Behaviour(gate=asyncio.Event(), listed=asyncio.Event())
        assert how.gate is not None and how.listed is not None
        deeds += [how.gate.set, how.listed.set]
        if chance.random() < 0.3:
            how.cut = asyncio.Event()
            how.listed.set()  # a lost call that can't be found is given up, and rightly
            deeds.append(how.cut.set)
        await family.born(how, chance.choice([HELD, UNNOTICED, ONLY_HELD]))
        if chance.random() < 0.3:
            cancelled.add(number)
            deeds.append(family.runs[number].cancel)
    chance.shuffle(deeds)
    for deed in deeds:
        deed()
        for _ in range(chance.randrange(4)):
            await family.engines[0].check()  # a turn for everybody
    results = await asyncio.gather(*family.runs, return_exceptions=True)
    for number, result in enumerate(results):
        drew = isinstance(result, ImageResult)
        assert drew or (number in cancelled and isinstance(result, asyncio.CancelledError)), result
    await until(lambda: len(family.claims.owners) == 6, "each has one")
    assert sorted(family.claims.owners) == family.ids()
    assert len(set(family.claims.owners.values())) == 6
    await until(lambda: not {"starting", "processing"} & set(family.statuses()), "all are over")
    assert family.statuses().count("canceled") <= len(cancelled)
    assert platform.creates == 6
