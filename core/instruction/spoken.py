"""Models that people name in words: "4x with Clarity Pro", "a fox in snow, using Seedream 4.5".

Only names of this table count, since "a mug with flux" and "a portrait with a real estate agent"
are words for a picture. A name is passed on in one spelling, lower case with dashes, that the
catalog knows as an id or an alias.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.instruction.words import shadow

Work = Literal["draw", "enlarge", "cut out"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A model by what it is called. `said` is the pattern of what people call it."""

    name: str
    work: Work
    said: str


_D = r"[ -]?"
_GPT = rf"(?:openai[/ ])?gpt{_D}image"
_BFL = r"(?:black-forest-labs/)?"
_PHILZ = r"(?:philz1337x/)?"

SPOKEN = (
    Spoken("gpt-image-2.6-sunburst", "draw", rf"{_GPT}{_D}2\.6{_D}sunburst"),
    Spoken("gpt-image-2.6-flare", "draw", rf"{_GPT}{_D}2\.6{_D}flare"),
    Spoken("gpt-image-2.5-sunburst", "draw", rf"{_GPT}{_D}2\.5{_D}sunburst"),
    Spoken("gpt-image-2.5-flare", "draw", rf"{_GPT}{_D}2\.5{_D}flare"),
    Spoken("gpt-image-2", "draw", rf"{_GPT}{_D}2(?:\.0)?"),
    Spoken("gpt-image-1.5", "draw", rf"{_GPT}{_D}1\.5"),
    Spoken("gpt-image-1-mini", "draw", rf"{_GPT}{_D}(?:1{_D})?mini"),
    Spoken("gpt-image-1", "draw", rf"{_GPT}{_D}1(?:\.0)?"),
    Spoken("chatgpt-image-latest", "draw", rf"chatgpt{_D}image(?:{_D}latest)?"),
    Spoken("gpt-4o", "draw", rf"gpt{_D}4o(?:{_D}image(?: output)?)?"),
    Spoken("seedream-4.5", "draw", rf"(?:bytedance[/ ])?seedream(?:{_D}4\.5)?"),
    Spoken("qwen-image-edit-plus", "draw",
           rf"(?:qwen/)?qwen(?:{_D}image)?(?:{_D}edit(?:{_D}plus)?)?"),
    Spoken("flux-redux-dev", "draw", rf"{_BFL}flux{_D}redux(?:{_D}dev)?"),
    Spoken("flux-fill-dev", "draw", rf"{_BFL}flux{_D}fill(?:{_D}dev)?"),
    Spoken("hunyuan-image-2.1", "draw", rf"(?:tencent[/ ])?hunyuan(?:{_D}image)?(?:{_D}2\.1)?"),
    Spoken("studio", "draw", r"offline studio"),
    Spoken("clarity-pro-upscaler", "enlarge", rf"{_PHILZ}clarity{_D}pro(?:{_D}upscaler)?"),
    Spoken("clarity-upscaler", "enlarge", rf"{_PHILZ}clarity(?:{_D}upscaler)?"),
    Spoken("nightmareai/real-esrgan", "enlarge", rf"nightmareai[/ ]real{_D}esrgan"),
    Spoken("real-esrgan", "enlarge", rf"(?:local )?(?:real{_D})?esrgan"),
    Spoken("background-remover", "cut out",
           rf"(?:851{_D}labs[/ ])?background{_D}remover|851{_D}labs"),
    Spoken("bria-remove-background", "cut out",
           rf"bria(?:'s)?(?:[ /-](?:rmbg|remove{_D}background|background{_D}remov(?:er|al)))?"
           rf"(?:{_D}2\.0)?|rmbg(?:{_D}2\.0)?"),
)  # fmt: skip
"""A longer name stands before one that it begins with."""


def _named(work: Work | None = None) -> str:
    """A pattern of all names, or those of one work; the group that took part tells which."""
    names = "|".join(
        f"(?P<m{index}>{spoken.said})"
        for index, spoken in enumerate(SPOKEN)
        if work in (None, spoken.work)
    )
    return rf"(?:the )?(?:{names})(?: (?:model|engine|upscaler))?(?![\w/-]|\.\w)"


_WITH = re.compile(rf"(?<!\S)(?:with|using|by|via|through) {_named()}(?!\S)")
_USE = re.compile(rf"(?:use|let|have|try) {_named()}(?: (?:to|and|for)(?!\S))?,?")
_FIRST = re.compile(rf"{_named()}[:,]?(?= )")

_POLITE = r"(?:[ ,]{1,2}(?:please|pls|thanks|thank you|instead|this time)){0,2}[ .!)]{0,4}"
_TAIL = re.compile(
    rf"(?:[ ,]{{1,2}}(?:but|and|this time|now))?(?:[ ,;\n(]{{1,3}}(?:with|using|via)"
    rf"|[,.;\n]{{1,2}} ?(?:use|model:)) {_named('draw')}(?={_POLITE}$)"
)
_FRONT = re.compile(
    rf"(?:(?:please|now|ok|can you|could you|would you)[ ,]{{1,2}}){{0,3}}"
    rf"(?:use|using|with|via) {_named('draw')}(?: to(?= )| and(?= )|[,:.;\n])[ \n]{{1,3}}"
)
_JOINT = re.compile(r"(?:[ ,]+(?:but|and))?[ ,]*$")
_WHOLE = re.compile(_named())
_LONGEST_END = 120


@dataclass(frozen=True, slots=True)
class Stretch:
    """A prompt without the model that it names in front or at its end; `phrase` named it."""

    words: str
    model: str
    phrase: str


def called(name: str) -> Spoken | None:
    """The model that people call so."""
    match = _WHOLE.fullmatch(" ".join(shadow(name).split()))
    return _found(match) if match else None


def lift(words: str) -> tuple[str, Spoken | None]:
    """The words of a clause without a model that they name, and that model."""
    for found in (_WITH.search(words), _USE.match(words), _FIRST.match(words)):
        if found is not None:
            before = _JOINT.sub("", words[: found.start()])
            return f"{before} {words[found.end() :].strip(' ,')}".strip(), _found(found)
    return words, None


def without_front(prompt: str) -> str:
    """A prompt without a model that is named in front of it."""
    named = _in_front(prompt)
    return named.words if named else prompt


def named_at_an_end(prompt: str) -> Stretch | None:
    """The drawing model that a prompt names in front or at its end, and what is left then."""
    in_front = _in_front(prompt)
    if in_front is not None:
        return in_front
    found = _TAIL.search(shadow(prompt), max(0, len(prompt) - _LONGEST_END))
    left = prompt[: found.start()].rstrip(" ,;\n(") if found else ""
    if found is None or not left:
        return None
    return Stretch(left, _found(found).name, found[0].strip(" ,.;\n("))


def _in_front(prompt: str) -> Stretch | None:
    found = _FRONT.match(shadow(prompt))
    left = prompt[found.end() :].strip() if found else ""
    if found is None or not left:
        return None
    return Stretch(left, _found(found).name, found[0].strip(" ,:.;\n"))


def _found(match: re.Match[str]) -> Spoken:
    """The model whose group took part."""
    groups = match.groupdict()
    return next(each for index, each in enumerate(SPOKEN) if groups.get(f"m{index}"))
