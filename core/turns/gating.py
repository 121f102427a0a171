"""The gate of one turn: what is read and looked at before anything of it is shown, by the rule of
the channel that it came from.

Words are read before anything is drawn or booked. Pictures are looked at before they become
versions: those that somebody sent, those that were made, and older ones before they are shown
again. A step is recorded only with what passed, so a turn that is taken up after a crash looks
again at pictures that are paid for, and pays for none of them twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.assets.blobs import Blobs
from core.instruction.plan import Adjust, Edit, Generate, Plan
from core.picture.adjustments import Label
from core.policy.moderation import Moderated, Moderation
from core.session.models import Asset, StepRecord, Turn, Version
from core.turns.attention import waiting

_OTHER_WORDS = "Try other words, or another picture."
_OTHER_PICTURE = "Send or choose another picture."


class TurnGate:
    """Asks `moderation` what the gate of `turn` wants asked, and nothing twice."""

    def __init__(self, turn: Turn, moderation: Moderation, blobs: Blobs) -> None:
        self._reads = turn.gate != "off"
        self._looks = turn.gate == "pictures"
        self._moderation = moderation
        self._blobs = blobs
        self._read: set[str] = set()
        self._seen: dict[str, bool] = {}

    @property
    def shows_unfinished(self) -> bool:
        """Whether previews may be shown. Where pictures are looked at they are not: each would have
        to be looked at as well, and an unfinished picture says little."""
        return not self._looks

    async def admit(self, turn: Turn, plan: Plan) -> None:
        """What was said and sent. `turn` has its files by now. Raises Moderated."""
        await self.sent(turn.inputs)
        await self._words(list(_words_of(plan)), turn.inputs)

    async def words(self, words: str) -> None:
        """Words of another turn that are to be drawn from again. Raises Moderated."""
        await self._words([words], ())

    async def sent(self, pictures: Iterable[Asset]) -> None:
        """Pictures that somebody sends, brings along or wants to see. Raises Moderated."""
        for picture in pictures:
            if not await self._passes(picture):
                raise Moderated("This picture is not one for this place.", hint=_OTHER_PICTURE)

    async def made(self, record: StepRecord) -> StepRecord:
        """What a step made, without the pictures that are not for this place.

        Raises Moderated when none is left.
        """
        fine = [result for result in record.results if await self._passes(result.asset)]
        count = len(record.results)
        if len(fine) == count:
            return record
        if not fine:
            came = "picture that came out is not one" if count == 1 else "pictures are not ones"
            raise Moderated(f"The {came} for this place.", hint=_OTHER_WORDS)
        left = f"Left out, as not for this place: {count - len(fine)} of {count} pictures."
        return record.model_copy(update={"results": tuple(fine), "notes": (*record.notes, left)})

    async def fitting(self, versions: Iterable[Version]) -> list[Version]:
        """Those versions that may be shown here."""
        return [version for version in versions if await self._passes(version.asset)]

    async def _words(self, words: Sequence[str], pictures: Sequence[Asset]) -> None:
        fresh = [each for each in words if each not in self._read]
        sent = [await self._blobs.get(each.sha256) for each in pictures] if self._looks else []
        if not self._reads or not (fresh or sent):
            return
        async with waiting():
            await self._moderation.check_words("\n\n".join(fresh), sent)
        self._read.update(fresh)

    async def _passes(self, picture: Asset) -> bool:
        if not self._looks:
            return True
        if picture.sha256 not in self._seen:
            data = await self._blobs.get(picture.sha256)
            async with waiting():
                self._seen[picture.sha256] = await self._moderation.passes(data)
        return self._seen[picture.sha256]


def _words_of(plan: Plan) -> Iterator[str]:
    """The words of a plan that end up in a picture."""
    for step in plan.steps:
        match step:
            case Generate() | Edit():
                yield step.prompt
            case Adjust(adjustment=Label(text=text)):
                yield text
