"""Which model fits, by rule: asked for in words, or told when a request clearly fits another.

Nothing here is learned or guessed: the rules (`core.engines.needs`) are read off the words, and
the cards answer them with their traits and capabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.engines.better import better_fit
from core.engines.needs import NEEDS, Need, short_name
from core.engines.port import ModelCard, Operation, Traits
from core.engines.ranking import FIRST_CHOICE
from core.errors import NotFound

__all__ = ["Advice", "advise", "better_fit", "words"]

GENERAL = "keeps many details apart, edits over several turns, and draws nearly any size"
_MOST_REASONS = 2
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Advice:
    """The model that fits best, and why.

    `usable` false: `missing` says what is needed, and `instead` (with its title) is the best of
    those that can be used now, where there is any.
    """

    model: str
    title: str
    operation: Operation
    why: str
    usable: bool = True
    missing: str = ""
    instead: str | None = None
    instead_title: str = ""


def advise(about: str, cards: Sequence[ModelCard]) -> Advice:
    """The model that fits what words are about.

    Raises:
        NotFound: there is no model at all.
    """
    view = " ".join(about[:_LONGEST].lower().split())
    needs = [need for need in NEEDS if need.called_for(view)]
    operation, able = _able(needs, cards)
    if not able:
        raise NotFound("There is no model here.", hint="Ask whoever runs Easel to connect one.")
    ranked = sorted(
        (_well_known(card, cards) for card in able), key=lambda card: _rank(card, needs, view)
    )
    best = ranked[0]
    ready = next((card for card in ranked if card.usable and not _narrow(card, operation)), None)
    other = ready if ready is not None and not best.usable else None
    return Advice(
        model=best.id,
        title=best.title,
        operation=operation,
        why=_why(best, needs),
        usable=best.usable,
        missing="" if best.usable else best.missing or "it is not set up",
        instead=other.id if other else None,
        instead_title=other.title if other else "",
    )


def words(advice: Advice) -> str:
    """The advice as it is said to a person."""
    if advice.usable:
        return f"{advice.why} To use it, {_how(advice.operation, advice.model)}."
    missing = f"It is not ready here: {advice.missing}."
    if advice.instead is None:
        return f"{advice.why} {missing}"
    how = _how(advice.operation, advice.instead)
    return f"{advice.why} {missing} Ready instead is {advice.instead_title}: {how}."


_BY_COMMAND: dict[Operation, str] = {
    "upscale": "4x", "cutout": "transparent", "vary": "variations",
}  # fmt: skip


def _how(operation: Operation, model: str) -> str:
    command = _BY_COMMAND.get(operation)
    return f"say “{command} --model {model}”" if command else f"add “--model {model}” to your words"


def _able(needs: Sequence[Need], cards: Sequence[ModelCard]) -> tuple[Operation, list[ModelCard]]:
    """What the words want done, and who can do that; drawing, where nobody can."""
    for operation in (*(need.operation for need in needs), "generate"):
        able = [card for card in cards if operation and _can(card, operation)]
        if able and operation:
            return operation, able
    return "generate", list(cards)


def _can(card: ModelCard, operation: Operation) -> bool:
    reads = card.capabilities.reads_words or operation not in ("edit", "inpaint")
    return reads and operation in card.capabilities.operations


def _narrow(card: ModelCard, operation: Operation) -> bool:
    """Whether it can do this with its own pictures only."""
    return card.capabilities.edits_only_own and operation != "generate"


def _well_known(card: ModelCard, cards: Sequence[ModelCard]) -> ModelCard:
    """The card with what the same model's card at another provider knows besides."""
    traits = [twin.traits for twin in cards if short_name(twin) == short_name(card)]
    known = card.traits.model_dump()
    for other in traits:
        known = {name: value or getattr(other, name) for name, value in known.items()}
    known["subjects"] = tuple({word: None for other in traits for word in other.subjects})
    return card.model_copy(update={"traits": Traits.model_validate(known)})


def _rank(card: ModelCard, needs: Sequence[Need], view: str) -> tuple[float, bool, bool]:
    """Sort key, the best first; the list's own order decides between equals."""
    return -_points(card, needs, view), not card.usable, card.id != FIRST_CHOICE


def _points(card: ModelCard, needs: Sequence[Need], view: str) -> float:
    points = sum(need.judge(card)[0] + _preferred(card, need) for need in needs)
    subjects = sum(subject.lower() in view for subject in card.traits.subjects)
    return points + min(subjects, 2) - 2.0 * card.capabilities.edits_only_own


def _preferred(card: ModelCard, need: Need) -> float:
    """Half a point for the first of a rule's models, less for those after it."""
    name = short_name(card)
    return 0.5 / (1 + need.first.index(name)) if name in need.first else 0.0


def _why(card: ModelCard, needs: Sequence[Need]) -> str:
    judged = sorted((need.judge(card) for need in needs), key=lambda each: -each[0])
    reasons: list[str] = []
    for points, reason in judged:
        if points > 0 and reason and not any(said.startswith(reason) for said in reasons):
            reasons.append(reason)
    told = reasons[:_MOST_REASONS] or [GENERAL if short_name(card) == FIRST_CHOICE else _good(card)]
    return f"{card.title} fits best: it {', and it '.join(told)}."


def _good(card: ModelCard) -> str:
    return f"is good at {card.good_at}" if card.good_at else "can do this"
