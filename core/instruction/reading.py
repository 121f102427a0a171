"""Words read as a row of commands and prose.

Pieces are grouped by firm joints ("then", list items). Within a group the other joints (a full
stop, a semicolon, a line break) are as common in a description as between orders, so there
- a command between two stretches of prose is prose too, and
- beside the words for a new picture only a cut-out, an enlargement and a file are commands: "black
  and white", "16:9", "8k" or "warmer" then describe that picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.instruction.clauses import Piece, split_parts, split_pieces
from core.instruction.context import Context
from core.instruction.fresh import opening, orders_new
from core.instruction.peel import is_an_order, peel
from core.instruction.plan import Adjust, Cutout, Step, Upscale
from core.instruction.recognise.clause import Command, recognise
from core.instruction.recognise.rules import Ask
from core.instruction.spoken import without_front
from core.instruction.words import is_small_talk, strip_list_mark
from core.picture.adjustments import Convert


@dataclass(frozen=True, slots=True)
class Prose:
    """Words for a model. `new`: they describe a new picture."""

    text: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A piece and what it is by itself: commands, a refusal, small talk, or (none of it) prose."""

    piece: Piece
    commands: tuple[Command, ...] = ()
    refusal: BadInput | Ask | None = None
    small_talk: bool = False
    certain: bool = True

    @property
    def is_command(self) -> bool:
        return bool(self.commands) or self.refusal is not None

    @property
    def is_prose(self) -> bool:
        return not (self.is_command or self.small_talk)

    @property
    def fits_a_description(self) -> bool:
        """Whether it stays a command beside the words for a new picture."""
        steps = [step for command in self.commands for step in command.steps]
        return self.certain and bool(steps) and all(_fits(step) for step in steps)


def _fits(step: Step) -> bool:
    if isinstance(step, Adjust):
        return isinstance(step.adjustment, Convert)
    return isinstance(step, Cutout | Upscale)


def read(text: str, context: Context) -> list[Command | Prose]:
    """The commands and the prose of a text, in order.

    Raises:
        BadInput: a command with numbers that cannot be carried out.
        Ask: a command that lacks a detail.
    """
    begin = opening(text)
    if begin:
        text = text[begin:].strip()
    pieces = split_pieces(text)
    groups = _groups([item for piece in pieces for item in _read_piece(text, piece, context)])
    new = bool(begin) or not context.has_picture or _orders_new(text, groups[0], context)
    settled = [
        item for index, group in enumerate(groups) for item in _settle(group, new and index == 0)
    ]
    if begin and not any(item.is_prose for item in settled):
        return [Prose(text, new=True)]
    return _join(text, settled, new)


def _orders_new(text: str, group: list[_Read], context: Context) -> bool:
    return orders_new(without_front(_span(text, group)), context)


def _read_piece(text: str, piece: Piece, context: Context) -> list[_Read]:
    words = text[piece.start : piece.end]
    if is_small_talk(words):
        return [_Read(piece, small_talk=True)]
    try:
        commands = _commands(words, context)
    except (BadInput, Ask) as refusal:
        return [_Read(piece, refusal=refusal)]
    if commands:
        return [_Read(piece, commands, certain=is_an_order(words))]
    peeled = peel(text, piece, context)
    return [_Read(each.piece, each.commands, certain=each.certain) for each in peeled]


def _commands(words: str, context: Context) -> tuple[Command, ...]:
    """The command that words wholly are, or the commands that they wholly list."""
    whole = recognise(words, context)
    if whole is not None:
        return (whole,)
    parts = split_parts(words)
    found: list[Command] = []
    at = 0
    while at < len(parts):
        command, width = _part(words, parts, at, context)
        if command is None:
            return ()
        found.append(command)
        at += width
    return tuple(found)


def _part(
    words: str, parts: Sequence[tuple[int, int]], at: int, context: Context
) -> tuple[Command | None, int]:
    """The command at a part, alone or with the next one ("black and white"), and its width."""
    if at + 1 < len(parts):
        pair = recognise(words[parts[at][0] : parts[at + 1][1]], context)
        if pair is not None:
            return pair, 2
    return recognise(words[slice(*parts[at])], context), 1


def _groups(items: list[_Read]) -> list[list[_Read]]:
    groups: list[list[_Read]] = []
    for item in items:
        if item.piece.firm or not groups:
            groups.append([])
        groups[-1].append(item)
    return groups or [[]]


def _settle(group: list[_Read], new: bool) -> list[_Read]:
    """The group with every command made prose that its neighbours make doubtful."""
    prose = [index for index, item in enumerate(group) if item.is_prose]
    if not prose:
        return group
    settled = list(group)
    ordered = not new
    for index, item in enumerate(group):
        after = index > prose[-1]
        ordered = ordered or (after and item.fits_a_description)
        if item.is_command and (
            prose[0] < index < prose[-1] or not (ordered or item.fits_a_description)
        ):
            settled[index] = _Read(item.piece)
    return settled


def _span(text: str, group: list[_Read]) -> str:
    return text[group[0].piece.start : group[-1].piece.end] if group else text


def _join(text: str, items: list[_Read], new: bool) -> list[Command | Prose]:
    """Commands as they are; neighbouring prose as one stretch of the text."""
    if not any(item.is_command for item in items):
        return [Prose(text, new)]
    found: list[Command | Prose] = []
    run: list[_Read] = []
    for item in [*items, None]:
        if item is not None and not item.is_command:
            run.append(item)
            continue
        if any(part.is_prose for part in run):
            first = not any(isinstance(earlier, Prose) for earlier in found)
            words = _span(text, run)
            found.append(Prose(strip_list_mark(words) if len(run) == 1 else words, new and first))
        run = []
        if item is not None:
            if item.refusal is not None:
                raise item.refusal
            found.extend(item.commands)
    return found
