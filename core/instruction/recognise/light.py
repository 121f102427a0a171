"""Exact changes of light and colour: brightness, contrast, warmth, saturation, sharpness."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.errors import BadInput
from core.instruction.plan import Adjust, Step
from core.instruction.recognise.rules import IT, MAKE, Found, Rule, always, rule
from core.picture.adjustments import Light, Sharpen

LITTLE, SOME, MUCH = 10.0, 20.0, 40.0
"""What "a bit", no word, and "much" are worth, of 100."""

SHARPEN = {"little": 25.0, "some": 50.0, "much": 80.0}

_LITTLE = (
    r"(?:(?:just )?(?:(?:an? )?(?:tiny |little |wee )?(?:bit|touch|tad|hair|notch|smidge|little)|"
    r"slightly|"
    r"somewhat|a bit more))"
)
_MUCH = r"(?:much|a lot|lots|far|way|significantly|considerably|really|very|even much|strongly)"
_HOW = rf"(?:(?P<little>{_LITTLE}) |(?P<much>{_MUCH}) |even )?"
_HOW_AFTER = rf"(?: (?P<little>{_LITTLE})| (?P<much>{_MUCH}))?"
_PERCENT = r"(?: (?:by|to) \+?(?P<amount>[0-9]{1,4}) ?(?:%|percent|points)?)"
_MORE = r"(?:more|higher|stronger|extra|increased?)"
_LESS = r"(?:less|lower|weaker|reduced?|decreased?|softer)"
_UP = r"(?:increase|raise|boost|up|add|turn up|bump up|bump|more)"
_DOWN = r"(?:decrease|reduce|lower|drop|cut|turn down|less)"

_BRIGHTER = r"(?:brighter|lighter|more bright|less dark)"
_DARKER = r"(?:darker|dimmer|less bright|more dark)"
_WARMER = r"(?:warmer|warmer (?:colou?rs|tones?|light|white balance)|less cool|less cold)"
_COOLER = r"(?:cooler|colder|cooler (?:colou?rs|tones?|white balance)|less warm|more cool)"
_RICHER = r"(?:more saturated|more vivid|more vibrant|more colou?rful)"
_PALER = r"(?:less saturated|less vivid|less vibrant|less colou?rful|more muted)"
_NOUNS = {
    "brightness": r"(?:brightness|exposure)",
    "contrast": r"contrast",
    "warmth": r"(?:warmth|temperature|colou?r temperature)",
    "saturation": r"(?:saturation|vibrance|vividness)",
}


def light_step(field: str, amount: float) -> list[Step]:
    """One light adjustment of one field.

    Raises:
        BadInput: the amount is not within -100..100.
    """
    if not -100 <= amount <= 100:
        raise BadInput(
            f"{field.capitalize()} goes from -100 to 100, and that was {amount:+g}.",
            hint=f"Say for example “{field} +20” or “a bit more {field}”.",
        )
    return [Adjust(adjustment=Light.model_validate({field: amount}))]


def _amount(found: Found) -> float:
    said = found.number("amount")
    if said is not None:
        return said
    if found.get("little"):
        return LITTLE
    return MUCH if found.get("much") else SOME


def _move(field: str, sign: int) -> Callable[[Found], Sequence[Step]]:
    return lambda found: light_step(field, sign * _amount(found))


def _set(field: str) -> Callable[[Found], Sequence[Step]]:
    def build(found: Found) -> Sequence[Step]:
        sign = -1 if found.get("sign") == "-" else 1
        return light_step(field, sign * _amount(found))

    return build


def _sharpen(found: Found) -> Sequence[Step]:
    amount = found.number("amount")
    if amount is None:
        size = "little" if found.get("little") else "much" if found.get("much") else "some"
        amount = SHARPEN[size]
    if amount > 100:
        raise BadInput("Sharpening goes from 0 to 100.", hint="Say for example “sharpen by 50”.")
    return [Adjust(adjustment=Sharpen(amount=amount))]


_TOO: dict[str, tuple[str, int]] = {
    "dark": ("brightness", 1), "bright": ("brightness", -1), "light": ("brightness", -1),
    "warm": ("warmth", -1), "yellow": ("warmth", -1), "orange": ("warmth", -1),
    "cold": ("warmth", 1), "cool": ("warmth", 1), "blue": ("warmth", 1),
    "saturated": ("saturation", -1), "colourful": ("saturation", -1),
    "colorful": ("saturation", -1), "pale": ("saturation", 1),
    "washed out": ("saturation", 1), "flat": ("contrast", 1),
    "contrasty": ("contrast", -1),
}  # fmt: skip
"""What a complaint ("too dark") asks to move, and which way."""


def _less_of_it(found: Found) -> Sequence[Step]:
    field, sign = _TOO[found.text("too")]
    return light_step(field, sign * _amount(found))


def _comparative(words: str, field: str, sign: int) -> tuple[Rule, ...]:
    return (
        rule(rf"{MAKE}{_HOW}{words}", _move(field, sign)),
        rule(rf"{MAKE}{words}{_HOW_AFTER}", _move(field, sign)),
        rule(rf"{MAKE}(?P<amount>[0-9]{{1,4}}) ?(?:%|percent) {words}", _move(field, sign)),
        rule(rf"{MAKE}{words}{_PERCENT}", _move(field, sign)),
    )


def _verb(words: str, field: str, sign: int) -> tuple[Rule, ...]:
    return (
        rule(rf"{words}{IT}(?: up)?(?:{_HOW_AFTER}|{_PERCENT})", _move(field, sign)),
        rule(rf"{_HOW}{words}{IT}", _move(field, sign)),
    )


def _noun(words: str, field: str) -> tuple[Rule, ...]:
    the = rf"(?:the |its )?{words}"
    return (
        rule(rf"(?:(?:add|give it|use|with|make it) )?{_HOW}{_MORE} {the}", _move(field, 1)),
        rule(rf"(?:(?:give it|use|with|make it) )?{_HOW}{_LESS} {the}", _move(field, -1)),
        rule(rf"{_UP} {the}(?:{_HOW_AFTER}|{_PERCENT})", _move(field, 1)),
        rule(rf"{the} up(?:{_HOW_AFTER}| (?P<amount>[0-9]{{1,4}}) ?%?)", _move(field, 1)),
        rule(rf"{the} down(?:{_HOW_AFTER}| (?P<amount>[0-9]{{1,4}}) ?%?)", _move(field, -1)),
        rule(rf"{_DOWN} {the}(?:{_HOW_AFTER}|{_PERCENT})", _move(field, -1)),
        rule(rf"(?:set )?{the}(?: to| by|:|=)? ?(?P<sign>[+-])?(?P<amount>[0-9]{{1,4}})(?: ?%)?",
             _set(field)),
        rule(rf"(?P<sign>[+-])(?P<amount>[0-9]{{1,4}})(?: ?%)? {words}", _set(field)),
    )  # fmt: skip


_GREY = always(Adjust(adjustment=Light(saturation=-100)))

RULES = (
    *_comparative(_BRIGHTER, "brightness", 1),
    *_comparative(_DARKER, "brightness", -1),
    *_comparative(_WARMER, "warmth", 1),
    *_comparative(_COOLER, "warmth", -1),
    *_comparative(_RICHER, "saturation", 1),
    *_comparative(_PALER, "saturation", -1),
    *_comparative(r"(?:more contrasty|punchier)", "contrast", 1),
    *_verb(r"(?:brighten|lighten)", "brightness", 1),
    *_verb(r"(?:darken|dim)", "brightness", -1),
    *_verb(r"warm", "warmth", 1),
    *_verb(r"cool", "warmth", -1),
    rule(rf"cool{IT} down{_HOW_AFTER}", _move("warmth", -1)),
    *_verb(r"saturate", "saturation", 1),
    *_comparative(r"(?:less yellow|less orange)", "warmth", -1),
    *_comparative(r"(?:less blue)", "warmth", 1),
    rule(rf"make (?:the )?(?:colou?rs|tones?) {_HOW}warmer", _move("warmth", 1)),
    rule(rf"make (?:the )?(?:colou?rs|tones?) {_HOW}(?:cooler|colder)", _move("warmth", -1)),
    rule(rf"(?:it's |it is |its |it looks )?{_HOW}too (?P<too>{'|'.join(_TOO)})"
         rf"(?:,? (?:so )?(?:please )?(?:can you |could you )?make it (?:{_BRIGHTER}|{_DARKER}|"
         rf"{_WARMER}|{_COOLER}|{_RICHER}|{_PALER}))?", _less_of_it),
    *(found for field, words in _NOUNS.items() for found in _noun(words, field)),
    rule(rf"(?:{MAKE}|convert (?:it )?to |change it to |turn it to |in |to |into )?"
         rf"(?:into |to |in )?"
         rf"(?:black (?:and|&|n|'n') white|b ?& ?w|b/w|bw|gr[ae]y ?scale|monochrome|desaturated)"
         rf"(?: (?:it|version|photo|picture|image))?", _GREY),
    rule(rf"desaturate{IT} (?P<little>{_LITTLE})", _move("saturation", -1)),
    rule(rf"desaturate{IT}(?: (?:completely|fully|entirely))?", _GREY),
    rule(r"(?:remove|drop|take out) (?:all )?(?:the )?colou?rs?", _GREY),
    rule(rf"sharpen{IT}{_HOW_AFTER}", _sharpen),
    rule(rf"sharpen{IT}(?: (?:by|to))? (?P<amount>[0-9]{{1,4}}) ?%?", _sharpen),
    rule(rf"{_HOW}sharpen{IT}", _sharpen),
    rule(rf"{MAKE}{_HOW}(?:sharper|more sharp|crisper)|(?:more|increase the|add) "
         rf"sharpness", _sharpen),
)  # fmt: skip
