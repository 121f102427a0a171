"""Where things stand: a first arrangement, and places for what an edit adds.

Deterministic: the same wishes and seed give the same places. Things that an edit does not name
keep theirs. Nothing overlaps on the ground that it shares.
"""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from core.engines.studio.ground import Ground, ground_of, overlap
from core.engines.studio.kinds import KINDS
from core.engines.studio.scene import Thing

Relation = Literal["left", "right", "front", "behind", "on", "in", "between", "next"]

GAP = 0.9
_PACKING = {1: 1.0, 2: 2.0, 3: 2.155, 4: 2.414, 5: 2.701}
_MOST_GROWTH = 1.6


@dataclass(frozen=True)
class Place:
    """A wished place: `relation` to the things named in `anchors` (two for "between")."""

    relation: Relation
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    thing: Thing
    place: Place | None = None


def arrange(wishes: Sequence[Wish], seed: int) -> tuple[Thing, ...]:
    """Places for all things of a new scene.

    What stands beside something shares a row with it; the rest is placed around the row.
    """
    turned = {wish.thing.id: _turned(wish.thing, seed) for wish in wishes}
    places = {wish.thing.id: wish.place for wish in wishes}
    grown = _grown(turned, places)
    done = {thing.id: thing for thing in _row(_row_order(wishes), grown, seed)}
    waiting = [wish.thing.id for wish in wishes if wish.thing.id not in done]
    while waiting:
        ready = next(
            (name for name in waiting if all(a in done for a in _anchors(places[name]))),
            waiting[0],
        )
        waiting.remove(ready)
        done[ready] = put(
            grown[ready], places[ready], list(done.values()), company=_company(ready, places)
        )
    return _centred([done[wish.thing.id] for wish in wishes])


def put(
    thing: Thing, place: Place | None, others: Sequence[Thing], *, company: bool = False
) -> Thing:
    """`thing` at its wished place among `others`, which stay where they are.

    `company`: more will follow onto the same carrier, so that its middle is not for this one.

    A place that can't be had (something on an apple) becomes the nearest free one beside it.
    """
    anchors = [other for name in _anchors(place) for other in others if other.id == name]
    if place is None or not anchors:
        return _beside_all(thing, others)
    if place.relation in ("on", "in"):
        carried = _carried(thing, _uppermost(anchors[-1], others), others, company=company)
        return carried if carried is not None else _near(thing, "next", anchors, others)
    return _near(thing, place.relation, anchors, others)


def carries(kind: str) -> bool:
    """Whether other things can stand on or in it."""
    return KINDS[kind].top is not None or KINDS[kind].well is not None


def fresh_turn(thing: Thing, seed: int) -> float:
    """A natural little turn for a thing, in degrees."""
    rng = random.Random(zlib.crc32(thing.id.encode(), seed))
    low, high = _TURNS.get(thing.kind, (-14.0, 14.0))
    if thing.label:
        low, high = max(low, -5.0), min(high, 5.0)
    return round(rng.uniform(low, high), 1)


def settled(thing: Thing, others: Sequence[Thing]) -> Thing:
    """Where it is, or the nearest free place on the ground when something is in the way.

    What something carries stays: there is no room to give way in a bowl.
    """
    if thing.on is not None:
        return thing
    for dx, dy in _spiral():
        there = thing.model_copy(update={"x": round(thing.x + dx, 3), "y": round(thing.y + dy, 3)})
        if _free(there, others):
            return there
    return _beside_all(thing, others)


def has_left(thing: Thing, carrier: Thing) -> bool:
    """Whether a thing has been moved off what carried it."""
    room = KINDS[carrier.kind].well or KINDS[carrier.kind].top
    far = math.hypot(thing.x - carrier.x, thing.y - carrier.y)
    return room is None or far > room[1] * carrier.scale


def moved_along(thing: Thing, dx: float, dy: float, others: Sequence[Thing]) -> Thing:
    """Shifted by a step; if something is in the way, to the nearest free place further on."""
    for extra in range(40):
        step = 1 + extra * 0.15
        there = thing.model_copy(update={"x": thing.x + dx * step, "y": thing.y + dy * step})
        if _free(there, others):
            return there
    return thing


