"""From words to the looks of things, surfaces, backdrops, lights and cameras."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.engines.studio import words
from core.engines.studio.kinds import KINDS, Kind
from core.engines.studio.lexicon import colour_value, plural
from core.engines.studio.phrases import Phrase
from core.engines.studio.scene import Backdrop, Camera, Light, MaterialName, Surface, Thing

_MAX_LABEL = 40
_METALS = ("gold", "silver", "copper", "steel")
_METAL_COLOURS = {"gold": "#d9a94e", "silver": "#cfcfcf", "copper": "#c07a52", "steel": "#9a9a9c"}


def thing_of(phrase: Phrase, name: str) -> Thing:
    """A new thing as its phrase describes it, still without a place."""
    kind_name = phrase.kind or "card"
    if kind_name == "book" and phrase.quote:
        kind_name = "standing book"
    kind = KINDS[kind_name]
    label = phrase.quote or (phrase.word if kind_name == "card" and not phrase.kind else "")
    base = Thing(
        id=name, kind=kind_name, word=_singular(phrase, kind), colour=kind.colour,
        material=kind.material, scale=words.SIZES.get(phrase.size, 1.0),
        label=label[:_MAX_LABEL] if label and kind.spot is not None else None,
    )  # fmt: skip
    return restyled(base, phrase.colour, phrase.material)


def restyled(thing: Thing, colour: str, material: str) -> Thing:
    """With another colour and material, each kept where the words name none."""
    kind = KINDS[thing.kind]
    change: dict[str, Any] = {}
    if material == "clear":
        change |= {"material": "glass", "colour": words.MATERIAL_COLOURS["clear"]}
    elif material:
        change |= _materialised(kind, material)
    if colour and not (colour == material and "colour" in change):
        change |= {"colour": colour_value(colour), "colour_name": colour[:40]}
        if colour in ("gold", "silver") and not material and not kind.fixed:
            change |= {"material": colour, "colour_name": ""}
    return thing.model_copy(update=change)


def surface_of(phrase: Phrase) -> Surface:
    """The surface that a phrase means. A colour with no material means a painted one."""
    name = words.SURFACES.get(phrase.surface)
    said = f"{phrase.colour} " if phrase.colour and phrase.colour != phrase.surface else ""
    text = f"{said}{phrase.surface or ''} {phrase.word or ''}".replace("  ", " ").strip()
    if phrase.sweep:
        name = "sweep"
    if name is None:
        name = "painted" if phrase.colour else _plain_ground(phrase.word)
    colour = words.SURFACE_COLOURS[name]
    if phrase.colour and phrase.colour != phrase.surface:
        colour = colour_value(phrase.colour)
        if name in ("walnut", "oak", "pine"):
            name, colour = _wood(name, phrase.colour)
    return Surface(name=name, colour=colour, words=(text or name)[:60])


def backdrop_of(phrase: Phrase, second: str = "") -> Backdrop:
    """The backdrop that a phrase means; `second` is the lower colour of a gradient."""
    colour = colour_value(phrase.colour) if phrase.colour else "#d9d2c7"
    text = f"{phrase.colour} {phrase.word or 'backdrop'}".strip()
    if phrase.sweep or (phrase.word in ("backdrop", "background") and not phrase.gradient):
        if phrase.sweep or phrase.colour:
            return Backdrop(name="sweep", colour=colour, words=text[:60])
        return Backdrop(name="plain", colour=colour, words=text[:60])
    if phrase.gradient:
        other = colour_value(second) if second else _lighter(colour)
        words_ = f"{phrase.colour} to {second} gradient" if second else f"{phrase.colour} gradient"
        return Backdrop(name="gradient", colour=colour, colour2=other, words=words_.strip()[:60])
    if phrase.surface in ("brick", "concrete", "stone"):
        colour = words.SURFACE_COLOURS.get(phrase.surface, colour)
    return Backdrop(name="wall", colour=colour, words=text[:60])


def light_words(light: Light) -> str:
    """How a light is called: "golden hour light", "daylight"."""
    return light.name if light.name.endswith("light") else f"{light.name} light"


def light_of(name: str, old: Light | None = None) -> Light:
    """A named light; the side is kept from the light before."""
    return Light(name=words.LIGHTS[name], side=old.side if old else "left")


def camera_with(camera: Camera, phrase: str) -> Camera:
    """The camera changed by a camera word, its words kept together."""
    known = f"{camera.words}, {phrase}" if camera.words else phrase
    change: dict[str, Any] = dict(words.CAMERA[phrase])
    return camera.model_copy(update=change | {"words": known[:60]})


def lens_with(camera: Camera, text: str) -> Camera:
    """The camera with another focal length ("85mm"), within what the studio's camera takes."""
    millimetres = min(200.0, max(18.0, float(text.removesuffix("mm"))))
    known = f"{camera.words}, {text}" if camera.words else text
    return camera.model_copy(update={"lens": millimetres, "words": known[:60]})


