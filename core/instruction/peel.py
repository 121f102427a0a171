"""Orders at the edges of prose: "make the mug navy and remove the background".

A comma or an "and" inside a description joins parts of it, so a command there is taken off only
where it can be nothing else: it names a cut-out, an enlargement or a file with its verb, at the
end; or it moves among versions or cuts out, in front. What is left in the middle stays prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.instruction.clauses import PART, Piece
from core.instruction.context import Context
from core.instruction.plan import Adjust, Cutout, Jump, Redo, Step, Undo, Upscale
from core.instruction.recognise.clause import Command, recognise
from core.instruction.recognise.rules import Ask
from core.instruction.scope import names_a_place
from core.instruction.spoken import lift
from core.instruction.words import canonical, shadow
from core.picture.adjustments import Convert

_LOOK_AHEAD = 200
MOST_PEELED = 3
"""Commands taken off either end."""

_ORDER = re.compile(
    r"(?:(?:remove|delete|erase|get rid of|strip|cut|isolate|make|turn|set) .*\b(?:it|background|"
    r"bg|transparent|it out)\b|(?:upscale|enlarge|scale|make|blow) "
    r".*(?:[0-9] ?x|\bx ?[0-9]|[248]k)\b|"
    r"(?:save|export|convert|download) .*(?:png|jpe?g|webp))"
)
_FACTOR = re.compile(r"(?:[0-9.]{1,5} ?x|x ?[0-9.]{1,5})")
_NOUN = re.compile(r"(?:transparent|no) (?:background|bg)|(?:transparent|rgba) png")
_ON_IT = re.compile(r"(?:make|turn) it(?: [a-z-]+){1,2}")

_STYLE_WORD = re.compile(
    r"(?:to |in )?(?:[248]k|(?:ultra |full )?hd|uhd|high[- ]res.*|print.*)|"
    r"(?:(?:as|in|to) )?(?:an? )?(?:png|jpe?g|webp)(?: file| format)?"
)
_CHANGE = re.compile(
    r"(?:please |now |just |instead )?(?:make|add|remove|change|try|put|turn|draw|give|replace|"
    r"swap|"
    r"use|keep|do|paint|move|set|let|show|have|write|edit)\b"
)


def is_an_order(words: str) -> bool:
    """Whether a command orders; "8k" and "HD" beside a description are words of style."""
    clause = canonical(words)
    return clause is not None and _STYLE_WORD.fullmatch(clause.words) is None


@dataclass(frozen=True, slots=True)
class Peel:
    """A stretch of the text; without commands it is the prose in the middle.

    `certain`: it is an order beside the words for a new picture, too.
    """

    piece: Piece
    commands: tuple[Command, ...] = ()
    certain: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    commands: tuple[Command, ...] = ()
    certain: bool = False


def peel(text: str, piece: Piece, context: Context) -> list[Peel]:
    """The piece, with the orders at its ends apart; all of it as prose when there are none."""
    words = text[piece.start : piece.end]
    cuts = [cut.span() for cut in PART.finditer(shadow(words))]
    front = _front(words, cuts, context)
    begin = cuts[len(front) - 1][1] if front else 0
    cuts = cuts[len(front) :]
    back = _back(words, begin, cuts, context)
    end = cuts[-len(back)][0] if back else len(words)
    found = [*front, _Stretch(begin, end), *reversed(back)]
    return [
        Peel(
            Piece(piece.start + each.start, piece.start + each.end, piece.firm and index == 0),
            each.commands,
            each.certain,
        )
        for index, each in enumerate(found)
    ]


def _front(words: str, cuts: Sequence[tuple[int, int]], context: Context) -> list[_Stretch]:
    found: list[_Stretch] = []
    begin = 0
    for start, end in cuts[:MOST_PEELED]:
        said, command = _command(words[begin:start], context)
        rest = _lower_words(words[end:])
        listed = words[start:end].strip() == "," or not _CHANGE.match(rest)
        if listed or command is None or not _leads(said, command.steps, rest):
            break
        found.append(_Stretch(begin, start, (command,), certain=True))
        begin = end
    return found


def _back(
    words: str, begin: int, cuts: Sequence[tuple[int, int]], context: Context
) -> list[_Stretch]:
    """The orders at the end, the last one first."""
    found: list[_Stretch] = []
    until = len(words)
    for start, end in reversed(cuts[-MOST_PEELED:]):
        said, command = _command(words[end:until], context)
        if command is None or not all(_closes(step) for step in command.steps):
            break
        certain = _ORDER.fullmatch(said) is not None
        if not certain and not _plain(said, words[start:end], words[begin:start]):
            break
        found.append(_Stretch(end, until, (command,), certain))
        until = start
    return found


def _command(words: str, context: Context) -> tuple[str, Command | None]:
    clause = canonical(words)
    try:
        return (lift(clause.words)[0] if clause else ""), recognise(words, context)
    except (BadInput, Ask):
        return "", None


def _lower_words(words: str) -> str:
    return " ".join(shadow(words[:_LOOK_AHEAD]).split())


def _leads(said: str, steps: Sequence[Step], rest: str) -> bool:
    if all(isinstance(step, Cutout) for step in steps):
        return _ORDER.fullmatch(said) is not None and not names_a_place(rest)
    moves = all(isinstance(step, Undo | Redo | Jump) for step in steps)
    return moves and (" " in said or said in ("undo", "redo"))


def _closes(step: Step) -> bool:
    if isinstance(step, Adjust):
        return isinstance(step.adjustment, Convert)
    return isinstance(step, Cutout | Upscale)


def _plain(said: str, joint: str, before: str) -> bool:
    """Whether a bare wish ("4x") after prose is one, when there is a picture to change."""
    if _FACTOR.fullmatch(said):
        return True
    if joint.strip() == ",":
        return False  # the assembler takes it for a setting of the edit
    if _NOUN.fullmatch(said):
        return True
    subject = canonical(before)
    return said == "transparent" and subject is not None and bool(_ON_IT.fullmatch(subject.words))
