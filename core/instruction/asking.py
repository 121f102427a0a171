"""Questions for a model rather than a picture: "which model for a logo with glass?"

Only a whole message that asks for a model counts. Many models are people ("which model is on the
left?", "a model in a red coat"), so what may follow the word is a short list.
"""

from __future__ import annotations

import re

from core.instruction.words import shadow

LONGEST_QUESTION = 400

_POLITE = (
    r"(?:(?:hey|hi|hello|ok|okay|so|and|now|well|please|easel|can you|could you|can u|would you)"
    r"[ ,!]{1,3}){0,4}(?:tell me |do you know |you know )?"
)
_KIND = r"(?P<kind>(?:(?:image|drawing|ai) )?(?:model|engine)s?|upscalers?|background removers?)"
_BEST = (
    r"(?:the |a )?(?:best|better|good|right|ideal|great|strongest|fastest|cheapest|most suitable)"
)
_ADVISED = r"(?:use|pick|choose|take|try|recommend|suggest|advise)"
_FOR = r"(?: ?(?:for|to|at|in|with|when|if)(?= |$))"
_ABOUT = r"(?: (?P<about>.{1,300}))?"
_DOES = (
    r"(?:draws?|makes?|renders?|writes?|handles?|keeps?|edits?|cuts?|upscales?|enlarges?|supports?|"
    r"spells?|paints?|removes?)"
)
_QUESTIONS = tuple(
    re.compile(_POLITE + pattern)
    for pattern in (
        # which model should I use for …
        rf"(?:which|what) {_KIND} (?:should|shall|would|do|can|could) (?:i|we|you|one) {_ADVISED}"
        rf"{_FOR}?{_ABOUT}",
        # which model is best at …
        rf"(?:which|what) {_KIND} (?:is|are|would be|works?|does) (?:{_BEST}|well|best)"
        rf"(?:$|{_FOR}{_ABOUT})",
        # which model for …
        rf"(?:which|what) {_KIND}(?:$|{_FOR}{_ABOUT})",
        # which model can draw …
        rf"(?:which|what) {_KIND} (?:can (?:do )?|does )?(?P<verb>{_DOES})(?: {_BEST})?{_ABOUT}",
        # recommend a model for …
        rf"(?:recommend|suggest|advise)(?: me| us)?(?: an?| the| some| which)?(?: {_BEST})? {_KIND}"
        rf"(?: that| which)?{_FOR}?{_ABOUT}",
        # what is the best model for …
        rf"(?:(?:what is|what's|whats|which is) )(?:{_BEST}) {_KIND}(?:$|{_FOR}{_ABOUT})",
        # which models are there
        rf"(?:which|what) {_KIND} (?:are there|do (?:you|we) have|(?:can|could|may) (?:i|we) use|"
        rf"do you know|are available)(?P<about>)",
    )
)
_EDGES = " ?!.,:"


def asks_for_a_model(text: str) -> str | None:
    """What a message wants a model for, in its own words; None when it asks for something else."""
    words = " ".join(text.split())
    if len(words) > LONGEST_QUESTION:
        return None
    view = shadow(words)
    end = len(view.rstrip(_EDGES))
    for question in _QUESTIONS:
        found = question.fullmatch(view, 0, end)
        if found is not None:
            return _about(words, found)
    return None


def _about(words: str, found: re.Match[str]) -> str:
    """The words after the question, with what its own words already say."""
    groups = found.groupdict()
    begin = found.start("verb") if groups.get("verb") else found.start("about")
    about = words[begin : found.end("about")] if groups.get("about") else groups.get("verb") or ""
    kind = "" if "model" in found["kind"] or "engine" in found["kind"] else found["kind"]
    price = re.search(r"fastest|cheapest", found[0])
    return " ".join(part for part in (price[0] if price else "", kind, about.strip(_EDGES)) if part)
