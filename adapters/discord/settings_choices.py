"""What can be decided for a channel or a server of Discord: the choices, and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.chat import settings
from adapters.chat.settings import (
    LABELS,
    LISTEN,
    MODEL,
    QUALITIES,
    QUALITY,
    REPLIES,
    SHORT,
    USUAL_QUALITY,
    WHO,
    model_title,
)
from adapters.discord.escaping import escaped
from core.engines.catalog import Catalog
from core.engines.port import ModelCard
from core.policy.quotas import time_left
from core.policy.rules import EVERYBODY, Rules

MODELS, ROLES = "models", "roles"
QUOTAS, QUOTA_ROLE, QUOTA, UNQUOTA = "quotas", "quotarole", "quota", "unquota"
COOLDOWN, GATE, ADULT, REPORTS, BLOCKED = "cooldown", "gate", "adult", "reports", "blocked"
"""Inputs beside those of every platform."""

NO_QUOTA = "free"
"""The choice that people have as many turns as they like, whatever the server decided."""

QUESTIONS: Mapping[str, str] = {
    **LABELS,
    MODELS: "Which models may be used? None chosen: all",
    ROLES: "People with these roles may ask me",
    COOLDOWN: "How long must one person wait between two instructions?",
    QUOTAS: "How many instructions has one person in 24 hours?",
    GATE: "What is checked before a picture is shown?",
    ADULT: "Where do I answer?",
    REPORTS: "Where do moderators hear of pictures that were reported?",
    BLOCKED: "Whom shall I listen to again?",
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    QUALITY: QUALITIES,
    WHO: {
        "everyone": "Everyone",
        "roles": "People with certain roles",
        "admins": "Those who manage this server",
    },
    LISTEN: REPLIES,
    COOLDOWN: {
        "0": "No pause",
        "10": "10 seconds",
        "30": "30 seconds",
        "60": "1 minute",
        "300": "5 minutes",
    },
    GATE: {
        "off": "Nothing by me; models have rules of their own",
        "words": "The words, before anything is drawn",
        "pictures": "The words, and each picture before it is shown",
    },
    ADULT: {"no": "In every channel", "yes": "Only in age-restricted channels"},
}
"""Inputs of which one of a few is chosen."""

NUMBERS = (0, 1, 2, 3, 5, 10, 15, 20, 30, 50, 100, 200, 500, 1000)
"""Quotas that are offered."""

MOST_QUOTAS = 25

_USUALLY: Mapping[str, str] = {
    QUALITY: USUAL_QUALITY,
    WHO: CHOICES[WHO]["everyone"],
    LISTEN: CHOICES[LISTEN]["all"],
    COOLDOWN: CHOICES[COOLDOWN]["0"],
    GATE: "The words; nothing in age-restricted channels",
    ADULT: CHOICES[ADULT]["no"],
}
_TOLD: Mapping[str, str] = {
    **SHORT,
    MODELS: "Models that may be used",
    COOLDOWN: "Pause",
    QUOTAS: "Quota",
    GATE: "Checked",
    ADULT: "I answer",
    REPORTS: "Reports",
}
_NO_BOUND = "As many as people like"
_LONGEST_ID = 100
_MODELS_A_PAGE = 20
_LISTED_MODELS = 10
_TITLE = 100


def eligible(catalog: Catalog) -> list[ModelCard]:
    """The models that draw and can be had."""
    return settings.eligible(catalog.cards(), _LONGEST_ID)


def pages_of(cards: Sequence[ModelCard]) -> int:
    """How many pages the models take."""
    return max(1, -(-len(cards) // _MODELS_A_PAGE))


def models_on(number: int, cards: Sequence[ModelCard]) -> list[ModelCard]:
    """The models of one of those pages; after the last it begins anew."""
    first = number % pages_of(cards) * _MODELS_A_PAGE
    return list(cards[first : first + _MODELS_A_PAGE])


def decided(rules: Rules, name: str) -> str | None:
    """What rules say about an input of which one is chosen; None: nothing."""
    match name:
        case "model":
            return rules.options.model
        case "quality":
            return rules.options.quality
        case "who":  # everybody in a server is a member of it
            return "everyone" if rules.who == "members" else rules.who
        case "cooldown":
            return None if rules.cooldown is None else str(rules.cooldown)
        case "adult":
            return None if rules.adult_only is None else ("yes" if rules.adult_only else "no")
    found: dict[str, str | None] = {LISTEN: rules.listen, GATE: rules.gate}
    return found[name]


def decision(rules: Rules, name: str, value: str | None) -> Rules:
    """Rules with one of those inputs decided; `value` is one of its choices, None for none.

    Raises pydantic's ValidationError for another.
    """
    if name in (MODEL, QUALITY):
        return rules.changed(options=rules.options.model_dump() | {name: value})
    if name == COOLDOWN:
        return rules.changed(cooldown=None if value is None else int(value))
    if name == ADULT:
        return rules.changed(adult_only=None if value is None else value == "yes")
    return rules.changed(**{name: value})


def quota_choice(rules: Rules) -> str | None:
    """What rules say of everybody's quota: None, NO_QUOTA, or a number."""
    if rules.quotas is None:
        return None
    return str(rules.quotas[EVERYBODY]) if EVERYBODY in rules.quotas else NO_QUOTA


