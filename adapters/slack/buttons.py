"""The buttons under our messages: their names and what their values mean.

A value names things that stand in the store (a version, a turn), never what they were at the time,
so a button on an old message does what it says. Values come back from clients and are hostile:
whoever handles one checks that the thing belongs to the thread in which it was pressed.
"""

from __future__ import annotations

PREFIX = "easel:"

CANCEL = "easel:cancel"  # button, a turn
TRANSPARENT = "easel:transparent"  # button, a version
UPSCALE = "easel:upscale"  # static_select, "<Scale>|<version>"
VARIATIONS = "easel:vary"  # button, a version
UNDO = "easel:undo"  # button, a version
MORE = "easel:more"  # overflow, "<More>|<version>"
INSTEAD = "easel:instead"  # static_select of a turn's placeholder, "<turn>|<version>"
OFFER = "easel:offer"  # button, a failed turn: agree to what its error offers
AGAIN = "easel:again"  # button, a failed or cancelled turn: the same once more
SIBLING = "easel:sibling"  # button, a note: make a version of the edited words
SHOW_HERE = "easel:show"  # message button of "show elsewhere"
WORKSPACE = "easel:open"  # link button; Slack tells of it too, nothing is done
HOME = "easel:home"  # everything in App Home begins with it
SETTINGS = "easel:settings"  # everything about settings begins with it
