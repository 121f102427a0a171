"""Files that still lie with their platform when a turn is accepted, brought in when it runs.

A platform must be answered at once, and a file takes its time; so a turn is accepted with the names
of its files, and whoever runs it fetches them. Doing that again is harmless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from core.errors import Unavailable
from core.session.models import FileRef, Turn
from core.turns.intake import Intake
from core.turns.request import IncomingFile


class Fetcher(Protocol):
    """Fetches files of one platform."""

    async def fetch(self, ref: FileRef, place: Mapping[str, str]) -> Sequence[IncomingFile]:
        """The files behind a reference, unchecked. `place` is that of the turn.

        Nothing only for a reference that is optional. Raises errors of the tree, in words for the
        person who sent them.
        """
        ...


class Fetching:
    """Brings in the files of turns, by the platform that they came from."""

    def __init__(self, intake: Intake, fetchers: Mapping[str, Fetcher]) -> None:
        self._intake = intake
        self._fetchers = fetchers

    async def fetched(self, turn: Turn) -> Turn:
        """The turn with its files among its inputs. Raises what fetcher and intake raise."""
        fetcher = self._fetchers.get(turn.platform)
        if fetcher is None:
            raise Unavailable(
                f"This worker cannot reach {turn.platform}, where the files of this message lie.",
                hint="Ask whoever runs Easel to give the workers the same settings as the server.",
            )
        files: list[IncomingFile] = []
        for ref in turn.pending:
            files.extend(await fetcher.fetch(ref, turn.place))
            self._intake.check_count(len(files))
        taken = await self._intake.files(files)
        return turn.model_copy(
            update={
                "pending": (),
                "inputs": (*turn.inputs, *taken.inputs),
                "names": (*turn.names, *taken.names),
                "notes": tuple(dict.fromkeys([*turn.notes, *taken.notes])),
            }
        )
