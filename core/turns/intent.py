"""What a turn is about to do: the plan, the picture it acts on, and the words that say so.

It follows from the turn and the session alone. While a turn stands at the head of its inbox nobody
else changes the session, so a turn that is taken up again after a crash means the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import NotFound
from core.instruction.coach import hint
from core.instruction.context import Context
from core.instruction.grammar import understand
from core.instruction.plan import Cutout, Plan, TurnOptions, Upscale
from core.instruction.which import Subject, VersionRef, choose_subject
from core.session import keys
from core.session.models import Session, Turn
from core.session.store import SessionStore


@dataclass(frozen=True, slots=True)
class Intent:
    """`subject` is a picture's reference (see the gallery), `references` likewise."""

    plan: Plan
    options: TurnOptions
    echo: str
    subject: str | None
    references: tuple[str, ...]
    tip: str | None = None

    @property
    def uploads(self) -> tuple[int, ...]:
        """Attachments that join the session's versions, the subject first.

        Pictures that came without an instruction all do: the next turn will say what is to be
        done with them.
        """
        own = () if self.subject is None else (self.subject,)
        joining = own if self.plan.question is None else (*own, *self.references)
        return tuple(int(ref[6:]) for ref in joining if ref.startswith("input:"))


async def intent_of(
    turn: Turn, session: Session, store: SessionStore, standing: TurnOptions
) -> Intent:
    """`standing` are the wishes of its channel and thread, weaker than its own.

    Raises BadInput when the words cannot be meant, NotFound when the version is not there.
    """
    context = Context(
        has_head=session.head is not None,
        attachments=len(turn.inputs),
        chosen=turn.acts_on is not None,
        version_count=session.version_count,
        has_mask=turn.mask is not None,
        options=standing.under(turn.options),
    )
    text = turn.means or turn.text
    plan = _by_agreement(understand(text, context), turn.agreed_to)
    found = choose_subject(
        plan,
        text,
        chosen=_numbered(turn.acts_on),
        named=await _named(plan, session, store),
        head=_numbered(session.head),
        attachments=turn.names,
    )
    return Intent(
        plan=plan,
        options=plan.options,
        echo=found.echo,
        subject=_reference(found),
        references=tuple(f"input:{index}" for index in found.references),
        tip=hint(plan, context, previous=await _words_before(turn, store)),
    )


def _by_agreement(plan: Plan, model: str | None) -> Plan:
    """The plan with the model that was agreed to in the place of every one that was named."""
    if model is None:
        return plan
    steps = tuple(
        step.model_copy(update={"by": model})
        if isinstance(step, Upscale | Cutout) and step.by
        else step
        for step in plan.steps
    )
    options = plan.options.model_copy(update={"model": model})
    return plan.model_copy(update={"steps": steps, "options": options})


def _reference(subject: Subject) -> str | None:
    if subject.attachment is not None:
        return f"input:{subject.attachment}"
    return subject.version


def _numbered(vid: str | None) -> VersionRef | None:
    number = keys.version_number(vid) if vid else None
    return VersionRef(vid, number) if vid and number else None


async def _named(plan: Plan, session: Session, store: SessionStore) -> VersionRef | None:
    if plan.acts_on is None:
        return None
    try:
        version = await store.version(keys.version_id(session.id, plan.acts_on))
    except NotFound:
        return None
    return VersionRef(version.id, version.number)


async def _words_before(turn: Turn, store: SessionStore) -> str:
    before = await store.turn_before(turn.session_id, turn.number)
    return before.text if before else ""
