"""The pictures that one turn may act on: the session's versions, its attachments, its own results.

Results have no version number until the turn is finished, so within a turn a picture goes by a
reference: a version's id, "input:0" for an attachment, "step:1:0" for a result.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.instruction.plan import Adjust, Step
from core.session.models import Asset, Recipe, StepRecord, Turn, Version
from core.session.store import SessionStore

UPLOADED = "upload"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and how it came to be. `model` is empty for an upload."""

    ref: str
    asset: Asset
    operation: str
    model: str
    recipe: Recipe
    step: Step | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """A picture that a model made, and the adjustments that led from it to the one in hand.

    `cut_out` and `enlarged` tell of steps in between that are not adjustments.
    """

    picture: Picture
    adjustments: tuple[Adjust, ...] = ()
    cut_out: bool = False
    enlarged: bool = False


class Gallery:
    """Finds pictures by reference."""

    def __init__(self, turn: Turn, store: SessionStore) -> None:
        self._turn = turn
        self._store = store
        self._own: dict[str, Picture] = {
            f"input:{index}": _uploaded(f"input:{index}", asset)
            for index, asset in enumerate(turn.inputs)
        }

    def add(self, record: StepRecord) -> list[Picture]:
        """Take in what a step made."""
        found = [
            Picture(
                ref=f"step:{record.index}:{place}",
                asset=result.asset,
                operation=result.operation,
                model=result.model,
                recipe=result.recipe,
                step=record.step,
                parents=result.parents,
            )
            for place, result in enumerate(record.results)
        ]
        self._own.update((picture.ref, picture) for picture in found)
        return found

    async def picture(self, ref: str) -> Picture:
        """Raises NotFound."""
        return self._own.get(ref) or _kept(await self._store.version(ref))

    async def origin(self, picture: Picture, model: str) -> Origin | None:
        """The nearest picture in the line that `model` made, None when it made none of them."""
        adjustments: list[Adjust] = []
        cut_out = enlarged = False
        while not (picture.model == model and picture.operation not in ("adjust", "upscale")):
            match picture.operation:
                case "adjust" if isinstance(picture.step, Adjust):
                    adjustments.append(picture.step)
                case "cutout":
                    cut_out = True
                case "upscale":
                    enlarged = True
                case _:
                    return None
            if not picture.parents:
                return None
            picture = await self.picture(picture.parents[0])
        return Origin(picture, tuple(reversed(adjustments)), cut_out, enlarged)


def _kept(version: Version) -> Picture:
    return Picture(
        ref=version.id,
        asset=version.asset,
        operation=version.operation,
        model=version.model,
        recipe=version.recipe,
        step=version.step,
        parents=version.parents,
    )


def _uploaded(ref: str, asset: Asset) -> Picture:
    recipe = Recipe(operation=UPLOADED, model="", engine="", from_photograph=True)
    return Picture(ref=ref, asset=asset, operation=UPLOADED, model="", recipe=recipe)
