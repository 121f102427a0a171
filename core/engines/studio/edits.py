"""Single changes to a scene. Each gives a new scene in which all else is as it was."""

from __future__ import annotations

from collections.abc import Sequence

from core.engines.studio.framing import framed, in_view
from core.engines.studio.kinds import KINDS
from core.engines.studio.layout import Place, fresh_turn, has_left, moved_along, put, settled
from core.engines.studio.scene import MAX_THINGS, Camera, Scene, Thing

_SMALLEST, _LARGEST = 0.2, 4.0


def with_things(scene: Scene, things: Sequence[Thing]) -> Scene:
    return scene.model_copy(update={"things": tuple(things)})


def fresh_id(scene: Scene, kind: str) -> str:
    taken = {thing.id for thing in scene.things}
    return next(f"{kind}-{n}" for n in range(1, 1000) if f"{kind}-{n}" not in taken)


def removed(scene: Scene, names: Sequence[str]) -> Scene:
    """Without those things. What stood on one of them sinks to where that one stood."""
    gone = {thing.id: thing for thing in scene.things if thing.id in names}
    kept = []
    for thing in scene.things:
        if thing.id in gone:
            continue
        sunk = thing
        while sunk.on in gone:
            below = gone[sunk.on]
            sunk = sunk.model_copy(update={"on": below.on, "z": below.z})
        kept.append(sunk)
    return with_things(scene, [settled(t, kept) if t.on is None and t.z == 0 else t for t in kept])


def resized(scene: Scene, name: str, factor: float) -> Scene:
    """One thing larger or smaller by a factor; what stands on it goes up and down with it."""
    thing = scene.thing(name)
    scale = round(max(_SMALLEST, min(_LARGEST, thing.scale * factor)), 3)
    grown = settled(thing.model_copy(update={"scale": scale}), scene.things)
    return _carried_along(scene.replaced(grown), thing, grown)


def placed(scene: Scene, name: str, place: Place) -> Scene:
    """One thing moved to a place beside, on or in others."""
    thing = scene.thing(name)
    others = [other for other in scene.things if other.id != name]
    there = put(thing, place, others)
    return _carried_along(scene.replaced(there), thing, there)


def shifted(scene: Scene, name: str, dx: float, dy: float) -> Scene:
    """One thing moved by a step in cm; off the edge of what carries it, it comes to the ground."""
    thing = scene.thing(name)
    there = moved_along(thing, dx, dy, scene.things)
    if there.on is not None and has_left(there, scene.thing(there.on)):
        there = settled(there.model_copy(update={"on": None, "z": 0.0}), scene.things)
    return _carried_along(scene.replaced(there), thing, there)


def added(scene: Scene, thing: Thing, place: Place | None) -> Scene:
    """With one more thing, at its place or beside the rest."""
    if len(scene.things) >= MAX_THINGS:
        return scene
    turned = thing.model_copy(update={"turn": fresh_turn(thing, scene.seed)})
    return with_things(scene, [*scene.things, put(turned, place, scene.things)])


def slid_under(scene: Scene, thing: Thing, above: Thing) -> Scene:
    """With a new thing where `above` stands, for that one to be put on it."""
    turned = thing.model_copy(
        update={"x": above.x, "y": above.y, "turn": fresh_turn(thing, scene.seed)}
    )
    others = [other for other in scene.things if other.id != above.id]
    return with_things(scene, [*scene.things, settled(turned, others)])


def exchanged(scene: Scene, name: str, fresh: Thing) -> Scene:
    """`fresh` in the place of another thing, which goes."""
    old = scene.thing(name)
    turned = fresh.model_copy(
        update={"x": old.x, "y": old.y, "z": old.z, "on": old.on,
                "turn": fresh_turn(fresh, scene.seed)}
    )  # fmt: skip
    things = [turned if thing.id == name else thing for thing in scene.things]
    stands = settled(turned, things)
    things = [stands if thing.id == turned.id else thing for thing in things]
    return with_things(scene, [_rehung(thing, old, stands, things) for thing in things])


