"""An instruction and a scene to the scene it asks for.

The instruction is cut into clauses, each with one verb; what a clause does not name stays exactly
as it is. Clauses that can't be understood are named; an instruction of which nothing can be
understood is refused, so that no one waits for a picture that did not change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.engines.studio import edits, words
from core.engines.studio.clauses import Clause, clauses
from core.engines.studio.composing import displaced, give_vases
from core.engines.studio.describing import SHADES, Style, after_fillers, style_of, worth_saying
from core.engines.studio.draft import Draft
from core.engines.studio.kinds import KINDS
from core.engines.studio.lexicon import Token, mixed
from core.engines.studio.parse import Reading, read_into, unknown_note
from core.engines.studio.phrases import Phrase, phrase_at
from core.engines.studio.scene import Scene, Thing
from core.engines.studio.styling import counted_as, restyled, said, thing_of, told_of
from core.engines.studio.surroundings import Surroundings
from core.engines.studio.targets import chosen, matches
from core.errors import BadInput

_VARIATION = re.compile(r"^\s*(another (take|version|variation)|(\w+ )?variations?|again|reroll)\b",
                        re.IGNORECASE)  # fmt: skip
_STEP_SHARE = 0.9
_NEARER = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "behind": (0.0, 1.0), "front": (0.0, -1.0)}


def is_variation(instruction: str) -> bool:
    """Whether the words ask for another take rather than for a change."""
    return not instruction.strip() or bool(_VARIATION.match(instruction))


def revise(scene: Scene, instruction: str) -> Reading:
    """The scene after an instruction, with notes on what changed.

    Raises:
        BadInput: nothing in the instruction means a change that the studio can make.
    """
    change = _Change(scene)
    for clause in clauses(instruction):
        change.apply(clause)
    if not change.did:
        raise _not_understood(change, scene)
    final, stepped_back = edits.shown(change.scene, change.touched)
    if stepped_back:
        change.notes.append("The camera stepped back so that everything is in view.")
    notes = [f"Changed: {'; '.join(change.did)}.", *change.notes]
    return Reading(final, tuple(notes), tuple(dict.fromkeys(change.unused)))


class _Change(Surroundings):
    """The changes that name things; those of the whole picture are in `Surroundings`."""

    def apply(self, clause: Clause) -> None:
        if clause.verb == "keep" or not clause.row:
            return
        before = len(self.did), len(self.notes)
        clause = replace(clause, row=self.settings(clause))
        doing = {
            "remove": self._remove, "add": self._place, "put": self._place, "move": self._move,
            "swap": self._swap, "turn": self._rotate, "write": self._write, "zoom": self.zoom,
        }.get(clause.verb, self._make)  # fmt: skip
        doing(clause)
        if (len(self.did), len(self.notes)) == before:
            self.unused += [t.text for t in clause.row if worth_saying(t)]

    def _make(self, clause: Clause) -> None:
        """Colour, material, size, label, number or kind of what the clause names."""
        row = clause.row
        at = after_fillers(row, 0)
        phrase, end = self._target(row, at)
        if phrase is None:
            self._describe_last(clause)
            return
        if phrase.what == "backdrop":
            self.set_backdrop(phrase, row[end:])
        elif phrase.what == "surface" or self._means_surface(phrase, clause):
            self.set_surface(phrase, row[end:])
        else:
            self._make_things(phrase, row, end, clause)

    def _target(self, row: Sequence[Token], at: int) -> tuple[Phrase | None, int]:
        """The phrase that a clause is about; "the colour of the mug" is about the mug."""
        after_on = at > 0 and row[at - 1].text in ("on", "onto")
        if _one_of_a_side(row, at):
            return Phrase("it", word="everything", count=1), at + 3
        phrase, end = phrase_at(row, at, standing_on=after_on)
        if phrase is None and end < len(row) and row[end].text == "of":
            phrase, end = phrase_at(row, end + 1)
        if phrase is None and end < len(row) and row[end].may("relation"):
            phrase, end = phrase_at(row, end + 1, standing_on=True)
        if phrase is None and end + 1 < len(row) and row[end].may("side"):
            phrase, end = phrase_at(row, end + 1)
        return phrase, end

    def _means_surface(self, phrase: Phrase, clause: Clause) -> bool:
        """A table that is no thing of the scene is what the things stand on."""
        return phrase.kind == "table" and not matches(self.scene, phrase)

    def _make_things(self, phrase: Phrase, row: Sequence[Token], end: int, clause: Clause) -> None:
        found = chosen(self._found(phrase), phrase, row)
        found, end = self._and_more(found, row, end)
        into, _ = phrase_at(row, after_fillers(row, end))
        if found and into is not None and _is_kind(into):
            self._into(found, into)
            return
        if not found:
            self._missing_or_described(phrase, clause)
            return
        if phrase.count is not None and not phrase.definite and phrase.count != len(found):
            self._number(found, phrase.count)
            return
        said_after = bool(style_of(row[end:]))
        self._restyle(found, row[end:] if said_after else row, whole=not said_after, phrase=phrase)

    def _and_more(
        self, found: list[Thing], row: Sequence[Token], end: int
    ) -> tuple[list[Thing], int]:
        """Further targets: "the mug and the candle"."""
        while end + 1 < len(row) and row[end].may("and"):
            phrase, after = phrase_at(row, end + 1)
            if phrase is None or phrase.what != "thing" or not self._found(phrase):
                break
            found = found + [t for t in self._found(phrase) if t not in found]
            end = after
        return found, end

    def _found(self, phrase: Phrase) -> list[Thing]:
        """What a phrase speaks of; "it" is what the clause before spoke of."""
        said_all = phrase.what == "it" and phrase.word in ("everything", "them")
        if said_all or "all" in phrase.word.split():
            return matches(self.scene, phrase)
        if phrase.what == "it":
            recent = [t for t in self.scene.things if t.id in self.last]
            return recent or list(self.scene.things[:1])
        plain = replace(phrase, colour="", material="", size="")
        return matches(self.scene, phrase) or matches(self.scene, plain)

    def _missing_or_described(self, phrase: Phrase, clause: Clause) -> None:
        """Nothing fits: a new kind for the only thing ("make it a vase"), or not there."""
        if clause.verb == "make" and phrase.kind and not phrase.definite and self.scene.things:
            target = self._found(Phrase("it"))
            if clause.says("it"):
                self._into(target, phrase)
                return
        self.notes.append(f"There is no {phrase.word or phrase.kind} in this scene.")

    def _restyle(
        self, found: Sequence[Thing], row: Sequence[Token], *, whole: bool, phrase: Phrase
    ) -> None:
        """Apply the describing words of the row to each thing."""
        style = style_of(row)
        if whole:
            style = Style(phrase.colour, phrase.material, phrase.size, quote=phrase.quote)
        if not style:
            self.unused += [t.text for t in row if worth_saying(t)]
            return
        self.last = [thing.id for thing in found]
        for thing in found:
            self._restyle_one(thing, style)

    def _restyle_one(self, thing: Thing, style: Style) -> None:
        new = restyled(thing, style.colour, style.material)
        if style.shade:
            share, other = SHADES[style.shade]
            new = new.model_copy(update={"colour": mixed(new.colour, other, share)})
        if style.quote:
            new = self._labelled(new, style.quote)
        scene = self.scene.replaced(new)
        factor = words.GROWTH.get(style.growth, words.SIZES.get(style.size, 1.0))
        if style.size and not style.growth:
            factor = words.SIZES[style.size] / thing.scale
        if factor != 1.0:
            scene = edits.resized(scene, thing.id, factor)
        self.touched.append(thing.id)
        self.become(scene, f"the {thing.word} is {style.in_words()} now")

    def _into(self, found: Sequence[Thing], phrase: Phrase) -> None:
        """Things become another kind, or as many as counted of their own kind."""
        if phrase.count and all(thing.kind == phrase.kind for thing in found):
            self._number(found, phrase.count)
            return
        if not phrase.kind:
            self.notes.append(unknown_note(phrase.word))
        for thing in found:
            fresh = thing_of(phrase, edits.fresh_id(self.scene, phrase.kind or "card"))
            if thing.kind == phrase.kind:
                fresh = restyled(thing, phrase.colour, phrase.material)
                self.become(
                    self.scene.replaced(fresh), f"the {thing.word} is {told_of([fresh])} now"
                )
                continue
            scene = edits.exchanged(self.scene, thing.id, fresh)
            self.become(scene, f"{told_of([fresh])} instead of the {thing.word}", [fresh.id])

    def _number(self, found: Sequence[Thing], number: int) -> None:
        names = [thing.id for thing in found]
        number = min(number, words.MAX_COUNT)
        scene = edits.counted(self.scene, names, number)
        new = [t.id for t in scene.things if t.id not in {o.id for o in self.scene.things}]
        self.become(scene, f"{counted_as(found[0].word, number)} now", new)

    def _describe_last(self, clause: Clause) -> None:
        """A clause that names nothing: "bigger", "in navy", 'a label "SALT"'."""
        style = style_of(clause.row)
        surface = next((t for t in clause.row if t.may("surface")), None)
        if clause.says("on", "onto") and surface is not None:
            self.set_surface(Phrase("surface"), clause.row)
            return
        found = self._found(Phrase("it"))
        if style and (len(self.scene.things) == 1 or self.last or clause.says("it")):
            self._restyle(found, clause.row, whole=False, phrase=Phrase("it"))

    def _remove(self, clause: Clause) -> None:
        at, seen_any = 0, False
        row = clause.row
        while at < len(row):
            phrase, end = self._target(row, after_fillers(row, at))
            if phrase is None:
                break
            at = end + 1 if end < len(row) and row[end].may("and") else max(end, at + 1)
            seen_any = True
            self._remove_one(phrase, clause)
        if not seen_any and clause.says("label", "text", "word", "writing", "lettering"):
            self._unlabel(list(self.scene.things))

    def _remove_one(self, phrase: Phrase, clause: Clause) -> None:
        if phrase.what == "backdrop":
            self.become(
                self.scene.model_copy(update={"transparent": True}), "transparent background"
            )
            return
        found = chosen(self._found(phrase), phrase, clause.row)
        if clause.says("label", "text", "word", "writing", "lettering", "the label", "the word"):
            self._unlabel(found)
        elif not found:
            self.notes.append(f"There is no {phrase.word} in this scene.")
        else:
            names = [thing.id for thing in found]
            words_ = " and ".join(dict.fromkeys(thing.word for thing in found))
            self.become(
                edits.removed(self.scene, names),
                f"the {words_} {'is' if len(found) == 1 else 'are'} gone",
            )

    def _unlabel(self, found: Sequence[Thing]) -> None:
        for thing in found:
            if thing.label:
                plain = thing.model_copy(update={"label": None})
                self.become(self.scene.replaced(plain), f"no text on the {thing.word}")

    def _place(self, clause: Clause) -> None:
        """Add or put: what is new comes, what is there moves, and a surface is laid under all."""
        if any(token.may("quote") for token in clause.row) and not _names_new(clause.row):
            self._write(clause)
            return
        draft = Draft(things=list(self.scene.things), camera=self.scene.camera)
        read_into(draft, clause.row, adding=clause.verb == "add")
        give_vases(draft)
        self.unused += draft.unused
        known = {thing.id: thing for thing in self.scene.things}
        for thing in draft.things:
            if thing.id in known and thing != known[thing.id]:
                self.become(self.scene.replaced(thing), f"the {said(thing)} has changed")
        fresh = [thing for thing in draft.things if thing.id not in known]
        self._bring(sorted(fresh, key=lambda thing: thing.kind == "flowers"), draft)
        for name, place in draft.places.items():
            if name in known:
                scene = edits.placed(self.scene, name, place)
                self.become(scene, f"the {known[name].word} moved", [name])
        for name, side in draft.sides.items():
            if name in known:
                self._shift([known[name]], "left" if side < 0 else "right", 1.0)
        self.notes += [*draft.notes, *displaced(draft.places, self.scene.things)]
        self._ground(draft)

    def _bring(self, fresh: Sequence[Thing], draft: Draft) -> None:
        """New things, each at its place, told of together."""
        before = self.scene
        scene = before
        for thing in fresh:
            above = _put_upon(thing.id, draft, scene)
            if above is not None:
                scene = edits.slid_under(scene, thing, above)
            else:
                scene = edits.added(scene, thing, draft.places.get(thing.id))
        told = told_of(fresh)
        names = [thing.id for thing in fresh]
        self.become(scene, f"{told} {'was' if len(fresh) == 1 else 'were'} added", names)

    def _ground(self, draft: Draft) -> None:
        if draft.surface is not None:
            self.lay_surface(draft.surface)
        if draft.backdrop is not None:
            self.lay_backdrop(draft.backdrop)

    def _move(self, clause: Clause) -> None:
        """Move: to a place beside something, or a step to one side."""
        row = clause.row
        phrase, end = self._target(row, after_fillers(row, 0))
        side = next((words.SIDES[t.text] for t in row[end:] if t.may("side")), None)
        anchored = any(t.may("relation") for t in row[end:])
        if phrase is None or side is None or anchored or side not in _NEARER:
            self._place(clause)
            return
        found = chosen(self._found(phrase), phrase, row[:end])
        if not found:
            self.notes.append(f"There is no {phrase.word} in this scene.")
        amount = 0.5 if clause.says("bit", "little", "slightly") else 1.0
        self._shift(found, side, amount * (2.0 if clause.says("far", "further", "much") else 1.0))

    def _shift(self, found: Sequence[Thing], side: str, amount: float) -> None:
        for thing in found:
            kind = KINDS[thing.kind]
            stride = (kind.half[0] + kind.half[1]) * thing.scale * _STEP_SHARE * amount
            dx, dy = (part * stride for part in _NEARER[side])
            scene = edits.shifted(self.scene, thing.id, dx, dy)
            self.become(scene, f"the {thing.word} moved", [thing.id])

    def _swap(self, clause: Clause) -> None:
        """Exchange one thing for another kind, or two things' places."""
        row = clause.row
        first, end = self._target(row, after_fillers(row, 0))
        second, _ = self._target(row, after_fillers(row, min(end + 1, len(row))))
        if first is None:
            return
        if first.what == "backdrop" or self._means_surface(first, clause):
            self._make(clause)
            return
        found = chosen(self._found(first), first, row[:end])
        if not found:
            self.notes.append(f"There is no {first.word} in this scene.")
            return
        if second is None or second.what != "thing":
            self._unknown_exchange(found, row[end + 1 :])
            return
        there = self._found(second) if second.definite else []
        if there:
            scene = edits.traded(self.scene, found[0].id, there[0].id)
            names = [found[0].id, there[0].id]
            self.become(scene, f"the {found[0].word} and the {there[0].word} traded places", names)
        else:
            self._into(found, second)

    def _unknown_exchange(self, found: Sequence[Thing], rest: Sequence[Token]) -> None:
        """A thing for one that the studio does not know: it comes as a card."""
        phrase, _ = phrase_at(rest, after_fillers(rest, 0), expected=True)
        if phrase is None or not phrase.word:
            return
        for thing in found:
            card = thing_of(phrase, edits.fresh_id(self.scene, "card"))
            scene = edits.exchanged(self.scene, thing.id, card)
            self.become(scene, f"'{phrase.word}' instead of the {thing.word}", [card.id])
        self.notes.append(unknown_note(phrase.word))

    def _rotate(self, clause: Clause) -> None:
        row = clause.row
        phrase, end = self._target(row, after_fillers(row, 0))
        degrees = next((float(t.text) for t in row[end:] if t.text.isdecimal()), 45.0)
        if clause.says("around"):
            degrees = 180.0
        if phrase is None:
            return
        if not clause.says("counterclockwise", "anticlockwise"):
            degrees = -degrees
        for thing in chosen(self._found(phrase), phrase, row[:end]):
            turn = (thing.turn + degrees + 180) % 360 - 180
            turned = thing.model_copy(update={"turn": round(turn, 1)})
            self.become(self.scene.replaced(turned), f"the {thing.word} turned", [thing.id])

    def _write(self, clause: Clause) -> None:
        """Write a text on a thing."""
        text = next((t.raw for t in clause.row if t.may("quote")), "")
        nouns = [i for i, t in enumerate(clause.row) if t.may("noun", "it")]
        phrase = phrase_at(clause.row, nouns[0])[0] if nouns else Phrase("it")
        if not text or phrase is None:
            return
        found = chosen(self._found(phrase), phrase, clause.row)
        for thing in found[:1]:
            new = self._labelled(thing, text)
            if new != thing:
                self.become(self.scene.replaced(new), f'the {thing.word} says "{text[:40]}"')

    def _labelled(self, thing: Thing, text: str) -> Thing:
        if KINDS[thing.kind].spot is None:
            self.notes.append(f"A {thing.word} has no room for text, so it carries no label.")
            return thing
        kind = "standing book" if thing.kind == "book" else thing.kind
        return thing.model_copy(update={"label": text.strip()[:40] or None, "kind": kind})


