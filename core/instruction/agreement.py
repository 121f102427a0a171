"""Agreement to an offer: "yes", "ok, use it", "go ahead", "do it with Clarity Pro".

Whether anything was offered is for the caller to know. Words that want anything else besides ("yes,
but bluer"), and anything that asks back, are no agreement: spending waits for a clear yes.
"""

from __future__ import annotations

import re

from core.instruction.spoken import called
from core.instruction.words import shadow

LONGEST_YES = 120

_THAT = r"(?:that|this|the other)(?: one| model)?|it"
_YES = (
    r"yes|yep|yeah|yup|aye|sure thing|sure|ok|okay|alright|all right|fine (?:by|with) me|fine|"
    rf"sounds (?:good|great|fine)|go ahead|go for it|please do|please|(?:do it )?with (?:{_THAT})|"
    rf"do (?:it|that|so)|let's (?:do (?:it|that)|use (?:it|that)|go)|"
    rf"(?:use|take|try|pick|choose) (?:{_THAT})|that one|that works|works for me|agreed|i agree|"
    r"absolutely|of course|definitely|certainly|proceed|continue|that's (?:fine|ok|okay|good)|"
    r"why not\?*|[👍👌✅✔💯]"
)
"""Where one begins with another, the longer stands first."""
_ALSO = r"and|then|now|thanks|thank you|thx|pls|plz|instead|great|perfect|good idea|[🙏🙂😊]"
_SAID = re.compile(rf"[ ,.!;]*(?:(?P<yes>{_YES})|{_ALSO})(?![\w'-])[ ,.!;]*")
_VERB = re.compile(
    r"(?:(?:^|[ ,.!;]+)(?:with|using|use|take|try|pick|choose|go (?:with|for)))?[ ,.!;]*$"
)
_WORD = re.compile(r"[^ ,]+")
_MANNERS = re.compile(r"(?:[ ,.!;]+(?:please|pls|thanks|thank you|then|instead|now))*[ .!;]*$")
_TONES = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")


def agrees(text: str, offer: str = "") -> bool:
    """Whether a message says yes and no more. `offer` is the id of the model that was offered.

    Without the offer's id, a message that names a model agrees to nothing.
    """
    if len(text) > LONGEST_YES:
        return False
    words = " ".join(_TONES.sub("", shadow(text)).split())
    left = _without_offer(words, offer.lower()) if offer else None
    if left is not None:
        return not left or _only_yes(left)[0]
    wholly, said = _only_yes(words)
    return wholly and said


def _only_yes(words: str) -> tuple[bool, bool]:
    """Whether there is nothing but agreement and manners, and whether agreement is among it."""
    at, said = 0, False
    while at < len(words):
        found = _SAID.match(words, at)
        if found is None:
            return False, said
        at, said = found.end(), said or found["yes"] is not None
    return True, said


def _without_offer(words: str, offer: str) -> str | None:
    """The words without the offered model, or None when they do not name it."""
    words = _MANNERS.sub("", words)
    for word in _WORD.finditer(words):
        if _is(words[word.start() :], offer):
            return _VERB.sub("", words[: word.start()])
    return None


def _is(name: str, offer: str) -> bool:
    """Whether a model is called so: by its id, or by what people say for it."""
    spoken = called(name)
    return name == offer or (
        spoken is not None
        and (spoken == called(offer) or offer == spoken.name or offer.endswith(f"/{spoken.name}"))
    )
