"""What is noted of a call that bills, and what is said of one that was lost with its process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from core.engines.cost import estimate
from core.engines.journal import CallNote
from core.engines.openai.cards import OPENAI_CARDS
from core.engines.openai.engine import OpenAIImages, studio_engine
from core.errors import BadInput, EaselError, Unavailable
from tests.contract.openai_double import Behaviour, OpenAIDouble, draw
from tests.contract.openai_wishes import Watcher, wish

NOTE = CallNote(marker="gpt-image-2", intended_at=datetime(2026, 11, 25, tzinfo=UTC))


@dataclass
class Notebook:
    """A journal in memory that also keeps what the server had seen when a note was made."""

    api: OpenAIDouble
    note: CallNote | None = None
    done: list[tuple[str, int]] = field(default_factory=list)
    away: bool = False

    async def recall(self) -> CallNote | None:
        return self.note

    async def intend(self, marker: str) -> None:
        if self.away:
            raise Unavailable("The store is away.")
        self.note = CallNote(marker=marker, intended_at=datetime.now(UTC))
        self.done.append((f"intend {marker}", len(self.api.asked)))

    async def claim(self, ref: str) -> bool:
        raise AssertionError("calls have no names here")

    async def forget(self) -> None:
        self.note = None
        self.done.append(("forget", len(self.api.asked)))


async def test_the_wish_is_noted_before_the_call(api: OpenAIDouble, engine: OpenAIImages) -> None:
    notebook = Notebook(api)
    result = await engine.run(wish(), Watcher(), notebook)
    assert notebook.done == [("intend gpt-image-2", 0)]
    assert result.notes == ()


@pytest.mark.parametrize(
    ("trouble", "kept"),
    [
        (Behaviour(fail=(400, {"message": "no", "code": "moderation_blocked"}, {})), False),
        (Behaviour(fail=(429, {"message": "no", "code": "rate_limit_exceeded"}, {})), False),
        (Behaviour(fail=(500, {"message": "no"}, {})), False),
        (Behaviour(hang_up="before"), True),
        (Behaviour(fail=(504, {"message": "gateway"}, {})), True),
        (Behaviour(picture=b"no picture"), True),
    ],
    ids=["moderation", "rate", "500", "lost", "gateway", "broken"],
)
async def test_the_note_is_kept_only_of_what_may_have_been_billed(
    api: OpenAIDouble, engine: OpenAIImages, trouble: Behaviour, kept: bool
) -> None:
    api.plan.append(trouble)
    notebook = Notebook(api)
    with pytest.raises(EaselError):
        await engine.run(wish(), Watcher(), notebook)
    assert (notebook.note is not None) is kept


async def test_what_was_never_sent_is_not_noted_as_spent(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    notebook = Notebook(api)
    with pytest.raises(BadInput):
        await engine.run(wish(prompt=" "), Watcher(), notebook)
    assert (notebook.note, api.asked) == (None, [])


async def test_nothing_is_called_that_could_not_be_noted(
    api: OpenAIDouble, engine: OpenAIImages
) -> None:
    with pytest.raises(Unavailable):
        await engine.run(wish(), Watcher(), Notebook(api, away=True))
    assert api.asked == []


@pytest.mark.parametrize("model", ["gpt-image-2", "gpt-4o"])
async def test_a_call_that_was_lost_with_its_process_is_counted_and_said(
    api: OpenAIDouble, engine: OpenAIImages, model: str
) -> None:
    request = wish(model=model)
    once = await engine.run(request, Watcher(), Notebook(api))
    again = await engine.run(request, Watcher(), Notebook(api, note=NOTE))
    (card,) = (card for card in OPENAI_CARDS if card.id == model)
    lost = estimate(card, request).cost_usd
    assert again.usage.cost_usd == pytest.approx(once.usage.cost_usd + lost)
    assert lost > 0
    assert not again.usage.exact
    assert again.notes == (
        "An earlier attempt was lost on the way: it may have been billed as well",
    )


async def test_what_costs_nothing_is_not_noted(api: OpenAIDouble) -> None:
    notebook = Notebook(api, note=NOTE)
    engine = OpenAIImages("plain", api.base_url, api.key, studio_engine("x").models())
    edit = wish("edit", model="studio", images=(draw((64, 64), False),))
    result = await engine.run(edit, Watcher(), notebook)
    await engine.close()
    assert (notebook.done, result.notes) == ([], ())
