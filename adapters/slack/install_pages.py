"""What a person sees in the browser after installing Easel in a workspace, or not.

Whatever comes from the address or from Slack is escaped; the pages run no script and load nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlencode

from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation

_STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1.5rem;"
    "color:#1d1c1d;background:#fff}h1{font-size:1.6rem}a{color:#1264a3;font-weight:600}"
    "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#1a1d21}a{color:#4fb0f0}}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_REASON = re.compile(r"[a-z][a-z0-9_]{1,60}")


class _Words(NamedTuple):
    title: str
    text: str


_FAILURES = {
    "access_denied": _Words("Nothing was installed", "You stopped the installation in Slack."),
    "invalid_browser": _Words(
        "This is not where it began",
        "An installation must end in the browser in which it began, within ten minutes, and this "
        "page can't be loaded twice.",
    ),
    "invalid_state": _Words(
        "This was too long ago", "The installation has expired, or has been finished already."
    ),
    "missing_code": _Words("Slack sent nothing", "Slack did not say whether it was installed."),
    "invalid_code": _Words("Slack did not accept it", "Slack did not accept the installation."),
    "storage_error": _Words(
        "It could not be kept",
        "Slack installed Easel, but its token could not be kept here. Installing once more in a "
        "few minutes mends that.",
    ),
    "slack_away": _Words(
        "Slack does not answer", "Slack could not be asked just now. Try again in a few minutes."
    ),
    "store_away": _Words(
        "Easel is away for a moment", "Try again in a few minutes; nothing has been installed."
    ),
}


def installed_page(installation: Installation) -> BoltResponse:
    """Easel is in; where to go on."""
    name = installation.team_name or installation.enterprise_name or "your workspace"
    text = "Mention @Easel in a channel, or write to it, and say what to draw."
    link = ("Open Easel in Slack", _app_address(installation))
    if installation.is_enterprise_install:
        text = "Choose the workspaces of your organisation in which people may use it."
        link = ("Choose workspaces", _org_address(installation))
    return _page(HTTPStatus.OK, f"Easel is in {name}", text, link)


def failed_page(reason: str, status: int, install_path: str) -> BoltResponse:
    """It did not work out, and why. `reason` is Slack's or bolt's word, or none of those."""
    told = f" Slack says: {reason}." if is_reason(reason) else ""
    words = _FAILURES.get(reason) or _Words("Nothing was installed", f"It did not work.{told}")
    return _page(status, words.title, words.text, ("Start again", install_path))


def is_reason(word: str) -> bool:
    """Whether this is a reason as Slack and bolt name them; anybody may write others."""
    return _REASON.fullmatch(word) is not None


def _page(status: int, title: str, text: str, link: tuple[str, str]) -> BoltResponse:
    label, address = (html.escape(part) for part in link)
    anchor = f'<p><a href="{address}">{label}</a></p>' if address else ""
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p>{anchor}</body></html>"
    )
    return BoltResponse(status=int(status), body=body, headers=dict(_HEADERS))


def _app_address(installation: Installation) -> str:
    where = {"app": installation.app_id or "", "team": installation.team_id or ""}
    return f"https://slack.com/app_redirect?{urlencode(where)}"


def _org_address(installation: Installation) -> str:
    base = installation.enterprise_url or ""
    if not base.startswith("https://"):
        return ""
    app = installation.app_id or ""
    return f"{base.rstrip('/')}/manage/organization/apps/profile/{app}/workspaces/add"
