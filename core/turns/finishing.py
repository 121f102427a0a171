"""Cut-outs and enlargements: by the model that was named for them, otherwise here.

A model that enlarges in steps is asked for the step that covers what was wanted, and its picture is
brought to that exactly. One that knows no transparency is shown the picture without, and gets the
alpha back afterwards.
"""

from __future__ import annotations

import contextlib

from core.engines.catalog import Choice
from core.engines.operations import LOCAL
from core.engines.port import Operation
from core.engines.ranking import Needs
from core.errors import BadInput, EngineError, NotFound
from core.instruction.plan import Cutout, Upscale
from core.picture.adjustments import Resize
from core.picture.jobs import unveiled, veiled
from core.picture.upscale import Enlargement, factor_of
from core.session.models import Asset, StepRecord
from core.turns.exact import asked_of, local, record_of, subject_of
from core.turns.recipes import alpha_report_of
from core.turns.stage import Stage, Tools
from core.turns.trying import attempted, known


async def cutout(step: Cutout, index: int, stage: Stage, tools: Tools) -> StepRecord:
    subject = subject_of(stage)

    async def drawn(choice: Choice) -> StepRecord:
        data = await tools.blobs.get(subject.asset.sha256)
        painted = await asked_of(choice, "cutout", data, index, stage, tools)
        notes = [choice.note, *painted.notes]
        made = painted.pictures[0]
        if choice.card.engine == LOCAL:
            return record_of(step, index, subject, painted, made.asset, notes)
        cut = await local("cutout", made.asset, index, stage, tools)
        if not made.asset.alpha:
            notes.append(f"{choice.card.title} left the background, so it was cut away here.")
        report = alpha_report_of(cut.pictures[0])
        return record_of(step, index, subject, painted, cut.pictures[0].asset, notes, report)

    return await attempted("cutout", await _wish("cutout", step.by, stage, tools), Needs(inputs=1),
                           stage, tools, drawn)  # fmt: skip


async def upscale(step: Upscale, index: int, stage: Stage, tools: Tools) -> StepRecord:
    subject = subject_of(stage)

    async def drawn(choice: Choice) -> StepRecord:
        if choice.card.engine == LOCAL:
            asked = {"scale": step.scale, "long_side": step.long_side, "variant": step.model}
            data = await tools.blobs.get(subject.asset.sha256)
            painted = await asked_of(choice, "upscale", data, index, stage, tools, **asked)
            notes = [choice.note, *painted.notes]
            return record_of(step, index, subject, painted, painted.pictures[0].asset, notes)
        return await _Enlarging(step, index, stage, tools, choice).record()

    return await attempted("upscale", await _wish("upscale", step.by, stage, tools),
                           Needs(inputs=1), stage, tools, drawn)  # fmt: skip


async def _wish(operation: Operation, by: str | None, stage: Stage, tools: Tools) -> str | None:
    """The model that was named for this; one that was named for drawing counts if it does both,
    and is no hindrance if it can't be had."""
    if by is not None:
        await known(by, tools)
        return by
    with contextlib.suppress(BadInput, EngineError, NotFound):
        card = await known(stage.options.model, tools)
        if card is not None and operation in card.capabilities.operations:
            return stage.options.model
    return None


class _Enlarging:
    """One enlargement by a model elsewhere."""

    def __init__(
        self, step: Upscale, index: int, stage: Stage, tools: Tools, choice: Choice
    ) -> None:
        self._step = step
        self._index = index
        self._stage = stage
        self._tools = tools
        self._choice = choice

    async def record(self) -> StepRecord:
        subject, tools, choice = subject_of(self._stage), self._tools, self._choice
        before, step = subject.asset, self._step
        asked = Enlargement(step.scale, step.long_side, max_side=tools.limits.max_side)
        factor = factor_of(before.width, before.height, asked)
        width, height = round(before.width * factor), round(before.height * factor)
        data = await tools.blobs.get(subject.asset.sha256)
        veil = subject.asset.alpha and choice.card.capabilities.alpha == "none"
        shown = await tools.pixels.run(unveiled, data) if veil else data
        painted = await asked_of(
            choice, "upscale", shown, self._index, self._stage, tools, scale=factor
        )
        notes = [choice.note, *painted.notes]
        asset = painted.pictures[0].asset
        if asset.width < width and asset.height < height:
            notes.append(
                f"{choice.card.title} went to {asset.width}×{asset.height}, the most it does here."
            )
        elif (asset.width, asset.height) != (width, height):
            exactly = Resize(width=width, height=height)
            done = await local("adjust", asset, self._index, self._stage, tools, adjustment=exactly)
            asset = done.pictures[0].asset
        if veil:
            asset = await self._veiled(asset, data)
        return record_of(self._step, self._index, subject, painted, asset, notes)

    async def _veiled(self, asset: Asset, source: bytes) -> Asset:
        tools = self._tools
        made = await tools.pixels.run(veiled, await tools.blobs.get(asset.sha256), source)
        return await tools.painter.keep(made.png, made.width, made.height, alpha=made.alpha)
