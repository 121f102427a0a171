"""Flags in the habit of image bots (`--ar 4:5`), parsed off the words.

A phone writes "--" as a long dash, so a dash counts where it touches a known name; a dash before
any other word is prose. Two plain hyphens before an unknown name are a mistake, and said so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import BadInput
from core.instruction.plan import TurnOptions
from core.instruction.words import plain_typography, shadow

_FLAG = re.compile(r"(?<!\S)(--|[—–])([A-Za-z][A-Za-z-]*)")
_VALUE = re.compile(r'(?: *= *| +)?(?:"([^"\n]*)"|([^\s,;"]+))')
_SIZE = re.compile(r"([0-9]{1,5})(?:[x*]([0-9]{1,5}))?")
_RATIO = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)[:x/]([0-9]{1,4}(?:\.[0-9]{1,3})?)")
_NAMED_SIZES = ("square", "portrait", "landscape", "auto")
_QUALITIES = {
    "low": "low", "draft": "low", "medium": "medium", "med": "medium", "standard": "medium",
    "high": "high", "hd": "high", "hi": "high", "auto": "auto", "xhigh": "xhigh",
    "x-high": "xhigh", "extra-high": "xhigh", "max": "max", "maximum": "max",
}  # fmt: skip
_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Flagged:
    """A text without its flags, and what they asked for."""

    text: str
    options: TurnOptions


def split_flags(text: str) -> Flagged:
    """Take the flags out of a text; the rest keeps its words, quotes and line breaks.

    Raises:
        BadInput: an unknown flag, or a value that the flag cannot have.
    """
    view, plain = shadow(text), plain_typography(text)
    wishes: dict[str, object] = {}
    kept: list[str] = []
    at = 0
    for found in _FLAG.finditer(text):
        # A quotation is blanked in the shadow: what stands in it is no flag.
        if found.start() < at or view[found.start(2)] != found[2][0].lower():
            continue
        name = _known(found[2].lower(), certain=found[1] == "--")
        if name is None:
            continue
        value, end = _value(name, plain, found.end())
        wishes[_MEANT.get(name, name)] = _READERS[name](value)
        kept.append(text[at : found.start()].rstrip(" "))
        alone = text[: found.start()].endswith("\n") and text.startswith("\n", end)
        at = end + 1 if alone else end
    kept.append(text[at:])
    return Flagged("".join(kept) if wishes else text, TurnOptions.model_validate(wishes))


def _known(name: str, *, certain: bool) -> str | None:
    name = _ALIASES.get(name, name)
    if name in _READERS:
        return name
    if not certain:
        return None
    close = difflib.get_close_matches(name[:40], list(_READERS), n=1)
    guess = f"Did you mean --{close[0]}? " if close else ""
    known = ", ".join(f"--{flag}" for flag in _READERS)
    raise BadInput(f"I don't know the flag --{name[:40]}.", hint=f"{guess}These work: {known}.")


def _value(name: str, plain: str, start: int) -> tuple[str, int]:
    """The flag's value (plain typography) and where it ends."""
    if name in _SWITCHES and not plain.startswith("=", start):
        return "true", start
    found = _VALUE.match(plain, start)
    if found is None or (found[2] or "").startswith("--"):
        raise _refusal(name, "")
    if found[1] is not None:
        return found[1].strip(), found.end()
    value = found[2].rstrip(".!?)")
    return value, found.start(2) + len(value)


def _refusal(name: str, value: str) -> BadInput:
    said = f"--{name} can't be “{value[:40]}”." if value else f"--{name} needs a value."
    return BadInput(said, hint=f"For example: {_EXAMPLES[name]}")


def _read_size(value: str) -> str:
    value = value.lower()
    if value in _NAMED_SIZES:
        return value
    found = _SIZE.fullmatch(value)
    if found is None:
        raise _refusal("size", value)
    width, height = int(found[1]), int(found[2] or found[1])
    if min(width, height) < 1:
        raise _refusal("size", value)
    return f"{width}x{height}"


def _read_ratio(value: str) -> str:
    if value.lower() == "square":
        return "1:1"
    found = _RATIO.fullmatch(value.lower())
    if found is None or not (float(found[1]) and float(found[2])):
        raise _refusal("ar", value)
    return f"{found[1]}:{found[2]}"


def _read_quality(value: str) -> str:
    if value.lower() not in _QUALITIES:
        raise _refusal("quality", value)
    return _QUALITIES[value.lower()]


def _switch(name: str, *, off: bool = False) -> Callable[[str], bool]:
    def read(value: str) -> bool:
        if value.lower() not in _SWITCH:
            raise _refusal(name, value)
        return _SWITCH[value.lower()] is not off

    return read


def _whole_number(name: str, lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", value) or not lowest <= int(value) <= highest:
            raise _refusal(name, value)
        return int(value)

    return read


def _name(name: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value or len(value) > LONGEST_NAME:
            raise _refusal(name, value)
        return value

    return read


_READERS: dict[str, Callable[[str], object]] = {
    "model": _name("model"),
    "size": _read_size,
    "ar": _read_ratio,
    "n": _whole_number("n", 1, 10),
    "seed": _whole_number("seed", 0, 2**32 - 1),
    "quality": _read_quality,
    "transparent": _switch("transparent"),
    "style": _name("style"),
    "substitute": _switch("substitute"),
    "no-substitute": _switch("no-substitute", off=True),
}
_SWITCHES = ("transparent", "substitute", "no-substitute")
_MEANT = {"no-substitute": "substitute"}
_ALIASES = {
    "aspect": "ar", "aspect-ratio": "ar", "ratio": "ar", "q": "quality", "count": "n", "m": "model",
}  # fmt: skip
_EXAMPLES = {
    "model": "--model gpt-image-2",
    "size": "--size 1536x1024, or square, portrait, landscape, auto",
    "ar": "--ar 4:5",
    "n": "--n 4 (1 to 10)",
    "seed": "--seed 7 (0 to 4294967295)",
    "quality": "--quality low, medium, high, xhigh, max or auto",
    "transparent": "--transparent",
    "style": '--style acme, or --style "our brand"',
    "substitute": "--substitute: another model may do it if this one can't",
    "no-substitute": "--no-substitute: this model or none",
}
