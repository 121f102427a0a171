"""Where in an open panel of settings something is: whose settings, which page, which input.

All of it stands in the name of a menu or a button ("c/people/quota.<role>"). Nothing of an open
panel is kept, so that it works after a restart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.chat.settings import LISTEN, MODEL, QUALITY, WHO
from adapters.discord import buttons
from adapters.discord.settings_choices import (
    ADULT,
    BLOCKED,
    COOLDOWN,
    GATE,
    MODELS,
    QUOTA,
    QUOTA_ROLE,
    QUOTAS,
    REPORTS,
    ROLES,
    UNQUOTA,
)

Scope = Literal["c", "g", "m"]
"""Whose settings: a channel's, a server's (guild's), a person's own (mine)."""

Page = Literal["pictures", "people", "safety"]

PAGES: Mapping[Page, str] = {"pictures": "Pictures", "people": "People", "safety": "Safety"}
PAGES_OF: Mapping[Scope, Sequence[Page]] = {
    "c": tuple(PAGES),
    "g": tuple(PAGES),
    "m": ("pictures",),
}
_INPUTS: Mapping[Page, Sequence[str]] = {
    "pictures": (MODEL, QUALITY, MODELS),
    "people": (WHO, ROLES, LISTEN, COOLDOWN, QUOTAS, QUOTA_ROLE, QUOTA, UNQUOTA),
    "safety": (GATE, ADULT, REPORTS),
}
_OWN_INPUTS = (MODEL, QUALITY, GATE)
_REF = re.compile(
    r"(?P<scope>[cgm])/(?P<page>[a-z]{1,12})(?:\.(?P<number>\d{1,3}))?"
    r"(?:/(?P<what>[a-z]{1,12})(?:\.(?P<about>\d{1,20}))?)?"
)


@dataclass(frozen=True)
class Spot:
    """`number`: of models there are several pages. `what` is an input, `about` the id of a role."""

    scope: Scope
    page: Page = "pictures"
    number: int = 0
    what: str = ""
    about: str = ""

    @classmethod
    def read(cls, ref: str) -> Spot | None:
        """None when a name is none of a panel."""
        found = _REF.fullmatch(ref)
        if found is None:
            return None
        what, about = found["what"] or "", found["about"] or ""
        for scope, pages in PAGES_OF.items():
            for page in pages:
                fits = (scope, page) == (found["scope"], found["page"])
                if fits and (not what or what in inputs_of(scope, page)):
                    return cls(scope, page, int(found["number"] or 0), what, about)
        return None

    def id(self, what: str = "", about: str = "") -> str:
        """The name of an input on this page; without one, of what leads to it."""
        number = f".{self.number}" if self.number else ""
        inner = f"/{what}" if what else ""
        role = f".{about}" if about else ""
        return buttons.custom_id(buttons.SETTINGS, f"{self.scope}/{self.page}{number}{inner}{role}")


def inputs_of(scope: Scope, page: Page) -> Sequence[str]:
    """What can be decided on a page."""
    if scope == "m":
        return _OWN_INPUTS
    return (*_INPUTS[page], BLOCKED) if (scope, page) == ("g", "safety") else _INPUTS[page]
