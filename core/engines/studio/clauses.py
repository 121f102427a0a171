"""Instructions cut into clauses, each with the one thing it asks to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.engines.studio.lexicon import Token, tokens
from core.engines.studio.words import bag

Verb = Literal["make", "remove", "add", "put", "move", "swap", "turn", "write", "zoom", "keep"]

_VERBS: dict[str, Verb] = {
    "make": "make", "paint": "make", "recolour": "make", "recolor": "make", "dye": "make",
    "change": "make", "set": "make", "colour": "make", "color": "make", "turn": "make",
    "convert": "make", "give": "make", "use": "make", "try": "make", "let": "make",
    "remove": "remove", "delete": "remove", "erase": "remove", "drop": "remove", "take": "remove",
    "lose": "remove", "without": "remove", "no": "remove", "hide": "remove", "rid": "remove",
    "eliminate": "remove",
    "add": "add", "insert": "add", "include": "add", "introduce": "add", "bring": "add",
    "put": "put", "place": "put", "stand": "put", "lay": "put",
    "move": "move", "shift": "move", "slide": "move", "push": "move", "nudge": "move",
    "pull": "move",
    "swap": "swap", "replace": "swap", "exchange": "swap", "substitute": "swap",
    "switch": "swap", "rotate": "turn", "spin": "turn", "twist": "turn",
    "write": "write", "print": "write", "engrave": "write", "label": "write",
    "zoom": "zoom", "keep": "keep", "leave": "keep", "preserve": "keep", "don't": "keep",
    "dont": "keep", "maintain": "keep", "do": "keep",
}  # fmt: skip
_POLITE = bag(
    "please can could you now and then also just would i want to need like let's lets the"
)


@dataclass(frozen=True)
class Clause:
    """What to do, and the words that say with what (the verb itself left out)."""

    verb: Verb
    row: tuple[Token, ...]

    def says(self, *wanted: str) -> bool:
        """Whether one of these words stands in the clause."""
        spoken = {word for token in self.row for word in token.text.split()}
        spoken |= {token.text for token in self.row}
        return any(word in spoken for word in wanted)


def clauses(instruction: str) -> list[Clause]:
    """The clauses of an instruction, in order.

    A clause without a verb goes on with the one before ("remove the candle, the book"), except
    after "keep", whose object ends at the comma.
    """
    found: list[Clause] = []
    verb: Verb = "make"
    for piece in _pieces(tokens(instruction)):
        named, row = _verb_of(piece)
        if named is not None:
            verb = named
        elif verb == "keep" or _only_settings(piece):
            verb = "make"
        if _keeps_rest(piece):
            verb = "keep"
        found += [Clause(verb, part) for part in (_apart(row) if verb == "make" else [tuple(row)])]
    return found


def _apart(row: Sequence[Token]) -> list[tuple[Token, ...]]:
    """ "the candle bigger and the mug green" is two changes; "the mug and the candle" is one."""
    for index, token in enumerate(row):
        ahead = row[index + 1 :]
        if not token.may("and") or not ahead or not ahead[0].may("the"):
            continue
        nouns = [i for i in range(index) if row[i].may("noun", "backdrop", "ground")]
        if nouns and any(_describes(t) for t in row[nouns[-1] + 1 : index]):
            return [tuple(row[:index]), *_apart(ahead)]
    return [tuple(row)]


def _describes(token: Token) -> bool:
    return token.may("colour", "material", "growth", "size", "quote", "surface")


def _pieces(row: Sequence[Token]) -> list[list[Token]]:
    """Cut at stops, at "then", and at "and" before a verb."""
    pieces: list[list[Token]] = [[]]
    for index, token in enumerate(row):
        ahead = row[index + 1] if index + 1 < len(row) else None
        starts_verb = ahead is not None and _VERBS.get(ahead.text) is not None
        if (
            token.may("stop")
            or token.text == "then"
            or (token.may("and") and starts_verb)
            or token.text == "but"
        ):
            pieces.append([])
        else:
            pieces[-1].append(token)
    return [piece for piece in pieces if piece]


def _verb_of(piece: Sequence[Token]) -> tuple[Verb | None, list[Token]]:
    """The verb of a piece, and the piece without it and without politeness before it."""
    at = 0
    while at < len(piece) and piece[at].text in _POLITE and piece[at].text not in _VERBS:
        at += 1
    if at < len(piece) and piece[at].text in ("get",) and at + 1 < len(piece):
        if piece[at + 1].text == "closer":
            return "zoom", list(piece[at + 1 :])
        at += 1
    if at < len(piece) and piece[at].text in _VERBS:
        verb = _VERBS[piece[at].text]
        return _refined(verb, piece[at].text, list(piece[at + 1 :]))
    return None, list(piece[at:])


def _refined(verb: Verb, said: str, rest: list[Token]) -> tuple[Verb, list[Token]]:
    """Verbs whose meaning hangs on what follows."""
    spoken = {word for token in rest for word in token.text.split()}
    if said == "turn" and ("around" in spoken or "degrees" in spoken):
        return "turn", rest
    if said == "bring" and spoken & {"closer", "forward", "back"}:
        return "move", rest
    if said == "give" and any(token.may("quote") for token in rest):
        return "make", rest
    if said == "take" and rest and rest[0].text in ("a", "the", "photo"):
        return ("remove", rest) if spoken & {"away", "out", "off"} else ("make", rest)
    return verb, rest


def _only_settings(piece: Sequence[Token]) -> bool:
    return any(t.may("light", "camera", "lens", "transparent") for t in piece) and not any(
        t.may("noun") for t in piece
    )


def _keeps_rest(piece: Sequence[Token]) -> bool:
    """ "everything else the same", "nothing else changes"."""
    said = " ".join(token.text for token in piece)
    return any(
        phrase in said
        for phrase in ("everything else", "all else", "nothing else", "rest the same",
                       "the rest", "same composition", "else unchanged", "unchanged")
    )  # fmt: skip
