"""Which things of a scene a phrase speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from core.engines.studio import words
from core.engines.studio.lexicon import Token, colour_value
from core.engines.studio.phrases import Phrase
from core.engines.studio.scene import Scene, Thing
from core.engines.studio.words import bag

_SAME = {"standing book": "book", "lying cushion": "cushion", "teacup": "mug"}
_FRUIT = bag("apple lemon lime orange peach pear banana cherry tomato")
_GROUPS = {"fruit": _FRUIT, "fruits": _FRUIT}
_SINGLE = ("", "it", "that one")
_ALL = bag("everything all objects things items both")


def matches(scene: Scene, phrase: Phrase) -> list[Thing]:
    """The things that fit the phrase, best description first considered: "the red mug" is the red
    one where there is one, and any mug where there is none."""
    if phrase.what == "it":
        return list(scene.things if phrase.word not in _SINGLE else scene.things[:1])
    found = [thing for thing in scene.things if _named(thing, phrase)]
    for fits in (_coloured, _made_of, _sized):
        closer = [thing for thing in found if fits(thing, phrase)]
        found = closer or found
    return found


def chosen(found: Sequence[Thing], phrase: Phrase, clause: Sequence[Token]) -> list[Thing]:
    """Of several that fit: the one on the named side, as many as counted, or all of them."""
    side = next((t.text for t in clause if t.may("side")), "")
    across = sorted(found, key=lambda thing: thing.x)
    if len(found) > 1 and "left" in side:
        return across[: phrase.count or 1]
    if len(found) > 1 and "right" in side:
        return across[-(phrase.count or 1) :]
    if phrase.count is not None and phrase.count < len(found):
        return list(found[-phrase.count :])
    return list(found)


def _named(thing: Thing, phrase: Phrase) -> bool:
    if phrase.word in _ALL:
        return True
    if not phrase.kind:
        return thing.kind in _GROUPS.get(phrase.word, ()) or thing.word == phrase.word
    same = _SAME.get(thing.kind, thing.kind) == _SAME.get(phrase.kind, phrase.kind)
    return same or thing.word == phrase.word


def _coloured(thing: Thing, phrase: Phrase) -> bool:
    if not phrase.colour:
        return True
    return thing.colour_name == phrase.colour or thing.colour == colour_value(phrase.colour)


def _made_of(thing: Thing, phrase: Phrase) -> bool:
    return not phrase.material or words.MATERIALS.get(phrase.material) == thing.material


def _sized(thing: Thing, phrase: Phrase) -> bool:
    if not phrase.size:
        return True
    return (thing.scale < 1) == (words.SIZES[phrase.size] < 1)
