"""Tree words: moving among versions, and more takes on one."""

from __future__ import annotations

from collections.abc import Sequence

from core.errors import BadInput
from core.instruction.plan import Jump, Redo, Step, Undo, Vary
from core.instruction.recognise.rules import Ask, Found, always, rule

USUAL_TAKES = 4
MOST_TAKES = 10
MOST_STEPS = 1000

ORDINALS = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
}  # fmt: skip

_LAST = r"(?:it|(?:the |my )?last(?: (?:1|one|change|edit|step|turn))?)"
_BACK = (
    r"(?:(?:go |get |jump |switch |take me |take it |bring it |bring |change )?back to|use|"
    r"return to|revert to|revert it to|switch to|jump to|restore|go to|roll ?back to|pick|choose|"
    r"take|select|undo to)"
)
_TAKES = r"(?:variations?|variants?|alternatives)"
_ASK = r"(?:(?:make|show|give|draw|generate|create|do|try|get)(?: me)?)"
_OTHER = r"(?:(?:more|other|new|different|further) )"
_OF = r"(?: (?:of|on|for|from) it)?"
_MORE_TAKES = r"(?:variations?|variants?|alternatives|options|versions|takes)"


def _count(found: Found, group: str) -> int:
    return min(int(found.get(group) or 1), MOST_STEPS)


def _undo(found: Found) -> Sequence[Step] | None:
    steps = _count(found, "steps")
    return [Undo(steps=steps)] if steps else None


def _redo(found: Found) -> Sequence[Step] | None:
    steps = _count(found, "steps")
    return [Redo(steps=steps)] if steps else None


def _jump(found: Found) -> Sequence[Step]:
    return [Jump(version=check_version(int(found.text("version")), found.context.version_count))]


def _to_first(found: Found) -> Sequence[Step]:
    return [Jump(version=check_version(1, found.context.version_count))]


def _to_latest(found: Found) -> Sequence[Step]:
    latest = max(found.context.version_count, 1)
    return [Jump(version=check_version(latest, found.context.version_count))]


def _to_ordinal(found: Found) -> Sequence[Step]:
    number = ORDINALS[found.text("ordinal")]
    return [Jump(version=check_version(number, found.context.version_count))]


def _vary(found: Found) -> Sequence[Step]:
    takes = int(found.get("n") or found.context.options.n or USUAL_TAKES)
    if not 1 <= takes <= MOST_TAKES:
        raise BadInput(
            f"I can't draw {takes} variations in one turn.",
            hint="Ask for 1 to 10, as “4 variations”.",
        )
    return [Vary(n=takes)]


def _ask_subject(found: Found) -> Sequence[Step]:
    raise Ask("What should the new picture show? Say “new picture:” and describe it.")


def _again(found: Found) -> Sequence[Step]:
    return [Vary(n=found.context.options.n or 1, again=True)]


def check_version(number: int, count: int) -> int:
    """The number, if there is such a version.

    Raises:
        BadInput: there is none; the hint says which there are.
    """
    if 1 <= number <= count:
        return number
    there = "no versions yet" if count == 0 else "only v1" if count == 1 else f"v1 to v{count}"
    raise BadInput(
        f"There is no v{number} in this thread.",
        hint=f"It has {there}. Say “show versions” to see them.",
    )


