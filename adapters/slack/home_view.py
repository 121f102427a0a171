"""A person's page of Easel: their sessions, what was spent, what is set, how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.chat.words import one_line
from adapters.slack import buttons
from adapters.slack.escaping import escaped, mrkdwn, plain
from adapters.slack.home_sessions import Listed

REFRESH = f"{buttons.HOME}:refresh"
SETTINGS = f"{buttons.SETTINGS}:home"

Block = dict[str, Any]
_TITLE, _LINK, _SECTION = 120, 1_600, 2_900
_HOW = (
    "• *Mention me* in a channel, or write to me here: `@Easel a red mug on a wooden table`.",
    "• *Reply in the thread* with what shall change. No mention needed; attach pictures as well.",
    "• *Buttons* under each picture: transparent, upscale, variations, undo, and more.",
    "• *Commands*: `/easel WORDS`, `/upscale`, `/cutout`; `/easel help` says what I understand.",
    "• *On any message with a picture*, its menu (⋮) has Edit with Easel, Upscale, Cut out.",
)


@dataclass(frozen=True)
class Page:
    """What stands on it. `usage` and `settings` are markup."""

    sessions: Sequence[Listed]
    usage: str
    settings: Sequence[str]

    @property
    def has_pictures(self) -> bool:
        return any(each.picture for each in self.sessions)


def home_view(page: Page, *, pictures: bool = True) -> dict[str, Any]:
    """The page as Slack takes it. `pictures`: with a thumbnail beside each session."""
    how = [_header("How it goes"), _section("\n".join(_HOW))]
    sessions = [
        _header("Your latest sessions"),
        *(_session(each, pictures=pictures) for each in page.sessions),
    ]
    blocks = [
        *(sessions if page.sessions else [*_welcome(), *how]),
        _row(),
        {"type": "divider"},
        _header("Spent this month"),
        _section(page.usage),
        _header("What this workspace has decided"),
        _section("\n".join(page.settings)),
        *(how if page.sessions else []),
    ]
    return {"type": "home", "blocks": blocks}


def _welcome() -> list[Block]:
    return [
        _header("Hello! I draw and edit pictures in threads"),
        _section(
            "You have no session yet. Write to me under *Messages*, or mention me in a channel; "
            "what you begin is listed here."
        ),
    ]


def _row() -> Block:
    row = [_button(REFRESH, "Refresh"), _button(SETTINGS, "Settings")]
    return {"type": "actions", "elements": row}


def _session(listed: Listed, *, pictures: bool) -> Block:
    title = escaped(one_line(listed.title, _TITLE), 5 * _TITLE) or "Pictures"
    count = f"{listed.versions} version{'' if listed.versions == 1 else 's'}"
    links = [
        _link(listed.thread, "Open the thread"),
        _link(listed.workspace, "Open in the workspace"),
    ]
    facts = " · ".join((count if listed.versions else "no picture yet", _when(listed.touched)))
    lines = [f"*{title}*", facts, " · ".join(link for link in links if link)]
    block = _section("\n".join(line for line in lines if line))
    if pictures and listed.picture:
        alt = one_line(f"{listed.of} of {listed.title}", 500)
        block["accessory"] = {
            "type": "image",
            "slack_file": {"id": listed.picture},
            "alt_text": alt,
        }
    return block


def _when(at: datetime) -> str:
    """A moment in the reader's own words and time zone."""
    shape = "{date_short_pretty} at {time}"
    return f"<!date^{int(at.timestamp())}^{shape}|{at:%Y-%m-%d %H:%M} UTC>"


def _link(url: str, words: str) -> str:
    """A link as markup, empty where there is none, or one that is too long to be told whole."""
    markup = escaped(url, 5 * len(url) + 1)
    return f"<{markup}|{words}>" if 0 < len(markup) <= _LINK else ""


def _header(words: str) -> Block:
    return {"type": "header", "text": plain(words, 150)}


def _section(markup: str) -> Block:
    return {"type": "section", "text": mrkdwn(markup[:_SECTION])}


def _button(action: str, words: str) -> Block:
    return {"type": "button", "action_id": action, "text": plain(words, 75)}
