"""What a place does not show: words are read before anything is drawn, pictures before they are
posted.

Who reads words is a provider, and who looks at pictures is this machine, so that no picture that
somebody made or sent leaves it only for being looked at by a stranger: with words go only small
copies of what was sent along, and only where pictures are checked at all.

Where nobody answers, words pass: whoever draws has a safety system too, and a provider's bad hour
would silence every channel with this rule. Pictures that could not be looked at are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import structlog

from core.errors import EaselError, NotAllowed
from core.picture.pool import PixelPool
from core.picture.safety import LIMIT, installed, likelihood
from core.picture.stage import Report
from core.picture.thumbnail import thumbnail

log = structlog.get_logger(__name__)

_SENT_SIDE = 512
"""Of the copy of a picture that goes along with words, in pixels."""


class Moderated(NotAllowed):
    """Not for this place. What exactly was found stays in the log: nobody is shamed."""

    code = "moderated"


class Reader(Protocol):
    """Reads words, and looks at pictures that belong to them."""

    async def read(self, words: str, pictures: Sequence[bytes] = ()) -> tuple[str, ...]:
        """The kinds of what was found amiss; none when it may pass.

        `pictures` are encoded files. Raises errors of the tree when there is no answer.
        """
        ...

    async def close(self) -> None: ...


class Moderation:
    """Looks at words with `reader` (None: nobody reads them), at pictures in `pool`."""

    def __init__(self, pool: PixelPool, reader: Reader | None) -> None:
        self._pool = pool
        self._reader = reader

    @property
    def can_check_words(self) -> bool:
        return self._reader is not None

    @property
    def can_check_pictures(self) -> bool:
        """Whether the extra `safety` is installed."""
        return installed()

    async def check_words(self, words: str, pictures: Sequence[bytes] = ()) -> None:
        """`pictures`: encoded files that came with the words.

        Raises Moderated; Unavailable or EngineError when a picture could not be read.
        """
        if self._reader is None or not (words.strip() or pictures):
            return
        small = [await self._pool.run(_small, data) for data in pictures]
        try:
            found = await self._reader.read(words, small)
        except EaselError as problem:
            log.warning("words_not_checked", code=problem.code, admin=problem.admin)
            return
        if found:
            log.info("words_refused", kinds=found)
            raise Moderated(
                "I can't draw that here.", hint="Try something else, or say it in other words."
            )

    async def passes(self, data: bytes) -> bool:
        """Whether a picture may be shown; any may where they can't be looked at.

        Raises Unavailable, EngineError when looking fails.
        """
        if not self.can_check_pictures:
            return True
        found: float = await self._pool.run(likelihood, data)
        if found >= LIMIT:
            log.info("picture_refused", likelihood=round(found, 3))
        return found < LIMIT

    async def close(self) -> None:
        if self._reader is not None:
            await self._reader.close()


def _small(report: Report, data: bytes) -> bytes:
    return thumbnail(data, _SENT_SIDE)
