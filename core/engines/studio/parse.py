"""A prompt in plain words to a scene, and what of the prompt was understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.engines.studio import words
from core.engines.studio.composing import composed
from core.engines.studio.draft import Draft
from core.engines.studio.kinds import KINDS
from core.engines.studio.layout import Place, Relation, carries
from core.engines.studio.lexicon import Token, tokens
from core.engines.studio.phrases import Phrase, phrase_at
from core.engines.studio.scene import Scene
from core.engines.studio.styling import (
    backdrop_of,
    camera_with,
    lens_with,
    light_of,
    restyled,
    surface_of,
)


@dataclass(frozen=True)
class Reading:
    """A scene and what to say about it. `unused`: words that had no effect."""

    scene: Scene
    notes: tuple[str, ...]
    unused: tuple[str, ...]


def read_prompt(prompt: str, seed: int, *, transparent: bool = False) -> Reading:
    """The scene that a prompt describes. Never fails: what is not known is named."""
    draft = Draft()
    _Reader(tokens(prompt), draft).read()
    if not draft.things and not draft.surface and not draft.backdrop:
        draft.notes.append(
            "I found no object in these words that I know; describe one, for example "
            '"a red mug on a walnut table, soft window light".'
        )
    draft.transparent = draft.transparent or transparent
    scene = composed(draft, seed)
    return Reading(scene, tuple(dict.fromkeys(draft.notes)), tuple(dict.fromkeys(draft.unused)))


def read_into(draft: Draft, row: Sequence[Token], *, adding: bool) -> None:
    """Read more words into a draft that already holds things; `adding`: a noun comes first."""
    reader = _Reader(row, draft)
    reader.expects = adding
    reader.subject = [thing.id for thing in draft.things[:1]]
    reader.read()


class _Reader:
    """Walks over the tokens once, from left to right.

    `last` are the ids of the things named last, `subject` those named first: what "it" means
    after "with".
    """

    def __init__(self, row: Sequence[Token], draft: Draft) -> None:
        self.row = row
        self.draft = draft
        self.at = 0
        self.last: list[str] = []
        self.subject: list[str] = []
        self.group: list[str] = []
        self.joined = False
        self.relation: Relation | Literal["under"] | None = None
        self.expects = True
        self.outer: list[str] = []

    def read(self) -> None:
        while self.at < len(self.row):
            token = self.row[self.at]
            if self._setting(token) or self._label(token) or self._glue(token):
                continue
            self._phrase()

    def _setting(self, token: Token) -> bool:
        """Lights, camera words and the like; true when the token was one."""
        draft = self.draft
        if token.may("transparent"):
            draft.transparent = True
        elif token.may("light") and not token.may("noun"):
            draft.light = light_of(token.text)
        elif token.may("camera"):
            draft.camera = camera_with(draft.camera, token.text)
        elif token.may("lens"):
            draft.camera = lens_with(draft.camera, token.text)
        elif token.may("light from"):
            draft.light_side = "right" if "right" in token.text else "left"
        else:
            return False
        self.at += 1
        self.relation = None
        return True

    def _label(self, token: Token) -> bool:
        """A text for the thing named last: after "with the word", or just in quotation marks."""
        if token.may("quote"):
            self._give_label(token.raw)
            self.at += 1
            return True
        if not token.may("text") or not self.last:
            return False
        follower = self.row[self.at + 1] if self.at + 1 < len(self.row) else None
        if follower is not None and follower.may("quote"):
            self._give_label(follower.raw)
            self.at += 2
            return True
        if follower is not None and not follower.may("stop", "relation", "and", "count", "text"):
            self._give_label(follower.raw)
            self.at += 2
            return True
        self.at += 1
        return True

    def _give_label(self, text: str) -> None:
        if not self.last:
            self.draft.unused.append(f'"{text}"')
            return
        for index, thing in enumerate(self.draft.things):
            if thing.id not in self.last:
                continue
            spot = KINDS[thing.kind].spot
            if spot is None:
                self.draft.notes.append(
                    f"A {thing.word} has no room for text, so it carries no label."
                )
                continue
            kind = "standing book" if thing.kind == "book" else thing.kind
            label = text.strip()[:40] or None
            self.draft.things[index] = thing.model_copy(update={"label": label, "kind": kind})

    def _glue(self, token: Token) -> bool:
        """Words that join phrases: commas, "and", "with", places."""
        if token.may("stop"):
            self.relation, self.expects, self.outer = None, False, []
            self.joined = False
        elif token.may("with"):
            self.outer = self.subject or self.last
            self.relation, self.expects = None, True
        elif self.last and (token.text in ("of", "in") or token.may("holds")) and self._finish():
            return True
        elif token.may("holds") and self.last and self._can_hold():
            self.relation, self.expects = None, True
            self.at += 1
            self._contents()
            return True
        elif token.may("and"):
            self.expects = self.joined = True
        elif token.may("relation"):
            self._begin_relation(token)
        elif token.may("side"):
            self._side(token.text)
        else:
            return False
        self.at += 1
        return True

    def _begin_relation(self, token: Token) -> None:
        self.relation = words.RELATIONS[token.text]
        self.expects = self.relation != "in"

    def _finish(self) -> bool:
        """ "made of gold", "in navy": a colour or material with no noun, for the things before."""
        end = self.at + 1
        while end < len(self.row) and self.row[end].may("colour", "material"):
            end += 1
        after = self.row[end] if end < len(self.row) else None
        named = self.row[self.at + 1 : end]
        if not named or (after is not None and not after.may("stop", "relation", "and", "with")):
            return False
        if named[-1].may("noun") and not named[-1].may("material"):
            return False
        colour = next((t.text for t in named if t.may("colour")), "")
        material = next((t.text for t in named if t.may("material")), "")
        for index, thing in enumerate(self.draft.things):
            if thing.id in self.last:
                self.draft.things[index] = restyled(thing, colour, material)
        self.at = end
        return True

    def _can_hold(self) -> bool:
        return any(t.id == self.last[0] and carries(t.kind) for t in self.draft.things)

    def _contents(self) -> None:
        """ "a bowl of lemons": what follows goes in or on the last thing."""
        holder = self.last[0]
        phrase, end = phrase_at(self.row, self.at, expected=True)
        if phrase is None or phrase.what != "thing":
            return
        self.at = end
        if phrase.kind == "" and phrase.count is None:
            self.draft.unused.append(phrase.word)
            return
        for name in self.draft.add(phrase):
            self.draft.places[name] = Place("in", (holder,))
        self._report_card(phrase)

    def _side(self, text: str) -> None:
        """ "on the left": beside the subject after "with", else a place in the row."""
        where = words.SIDES[text]
        anchors = [name for name in self.outer if name not in self.last]
        for name in self.last:
            if anchors:
                self.draft.places[name] = Place(where, tuple(anchors[-1:]))
            elif where in ("left", "right"):
                self.draft.sides[name] = -1 if where == "left" else 1
        self.relation = None

    def _phrase(self) -> None:
        """A noun phrase here, or a word that means nothing to the studio."""
        on = self.relation == "on"
        phrase, end = phrase_at(self.row, self.at, standing_on=on, expected=self._noun_due())
        if phrase is None:
            skipped = self.row[self.at : max(end, self.at + 1)]
            self.draft.unused += [t.text for t in skipped if self._worth_saying(t)]
            self.at = max(end, self.at + 1)
            return
        self.at = end
        self.expects = False
        if phrase.what == "surface":
            self.draft.surface = surface_of(phrase)
            self.draft.unused += phrase.unused
        elif phrase.what == "backdrop":
            self._backdrop(phrase)
        elif phrase.what == "it":
            self._relate([n for n in self.outer if n not in self.last] or self.subject)
        else:
            self._thing(phrase)
        if phrase.what != "thing":
            self.relation = None

    def _worth_saying(self, token: Token) -> bool:
        known = token.may(
            "count", "the", "sweep", "surface", "size", "and", "with", "holds", "it", "text"
        )
        return not known and token.text not in words.IGNORED

    def _noun_due(self) -> bool:
        """Whether an unknown word here is likely a thing: first of all, or after a joining word."""
        if self.expects:
            return True
        following = next(
            (t for t in self.row[self.at :] if t.senses or t.text in words.IGNORED), None
        )
        return following is not None and following.may("relation") and not self.draft.things

    def _thing(self, phrase: Phrase) -> None:
        found = self._known(phrase)
        if found:
            if self.relation is not None:
                self._relate(found)
            self.last = self.group = found
            return
        names = self.draft.add(phrase)
        self._report_card(phrase)
        related = self.relation is not None
        if related:
            self._relate(names)
        if not any(thing.id in names for thing in self.draft.things):
            return  # it was the pot of a plant
        self.subject = self.subject or names
        joins = self.joined and not related and not any(n in self.draft.places for n in self.group)
        self.group = [*self.group, *names] if joins else list(names)
        self.joined = False
        self.last = names

    def _known(self, phrase: Phrase) -> list[str]:
        """The things already in the scene that "the mug" speaks of."""
        if not phrase.definite:
            return []
        return [thing.id for thing in self.draft.things if thing.kind == phrase.kind]

    def _report_card(self, phrase: Phrase) -> None:
        if not phrase.kind:
            self.draft.notes.append(unknown_note(phrase.word))

    def _backdrop(self, phrase: Phrase) -> None:
        self.draft.backdrop = backdrop_of(phrase, self._gradient_end(phrase))
        self.draft.unused += phrase.unused

    def _gradient_end(self, phrase: Phrase) -> str:
        """The lower colour of "gradient background from pink to cream"; takes those words."""
        if not phrase.gradient:
            return ""
        found = []
        for index in range(self.at, min(self.at + 5, len(self.row))):
            if self.row[index].may("stop", "relation", "noun"):
                break
            if self.row[index].may("colour"):
                found.append(index)
        if not found:
            return ""
        self.at = found[-1] + 1
        if len(found) > 1 or not phrase.colour:
            phrase.colour = self.row[found[0]].text
        return self.row[found[-1]].text

    def _relate(self, anchors: Sequence[str]) -> None:
        """Place the things named before at `anchors`, as the pending relation says."""
        relation, self.relation = self.relation, None
        movers = [name for name in self.group or self.last if name not in anchors]
        if relation is None or not movers or not anchors:
            return
        if relation == "under":
            for name in anchors:
                self.draft.places[name] = Place("on", tuple(movers[-1:]))
            return
        if relation == "in" and self._potted(movers, anchors):
            return
        if relation == "between":
            anchors = self._second_anchor(list(anchors))
        for name in movers:
            if name not in self.draft.places:
                two = tuple(anchors[:2]) if relation == "between" else tuple(anchors[-1:])
                self.draft.places[name] = Place(relation, two)
        self.subject = self.subject or list(movers)

    def _potted(self, movers: Sequence[str], anchors: Sequence[str]) -> bool:
        """A plant has a pot of its own: "in a white pot" tells how that one looks."""
        things = {thing.id: thing for thing in self.draft.things}
        pot = things[anchors[0]]
        if pot.kind != "pot" or any(things[m].kind not in ("plant", "cactus") for m in movers):
            return False
        look = {"colour": pot.colour, "colour_name": pot.colour_name, "material": pot.material}
        self.draft.things = [
            t.model_copy(update=look) if t.id in movers else t
            for t in self.draft.things if t.id != pot.id
        ]  # fmt: skip
        self.last = self.group = list(movers)
        return True

    def _second_anchor(self, anchors: list[str]) -> list[str]:
        """ "between a book and a candle": the other end, after "and"; of two books the first."""
        if self.at >= len(self.row) or not self.row[self.at].may("and"):
            return anchors
        phrase, end = phrase_at(self.row, self.at + 1, expected=True)
        if phrase is None or phrase.what != "thing":
            return anchors
        self.at = end
        found = self._known(phrase) or self.draft.add(phrase)
        self._report_card(phrase)
        return [*anchors[:1], *found[:1]]


def unknown_note(word: str) -> str:
    return f"I don't know '{word}' yet: it stands in the scene as a paper card."
