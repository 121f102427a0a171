"""What our messages look like: a turn that waits or runs, and what it came to.

Whoever reads along has not seen what was typed into a command, so such a turn says its words; the
answer to a message stands under it and does not repeat them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from discord.ui import LayoutView

from adapters.chat import wording
from adapters.chat.words import one_line
from adapters.discord.button_rows import Offers, again_row, versions_rows, working_rows
from adapters.discord.escaping import MARKUP, escaped
from adapters.discord.layout import (
    BUSY,
    FAILED,
    QUIET,
    READY,
    Item,
    Picture,
    Text,
    beside,
    card,
    gallery,
)
from adapters.discord.places import Place
from core.errors import EaselError
from core.session.models import Turn, TurnState, Version
from core.turns.presenting import Scene

_WORDS, _MESSAGE, _HINT = 500, 900, 500
_NAME = 80
_TOLD = 2_400
_FACTS_ROOM = 2_000
"""How much text the facts of all versions may have with the names of those who approved."""

Names = Mapping[str, Sequence[str]]
"""Names of people by the id of the version that they approved."""


def working_card(
    scene: Scene,
    place: Place,
    *,
    others: Sequence[Version] = (),
    subject: Picture | None = None,
    preview: Picture | None = None,
) -> LayoutView:
    """A turn that waits or runs.

    `others` are versions that it may be told to act on instead, `subject` is the file that shows
    what it acts on, `preview` the one with the unfinished picture.
    """
    turn, progress, text = scene.turn, scene.turn.progress, Text()
    _heading(text, turn, place)
    about = escaped(wording.subject(turn, scene.subject), 300)
    doing = escaped(wording.state(turn), 300).strip() or "At work"
    text.say(f"**{doing}**" + (f" · {about}" if about else ""))
    if progress and progress.fraction is not None:
        text.say(wording.bar(progress.fraction))
    if progress and progress.ready_at is not None:
        text.say(f"-# Expected <t:{progress.ready_at:.0f}:R>")
    for line in (progress.expected if progress else "", wording.wishes(turn), *_once(turn.notes)):
        text.small(line)
    return card(
        BUSY,
        beside(text.block(), subject),
        gallery([preview] if preview else []),
        working_rows(turn, others),
    )


def result_card(
    turn: Turn,
    versions: Sequence[Version],
    place: Place,
    *,
    pictures: Sequence[Picture],
    offers: Offers,
    said: Sequence[str] = (),
    approved: Names | None = None,
) -> LayoutView:
    """Pictures that a turn made or shows: facts, notes and buttons.

    `said` is what there is to know about the files. The same again (with other approvals) is good
    for editing the message.
    """
    text = Text()
    _heading(text, turn, place)
    _failure(text, turn)
    above = text.block()
    for line in _facts(versions, approved or {}):
        text.say(line)
    reports = [line for version in versions for line in wording.reports(version)]
    for line in _once((*said, *reports, *turn.notes)):
        text.small(line)
    return card(
        FAILED if turn.error else READY,
        above,
        gallery(pictures),
        text.block(),
        _again_after_failure(turn),
        versions_rows(turn, versions, offers),
    )


def answer_card(
    turn: Turn,
    place: Place,
    version: Version | None = None,
    *,
    offers: Offers,
    missing: str = "",
    approved: Names | None = None,
) -> LayoutView:
    """A turn that ended without pictures. `version` is what the buttons are about.

    `missing` is why pictures that were made are not here, as markdown.
    """
    text = Text()
    _heading(text, turn, place)
    if turn.state is TurnState.CANCELLED:
        text.say("**Cancelled.** Nothing was changed.")
        return card(QUIET, text.block(), again_row(turn, "Do it after all"))
    _failure(text, turn)
    text.say(missing)
    notes = escaped("\n".join(turn.notes), _TOLD).strip()
    if not (turn.error or missing):
        text.say(notes or "Done.")
    elif notes:
        for line in _once(turn.notes):
            text.small(line)
    if turn.error or version is None:
        rows = _again_after_failure(turn) or again_row(turn, "Ask again")
        return card(FAILED if turn.error else QUIET, text.block(), rows)
    for line in _facts([version], approved or {}):
        text.say(line)
    return card(READY, text.block(), versions_rows(turn, [version], offers))


def enclosed_card(
    turn: Turn, place: Place, *, pictures: Sequence[Picture], said: Sequence[str] = ()
) -> LayoutView:
    """Pictures that answer without being versions (a contact sheet)."""
    text = Text()
    _heading(text, turn, place)
    above = text.block()
    for line in _once((*(turn.notes or ("All pictures of this thread so far.",)), *said)):
        text.small(line)
    return card(READY, above, gallery(pictures), text.block(), again_row(turn, "Show again"))


def kept_away(refused: EaselError, *, workspace: bool) -> str:
    """Why a picture that was made can't stand here, and where it is, as markdown.

    `workspace`: there is a menu below that leads there. The link itself is not said: everybody
    reads it, and whoever follows it is taken for the one whose it is.
    """
    words = f"**The picture is ready, but I can't put it here.** {escaped(refused.message, 600)}"
    hint = f" {escaped(refused.hint, 400)}" if refused.hint else ""
    where = "\nIt is in the workspace: choose **Open in the workspace** below." if workspace else ""
    return words + hint + where


def _heading(text: Text, turn: Turn, place: Place) -> None:
    """The words of a turn that those who read along have not seen."""
    words = escaped(one_line(turn.text, _WORDS), _WORDS * 2)
    if not words or place.message:
        return
    if place.interaction or turn.brings:
        who = escaped(one_line(turn.actor.name, _NAME), _NAME * 2)
        text.say(f"**{who}**: “{words}”" if who else f"“{words}”")
    else:
        text.say(f"-# On the page of this thread: “{words}”")


def _failure(text: Text, turn: Turn) -> None:
    if turn.error is None:
        return
    text.say(f"⚠️ {escaped(turn.error.message, _MESSAGE)}")
    text.say(escaped(turn.error.hint, _HINT))


def _again_after_failure(turn: Turn) -> list[Item]:
    return again_row(turn, "Try again", turn.error.offer) if turn.error else []


def _facts(versions: Sequence[Version], approved: Names) -> list[str]:
    """A line for each; where the names of all who approved are too many, only how many they are."""
    told = [wording.facts(each, approved.get(each.id, ()), MARKUP) for each in versions]
    if sum(map(len, told)) <= _FACTS_ROOM:
        return told
    counted = {each.id: len(approved.get(each.id, ())) for each in versions}
    return [
        wording.facts(each, (), MARKUP)
        + (f" · ✓ approved by {counted[each.id]}" if counted[each.id] else "")
        for each in versions
    ]


def _once(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(lines))
