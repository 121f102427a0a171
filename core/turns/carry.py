"""Carrying a turn out: its intent, its steps in order, its outcome.

A step that has a record is never run again: a turn that is taken up after a crash goes on where it
stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from core.engines.advice import advise, words
from core.errors import EaselError
from core.instruction.plan import Advise, Jump, Recap, Redo, Show, ShowVersions, Step, Undo
from core.session import keys
from core.session.models import Asset, Session, StepRecord, Turn, Version
from core.session.store import SessionStore
from core.turns import allowing
from core.turns.agreeing import agreed
from core.turns.gallery import Gallery
from core.turns.gating import TurnGate
from core.turns.intent import Intent, intent_of
from core.turns.outcome import Outcome
from core.turns.recap import Standing, contact_sheet
from core.turns.reporter import TurnReporter
from core.turns.stage import Stage, Tools
from core.turns.steps import PictureStep, TreeStep, run_step
from core.turns.walk import HeadWalk

_SHOWN = 30
_CENT = 0.01


@dataclass
class Finished:
    """Everything that the script which ends a turn needs."""

    turn: Turn
    versions: list[Version] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)


class TurnCarrier:
    """Carries one turn out, from its intent to its outcome."""

    def __init__(
        self,
        turn: Turn,
        session: Session,
        store: SessionStore,
        tools: Tools,
        reporter: TurnReporter,
    ) -> None:
        self._turn = turn
        self._session = session
        self._store = store
        self._tools = replace(tools, catalog=tools.catalog.within(turn.models))
        self._reporter = reporter
        self._gallery = Gallery(turn, store)
        self._gate = TurnGate(turn, tools.moderation, tools.blobs)
        self._tip = ""
        self._outcome = Outcome()

    async def carry_out(self) -> Finished:
        """What the turn came to; errors of the tree are outcomes too."""
        try:
            if self._turn.brings:
                return await self._brought(self._turn.brings)
            await self._fetch()
            self._turn = await agreed(self._turn, self._store)
            self._gallery = Gallery(self._turn, self._store)
            standing = allowing.standing(self._turn, self._session, self._tools.catalog)
            intent = await intent_of(self._turn, self._session, self._store, standing)
            await self._gate.admit(self._turn, intent.plan)
        except EaselError as error:
            await self._count_losses()
            return Finished(self._outcome.ended(self._turn, [], error))
        await self._announce(intent)
        walk = await HeadWalk.of(self._session, intent.plan, self._store)
        await self._take_uploads(intent, walk)
        moved = list(walk.moves)
        try:
            await self._run(intent, walk)
        except EaselError as error:
            walk.moves = moved
            await self._reporter.withdraw()
            await self._count_losses()
            return self._finished(walk, error)
        if intent.plan.question:
            self._outcome.notes.append(intent.plan.question)
        elif tip := intent.tip or self._tip:
            self._outcome.notes.append(f"Tip: {tip}")
        return self._finished(walk, None)

    async def _fetch(self) -> None:
        """Bring in the files that were left with the platform."""
        if self._turn.pending:
            await self._reporter.stage("fetching the files")
            self._turn = await self._tools.fetching.fetched(self._turn)
            await self._store.save_running(self._turn)

    async def _brought(self, vid: str) -> Finished:
        """A version of another session becomes one of this, and its head."""
        picture = await self._gallery.picture(vid)
        await self._gate.sent([picture.asset])
        walk = HeadWalk(self._session.head, [], [])
        self._outcome.uploads.append(replace(picture, parents=(), step=None))
        walk.set(vid)
        return self._finished(walk, None)

    async def _count_losses(self) -> None:
        """What the books say of a turn that failed: calls that brought nothing may have cost."""
        spent = await self._tools.spend.of_turn(self._turn.id)
        lost = spent - sum(record.cost_usd for record in self._outcome.records)
        self._outcome.spent_usd = spent
        if lost >= _CENT / 10:
            self._outcome.notes.append(f"What failed may have been billed: about ${lost:.3f}.")

    async def _announce(self, intent: Intent) -> None:
        """Say what is going to happen to which picture, before anything is spent."""
        said = allowing.told(self._turn, self._session, self._tools.catalog, intent.plan)
        self._turn = self._turn.model_copy(
            update={
                "plan": intent.plan.steps,
                "echo": intent.echo,
                "subject": intent.subject,
                "options": intent.options,
                "notes": tuple(dict.fromkeys([*self._turn.notes, *intent.plan.notes, *said])),
            }
        )
        await self._store.save_running(self._turn)

    async def _take_uploads(self, intent: Intent, walk: HeadWalk) -> None:
        for index in intent.uploads:
            self._outcome.uploads.append(await self._gallery.picture(f"input:{index}"))
        if self._outcome.uploads:
            walk.set(self._outcome.uploads[0].ref)

    async def _run(self, intent: Intent, walk: HeadWalk) -> None:
        stage = Stage(self._turn, intent.options, self._gallery, self._reporter, self._gate)
        if intent.subject is not None:
            stage.current = await self._gallery.picture(intent.subject)
        stage.references = tuple([await self._gallery.picture(ref) for ref in intent.references])
        for index, step in enumerate(intent.plan.steps):
            if isinstance(step, TreeStep):
                await self._move(step, walk)
                stage.current = await self._gallery.picture(walk.head) if walk.head else None
                continue
            self._reporter.step(index + 1, len(intent.plan.steps))
            record = await self._recorded(step, index, stage)
            stage.current = self._gallery.add(record)[0]
            stage.references = ()
            self._tip = stage.tip
            if _lands(intent.plan.steps, index):
                walk.set(stage.current.ref)

    async def _recorded(self, step: PictureStep, index: int, stage: Stage) -> StepRecord:
        sid, tid = self._turn.session_id, self._turn.id
        record = await self._store.step(sid, tid, index)
        if record is None:
            made = await self._gate.made(await run_step(step, index, stage, self._tools))
            record = await self._store.record_step(sid, tid, made)
        self._outcome.records.append(record)
        return record

    async def _move(self, step: TreeStep, walk: HeadWalk) -> None:
        match step:
            case Undo():
                self._outcome.notes.append(walk.undo(step.steps))
            case Redo():
                self._outcome.notes.append(walk.redo(step.steps))
            case Jump():
                version = await self._version(step.version)
                walk.set(version.id)
                self._outcome.notes.append(f"{version.name} is what the next turn edits.")
            case Advise():
                cards = self._tools.catalog.cards()
                self._outcome.notes.append(words(advise(step.about, cards)))
            case Show():
                version = await self._version(step.version)
                await self._gate.sent([version.asset])
                self._outcome.shows.append(version.id)
            case Recap():
                self._outcome.enclosed.append(await self._sheet(walk))
            case ShowVersions():
                self._outcome.notes.append(await self._list_versions())

    async def _sheet(self, walk: HeadWalk) -> Asset:
        """A contact sheet of the thread as it will stand after this turn."""
        made = self._outcome.versions(self._turn, self._session)
        head = made[walk.head].id if walk.head in made else walk.head
        stored = await self._store.versions(self._session.id)
        shown = await self._gate.fitting([*stored, *made.values()])
        standing = Standing(self._session, shown, head)
        return await contact_sheet(standing, self._reporter, self._store, self._tools)

    async def _version(self, number: int) -> Version:
        return await self._store.version(keys.version_id(self._session.id, number))

    async def _list_versions(self) -> str:
        versions = await self._store.versions(self._session.id)
        if not versions:
            return "There are no versions yet: describe a picture to begin."
        head = self._session.head
        told = [
            f"{version.name} {version.operation}" + (" (head)" if version.id == head else "")
            for version in versions[-_SHOWN:]
        ]
        earlier = len(versions) - len(told)
        before = f"{earlier} earlier, then " if earlier else ""
        return f"Versions: {before}{', '.join(told)}."

    def _finished(self, walk: HeadWalk, error: EaselError | None) -> Finished:
        versions = self._outcome.versions(self._turn, self._session)
        names = {ref: version.id for ref, version in versions.items()}
        subject = self._turn.subject
        turn = self._turn.model_copy(update={"subject": names.get(subject or "", subject)})
        made = list(versions.values())
        return Finished(self._outcome.ended(turn, made, error), made, walk.carried_out(names))


def _lands(steps: tuple[Step, ...], index: int) -> bool:
    """Whether the result of a step becomes the head: the last one does, or the last before a
    move."""
    return index + 1 == len(steps) or isinstance(steps[index + 1], TreeStep)