MOVES = (
    rule(rf"(?:undo|revert|go back|take back)(?: {_LAST})?|ctrl ?[+-]? ?z|go back (?:1|one)|"
         rf"take it back|step back|back|"
         rf"(?:go )?(?:back )?(?:1|one|a) step(?: back)?", always(Undo())),
    rule(r"(?:undo|go back|step back|back)(?: it)? (?:twice|(?P<steps>2) ?(?:times|x))",
         always(Undo(steps=2))),
    rule(r"undo(?: it)? (?:the )?(?:last )?(?P<steps>[0-9]{1,4})(?: ?x)?"
         r"(?: (?:steps?|changes?|edits?|turns?|times|versions?))?", _undo),
    rule(r"(?:go |step )?back (?P<steps>[0-9]{1,4}) (?:steps?|versions?|turns?)", _undo),
    rule(r"(?:go )?(?P<steps>[0-9]{1,4}) (?:steps?|versions?|turns?) back", _undo),
    rule(rf"(?:{_BACK} )(?:the )?(?:previous|last|before)(?: (?:it|1|version|picture|image|one))?",
         always(Undo())),
    rule(r"(?:the )?previous(?: (?:it|version|picture|image|one))?", always(Undo())),
    rule(rf"redo(?: (?:{_LAST}|the undo|what i undid))?|go forward|undo the undo", always(Redo())),
    rule(r"redo(?: it)? (?:twice|2 ?(?:times|x))", always(Redo(steps=2))),
    rule(r"redo(?: it)? (?:the )?(?:last )?(?P<steps>[0-9]{1,4})"
         r"(?: (?:steps?|changes?|edits?|turns?|times))?", _redo),
    rule(rf"(?:{_BACK} )?v(?P<version>[0-9]{{1,6}})(?: again)?", _jump),
    rule(r"(?:edit|work on|work from|edit from|start(?: again)? from|continue (?:from|with)|"
         r"carry on "
         r"(?:from|with)|branch (?:from|off)|go with|keep|i (?:like|liked|prefer|preferred) )"
         r" ?v(?P<version>[0-9]{1,6})(?: (?:better|more|best|the most))?", _jump),
    rule(rf"(?:{_BACK} )(?:number |no\.? |#)(?P<version>[0-9]{{1,6}})", _jump),
    rule(rf"(?:{_BACK} )(?:the )?(?:very )?(?:first|original)"
         rf"(?: (?:it|1|version|picture|image|photo|one))?(?: again)?|(?:i (?:like|liked|prefer|"
         rf"preferred)|go with) "
         rf"the (?:first|original)(?: (?:1|version|picture|image|photo|one))?(?: (?:better|more|"
         rf"best))?|(?:the )?original(?: (?:version|picture|image|photo))?|reset(?: it)?|"
         rf"undo (?:everything|all)"
         rf"(?: changes)?|(?:go )?back to the (?:start|beginning)", _to_first),
    rule(rf"(?:{_BACK} )(?:the )?(?:latest|newest|most recent)"
         rf"(?: (?:it|1|version|picture|image|one))?", _to_latest),
    rule(rf"(?:{_BACK}|i (?:like|liked|prefer|preferred)|go with|edit) the "
         rf"(?P<ordinal>{'|'.join(ORDINALS)})(?: (?:1|version|picture|image|photo|one))?"
         rf"(?: (?:again|better|more|best))?", _to_ordinal),
)  # fmt: skip

TAKES = (
    rule(r"(?:(?:try|do|run|draw|make|generate)(?: it)? )?(?:it )?(?:again|once more|"
         r"one more time)|(?:re-?roll|re-?generate|re-?draw|re-?try|re-?run)(?: it)?|"
         r"another(?: (?:one|try|go|take|attempt))?|(?:have|give it) another (?:go|try)|"
         r"one more(?: (?:time|take|try))?|(?:(?:give|show) me )?another(?: (?:one|1|version|"
         r"option|"
         r"variation|variant))?", _again),
    rule(rf"(?:{_ASK} )?(?:(?:an?|some|(?P<n>[0-9]{{1,3}})) )?{_OTHER}?{_TAKES}{_OF}", _vary),
    rule(rf"(?:{_ASK} )?(?P<n>[0-9]{{1,3}}) {_OTHER}?{_MORE_TAKES}{_OF}", _vary),
    rule(rf"(?:{_ASK} )?(?:some )?{_OTHER}{_MORE_TAKES}{_OF}", _vary),
    rule(r"(?:show|give) me (?:(?P<n>[0-9]{1,3}) )?more", _vary),
    rule(r"(?:(?P<n>[0-9]{1,3}) )?more (?:like it|of (?:it|these|the same)|like these)|"
         r"vary(?: it)?|something similar|similar ones", _vary),
    rule(r"start (?:over|again|afresh|fresh|from scratch)|(?:(?:make|draw|start|create) )?(?:an? )?"
         r"(?:(?:completely|brand) )?new (?:picture|image|photo|one)", _ask_subject),
)  # fmt: skip
