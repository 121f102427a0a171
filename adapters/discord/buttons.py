"""The names of what can be pressed under our messages, and what they are about.

A name says the deed and what it is about (a version, a turn), so that a button works after any
restart and for messages that are years old: names are never given another meaning, new ones begin
with another number. A name of ours in a message is also how recovery knows whose message it is.
"""

from __future__ import annotations

import re

_FIRST = "e1"
_LONGEST = 100
"""Characters of a custom id (Discord's documents, "Component Reference")."""

TEMPLATE = re.compile(rf"{_FIRST}:(?P<action>[a-z_]{{1,20}}):(?P<ref>[A-Za-z0-9_./|@-]{{0,76}})")
"""What discord.py's dynamic items are found by."""

CANCEL = "cancel"  # button, a turn
TRANSPARENT = "transparent"  # button, a version
VARIATIONS = "vary"  # button, a version
UNDO = "undo"  # button, a version
EDIT = "edit"  # button, a version: a dialog that asks for the words
FULL = "full"  # button, a version whose file is not as large as the picture: a link to the whole
UPSCALE = "upscale"  # select, the turn that shows them; values "<Scale>|<version>"
MORE = "more"  # select, the same ("<turn>|2" for a second one); values "<More>|<version>"
INSTEAD = "instead"  # select of a turn's placeholder; values are versions
OFFER = "offer"  # button, a failed turn: agree to what its error offers
AGAIN = "again"  # button, a failed or cancelled turn: the same once more
SIBLING = "sibling"  # button, a note: make a version of the edited words
SETTINGS = "settings"  # everything about settings
REPORT = "report"  # button under a report; "<Handled>/<what it is about>" (reporting.py)
REMOVE = "remove"  # button that only one person sees, a note: delete the message after all
DIALOG = "modal"  # a dialog, a note


def custom_id(action: str, ref: str) -> str:
    """The name of a thing to press. Raises ValueError for what Discord would not take."""
    name = f"{_FIRST}:{action}:{ref}"
    if len(name) > _LONGEST or not TEMPLATE.fullmatch(name):
        raise ValueError(f"no custom id: {name!r}")
    return name


def read_custom_id(name: str) -> tuple[str, str]:
    """The deed and what it is about; both empty when the name is none of ours."""
    found = TEMPLATE.fullmatch(name)
    return (found["action"], found["ref"]) if found else ("", "")
