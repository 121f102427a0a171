"""What a model costs and which sizes it draws, in the few words that a list has room for."""

from __future__ import annotations

from core.engines.port import ModelCard, SizeRule

_LISTED = 3
_TOO_SMALL = 0.001


def price_words(card: ModelCard) -> str:
    """What a picture costs, as far as it is known before it is drawn."""
    rule = card.price
    if rule.free:
        return "free"
    if not rule.known:
        return "price not published"
    parts = [_a_picture(card), _rate(rule.per_megapixel, "megapixel"), _seconds(card)]
    told = " + ".join(part for part in parts if part) or "by tokens"
    return f"{told}, at least {dollars(rule.minimum)}" if rule.minimum else told


def size_words(rule: SizeRule | None) -> str:
    """Which sizes can be drawn; empty where a model draws none of its own."""
    if rule is None:
        return ""
    if rule.kind == "free":
        least = f"{rule.min_side} to " if rule.min_side > rule.multiple else "up to "
        steps = f", in steps of {rule.multiple}" if rule.multiple > 1 else ""
        return f"any size, {least}{rule.max_side} px a side{steps}"
    if len(rule.sizes) > _LISTED:
        return f"{len(rule.sizes)} sizes, the largest {_size(max(rule.sizes, key=_pixels))}"
    return ", ".join(map(_size, rule.sizes))


def dollars(usd: float) -> str:
    """Cents for what costs cents, more digits for what costs less."""
    if usd < _TOO_SMALL:
        return "under $0.001"
    return f"${usd:,.2f}" if usd >= 0.1 or round(usd, 2) == round(usd, 4) else f"${usd:.3f}"


def _a_picture(card: ModelCard) -> str:
    """A price by tokens is listed as what pictures usually come to, so it is "about" that."""
    listed = sorted(card.price.per_picture.values())
    if not listed:
        return _rate(card.price.each, "picture")
    least, most = dollars(listed[0]), dollars(listed[-1])
    return _about(listed[0]) if least == most else f"{least} to {most} a picture"


def _about(usd: float) -> str:
    told = _rate(usd, "picture")
    return told if usd < _TOO_SMALL else f"about {told}"


def _rate(usd: float, unit: str) -> str:
    return f"{dollars(usd)} a {unit}" if usd else ""


def _seconds(card: ModelCard) -> str:
    """A price by the second says little, so the usual time makes a picture's price of it."""
    rate, usual = card.price.per_second, card.capabilities.speed_s
    if rate and usual:
        return _about(rate * usual)
    return _rate(rate, "second")


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"


def _pixels(size: tuple[int, int]) -> int:
    return size[0] * size[1]