_TURNS: dict[str, tuple[float, float]] = {
    "mug": (-34.0, -8.0), "teacup": (-30.0, 20.0), "teapot": (-16.0, 8.0), "book": (4.0, 26.0),
    "lemon": (-46.0, 30.0), "lime": (-46.0, 30.0), "banana": (-24.0, 24.0),
    "chair": (20.0, 34.0), "die": (-38.0, 38.0), "phone": (-12.0, 4.0), "laptop": (-9.0, 9.0),
    "apple": (-180.0, 180.0), "orange": (-180.0, 180.0), "pear": (-180.0, 180.0),
    "plant": (-180.0, 180.0), "pencil": (-28.0, 28.0), "card": (-4.0, 4.0), "sofa": (-6.0, 6.0),
    "cactus": (-12.0, 12.0), "ring": (12.0, 34.0), "box": (14.0, 34.0), "gift": (14.0, 34.0),
    "cube": (14.0, 38.0),
}  # fmt: skip


def _turned(thing: Thing, seed: int) -> Thing:
    return thing.model_copy(update={"turn": fresh_turn(thing, seed)})


def _anchors(place: Place | None) -> tuple[str, ...]:
    return place.anchors if place is not None else ()


def _row_order(wishes: Sequence[Wish]) -> list[str]:
    """The names of all that stand side by side, from left to right."""
    row = [wish.thing.id for wish in wishes if wish.place is None]
    beside = [wish for wish in wishes if wish.place and wish.place.relation in _SIDES]
    for _ in beside:
        for wish in beside:
            _slot_in(row, wish)
    return row


_SIDES = ("left", "right", "between", "next")


