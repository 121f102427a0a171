"""Writes docs/ERRORS.md by making the errors happen, so that the page can't say what isn't so.

python -m bot.document_errors            write the page
python -m bot.document_errors --check    exit 1 when the page is not current

Each case is a real engine asking a stand-in on loopback that answers as the provider does.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path

from bot.documents import write_or_check
from bot.error_cases import CASES, OPENAI_KEY, REPLICATE_TOKEN, SERVER_KEY, Case
from bot.provider_stand_in import answering
from core.engines.catalog import Catalog
from core.engines.compatible.engine import compatible_engine
from core.engines.openai.engine import openai_engine
from core.engines.port import Engine, ImageRequest
from core.engines.replicate.engine import ReplicateEngine
from core.engines.replicate.predictions import Patience
from core.errors import EaselError, EngineError, EngineFault
from core.policy.breaker import Breaker, left_alone
from core.policy.gates import Waiting
from core.policy.spend import over_budget
from core.turns.caller import waiting_words

PAGE = Path(__file__).parent.parent / "docs" / "ERRORS.md"

_HASTY = Patience(wait=1, first=0.01, longest=0.02, settle=0.05, lost=0.1)
_AT = datetime(2026, 11, 20, tzinfo=UTC)
_TITLE = "GPT Image 2"
_ELSEWHERE = ("auth", "quota", "unsupported", "transient", "rate_limited")

_OPENING = """# Errors

Made by `python -m bot.document_errors`, which lets each error happen; not edited by hand.

When a picture can't be drawn, Easel says two things to the person: what is wrong, and what to do \
instead. What only an operator can act on stands in the log (`engine_failed`, field `admin`), with \
keys and tokens taken out; it never reaches a thread. Every failure of a provider is put into one \
of the classes below, once, and the class decides whether it is tried again and who has to act.

