"""What a community decides beside the model: roles, quotas, pauses, models, checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError
from redis.asyncio import Redis

from core.policy import keys
from core.policy.rules import Rules, RuleStore

GUILD, ROOM = "discord:G1", "discord:C1"
WHOLE = Rules(
    who="roles",
    roles=("artists",),
    listen="mention",
    models=("gpt-image-2", "studio"),
    quotas={"*": 5, "artists": 50},
    cooldown=30,
    gate="pictures",
    adult_only=True,
    reports="C9",
)


async def test_every_decision_comes_back_as_it_was_stored(redis: Redis) -> None:
    store = RuleStore(redis)
    await store.decide(GUILD, "", WHOLE)
    assert await store.decided(GUILD) == WHOLE
    assert await store.rules(GUILD, ROOM) == WHOLE
    assert hash(await store.decided(GUILD)) == hash(WHOLE)


STRONGER: list[dict[str, Any]] = [
    {"who": "everyone"},
    {"roles": ()},
    {"listen": "all"},
    {"models": ("studio",)},
    {"quotas": {}},
    {"quotas": {"*": 0}},
    {"cooldown": 0},
    {"gate": "off"},
    {"adult_only": False},
    {"reports": "C2"},
]


@pytest.mark.parametrize("decided", STRONGER, ids=str)
async def test_a_channels_decision_is_stronger_even_where_it_lifts_one(
    redis: Redis, decided: dict[str, Any]
) -> None:
    store = RuleStore(redis)
    await store.decide(GUILD, "", WHOLE)
    await store.decide(GUILD, ROOM, Rules.model_validate(decided))
    assert await store.rules(GUILD, ROOM) == WHOLE.changed(**decided)
    assert await store.rules(GUILD, "discord:C2") == WHOLE


async def test_what_was_stored_before_there_were_communities_still_loads(redis: Redis) -> None:
    old = '{"who":"members","listen":null,"options":{"model":"gpt-image-2"}}'
    await RuleStore(redis).decide("slack:T1", "", Rules())
    assert await redis.hset(keys.rules("slack:T1"), "*", old) == 0
    rules = await RuleStore(redis).rules("slack:T1", "slack:C1")
    assert (rules.who, rules.options.model) == ("members", "gpt-image-2")
    assert (rules.models, rules.quotas, rules.gate) == (None, None, None)


def test_a_list_of_no_models_decides_nothing() -> None:
    assert Rules(models=()) == Rules()
    assert WHOLE.changed(models=()).models is None


@pytest.mark.parametrize(
    ("quotas", "roles", "most"),
    [
        (None, ("artists",), None),
        ({}, ("artists",), None),
        ({"*": 5}, (), 5),
        ({"*": 5, "artists": 50}, ("artists", "new"), 50),
        ({"*": 50, "artists": 5}, ("artists",), 50),
        ({"new": 0, "artists": 5}, ("new", "artists"), 5),
        ({"new": 0}, ("new",), 0),
        ({"new": 0}, ("artists",), None),
        ({"*": 0}, ("artists",), 0),
    ],
)
def test_a_person_has_the_largest_quota_that_fits(
    quotas: dict[str, int] | None, roles: Sequence[str], most: int | None
) -> None:
    assert Rules(quotas=quotas).quota_of(roles) == most


WRONG: list[dict[str, Any]] = [
    {"who": "nobody"},
    {"gate": "maybe"},
    {"quotas": {"*": -1}},
    {"quotas": {"*": 1_001}},
    {"cooldown": -1},
    {"cooldown": 86_401},
    {"colour": "red"},
]


@pytest.mark.parametrize("decided", WRONG, ids=str)
def test_what_makes_no_sense_is_refused(decided: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(decided)
    with pytest.raises(ValidationError):
        WHOLE.changed(**decided)
