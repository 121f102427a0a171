"""A scene while it is being read: what was named, and where it was wished to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from core.engines.studio import words
from core.engines.studio.kinds import KINDS
from core.engines.studio.layout import Place
from core.engines.studio.phrases import Phrase
from core.engines.studio.scene import MAX_THINGS, Backdrop, Camera, Light, Surface, Thing
from core.engines.studio.styling import thing_of

_STACKABLE = frozenset({"book", "plate", "box", "coin", "cube", "cushion", "bowl", "gift"})


@dataclass
class Draft:
    """A scene as it is being read: wishes and settings, before anything has a place.

    `sides`: where in the row a thing was asked to be, -1 left, 0 middle, 1 right.
    """

    things: list[Thing] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    sides: dict[str, int] = field(default_factory=dict)
    surface: Surface | None = None
    backdrop: Backdrop | None = None
    light: Light | None = None
    light_side: str = ""
    camera: Camera = field(default_factory=Camera)
    transparent: bool = False
    unused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fresh_id(self, kind: str) -> str:
        taken = {thing.id for thing in self.things}
        return next(f"{kind}-{n}" for n in range(1, 1000) if f"{kind}-{n}" not in taken)

    def add(self, phrase: Phrase) -> list[str]:
        """Add the things of a phrase; their ids. More than a scene holds are left out, and said."""
        if phrase.quote and phrase.kind and KINDS[phrase.kind].spot is None:
            self.notes.append(f"A {phrase.word} has no room for text, so it carries no label.")
        names = []
        for _ in range(phrase.number):
            if len(self.things) >= MAX_THINGS:
                self.notes.append(f"A scene holds {MAX_THINGS} things; the rest was left out.")
                break
            thing = thing_of(phrase, self.fresh_id(phrase.kind or "card"))
            self.things.append(thing)
            names.append(thing.id)
        if phrase.count is not None and phrase.count > words.MAX_COUNT:
            self.notes.append(f"At most {words.MAX_COUNT} of a kind: that many stand there.")
        self.unused += phrase.unused
        if phrase.stacked and phrase.kind in _STACKABLE:
            for below, above in pairwise(names):
                self.places[above] = Place("on", (below,))
        return names
