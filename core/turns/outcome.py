"""What a turn came to: its versions, numbered, and where the head goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.errors import EaselError
from core.instruction.plan import Step
from core.session import keys
from core.session.models import (
    Asset,
    ErrorInfo,
    Session,
    StepRecord,
    StepResult,
    Turn,
    TurnState,
    Version,
    now,
)
from core.turns.gallery import UPLOADED, Picture


@dataclass
class Outcome:
    """Gathers what a turn makes. `uploads` are attachments that join the session's versions.

    `shows` are versions that it puts on view, `enclosed` pictures that answer without being ones.

    `spent_usd` is what stands in the books for the turn, where that may be more than its steps'.
    """

    uploads: list[Picture] = field(default_factory=list)
    records: list[StepRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)
    enclosed: list[Asset] = field(default_factory=list)
    spent_usd: float = 0.0

    def versions(self, turn: Turn, session: Session) -> dict[str, Version]:
        """What was uploaded and made, numbered on from the session's last version.

        By the references that the pictures had within the turn.
        """
        found: dict[str, Version] = {}
        for ref, step, result in self._results():
            number = session.version_count + len(found) + 1
            found[ref] = Version(
                id=keys.version_id(session.id, number),
                session_id=session.id,
                number=number,
                name=f"v{number}",
                parents=tuple(found[p].id if p in found else p for p in result.parents),
                turn_id=turn.id,
                operation=result.operation,
                model=result.model,
                asset=result.asset,
                step=step,
                recipe=result.recipe,
                alpha_report=result.alpha_report,
            )
        return found

    def ended(self, turn: Turn, versions: Sequence[Version], error: EaselError | None) -> Turn:
        """The turn as it ends: done, or failed with what the person reads."""
        told = error and ErrorInfo(
            code=error.code, message=error.message, hint=error.hint, offer=error.offer
        )
        said = [*turn.notes, *(note for record in self.records for note in record.notes)]
        drawn = [version.model for version in versions if version.model]
        made = [version.name for version in versions if version.operation != UPLOADED]
        if error and made:
            said.append(f"{made[-1]} was made before this failed; say “{made[-1]}” to go on there.")
        return turn.model_copy(
            update={
                "state": TurnState.FAILED if error else TurnState.DONE,
                "versions": tuple(version.id for version in versions),
                "shows": tuple(self.shows),
                "enclosed": tuple(self.enclosed),
                "model": drawn[-1] if drawn else turn.model,
                "cost_usd": max(self.spent_usd, sum(record.cost_usd for record in self.records)),
                "notes": tuple(dict.fromkeys([*said, *self.notes])),
                "error": told,
                "finished_at": now(),
                "progress": None,
            }
        )

    def _results(self) -> Iterator[tuple[str, Step | None, StepResult]]:
        for picture in self.uploads:
            yield picture.ref, None, _as_result(picture)
        for record in self.records:
            for place, result in enumerate(record.results):
                yield f"step:{record.index}:{place}", record.step, result


def _as_result(picture: Picture) -> StepResult:
    return StepResult(
        asset=picture.asset,
        operation=picture.operation,
        model=picture.model,
        recipe=picture.recipe,
    )
