"""Steps that a model carries out: generate, edit, vary, and true alpha from whoever drew.

What a model cannot do is adapted here and said in notes: sizes are rounded and brought back,
missing transparency is cut out afterwards, and a model that edits only its own pictures works on
the picture it made, with the exact adjustments done since then repeated on the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.engines.advice import better_fit
from core.engines.catalog import Choice
from core.engines.fit import Fit, fit
from core.engines.port import ImageRequest, ModelCard, Operation
from core.engines.ranking import Needs
from core.errors import BadInput
from core.instruction.plan import Adjust, Cutout, Edit, Generate, Step, TurnOptions, Vary
from core.picture.adjustments import Resize
from core.picture.jobs import kept_outside
from core.policy.calls import KeptDrawn
from core.session.models import AlphaReport, Asset, StepRecord, StepResult
from core.turns.exact import instead_of, local, subject_of
from core.turns.gallery import Origin, Picture
from core.turns.painter import Painted
from core.turns.recipes import alpha_report_of, recipe_of, result_of
from core.turns.stage import Stage, Tools
from core.turns.trying import acquainted, attempted, known

_KEEP = (
    "Change only what is described above. Keep everything else in the picture exactly as it is: "
    "composition, framing, subjects, colours, light and background."
)
_CLEAR = "transparent background"
_ENLARGED = "The enlargement before was not repeated: say “2x” or “4x” again when it is right."
_CUT_AFTER = "The model drew a background; it was cut away afterwards."
_OTHER_SIZE = "The picture got another size, so what was not painted could not be put back."
_PREVIEWS = 2
_CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A wish, before a model is chosen. `words` are the person's."""

    step: Step
    operation: Operation
    words: str
    options: TurnOptions
    subject: Picture | None = None
    keep_rest: bool = False
    n: int = 1
    transparent: bool = False


async def generate(step: Generate, index: int, stage: Stage, tools: Tools) -> StepRecord:
    options = stage.options
    wish = Drawing(step, "generate", step.prompt, options, transparent=bool(options.transparent))
    return await _Work(wish, index, stage, tools).record(options.n or 1)


async def edit(step: Edit, index: int, stage: Stage, tools: Tools) -> StepRecord:
    options = stage.options
    wish = Drawing(
        step, "inpaint" if stage.turn.mask else "edit", step.prompt, options,
        subject=subject_of(stage), keep_rest=step.keep_rest, transparent=bool(options.transparent),
    )  # fmt: skip
    return await _Work(wish, index, stage, tools).record(options.n or 1)


async def vary(step: Vary, index: int, stage: Stage, tools: Tools) -> StepRecord:
    """Other takes on the subject; `again` repeats the step that made it, with other chance."""
    subject = subject_of(stage)
    if not step.again:
        wish = Drawing(step, "vary", "", stage.options, subject=subject)
        return await _Work(wish, index, stage, tools).record(step.n)
    wish = await _again(step, subject, stage)
    await stage.gate.words(wish.words)
    return await _Work(wish, index, stage, tools).record(stage.options.n or 1)


async def clear(step: Cutout, index: int, stage: Stage, tools: Tools) -> StepRecord | None:
    """True alpha from a model that draws it; None when it must be cut out.

    That is the one that was named, or the one that made the picture and edits only its own.
    """
    subject = subject_of(stage)
    if step.by is not None:
        card = await known(step.by, tools)
        model = card.id if card is not None and _draws_clear(card) else None
    else:
        origin = await _own_origin(subject, stage, tools)
        model = origin.picture.model if origin is not None else None
    if model is None:
        return None
    options = TurnOptions(
        model=model, quality=stage.options.quality, substitute=stage.options.substitute
    )
    wish = Drawing(step, "edit", _CLEAR, options, subject=subject, keep_rest=True, transparent=True)
    return await _Work(wish, index, stage, tools).record(1)


async def _again(step: Vary, subject: Picture, stage: Stage) -> Drawing:
    made_by, clear = subject.step, subject.recipe.transparent
    if isinstance(made_by, Generate):
        return Drawing(step, "generate", made_by.prompt, stage.options, transparent=clear)
    if isinstance(made_by, Edit) and subject.parents:
        before = await stage.gallery.picture(subject.parents[0])
        return Drawing(
            step, "edit", made_by.prompt, stage.options, before, made_by.keep_rest,
            transparent=clear,
        )  # fmt: skip
    raise BadInput(
        "This picture was not drawn from words, so there is nothing to draw again.",
        hint="Say “variations” for other takes on it, or what to change.",
        code="nothing_again",
    )