"""

_OFFERS = """
Where another model is offered, the hint ends in a sentence such as *Say “yes” and Seedream 4.5 \
does it.* Whoever says “yes” has the same instruction done by that model; where \
`EASEL_SUBSTITUTE` is set it is done at once, unless the failed call may have been billed. A turn \
that fails keeps what was made before it: the last version stays where it was.
"""

_SUMMARY = {
    "moderation": ("no", "the person: other words"),
    "bad_request": ("no", "the person: another wish"),
    "auth": ("no", "the admin: the key"),
    "quota": ("no", "the admin: the account"),
    "rate_limited": ("yes, after the wait that is asked for", "nobody"),
    "transient": ("yes, unless it may have been billed", "nobody"),
    "unsupported": ("no", "the person: another model; or the admin"),
    "unknown": ("no", "the person: once more, or another model"),
    "over_budget": ("no", "the person or the admin"),
}
"""Whether it is tried again, and who has to act."""

_ABOUT = {
    "moderation": (
        "Moderation",
        "A safety system refused the words, a picture that came along, or what was drawn. The "
        "category is told where the provider names one. It is never asked again by itself, and no "
        "other model is offered: the answer would be a way around.",
    ),
    "withdrawn": (
        "A picture that is refused after previews",
        "The provider may look at the picture only when it is done. Unfinished pictures that were "
        "shown until then are taken away from the thread, and the turn ends with the refusal.",
    ),
    "bad_request": (
        "Bad request",
        "The model can't do exactly this: a size, a picture, too many pixels. Asking again would "
        "give the same answer.",
    ),
    "auth": (
        "Auth",
        "The key is wrong or may not use the model. The person can do nothing about it and hears "
        "whom to ask; the admin reads why. `easel doctor` finds it without spending.",
    ),
    "quota": (
        "Quota",
        "No credit is left, a spending limit is reached, or a payment failed.",
    ),
    "rate_limited": (
        "Rate limited",
        "The provider wants fewer requests. Easel waits as long as it is told, for all workers, "
        "keeps the turn and shows the wait; after six waits or ten minutes it gives up, and only "
        "then the person reads:",
    ),
    "transient": (
        "Transient",
        "The provider has trouble of its own. What surely was not begun is tried again twice, "
        "after one and four seconds, which the thread shows (“… has trouble; trying again”). A "
        "call that may have been drawn and billed without an answer is never sent again by itself: "
        "it is counted as spent. A prediction on Replicate is found again and not paid twice.",
    ),
    "unsupported": (
        "Unsupported",
        "The model is not to be had, or not for this. A transparent background that a model of "
        "OpenAI refuses is no error: it draws on a background, which is cut away, and a note says "
        "so.",
    ),
    "unknown": (
        "Unknown",
        "An answer that fits nowhere. It is not asked again by itself: nobody knows what it costs.",
    ),
}


@dataclass(frozen=True)
class _Seen:
    """What became of a case. `previews`: how many unfinished pictures were shown before."""

    case: Case
    title: str
    error: EaselError
    previews: int


class _Watcher:
    previews = 0

    async def stage(self, words: str, fraction: float | None = None) -> None:
        """Not looked at."""

    async def preview(self, data: bytes, mime: str) -> None:
        self.previews += 1


def is_tried_again(error: EngineError) -> bool:
    """What the page says of it; a test holds this to what turns do."""
    if error.kind is EngineFault.RATE_LIMITED:
        return True
    return error.kind is EngineFault.TRANSIENT and not error.may_have_billed


def is_offered_elsewhere(kind: EngineFault) -> bool:
    """What the page says of it; a test holds this to what turns do."""
    return kind.value in _ELSEWHERE


async def happened() -> dict[str, list[_Seen]]:
    """Let every case happen."""
    return {name: [await _seen(case) for case in cases] for name, cases in CASES.items()}


async def _seen(case: Case) -> _Seen:
    async with answering(case.answer) as address:
        engine = _engine(case.model, address)
        watcher = _Watcher()
        request = ImageRequest(
            model=case.model, operation="generate", key="turn-1:0", prompt="a red mug",
            previews=case.previews,
        )  # fmt: skip
        try:
            await engine.refresh()
            await engine.run(request, watcher)
        except EaselError as error:
            title = Catalog([engine]).find(case.model).title
            return _Seen(case, title, error, watcher.previews)
        finally:
            await engine.close()
    raise LookupError(f"“{case.came}” is no error")


def _engine(model: str, address: str) -> Engine:
    if model.startswith("compatible:"):
        return compatible_engine(address, SERVER_KEY, "vllm-omni")
    if "/" in model:
        return ReplicateEngine(REPLICATE_TOKEN, address, patience=_HASTY)
    return openai_engine(OPENAI_KEY, address)


def page() -> str:
    """The whole page as Markdown."""
    seen = asyncio.run(happened())
    return "\n".join([_OPENING, *_summary(), _OFFERS, *_classes(seen), *_own()])


def _summary() -> Iterator[str]:
    yield "| class | tried again | another model is offered | who acts |\n|---|---|---|---|"
    for name, (again, who) in _SUMMARY.items():
        title = name.replace("_", " ")
        offered = "yes" if name in _ELSEWHERE else "no"
        yield _row(f"[{title}](#{title.replace(' ', '-')})", again, offered, who)


def _classes(seen: dict[str, list[_Seen]]) -> Iterator[str]:
    for name, cases in seen.items():
        title, about = _ABOUT[name]
        yield f"{'###' if name == 'withdrawn' else '##'} {title}\n\n{about}\n"
        yield from _table(cases)
        if name == "rate_limited":
            yield from _waits()
        if name == "transient":
            yield from _breaker()
        if name == "unsupported":
            yield from _not_set_up()


def _table(cases: list[_Seen]) -> Iterator[str]:
    yield "| what came | a person reads | the admin reads | tried again | may have been billed |"
    yield "|---|---|---|---|---|"
    for each in cases:
        error = each.error
        again = isinstance(error, EngineError) and is_tried_again(error)
        billed = isinstance(error, EngineError) and error.may_have_billed
        came = f"{each.title}: {each.case.came}"
        yield _row(came, _said(error), _logged(error), _yes(again), _yes(billed))
    yield ""


def _waits() -> Iterator[str]:
    yield "While it waits, the thread shows:\n"
    for waiting in (Waiting(3, None, "busy"), Waiting(0, 12.0, "pause"), Waiting(0, None, "busy")):
        yield f"- {waiting_words(_TITLE, waiting)}"
    yield ""


def _breaker() -> Iterator[str]:
    usual = {name: given.default for name, given in signature(Breaker).parameters.items()}
    error = left_alone("openai", _TITLE, 17.2)
    yield (
        f"### A provider that is left alone\n\nAfter {usual['threshold']} failures of this class "
        f"within {usual['window']:g} s and no success between, no worker asks that provider for "
        f"{usual['open_seconds']:g} s; then one call tries for all, and if it fails the pause is "
        f"twice as long, at most {usual['longest']:g} s. Nothing is sent and nothing is billed.\n"
    )
    yield "| a person reads | the admin reads |\n|---|---|"
    yield _row(_said(error), _logged(error)) + "\n"


def _not_set_up() -> Iterator[str]:
    yield (
        "### A model that is not set up, or gone\n\nNothing is asked of anybody. Where another "
        "model could do it, “yes” has it done.\n"
    )
    yield "| asked for | a person reads |\n|---|---|"
    ready = Catalog([openai_engine(OPENAI_KEY), ReplicateEngine(None)])
    bare = Catalog([openai_engine(None), ReplicateEngine(None)])
    for catalog, name in (
        (ready, "seedream-4.5"), (ready, "gpt-image-1"), (ready, "gpt-image-9"), (bare, None),
    ):  # fmt: skip
        try:
            catalog.choose("generate", name)
        except EaselError as error:
            yield _row(f"`{name}`" if name else "nothing, and no key is set", _said(error))
    yield ""


def _own() -> Iterator[str]:
    yield (
        "## Over budget\n\nThe estimate of a call is booked before it is made; what would pass a "
        "budget (`EASEL_BUDGET_MONTH`, `EASEL_BUDGET_ACTOR_MONTH`, `EASEL_BUDGET_TURN`) is not "
        "sent. What costs nothing always passes.\n"
    )
    yield "| budget | a person reads |\n|---|---|"
    for place, whose in enumerate(("of one instruction", "of the workspace", "of a person")):
        yield _row(whose, _said(over_budget(211_000, place, 60_000, _AT)))
    yield (
        "\n## What was cut off\n\nWhen Easel is killed during a call, the turn goes on after the "
        "restart. A prediction on Replicate is found again. A call to OpenAI can't be found: it is "
        "counted at its estimate, the picture is drawn anew, and a note says “An earlier call for "
        "this was cut off and may have been billed (about $0.05).”\n"
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '¦') for cell in cells)} |"


def _said(error: EaselError) -> str:
    return f"**{error.message}** {error.hint}".strip()


def _logged(error: EaselError) -> str:
    return f"`{error.admin.replace('`', '')}`" if error.admin else ""


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def main(arguments: list[str]) -> int:
    """Write the page, or only check it. Gives the exit code."""
    return write_or_check(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
