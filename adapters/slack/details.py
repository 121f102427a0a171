"""The recipe of a version, as people read it: how the picture came to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.chat.details import facts_of, report_of
from adapters.slack.escaping import escaped, mrkdwn, plain
from adapters.slack.modals import View, said
from core.session.models import Version

_MOST_WORDS = 2_400
_FIELD = 1_900


def details_view(version: Version, parents: Sequence[str]) -> View:
    """`parents`: the names of the versions that it was made from."""
    fields = [f"*{name}*\n{escaped(value, _FIELD)}" for name, value in _told(version, parents)]
    view = said(f"Details of {version.name}")
    view["blocks"] = [
        *_words(version),
        {"type": "section", "fields": [mrkdwn(field) for field in fields[:10]]},
        *_report(version),
        {"type": "context", "elements": [mrkdwn(f"Version `{escaped(version.id, 100)}`")]},
    ]
    return view


def _told(version: Version, parents: Sequence[str]) -> list[tuple[str, str]]:
    return list(facts_of(version, parents).items())


def _words(version: Version) -> list[dict[str, Any]]:
    words = escaped(version.recipe.words, _MOST_WORDS)
    if not words.strip():
        return []
    title = {"type": "header", "text": plain("Words", 150)}
    return [title, {"type": "section", "text": mrkdwn(words)}]


def _report(version: Version) -> list[dict[str, Any]]:
    words = report_of(version)
    return [{"type": "section", "text": mrkdwn(escaped(words, _MOST_WORDS))}] if words else []
