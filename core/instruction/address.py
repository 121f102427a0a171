"""A version named in front: "edit v2: make it blue", "in v2, …", "make v2 blue"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.instruction.recognise.tree import check_version
from core.instruction.words import shadow

_V = r"(?:the )?(?:version|ver|v)\.? ?#?([0-9]{1,6})"
_LONGEST = 200
_POLITE = r"(?:(?:please|ok|okay|now|can you|could you|would you)[ ,]{1,3}){0,4}"
_BACK = r"(?:go |get |take it )?(?:back|return|revert) to "
_ADDRESS = re.compile(
    rf"{_POLITE}(?:(?:(?:edit|in|on|from|for|with|take|using|use|change|(?:edit|continue|"
    rf"start(?:ing)?|branch) (?:from|with)|based on) |{_BACK})?{_V}(?: ?[:,](?: and| but)?| "
    rf"-)|{_BACK}{_V} (?:and|but))"
    rf"(?![ \n]*then\b)[ \n]{{1,4}}"
)
_OBJECT = re.compile(
    rf"{_POLITE}(?:make|edit|change|take|turn|give|use|keep|in|on|for|recolou?r) {_V}(?:'s)?\b(?=.)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The number of a version, and where in the text the instruction itself begins."""

    version: int
    begin: int


def named_in_front(text: str, count: int) -> Named | None:
    """The version that the words address, of `count` versions; None when they name none.

    After "edit v2: " the instruction begins behind the colon. In "make v2 blue" the version is a
    part of the sentence, which stays whole; there "v8" is an engine when there is no v8.

    Raises:
        BadInput: a version is addressed that is not there.
    """
    if count == 0:
        return None
    view = shadow(text[:_LONGEST])
    addressed = _ADDRESS.match(view)
    if addressed is not None and text[addressed.end() :].strip():
        number = int(addressed[1] or addressed[2])
        return Named(check_version(number, count), addressed.end())
    spoken = _OBJECT.match(view)
    if spoken is not None and 1 <= int(spoken[1]) <= count:
        return Named(int(spoken[1]), 0)
    return None
