"""From a finished draft to a scene: places, defaults, camera, and what could not be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.engines.studio import words
from core.engines.studio.draft import Draft
from core.engines.studio.framing import framed, reach_around
from core.engines.studio.kinds import KINDS
from core.engines.studio.layout import Place, Wish, arrange
from core.engines.studio.phrases import Phrase
from core.engines.studio.scene import MAX_THINGS, Backdrop, Light, Scene, Surface, Thing
from core.engines.studio.styling import said, thing_of


def composed(draft: Draft, seed: int) -> Scene:
    """The scene of a draft, everything in its place; notes are added to the draft."""
    give_vases(draft)
    _lay_cushions(draft)
    return _scene_of(draft, seed)


def _scene_of(draft: Draft, seed: int) -> Scene:
    order = sorted(draft.things, key=lambda thing: draft.sides.get(thing.id, 0))
    wishes = [Wish(thing, draft.places.get(thing.id)) for thing in order]
    placed = {thing.id: thing for thing in arrange(wishes, seed)}
    things = tuple(placed[thing.id] for thing in draft.things)
    camera = draft.camera
    if camera.azimuth == 0 and camera.elevation < 80 and "front" not in camera.words:
        camera = camera.model_copy(update={"azimuth": round(((seed * 37) % 17) - 8.0, 1)})
    if any(KINDS[thing.kind].floor for thing in things) and camera.elevation == 20:
        camera = camera.model_copy(update={"elevation": 11.0})
    camera = framed(camera, things)
    draft.notes += displaced(draft.places, things)
    light = draft.light or Light()
    if draft.light_side in ("left", "right"):
        light = light.model_copy(update={"side": draft.light_side})
    return Scene(
        seed=seed, things=things, surface=draft.surface or _default_surface(draft),
        backdrop=draft.backdrop or _default_backdrop(light), light=light, camera=camera,
        reach=reach_around(things, camera), transparent=draft.transparent,
    )  # fmt: skip


def displaced(places: Mapping[str, Place], things: Sequence[Thing]) -> list[str]:
    """What could not stand on or in what it was put on."""
    by_id = {thing.id: thing for thing in things}
    return [
        f"The {said(by_id[name])} can't stand {place.relation} the "
        f"{said(by_id[place.anchors[-1]])}, so it stands next to it."
        for name, place in places.items()
        if place.relation in ("on", "in") and name in by_id and by_id[name].on is None
        and place.anchors[-1] in by_id
    ]  # fmt: skip


def _default_surface(draft: Draft) -> Surface:
    if draft.backdrop is not None and draft.backdrop.name == "sweep":
        return Surface(name="sweep", colour=draft.backdrop.colour)
    return Surface(name="oak", colour=words.SURFACE_COLOURS["oak"])


def _default_backdrop(light: Light) -> Backdrop:
    tones = {"night": "#59606e", "rim light": "#4a4c50", "candle light": "#8d7f70",
             "neon": "#55505f"}  # fmt: skip
    return Backdrop(name="wall", colour=tones.get(light.name, "#e4ddd2"))


def give_vases(draft: Draft) -> None:
    """Flowers that nothing holds come into an empty vase, or a new one: they can't stand alone."""
    for thing in list(draft.things):
        place = draft.places.get(thing.id)
        held = thing.on is not None or (place is not None and place.relation == "in")
        if thing.kind != "flowers" or held:
            continue
        empty = _empty_vase(draft)
        if empty is not None and place is None:
            draft.places[thing.id] = Place("in", (empty.id,))
            continue
        if len(draft.things) >= MAX_THINGS:
            return
        vase = thing_of(Phrase("thing", kind="vase", word="vase"), draft.fresh_id("vase"))
        draft.things.append(vase)
        draft.notes.append("The flowers stand in a vase.")
        if place is not None:
            draft.places[vase.id] = place
        draft.sides[vase.id] = draft.sides.pop(thing.id, 0)
        draft.places[thing.id] = Place("in", (vase.id,))


def _empty_vase(draft: Draft) -> Thing | None:
    loaded = {place.anchors[-1] for place in draft.places.values() if place.relation == "in"}
    loaded |= {thing.on for thing in draft.things if thing.on is not None}
    return next((t for t in draft.things if t.kind == "vase" and t.id not in loaded), None)


def _lay_cushions(draft: Draft) -> None:
    """A cushion that something lies on lies flat."""
    loaded = {place.anchors[-1] for place in draft.places.values() if place.relation == "on"}
    draft.things = [
        thing.model_copy(update={"kind": "lying cushion"})
        if thing.kind == "cushion" and thing.id in loaded else thing
        for thing in draft.things
    ]  # fmt: skip
