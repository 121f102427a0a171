"""A turn whose references stand for more files than a turn takes is stopped while they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from core.errors import TooLarge
from core.session.models import Actor, FileRef, Turn
from core.turns.fetching import Fetching
from core.turns.intake import Intake
from core.turns.limits import TurnLimits
from core.turns.request import IncomingFile


class Messages:
    """Each reference is a message with ten pictures."""

    def __init__(self) -> None:
        self.fetched = 0

    async def fetch(self, ref: FileRef, place: Mapping[str, str]) -> Sequence[IncomingFile]:
        self.fetched += 1
        return [IncomingFile(name=f"{number}.png", data=b"x") for number in range(10)]


async def test_no_more_is_fetched_than_could_be_used() -> None:
    nothing = cast("Any", None)
    messages = Messages()
    intake = Intake(nothing, nothing, nothing, TurnLimits())
    turn = Turn(
        id="t1",
        session_id="s1",
        number=1,
        actor=Actor(id="slack:T1:U1"),
        pending=tuple(FileRef(id=f"message:C1:{number}.0") for number in range(16)),
    )
    with pytest.raises(TooLarge, match="20 files"):
        await Fetching(intake, {"slack": messages}).fetched(turn)
    assert messages.fetched == 2