def in_words(rules: Rules, name: str, catalog: Catalog) -> str:
    """What rules come to in one input, as plain words."""
    if name == MODEL:
        return model_title(catalog, rules.options.model)
    if name == QUOTAS:
        return _quotas_in_words(rules)
    value = decided(rules, name)
    if value is None:
        return _USUALLY[name]
    return CHOICES[name].get(value) or time_left(int(value))


def quota_words(most: int) -> str:
    """How many turns that is, as plain words."""
    return "None" if most == 0 else f"{most} in 24 hours"


def settings_lines(rules: Rules, catalog: Catalog) -> list[str]:
    """What holds, a line of markdown each."""
    return [f"**{words}**: {in_markdown(rules, name, catalog)}" for name, words in _TOLD.items()]


def quota_lines(rules: Rules) -> list[str]:
    """The quotas of roles, a line of markdown each."""
    quotas: Mapping[str, int] = rules.quotas or {}
    return [
        f"<@&{role}>: {quota_words(most)}" for role, most in quotas.items() if role != EVERYBODY
    ]


def reports_channel(rules: Rules) -> str:
    """The id of the channel for reports; empty for none."""
    return (rules.reports or "").rpartition(":")[2]


def in_markdown(rules: Rules, name: str, catalog: Catalog) -> str:
    """What rules come to in anything that is decided, as markdown."""
    if name == MODELS:
        return _models(rules, catalog)
    if name == REPORTS:
        channel = reports_channel(rules)
        return f"in <#{channel}>" if channel else "Nobody has chosen a channel for them"
    told = escaped(in_words(rules, name, catalog), 300)
    if name == WHO and rules.who == "roles":
        return f"{told}: {' '.join(f'<@&{role}>' for role in rules.roles or ())}"
    if name == QUOTAS:
        return "\n".join([told, *(f"- {line}" for line in quota_lines(rules))])
    return told


def _models(rules: Rules, catalog: Catalog) -> str:
    names = rules.models or ()
    titles = [escaped(model_title(catalog, name), _TITLE) for name in names[:_LISTED_MODELS]]
    more = f" and {len(names) - _LISTED_MODELS} more" if len(names) > _LISTED_MODELS else ""
    return f"{', '.join(titles)}{more}" if titles else "All that are set up"


def _quotas_in_words(rules: Rules) -> str:
    choice = quota_choice(rules)
    everybody = quota_words(int(choice)) if choice not in (None, NO_QUOTA) else _NO_BOUND
    roles = [role for role in rules.quotas or {} if role != EVERYBODY]
    return f"{everybody}, some roles otherwise" if roles else everybody
