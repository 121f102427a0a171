"""Looking at what there is: a version again, the list of them, all of them on a sheet.

Nothing changes by it, the head included: "show v3" is not "use v3".
"""

from __future__ import annotations

from collections.abc import Sequence

from core.instruction.plan import Recap, Show, ShowVersions, Step
from core.instruction.recognise.rules import Found, always, rule
from core.instruction.recognise.tree import ORDINALS, check_version

_VIEW = r"(?:(?:re-?)?(?:show|post|send|share)|display|view|see|present|look at)(?: me| us)?"
_V = r"v(?P<version>[0-9]{1,6})"
_NOW = (
    r"(?: (?:again|once more|one more time|(?:over |in |right )?here|to (?:me|us)|"
    r"in (?:it|the|our) (?:thread|channel|chat)))*"
)
_THREAD = (
    r"(?:all (?:of )?)?(?:(?:it|the|our|my) )?(?:whole |entire |full )?"
    r"(?:thread|session|conversation|chat|history|work|versions|pictures|images|edits|changes)"
)
_SHEET = r"(?:contact|summary|overview|recap) ?-?sheet"
_GIVE = r"(?:(?:give|show|make|post|send|share|get|create|do)(?: me| us)? )?"
_OF = rf"(?: (?:of|for|from|on) (?:{_THREAD}|it|everything|all)(?: so far)?| so far)?"
_PICTURES = r"(?:pictures|images|photos|results|steps)"
_HERE = r"(?: in (?:it|the|our) (?:thread|session|conversation))"
_MADE = r"(?: (?:we|i|you)(?:'ve| have)?(?: (?:made|done|got|drawn|tried|created))?(?: so far)?)"


def _show(found: Found) -> Sequence[Step]:
    return [Show(version=check_version(int(found.text("version")), found.context.version_count))]


def _show_ordinal(found: Found) -> Sequence[Step]:
    number = ORDINALS[found.text("ordinal")]
    return [Show(version=check_version(number, found.context.version_count))]


def _show_first(found: Found) -> Sequence[Step]:
    return [Show(version=check_version(1, found.context.version_count))]


def _show_latest(found: Found) -> Sequence[Step]:
    count = found.context.version_count
    return [Show(version=check_version(max(count, 1), count))]


RULES = (
    rule(r"(?:(?:show|list|see|display|view)(?: me)? )?(?:(?:all|the|all the|all of the|my|our) )?"
         r"(?:versions|history|version history|version tree|tree)(?: so far)?|"
         r"compare v[0-9]{1,6} (?:and|with|to|vs\.?) v[0-9]{1,6}|"
         r"compare (?:the )?versions|(?:what|which) versions (?:are there|do we have|exist)",
         always(ShowVersions())),
    rule(rf"(?:{_VIEW}|let (?:me|us) see|(?:can|could|may) (?:i|we) see) {_V}{_NOW}", _show),
    rule(rf"(?:bring|pull|put|get) {_V} (?:back )?up{_NOW}", _show),
    rule(rf"(?:bring|pull|put|get) (?:back )?up {_V}{_NOW}", _show),
    rule(rf"bring {_V} (?:over |in )?here{_NOW}", _show),
    rule(rf"{_VIEW} the (?P<ordinal>{'|'.join(ORDINALS)}) (?:1|one|version){_NOW}", _show_ordinal),
    rule(rf"{_VIEW} the (?:very )?(?:first (?:1|one|version)|original(?: version)?){_NOW}",
         _show_first),
    rule(rf"{_VIEW} the (?:latest|newest|most recent)(?: (?:1|one|version))?{_NOW}", _show_latest),
    rule(rf"{_GIVE}(?:an? |the )?(?:(?:quick |short )?re-?cap|{_SHEET}){_OF}|"
         rf"re-?cap(?: (?:it|everything|{_THREAD}))?(?: so far)?", always(Recap())),
    rule(rf"{_GIVE}(?:an? |the )?(?:quick |short )?(?:summary|overview) (?:of|for) "
         rf"(?:{_THREAD}|everything)(?: so far)?|(?:summari[sz]e|sum up) (?:{_THREAD}|everything)"
         rf"(?: so far)?", always(Recap())),
    rule(rf"{_VIEW} (?:it all|everything)(?: so far|{_MADE}|{_HERE})|"
         rf"{_VIEW} (?:it |the )whole (?:thread|session|history)(?: so far)?|"
         rf"{_VIEW} (?:all (?:of )?(?:the |our |my )?|the |our ){_PICTURES}(?: so far|{_HERE})|"
         rf"everything so far", always(Recap())),
    rule(rf"what (?:have|did) (?:we|i|you) (?:made|make|done|do|tried|try)(?: so far|{_HERE})|"
         rf"where are we so far|(?:all (?:the )?(?:versions|{_PICTURES})|everything) (?:on|in) "
         rf"(?:a|1|one) (?:sheet|page|picture|image)", always(Recap())),
)  # fmt: skip
