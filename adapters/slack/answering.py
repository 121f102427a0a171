"""Answers that only the person sees, in the place where they pressed or typed.

They are courtesies: what was asked for stands in the store by then, so they are given beside, and
hold nothing up.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import structlog

from adapters.chat.aside import soon
from adapters.slack.front import Front
from adapters.slack.places import Place
from adapters.slack.telling import tell_soon, words_of
from core.errors import EaselError

log = structlog.get_logger(__name__)


def tell(front: Front, place: Place, markup: str) -> None:
    """Say something to the person of a place alone."""
    if place.answer_url:
        soon("slack_answer_not_given", _answered(front, place, markup))
    else:
        tell_soon(front, place, markup)


@contextlib.asynccontextmanager
async def kindly(front: Front, place: Place) -> AsyncIterator[None]:
    """What goes wrong for the person within is told to them, in place."""
    try:
        yield
    except EaselError as problem:
        log.info("slack_refused_a_person", code=problem.code, detail=problem.admin)
        tell(front, place, words_of(problem))


def plain_words_of(problem: EaselError) -> str:
    """An error as plain text: what is wrong, then what to do."""
    return " ".join(part for part in (problem.message, problem.hint) if part)


async def _answered(front: Front, place: Place, markup: str) -> None:
    body = {"response_type": "ephemeral", "replace_original": False, "text": markup}
    thread = {"thread_ts": place.thread} if place.thread else {}
    await front.apis.answer(place.answer_url, body | thread)
