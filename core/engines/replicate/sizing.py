"""From the size that is wanted to what a model can be told of size.

Models are told ratios ("16:9"), levels ("2K", "1 MP"), sizes ("1024x768") or both sides in pixels.
What they draw is measured afterwards, so that nearly right is good enough here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.engines.port import SizeRule
from core.engines.replicate.fields import InputField
from core.engines.replicate.generic import Roles

Size = tuple[int, int]
Values = dict[str, Any]

USUAL_PIXELS = 1024 * 1024
_STEP = 16
_PAIR = re.compile(r"(\d+(?:\.\d+)?)\s*[:x×*/_]\s*(\d+(?:\.\d+)?)")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(k|mp|megapixels?|p|px)?")
_SHAPES = {"square": 1.0, "portrait": 2 / 3, "landscape": 3 / 2}
_MULTIPLE = re.compile(r"(?:multiples? of|divisible by) (\d{1,3})\b")
_CLOSE = 0.02
_NEARLY = 0.9
_SMALLEST_SIDE = 64
_WIDEST = 2048


def sized(roles: Roles, wish: Size | None, subject: Size | None, least: int = 0) -> Values:
    """What to send about size. `least`: fewer pixels than these are not drawn."""
    target = wish or subject
    if target is None:
        return {}
    if roles.ratio is not None and _spoken(roles.ratio):
        return _by_ratio(roles, roles.ratio, wish, subject, least)
    pairs = next((field for field in roles.levels if pixel_sizes(field)), None)
    if pairs is not None:
        return {pairs.name: _nearest_pair(pairs, target)}
    shaped = next((field for field in roles.levels if _ratios(field)), None)
    if shaped is not None:
        return {shaped.name: _nearest_ratio(shaped, target)}
    if roles.sides is not None:
        return _custom(roles.levels) | framed(roles.sides, target, least)
    return _levels(roles, target, subject)


def every_way(roles: Roles, target: Size, subject: Size | None) -> Values:
    """The size in all ways that the model knows, for one that wants more than one at a time."""
    values = _levels(roles, target, subject)
    if roles.sides is not None:
        values |= framed(roles.sides, target)
    for field in (roles.ratio, *roles.levels):
        if field is not None and pixel_sizes(field):
            values[field.name] = _nearest_pair(field, target)
        elif field is not None and _ratios(field):
            values[field.name] = _nearest_ratio(field, target)
    return values


def ratio_of(choice: object) -> float | None:
    """Width over height of what a choice says, None when it says nothing of shape."""
    if not isinstance(choice, str):
        return None
    text = choice.lower()
    shape = next((_SHAPES[word] for word in _SHAPES if word in text), None)
    pair = _PAIR.search(text)
    if pair is None:
        return shape
    across, down = float(pair[1]), float(pair[2])
    if not across or not down:
        return None
    told = across / down
    turned = shape is not None and (shape - 1) * (told - 1) < 0
    return 1 / told if turned else told


def pixel_sizes(field: InputField) -> dict[Any, Size]:
    """The choices that are sizes in pixels, such as "1024x768"."""
    found = {}
    for choice in field.choices:
        pair = _PAIR.search(choice) if isinstance(choice, str) else None
        if pair and min(float(pair[1]), float(pair[2])) >= _SMALLEST_SIDE:
            found[choice] = (int(float(pair[1])), int(float(pair[2])))
    return found


def size_rule(roles: Roles, pixels: int, drawn: Mapping[str, tuple[Size, ...]]) -> SizeRule | None:
    """What can be asked of a model, in pixels. `drawn`: what it is known to draw by ratio."""
    if roles.ratio is not None and _ratios(roles.ratio):
        told = [
            drawn.get(choice) or (_about(ratio, pixels),)
            for choice, ratio in _ratios(roles.ratio).items()
        ]
        return SizeRule(kind="fixed", sizes=_reachable(roles, told))
    for field in roles.levels:
        if sizes := pixel_sizes(field):
            return SizeRule(kind="fixed", sizes=tuple(dict.fromkeys(sizes.values())))
        if ratios := _ratios(field):
            sizes_about = tuple(_about(ratio, pixels) for ratio in ratios.values())
            return SizeRule(kind="fixed", sizes=sizes_about)
    return _free(roles.sides) if roles.sides is not None else None


def _reachable(roles: Roles, told: list[tuple[Size, ...]]) -> tuple[Size, ...]:
    """Those sizes that a level of the model reaches; of each ratio at least the smallest."""
    amounts = [_pixels(choice) or 0.0 for field in roles.levels for choice in field.choices]
    most = max(amounts, default=0.0) or math.inf
    return tuple(
        size
        for sizes in told
        for size in sizes
        if size == sizes[0] or size[0] * size[1] * _NEARLY <= most
    )


def framed(sides: tuple[InputField, InputField], size: Size, least: int = 0) -> Values:
    """Both sides in pixels, near `size` and of its shape, as the model allows them; or nothing."""
    grow = max(1.0, math.sqrt(least / (size[0] * size[1])))
    for field, side in zip(sides, size, strict=True):
        grow = max(grow, _low(field) / side)
    for field, side in zip(sides, size, strict=True):
        grow = min(grow, _high(field) / side)
    values = {}
    for field, side in zip(sides, size, strict=True):
        value = _side(field, side * grow)
        if value is None:
            return {}
        values[field.name] = value
    return values


def _by_ratio(
    roles: Roles, ratio: InputField, wish: Size | None, subject: Size | None, least: int
) -> Values:
    """By name where one fits. The picture's own ratio is taken where its nearest name is meant:
    that is what an edit without any wish for size comes with."""
    target = wish or subject or (1, 1)
    named = _ratios(ratio)
    own = _own(ratio)
    nearest = _nearest_ratio(ratio, target) if named else None
    if own and subject and (wish is None or nearest is None
                            or nearest == _nearest_ratio(ratio, subject)):  # fmt: skip
        return {ratio.name: own} | _levels(roles, target, subject)
    switch = _custom((ratio, *roles.levels))
    far = nearest is None or _loss(named[nearest], target[0] / target[1]) > _CLOSE
    if far and switch and roles.sides is not None:
        frame = framed(roles.sides, target, least)
        if frame:
            return switch | frame
    if nearest is None:
        return {}
    return {ratio.name: nearest} | _levels(roles, target, subject)


def _spoken(field: InputField) -> bool:
    return bool(_ratios(field) or _own(field))


def _ratios(field: InputField) -> dict[Any, float]:
    told = {choice: ratio_of(choice) for choice in field.choices}
    return {choice: ratio for choice, ratio in told.items() if ratio is not None}


def _own(field: InputField) -> Any:
    """The choice that means the ratio or size of the input picture."""
    texts = (choice for choice in field.choices if isinstance(choice, str))
    return next((choice for choice in texts if choice.lower().startswith("match")), None)


def _custom(fields: Iterable[InputField]) -> Values:
    """The choice that makes both sides in pixels count."""
    for field in fields:
        if "custom" in field.choices:
            return {field.name: "custom"}
    return {}


def _nearest_ratio(field: InputField, size: Size) -> Any:
    named = _ratios(field)
    return min(named, key=lambda choice: _loss(named[choice], size[0] / size[1]))


def _nearest_pair(field: InputField, size: Size) -> Any:
    """The size that loses least by cropping and enlarging."""
    sizes = pixel_sizes(field)

    def loss(choice: Any) -> tuple[float, int]:
        width, height = sizes[choice]
        scale = max(size[0] / width, size[1] / height)
        return _loss(width / height, size[0] / size[1]) + max(0.0, scale - 1), width * height

    return min(sizes, key=loss)


def _loss(one: float, other: float) -> float:
    """The share that is cropped away from one ratio to another."""
    return 1 - min(one / other, other / one)


def _levels(roles: Roles, target: Size, subject: Size | None) -> Values:
    """The smallest level that covers the size, else the largest."""
    values: Values = {}
    pixels = target[0] * target[1]
    for field in roles.levels:
        own = _own(field)
        if own and subject:
            values[field.name] = own
        elif field.choices:
            known = {choice: amount for choice in field.choices if (amount := _pixels(choice))}
            covering = [choice for choice in known if known[choice] >= pixels * _NEARLY]
            if known:
                least = min(covering, key=known.__getitem__, default=None)
                values[field.name] = least if covering else max(known, key=known.__getitem__)
        elif field.name == "megapixels" and field.kind == "number":
            amount = min(max(pixels / 1e6, field.minimum or 0.1), field.maximum or 4.0)
            values[field.name] = amount
    return values


def _pixels(choice: object) -> float | None:
    """How many pixels a level is: "2K", "1 MP", "0.25", "1080p", 1024."""
    match = _AMOUNT.fullmatch(str(choice).strip().lower())
    if match is None or isinstance(choice, bool):
        return None
    number, unit = float(match[1]), match[2] or ""
    if unit == "k":
        return (number * 1024) ** 2
    if unit.startswith("m") or (not unit and number < _SMALLEST_SIDE):
        return number * 1e6
    if unit == "p":
        return number * number * 16 / 9
    return number * number


def _about(ratio: float, pixels: int) -> Size:
    across = math.sqrt(pixels * ratio)
    return (max(1, round(across / _STEP)) * _STEP, max(1, round(across / ratio / _STEP)) * _STEP)


def _free(sides: tuple[InputField, InputField]) -> SizeRule | None:
    low = max(_SMALLEST_SIDE, *(math.ceil(_low(field)) for field in sides))
    high = math.floor(min(_high(field) for field in sides))
    step = max(_step(field) for field in sides)
    if any(field.choices for field in sides) or high < max(low, step):
        return None
    return SizeRule(kind="free", multiple=step, min_side=low, max_side=high, max_pixels=high * high)


def _step(field: InputField) -> int:
    """Declared, told, or what most models take."""
    told = _MULTIPLE.search(field.description.lower())
    step = field.multiple if field.multiple > 1 else int(told[1]) if told else 8
    return max(1, step)


def _low(field: InputField) -> float:
    numbers = [choice for choice in field.choices if isinstance(choice, int | float)]
    return max(1.0, min(numbers, default=field.minimum or 1))


def _high(field: InputField) -> float:
    numbers = [choice for choice in field.choices if isinstance(choice, int | float)]
    return max(numbers, default=field.maximum or _WIDEST)


def _side(field: InputField, length: float) -> int | None:
    if field.choices:
        return min(field.choices, key=lambda choice: abs(choice - length))  # type: ignore[no-any-return]
    for step in (_step(field), field.multiple or 1):
        low, high = math.ceil(_low(field) / step) * step, math.floor(_high(field) / step) * step
        value = min(max(round(length / step) * step, low), high)
        if field.takes(value):
            return value
    return None