def _draws_clear(card: ModelCard) -> bool:
    """Whether a model makes a subject transparent by drawing it anew, having no other way."""
    able = card.capabilities
    return "cutout" not in able.operations and "edit" in able.operations and able.alpha != "none"


async def _own_origin(subject: Picture | None, stage: Stage, tools: Tools) -> Origin | None:
    """The picture in the subject's line whose model edits nothing but its own pictures."""
    if subject is None:
        return None
    for card in tools.catalog.cards():
        if card.capabilities.edits_only_own and card.usable:
            origin = await stage.gallery.origin(subject, card.id)
            if origin is not None:
                return origin
    return None


class _Work:
    """One wish carried out by the model that is chosen for it."""

    def __init__(self, wish: Drawing, index: int, stage: Stage, tools: Tools) -> None:
        self.wish = wish
        self.index = index
        self.stage = stage
        self.tools = tools
        self.notes: list[str] = []

    async def record(self, n: int) -> StepRecord:
        wish = self.wish
        origin = await _own_origin(wish.subject, self.stage, self.tools)
        await acquainted(wish.options.model, self.tools)

        async def drawn(choice: Choice) -> StepRecord:
            return await self._drawn(choice, origin, n)

        return await attempted(
            wish.operation, wish.options.model, self._needs(origin), self.stage, self.tools, drawn
        )

    async def _drawn(self, choice: Choice, origin: Origin | None, n: int) -> StepRecord:
        wish = self.wish
        if wish.options.model is None:
            cards = self.tools.catalog.cards()
            said = f"{wish.words}, {_CLEAR}" if wish.transparent else wish.words
            self.stage.tip = better_fit(said, wish.operation, choice.card, cards) or ""
        own = origin if choice.card.capabilities.edits_only_own else None
        sent = own.picture if own else wish.subject
        fitted = self._fitted(sent, choice)
        self.notes = [choice.note, fitted.note]
        painted = await self._painted(choice, sent, fitted, n, clear=bool(own and own.cut_out))
        results = []
        for one in painted:
            self.notes += one.notes
            results += [await self._finished(kept, one, own, fitted) for kept in one.pictures]
        if own and own.enlarged:
            self.notes.append(_ENLARGED)
        return StepRecord(
            index=self.index,
            step=wish.step,
            results=tuple(results),
            notes=tuple(dict.fromkeys(note for note in self.notes if note)),
            cost_usd=sum(one.cost_usd for one in painted),
        )

    def _needs(self, origin: Origin | None) -> Needs:
        wish = self.wish
        return Needs(
            inputs=(1 if wish.subject else 0) + len(self.stage.references),
            words=bool(wish.words.strip()),
            mask=wish.operation == "inpaint",
            transparent=wish.transparent,
            seed=wish.options.seed is not None,
            drawn_by=origin.picture.model if origin else None,
        )

    def _fitted(self, sent: Picture | None, choice: Choice) -> Fit:
        """What size to ask for.

        A model that can edit only its own pictures reads back what it drew, so those stay as it
        drew them.
        """
        able = choice.card.capabilities
        subject = (sent.asset.width, sent.asset.height) if sent else None
        fitted = fit(self.wish.options, subject, able.sizes, max_side=self.tools.limits.max_side)
        if not able.edits_only_own or fitted.ask is None or fitted.ask == fitted.final:
            return fitted
        width, height = fitted.ask
        note = f"Drawn at {width}×{height}, the nearest size here; “2x” enlarges it."
        return Fit(fitted.ask, fitted.ask, note)

    async def _painted(
        self, choice: Choice, sent: Picture | None, fitted: Fit, n: int, *, clear: bool
    ) -> list[Painted]:
        wish, stage = self.wish, self.stage
        most = max(1, choice.card.capabilities.max_n)
        if n > most:
            self.notes.append(f"{choice.card.title} draws at most {most} at a time.")
        request = ImageRequest(
            model=choice.model,
            operation=wish.operation,
            key=stage.key(self.index),
            prompt=self._said(choice),
            images=await self._images(sent),
            mask=await self._mask(),
            size=fitted.ask,
            seed=wish.options.seed,
            quality=wish.options.quality,
            transparent=wish.transparent or clear,
            previews=_PREVIEWS if stage.gate.shows_unfinished else 0,
            conversation=_conversation(sent, choice),
            actor_hash=self.tools.painter.actor_hash(stage.turn.actor),
        )
        return await self.tools.painter.paint(choice, request, stage.reporter, min(n, most))

    def _said(self, choice: Choice) -> str:
        """The person's own words; where the rest has to stay, with a clause that says so."""
        words = self.wish.words
        told = "everything else" in words.lower()
        if self.wish.keep_rest and not told and not choice.card.capabilities.edits_only_own:
            return f"{words}\n\n{_KEEP}"
        return words

    async def _images(self, sent: Picture | None) -> tuple[bytes, ...]:
        pictures = [*([sent] if sent else []), *self.stage.references]
        return tuple([await self.tools.blobs.get(each.asset.sha256) for each in pictures])

    async def _mask(self) -> bytes | None:
        mask = self.stage.turn.mask
        if mask is None or self.wish.operation != "inpaint":
            return None
        return await self.tools.blobs.get(mask.sha256)

    async def _finished(
        self, kept: KeptDrawn, painted: Painted, own: Origin | None, fitted: Fit
    ) -> StepResult:
        """A drawn picture brought to what was asked for: transparent, its size, adjusted."""
        wish = self.wish
        asset, report = kept.asset, None
        if painted.request.transparent:
            asset, report = await self._cleared(asset)
        for step in self._steps_after(asset, own, fitted):
            done = await local(
                "adjust", asset, self.index, self.stage, self.tools, adjustment=step.adjustment
            )
            self.notes += done.notes
            asset = done.pictures[0].asset
        asset = await self._kept_outside(asset, painted)
        recipe = recipe_of(
            painted,
            kept,
            operation=wish.step.op if isinstance(wish.step, Cutout) else wish.operation,
            words=wish.words,
            subject=wish.subject,
            from_photograph=self._from_photograph(),
            details=self._details(painted),
        )
        return result_of(recipe, asset, wish.subject, report)

    async def _cleared(self, asset: Asset) -> tuple[Asset, AlphaReport | None]:
        """Alpha that was drawn is measured; where there is none, it is cut out."""
        done = await local("cutout", asset, self.index, self.stage, self.tools)
        report = alpha_report_of(done.pictures[0])
        if asset.alpha:
            return asset, report
        self.notes += [_CUT_AFTER, *done.notes]
        return done.pictures[0].asset, report

    async def _kept_outside(self, asset: Asset, painted: Painted) -> Asset:
        """Where an area was painted, every pixel outside it is as it was.

        Models draw the whole frame anew; most take a painted area for a hint.
        """
        mask, subject = await self._mask(), self.wish.subject
        if mask is None or subject is None:
            return asset
        before = subject.asset
        if (before.width, before.height) != (asset.width, asset.height):
            self.notes.append(_OTHER_SIZE)
            return asset
        data, source = [await self.tools.blobs.get(each.sha256) for each in (asset, before)]
        made = await self.tools.pixels.run(kept_outside, data, source, mask)
        return await self.tools.painter.keep(made.png, made.width, made.height, alpha=made.alpha)

    def _steps_after(self, asset: Asset, own: Origin | None, fitted: Fit) -> Iterator[Adjust]:
        if own is not None:
            yield from own.adjustments
            return
        width, height = fitted.target((asset.width, asset.height))
        if (asset.width, asset.height) != (width, height):
            yield Adjust(adjustment=Resize(width=width, height=height))

    def _from_photograph(self) -> bool:
        used = [*([self.wish.subject] if self.wish.subject else []), *self.stage.references]
        return any(picture.recipe.from_photograph for picture in used)

    def _details(self, painted: Painted) -> dict[str, Any]:
        details: dict[str, Any] = {}
        if painted.request.prompt != self.wish.words:
            details["sent"] = painted.request.prompt
        if self.stage.references:
            details["references"] = [each.asset.sha256 for each in self.stage.references]
        if painted.drawn.conversation:
            details[_CONVERSATION] = painted.drawn.conversation
        return details | instead_of(painted)


def _conversation(sent: Picture | None, choice: Choice) -> str | None:
    """The conversation that ends with the subject, where this very model drew it."""
    if sent is None or sent.model != choice.card.id or not choice.card.capabilities.converses:
        return None
    told = sent.recipe.details.get(_CONVERSATION)
    return told if isinstance(told, str) else None