def _slot_in(row: list[str], wish: Wish) -> None:
    """Insert a thing into the row next to its anchors, once those are in it."""
    name, place = wish.thing.id, wish.place
    if place is None or name in row or not all(anchor in row for anchor in place.anchors):
        return
    spots = [row.index(anchor) for anchor in place.anchors]
    if place.relation == "left":
        row.insert(min(spots), name)
    elif place.relation == "between" and len(spots) > 1:
        first, last = min(spots), max(spots)
        row.insert((first + last + 1) // 2, name)
    else:
        row.insert(max(spots) + 1, name)


def _row(order: Sequence[str], things: dict[str, Thing], seed: int) -> list[Thing]:
    """Side by side from left to right, slightly staggered in depth: tall things further back."""
    rng = random.Random(seed)
    placed: list[Thing] = []
    heights = [KINDS[things[name].kind].height * things[name].scale for name in order]
    middle = sum(heights) / max(len(heights), 1)
    edge = 0.0
    for index, name in enumerate(order):
        thing = things[name]
        half_x, half_y = ground_of(thing).extent
        back = 0.22 * (heights[index] - middle) + rng.uniform(-0.12, 0.12) * half_y
        y = max(-0.8 * half_y - 3, min(back, 14 + half_y)) if len(order) > 1 else 0.0
        gap = GAP + 0.16 * half_x + rng.uniform(0, 0.12) * half_x
        x = edge + gap + half_x if placed else 0.0
        thing = thing.model_copy(update={"x": round(x, 2), "y": round(y, 2)})
        edge = x + half_x
        placed.append(thing)
    return placed if len(placed) < 6 else _in_rows(placed)


def _in_rows(line: Sequence[Thing]) -> list[Thing]:
    """A long line broken into two ranks, the back one shifted by half a place."""
    placed: list[Thing] = []
    deepest = max(ground_of(thing).extent[1] for thing in line)
    half = (len(line) + 1) // 2
    shift = line[half].x - (line[0].x + line[1].x) / 2
    for index, thing in enumerate(line):
        if index < half:
            placed.append(thing)
        else:
            move = {"x": round(thing.x - shift, 2), "y": round(thing.y + deepest * 2.3 + 1, 2)}
            placed.append(thing.model_copy(update=move))
    return placed


def _grown(things: dict[str, Thing], places: dict[str, Place | None]) -> dict[str, Thing]:
    """Bowls, plates and the like, grown until what they are to carry fits."""
    grown = dict(things)
    for name, thing in things.items():
        room = KINDS[thing.kind].well or KINDS[thing.kind].top
        load = [
            things[other] for other, place in places.items()
            if place and place.relation in ("on", "in") and place.anchors[-1:] == (name,)
        ]  # fmt: skip
        if room is None or not load or thing.kind not in _GROWS:
            continue
        widest = max(_girth(other) for other in load)
        needed = widest * _PACKING[min(len(load), 5)] * (1.0 if len(load) > 1 else 0.8)
        factor = max(1.0, min(_MOST_GROWTH, 1.02 * needed / (room[1] * thing.scale)))
        grown[name] = thing.model_copy(update={"scale": round(thing.scale * factor, 3)})
    return grown


def _company(name: str, places: dict[str, Place | None]) -> bool:
    """Whether several things share the carrier of `name`."""
    place = places[name]
    return place is not None and place.relation in ("on", "in") and sum(
        1 for other in places.values()
        if other and other.relation in ("on", "in") and other.anchors[-1:] == place.anchors[-1:]
    ) > 1  # fmt: skip


def _uppermost(carrier: Thing, others: Sequence[Thing]) -> Thing:
    """The top of a stack: the last of its like that stands on the carrier."""
    for other in others:
        if other.on == carrier.id and other.kind == carrier.kind:
            return _uppermost(other, others)
    return carrier


def _lowest(thing: Thing, others: Sequence[Thing]) -> Thing:
    """What a thing stands on in the end; itself where it stands on the ground."""
    below = next((other for other in others if other.id == thing.on), None)
    return thing if below is None else _lowest(below, others)


_GROWS = ("bowl", "plate")


def _girth(thing: Thing) -> float:
    """Half of a thing's width, evened out over its directions."""
    ground = ground_of(thing)
    return ground.half_x if ground.round else (ground.half_x + ground.half_y) / 2


def _carried(
    thing: Thing, carrier: Thing, others: Sequence[Thing], *, company: bool
) -> Thing | None:
    """On top of `carrier` or inside it, or None when it carries nothing or is full."""
    kind = KINDS[carrier.kind]
    room = kind.well or kind.top
    if room is None:
        return None
    floor, radius = carrier.z + room[0] * carrier.scale, room[1] * carrier.scale
    mates = [other for other in others if other.on == carrier.id]
    level = [mate for mate in mates if abs(mate.z - floor) < 0.1]
    base = thing.model_copy(update={"on": carrier.id, "z": round(floor, 3)})
    own = _girth(thing)
    shares = _AT_THE_WALL if kind.well else _INWARDS
    for dx, dy in _places_within(radius, own, shares, crowded=company or bool(mates)):
        there = base.model_copy(
            update={"x": round(carrier.x + dx, 3), "y": round(carrier.y + dy, 3)}
        )
        if not any(overlap(ground_of(there), ground_of(mate)) for mate in level):
            return there
    return _heaped(base, carrier, level, mates) if kind.well else None


_AT_THE_WALL = (1.0, 0.8, 0.5, 0.25, 0.0)
_INWARDS = (0.8, 1.0, 0.5, 0.25, 0.0)


def _places_within(
    radius: float, own: float, shares: Sequence[float], *, crowded: bool
) -> Iterator[tuple[float, float]]:
    """Offsets from the middle of a round place, the middle first when nothing is there."""
    if not crowded:
        yield 0.0, 0.0
    reach = max(0.0, radius - own)
    for share in shares:
        for step in range(24):
            angle = math.radians(210 + step * 15)
            yield reach * share * math.cos(angle), reach * share * math.sin(angle)


def _heaped(
    thing: Thing, carrier: Thing, level: Sequence[Thing], mates: Sequence[Thing]
) -> Thing | None:
    """On top of what lies in a bowl, one only."""
    if not level or len(mates) > len(level):
        return None
    tallest = max(KINDS[mate.kind].height * mate.scale for mate in level)
    return thing.model_copy(
        update={"x": carrier.x, "y": carrier.y, "z": round(level[0].z + tallest * 0.98, 3)}
    )


def _near(
    thing: Thing, relation: Relation, anchors: Sequence[Thing], others: Sequence[Thing]
) -> Thing:
    """The free place on the ground, nearest to the ideal one, for which the relation holds.

    What is placed beside something that stands on a plate or a stack stands beside that.
    """
    base = thing.model_copy(update={"on": None, "z": 0.0})
    anchors = [_lowest(anchor, others) for anchor in anchors]
    ideals = [_ideal(base, way, anchors) for way in _WAYS.get(relation, (relation,))]
    holds = _HOLDS[relation]
    for (dx, dy), (x, y) in product(_spiral(), ideals):
        there = base.model_copy(update={"x": round(x + dx, 2), "y": round(y + dy, 2)})
        if holds(ground_of(there), [ground_of(a) for a in anchors]) and _free(there, others):
            return there
    return _beside_all(thing, others)


def _ideal(thing: Thing, relation: Relation, anchors: Sequence[Thing]) -> tuple[float, float]:
    own_x, own_y = ground_of(thing).extent
    first = anchors[0]
    half_x, half_y = ground_of(first).extent
    reach_x = half_x + own_x + GAP + 0.12 * min(half_x, own_x)
    reach_y = half_y + own_y + GAP
    if relation == "left":
        return first.x - reach_x, first.y
    if relation in ("right", "next"):
        return first.x + reach_x, first.y - 0.1 * half_y
    if relation == "front":
        return first.x + 0.3 * half_x, first.y - reach_y
    if relation == "behind":
        return first.x - 0.35 * half_x - 0.25 * own_x, first.y + reach_y
    last = anchors[-1]
    return (first.x + last.x) / 2, (first.y + last.y) / 2


_WAYS: dict[Relation, tuple[Relation, ...]] = {"next": ("right", "left", "front")}
"""Sides to try for a relation that leaves the side open."""


def _left(own: Ground, anchors: Sequence[Ground]) -> bool:
    return all(own.x + own.extent[0] * 0.6 < a.x - a.extent[0] * 0.6 for a in anchors)


def _right(own: Ground, anchors: Sequence[Ground]) -> bool:
    return all(own.x - own.extent[0] * 0.6 > a.x + a.extent[0] * 0.6 for a in anchors)


def _front(own: Ground, anchors: Sequence[Ground]) -> bool:
    return all(own.y < a.y and abs(own.x - a.x) < a.extent[0] + own.extent[0] for a in anchors)


def _behind(own: Ground, anchors: Sequence[Ground]) -> bool:
    return all(own.y > a.y and abs(own.x - a.x) < a.extent[0] + own.extent[0] for a in anchors)


def _between(own: Ground, anchors: Sequence[Ground]) -> bool:
    low, high = min(a.x for a in anchors), max(a.x for a in anchors)
    return low <= own.x <= high


def _anywhere(own: Ground, anchors: Sequence[Ground]) -> bool:
    return own.radius > 0 and len(anchors) > 0


_HOLDS: dict[str, Callable[[Ground, Sequence[Ground]], bool]] = {
    "left": _left, "right": _right, "front": _front, "behind": _behind, "between": _between,
    "next": _anywhere,
}  # fmt: skip


def _free(thing: Thing, others: Sequence[Thing]) -> bool:
    """Whether nothing else stands on that part of the same level."""
    return not any(
        overlap(ground_of(thing), ground_of(other), GAP * 0.5)
        for other in others
        if other.on == thing.on and other.id != thing.id
    )


def _beside_all(thing: Thing, others: Sequence[Thing]) -> Thing:
    """To the right of everything, or to the left where that is nearer to the middle."""
    low = [o for o in others if o.on is None and o.id != thing.id]
    base = thing.model_copy(update={"on": None, "z": 0.0})
    if not low:
        return base.model_copy(update={"x": 0.0, "y": 0.0})
    own = ground_of(thing).extent[0] + GAP * 1.5
    right = max(o.x + ground_of(o).extent[0] for o in low) + own
    left = min(o.x - ground_of(o).extent[0] for o in low) - own
    x = right if right <= -left else left
    y = sum(o.y for o in low) / len(low)
    return base.model_copy(update={"x": round(x, 2), "y": round(y, 2)})


def _spiral() -> Iterator[tuple[float, float]]:
    """Offsets by growing distance, out to 90 cm; left and right before near and far."""
    yield 0.0, 0.0
    for ring in range(1, 61):
        radius = 0.6 * ring if ring < 30 else 18 + 2.4 * (ring - 30)
        for step in range(16):
            angle = step * math.pi / 8
            yield radius * math.cos(angle), radius * math.sin(angle)


def _centred(things: Sequence[Thing]) -> tuple[Thing, ...]:
    """Shifted so that the middle of the group is at the origin."""
    low = [thing for thing in things if thing.on is None]
    if not low:
        return tuple(things)
    grounds = [ground_of(thing) for thing in low]
    x = (min(g.x - g.extent[0] for g in grounds) + max(g.x + g.extent[0] for g in grounds)) / 2
    y = (min(g.y - g.extent[1] for g in grounds) + max(g.y + g.extent[1] for g in grounds)) / 2
    return tuple(
        t.model_copy(update={"x": round(t.x - x, 3), "y": round(t.y - y, 3)}) for t in things
    )
