"""What our messages look like: a turn that waits or runs, and what it came to.

Pictures stand in the thread as files, never as image blocks: a block with a file that Slack has not
looked at yet makes the whole message invalid, and a message's files can't be exchanged, so neither
thumbnails nor unfinished pictures are shown in a card. The version that is acted on is named; how
far the work is stands there as a bar. A first look at what takes long is a file of its own
(`previews`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.chat import wording
from adapters.chat.words import clipped
from adapters.slack.button_rows import actions, again, cancel, instead, offer, versions_row
from adapters.slack.escaping import MARKUP, escaped, mrkdwn
from adapters.slack.places import Place
from core.errors import EaselError
from core.session.models import Session, Turn, TurnState, Version
from core.turns.presenting import Scene

Block = dict[str, Any]
_SECTION, _LINE = 2_900, 1_500
_LINES = 12
_TEXT = 600


@dataclass(frozen=True)
class Card:
    """A message of ours: what notifications say, and its blocks."""

    text: str
    blocks: list[Block] = field(default_factory=list)


def opening_card(place: Place) -> Card:
    """The first message of a thread that began with a command; `place.opening` is markup."""
    words = clipped(place.opening, _SECTION) or "A new picture"
    return Card(words, [_section(words)])


def working_card(scene: Scene, others: Sequence[Version] = ()) -> Card:
    """A turn that waits or runs. `others` are versions that it may be told to act on instead."""
    turn = scene.turn
    doing = escaped(wording.state(turn), 300).strip() or "At work"
    about = escaped(wording.subject(turn, scene.subject), 300)
    lines = [f"*{doing}*" + (f" · {about}" if about else "")]
    if turn.progress and turn.progress.fraction is not None:
        lines.append(wording.bar(turn.progress.fraction))
    row = [cancel(turn)]
    if others:
        row.append(instead(turn, others))
    takes = [turn.progress.expected] if turn.progress else []
    small = _context([wording.wishes(turn), *takes, *turn.notes])
    return Card(doing, [_section("\n".join(lines)), *small, actions(row)])


def result_card(
    turn: Turn,
    versions: Sequence[Version],
    *,
    approved: Mapping[str, Sequence[str]] | None = None,
    workspace: bool = False,
) -> Card:
    """Pictures that a turn made or shows: facts, notes and buttons.

    `approved` are the names of people by the version's id, `workspace` whether there are pages to
    open. The same again (with other approvals) is good for updating the message.
    """
    names = ", ".join(version.name for version in versions)
    reports = [line for version in versions for line in wording.reports(version)]
    blocks = [
        *_failure(turn),
        *(
            _context_block(wording.facts(version, (approved or {}).get(version.id, ()), MARKUP))
            for version in versions
        ),
        *_context([*reports, *turn.notes]),
        *versions_row(turn, versions, workspace=workspace),
    ]
    return Card(f"{escaped(names, 200)} for “{escaped(turn.text, 300)}”", blocks)


def answer_card(
    turn: Turn,
    version: Version | None = None,
    *,
    approved: Mapping[str, Sequence[str]] | None = None,
    workspace: bool = False,
    missing: str = "",
) -> Card:
    """A turn that ended without pictures. `version` is what the buttons are about.

    `approved` and `workspace` are as with results. `missing` is why pictures that were made are not
    here, as markup.
    """
    if turn.state is TurnState.CANCELLED:
        return Card(
            "Cancelled.", [_section("*Cancelled.* Nothing was changed."), *_once_more(turn)]
        )
    told = escaped("\n".join(turn.notes), _SECTION).strip() or ("" if missing else "Done.")
    blocks = [*_failure(turn)]
    if told and not turn.error:
        blocks.append(_section(told))
    elif told:
        blocks.extend(_context(turn.notes))
    if missing:
        blocks.append(_section(missing))
    if version is not None and turn.error is None:
        facts = wording.facts(version, (approved or {}).get(version.id, ()), MARKUP)
        blocks.append(_context_block(facts))
        blocks.extend(versions_row(turn, [version], workspace=workspace))
    text = escaped(turn.error.message, 600) if turn.error else told[:_TEXT]
    return Card(text or "Your picture is ready.", blocks)


def enclosed_card(turn: Turn) -> Card:
    """Pictures that answer without being versions (a contact sheet)."""
    said = "All pictures of this thread so far."
    return Card(said, _context(turn.notes or (said,)))


def with_words_unheard(card: Card, turn: Turn, session: Session) -> Card:
    """The card with the words of a turn that was made on the session's page, which the thread has
    not heard. Such a turn has its session's place; what is said or pressed has one of its own."""
    own = turn.place != session.place or bool(turn.place.get("answer_url"))
    if own or not turn.place.get("thread") or turn.number == 1 or not turn.text:
        return card
    said = _context_block(f"On the page of this thread: “{escaped(turn.text, _LINE)}”")
    return Card(card.text, [said, *card.blocks])


def kept_away(refused: EaselError, *, workspace: bool = False) -> str:
    """Why a picture that was made can't stand in the thread, and where it is, as markup.

    `workspace`: there is a menu below that leads there. The link itself is not said: everybody
    reads the thread, and whoever follows a link is taken for the one whose it is.
    """
    words = f"*The picture is ready, but I can't put it here.* {escaped(refused.message, 600)}"
    hint = f" {escaped(refused.hint, 400)}" if refused.hint else ""
    where = "\nIt is in the workspace: choose *Open in the workspace* under ⋯." if workspace else ""
    return words + hint + where


def _failure(turn: Turn) -> list[Block]:
    error = turn.error
    if error is None:
        return []
    hint = f"\n{escaped(error.hint, 1_000)}" if error.hint else ""
    agree = [offer(turn, error.offer)] if error.offer else []
    return [
        _section(f":warning: {escaped(error.message, 1_500)}{hint}"),
        actions([*agree, again(turn, "Try again")], "failed"),
    ]


def _once_more(turn: Turn) -> list[Block]:
    return [actions([again(turn, "Do it after all")], "failed")]


def _section(markup: str) -> Block:
    return {"type": "section", "text": mrkdwn(markup)}


def _context(lines: Sequence[str]) -> list[Block]:
    """Plain lines in small print; none when there is nothing to say."""
    said = [escaped(line, _LINE) for line in dict.fromkeys(lines)]
    return [_context_block(line) for line in said if line.strip()][:_LINES]


def _context_block(markup: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(markup)]}