def said(thing: Thing) -> str:
    """The thing in a few words: "red mug", "glass bowl"."""
    kind = KINDS[thing.kind]
    material = thing.material if thing.material != kind.material else ""
    metal = material in _METALS and not thing.colour_name
    colour = thing.colour_name if not metal else ""
    size = "small " if thing.scale <= 0.8 else "large " if thing.scale >= 1.25 else ""
    return " ".join(f"{size}{colour} {material} {thing.word}".split())


def told_of(things: Sequence[Thing]) -> str:
    """Several things in words, the like ones counted: "a red mug and two lemons"."""
    counted: dict[str, int] = {}
    for thing in things:
        counted[said(thing)] = counted.get(said(thing), 0) + 1
    parts = [counted_as(name, number) for name, number in counted.items()]
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def counted_as(name: str, number: int) -> str:
    """A name with a number or an article: "three lemons", "an egg"."""
    if number == 1:
        return _with_article(name)
    word = next((word for word, count in words.COUNTS.items() if count == number), str(number))
    return f"{word} {plural(name)}"


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _singular(phrase: Phrase, kind: Kind) -> str:
    if phrase.kind == "flowers":
        return "bunch of flowers"
    return (kind.words[0] if phrase.plural and phrase.kind else phrase.word or kind.words[0])[:40]


def _materialised(kind: Kind, word: str) -> dict[str, Any]:
    """What a material's word changes: the material, and its natural colour where it has one."""
    material: MaterialName = words.MATERIALS[word]
    if kind.fixed and word in ("glossy", "shiny", "matte", "matt"):
        return {}
    change: dict[str, Any] = {"material": material, "colour_name": ""}
    if word in words.MATERIAL_COLOURS:
        change["colour"] = words.MATERIAL_COLOURS[word]
    elif material in _METAL_COLOURS:
        change["colour"] = _METAL_COLOURS[material]
    elif word in ("glossy", "shiny", "matte", "matt"):
        change.pop("colour_name")
    return change


def _plain_ground(word: str) -> Any:
    return {"floor": "oak", "ground": "concrete", "slab": "slate", "tablecloth": "linen",
            "cloth": "linen", "windowsill": "painted", "sill": "painted", "surface": "painted",
            "counter": "marble", "countertop": "marble",
            "base": "painted"}.get(word, "oak")  # fmt: skip


def _wood(name: str, colour: str) -> tuple[Any, str]:
    """A wood with a colour: dark and light choose the wood, others paint it."""
    if colour in ("brown", "dark brown", "black", "chocolate"):
        return "walnut", words.SURFACE_COLOURS["walnut"]
    if colour in ("beige", "tan", "cream", "pale"):
        return "pine", words.SURFACE_COLOURS["pine"]
    return "painted", colour_value(colour)


def _lighter(colour: str) -> str:
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (255 - p) * 0.6):02x}" for p in parts)
