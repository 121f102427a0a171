"""Attached pictures that words point at: "the logo from 2", "the mug of picture 1", "this logo".

Numbers count the pictures of this message from 1. Each mention has a role: a source (the words
take something from it), a place (they put something on it), or plain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.instruction.words import shadow

Role = Literal["source", "place", "plain"]

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip
_PICTURE = r"(?:pictures?|images?|photos?|pics?|attachments?|files?)"
_NOT_GPT = r"(?<!gpt[ -])"
""" "GPT Image 2" is no picture of the message."""
_UNITS = (
    r"(?![ -]?(?:x|px|pixels?|%|percent|degrees?|times|dpi|o'clock|am|pm|cm|mm)\b|[.:,/-][0-9]|[%°]"
    r"| (?!and\b|on\b|in\b|into\b|onto\b|to\b|as\b|with\b|behind\b|beside\b|next\b|over\b|under\b|"
    r"for\b|instead\b|please\b|but\b|then\b|using\b|look\b|keep\b|at\b|now\b)[a-z])"
)
_BEFORE_NUMBER = (
    "from|of|in|on|into|onto|to|using|with|like|use|for|make|edit|put|place|behind|under|over|match"
)
_MENTION = re.compile(
    rf"{_NOT_GPT}\b{_PICTURE} (?:no\.? ?|number |#)?(?P<named>[0-9]{{1,2}})\b"
    rf"|\b(?:{_BEFORE_NUMBER}) #?(?P<bare>[0-9]{{1,2}})\b{_UNITS}"
    rf"|\b(?P<ordinal>{'|'.join(_ORDINALS)}) (?:attached )?{_PICTURE}\b"
)
_LOOKBACK = 100

_WORDS = r"(?: [a-z'-]{1,20}){0,3}"
_SOURCE = re.compile(
    r"\b(?:from|like|with|using|use|match|matching|reference) (?:the )?$"
    rf"|\b(?:from|like|match|matching|style|look|colou?rs?|palette|light|lighting|use|using|"
    rf"with){_WORDS}"
    rf" (?:of|from) (?:the )?$|\blike{_WORDS} (?:in|on) (?:the )?$"
)
_PLACE = re.compile(
    r"\b(?:on|onto|in|into|inside|to|over|behind|under|beside|next to|against)\b[^.,;]{0,60}$"
)
_ON_WHAT_IS_THERE = (
    r"(?:on|onto|in|into|to|inside|behind|beside|next to|over) (?:it|him|her|them|the|his|its)\b"
)
_POINTED = r"\b(?:this|these|the attached|attached|the attachment|the reference)\b"
_REFERENCE = re.compile(
    rf"{_POINTED}(?: [a-z-]{{1,20}}){{0,2}} (?:as|for) (?:an? |the )?(?:style |colou?r |pose |"
    rf"visual )?"
    rf"(?:reference|inspiration|guide|example)\b"
    rf"|\b(?:put|add|place|insert|paste|use|apply|set) {_POINTED}(?: "
    rf"[a-z-]{{1,20}}){{0,2}} {_ON_WHAT_IS_THERE}"
    rf"|\b(?:style|look|colou?rs?|palette|mood|light|lighting|pose|texture|pattern) (?:of|from|"
    rf"in) {_POINTED}"
    rf"|\b(?:with|add|put|use|insert|place|include|take) (?:(?!(?:on|onto|in|into|to|top|over)\b)"
    rf"[a-z'-]{{1,20}} ){{1,4}}(?:from|of|in) {_POINTED}"
    r"|\b(?:make|turn) (?:it|him|her|them|the [a-z]{1,20}) (?:(?:look|feel|more|a bit) ){0,2}"
    r"(?:like|similar to|as in) this\b"
    rf"|\b(?:like|from|match|matching|based on|similar to|inspired by) (?:in |on )?(?:the attached|"
    rf"the attachment|the reference)\b"
)
_TAKEN_TO = re.compile(_ON_WHAT_IS_THERE)

_AS_OBJECT = re.compile(
    rf"\b(?:the )?(?:(?:{'|'.join(_ORDINALS)}) (?:attached )?{_PICTURE}|"
    rf"{_NOT_GPT}{_PICTURE} #?[0-9]{{1,2}})\b"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An attachment by its index from 0; the mention ends at `end` of the lower-case words."""

    index: int
    role: Role
    end: int


def attachment_as_object(words: str) -> str | None:
    """ "crop the second picture" as "crop it"; None when not exactly one picture is named."""
    changed, count = _AS_OBJECT.subn("it", words)
    return changed if count == 1 else None


def destination(text: str, attachments: int) -> int | None:
    """The index of the attachment that the words want changed; None when they do not say.

    The last place wins ("put the mug in 1 on the table in 2"), then the first plain mention, then
    the first picture that is left when something is taken from another.
    """
    found = _mentions(_view(text), attachments)
    places = [mention.index for mention in found if mention.role == "place"]
    if places:
        return places[-1]
    plain = [mention.index for mention in found if mention.role == "plain"]
    if plain:
        return plain[0]
    sources = {mention.index for mention in found}
    left = [index for index in range(attachments) if index not in sources]
    return left[0] if sources and left else None


def only_references(text: str, attachments: int) -> bool:
    """Whether the words take from the attachments and act on a picture that was there before."""
    view = _view(text)
    if _REFERENCE.search(view) is not None:
        return True
    found = _mentions(view, attachments)
    if not found or any(mention.role != "source" for mention in found):
        return False
    return attachments == 1 or _TAKEN_TO.search(view, found[-1].end) is not None


def _view(text: str) -> str:
    return " ".join(shadow(text).split())


def _mentions(view: str, attachments: int) -> list[Mention]:
    """The attachments that words mention, in order; a number that can be none is only a number."""
    found: list[Mention] = []
    at = 0
    for match in _MENTION.finditer(view):
        index = _number(match) - 1
        if not 0 <= index < attachments or (not match["named"] and attachments < 2):
            continue
        number_at = match.start(match.lastgroup or 0)
        lead = number_at if match["bare"] else match.start()
        found.append(Mention(index, _role(view[max(at, lead - _LOOKBACK) : lead]), match.end()))
        at = match.end()
    return found


def _number(match: re.Match[str]) -> int:
    ordinal = match["ordinal"]
    if ordinal is not None:
        return _ORDINALS[ordinal]
    return int(match["named"] or match["bare"])


def _role(before: str) -> Role:
    before = before.rstrip("#")
    if _SOURCE.search(before) is not None:
        return "source"
    return "place" if _PLACE.search(before) is not None else "plain"