def traded(scene: Scene, first: str, second: str) -> Scene:
    """Two things in each other's places."""
    a, b = scene.thing(first), scene.thing(second)
    spot_a = {"x": b.x, "y": b.y, "z": b.z, "on": b.on if b.on != a.id else a.on}
    spot_b = {"x": a.x, "y": a.y, "z": a.z, "on": a.on if a.on != b.id else b.on}
    moved_a, moved_b = a.model_copy(update=spot_a), b.model_copy(update=spot_b)
    both = scene.replaced(moved_a).replaced(moved_b)
    settled_a = settled(moved_a, both.things)
    both = both.replaced(settled_a)
    return both.replaced(settled(moved_b, both.things))


def counted(scene: Scene, names: Sequence[str], number: int) -> Scene:
    """As many of a group as `number`: the last ones go, or more like the last come beside it."""
    if number < len(names):
        return removed(scene, names[number:])
    like = scene.thing(names[-1])
    for _ in range(number - len(names)):
        more = like.model_copy(update={"id": fresh_id(scene, like.kind)})
        carrier = like.on if like.on is not None else like.id
        relation = "next" if like.on is None else "on"
        scene = added(scene, more, Place(relation, (carrier,)))  # type: ignore[arg-type]
    return scene


def varied(scene: Scene, seed: int) -> Scene:
    """Another take on the same scene: other turns of the things, another side of the camera."""
    again = scene.model_copy(update={"seed": seed})
    for thing in again.things:
        if thing.on is None:
            turned = thing.model_copy(update={"turn": fresh_turn(thing, seed)})
            there = settled(turned, again.things)
            again = _carried_along(again.replaced(there), thing, there)
    camera = scene.camera
    swing = ((seed * 2654435761) % 2**32) / 2**32
    if camera.elevation < 80:
        camera = camera.model_copy(
            update={"azimuth": round(-24 + 48 * swing, 1),
                    "elevation": round(min(60, max(3, camera.elevation - 5 + 10 * swing)), 1)}
        )  # fmt: skip
    return again.model_copy(update={"camera": framed(camera, again.things)})


def shown(scene: Scene, names: Sequence[str]) -> tuple[Scene, bool]:
    """With the camera stepped back until those things are in view, and whether it had to."""
    camera: Camera = scene.camera
    watched = [thing for thing in scene.things if thing.id in names]
    if all(in_view(camera, thing) for thing in watched):
        return scene, False
    for _ in range(40):
        camera = camera.model_copy(update={"distance": round(camera.distance * 1.05, 2)})
        if all(in_view(camera, thing) for thing in watched):
            break
    return scene.model_copy(update={"camera": camera}), True


def _carried_along(scene: Scene, before: Thing, after: Thing) -> Scene:
    """What stands on a thing follows it when it moves or grows."""
    growth = after.scale / before.scale
    room = KINDS[after.kind].well or KINDS[after.kind].top
    for thing in scene.things:
        if thing.on != before.id:
            continue
        there = thing.model_copy(
            update={
                "x": round(after.x + (thing.x - before.x) * growth, 3),
                "y": round(after.y + (thing.y - before.y) * growth, 3),
                "z": round(after.z + (thing.z - before.z) * growth, 3) if room else 0.0,
            }
        )
        scene = _carried_along(scene.replaced(there), thing, there)
    return scene


def _rehung(thing: Thing, old: Thing, new: Thing, things: Sequence[Thing]) -> Thing:
    """What stood on a thing that was exchanged: on the new one where it carries, else beside."""
    if thing.on != old.id:
        return thing
    others = [other for other in things if other.id != thing.id]
    return put(thing.model_copy(update={"on": None, "z": 0.0}), Place("on", (new.id,)), others)