def _one_of_a_side(row: Sequence[Token], at: int) -> bool:
    """ "the left one"."""
    words_ = row[at : at + 3]
    return len(words_) == 3 and words_[1].may("side") and words_[2].text == "one"


def _put_upon(name: str, draft: Draft, scene: Scene) -> Thing | None:
    """The thing of the scene that is to stand on a new one."""
    for thing in scene.things:
        place = draft.places.get(thing.id)
        if place is not None and place.relation == "on" and place.anchors[-1] == name:
            return thing
    return None


def _is_kind(phrase: Phrase) -> bool:
    """Whether a phrase names a kind of thing; "into glass", without an article, is the material."""
    if phrase.what != "thing" or not phrase.kind:
        return False
    bare = phrase.count is None and not phrase.definite and not phrase.plural
    return not (bare and phrase.word in words.MATERIALS)


def _names_new(row: Sequence[Token]) -> bool:
    """Whether a clause with a text in it brings a thing of its own ('a jar labelled "SALT"')."""
    return any(
        token.may("count") and any(t.may("noun") for t in row[i + 1 : i + 5])
        for i, token in enumerate(row)
    )


def _not_understood(change: _Change, scene: Scene) -> BadInput:
    """Why nothing happened, and what would work here."""
    things = ", ".join(dict.fromkeys(said(thing) for thing in scene.things)) or "nothing"
    why = " ".join(change.notes) or "The studio did not understand what to change."
    one = scene.things[0].word if scene.things else "mug"
    return BadInput(
        f"{why} The scene holds: {things}.",
        hint=f'For example: "make the {one} navy", "remove the {one}", "add a lemon to the left of '
        f'the {one}", "golden hour light", "on white marble", "transparent background".',
        code="studio_not_understood",
    )
