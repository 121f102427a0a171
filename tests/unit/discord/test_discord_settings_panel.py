"""Settings, usage and help as Discord takes them, whatever people write and much as there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.buttons import SETTINGS, read_custom_id
from adapters.discord.front import Front
from adapters.discord.helping import help_words
from adapters.discord.layout import components
from adapters.discord.places import Asker, Place
from adapters.discord.settings_menus import Known
from adapters.discord.settings_panel import panel, read_only
from adapters.discord.settings_spots import PAGES_OF, Scope, Spot, inputs_of
from adapters.discord.usage import usage_words
from core.engines.catalog import Catalog
from core.engines.fake import FakeEngine
from core.engines.port import ModelCard
from core.instruction.plan import TurnOptions
from core.policy.blocks import Block
from core.policy.rules import Rules
from tests.contract.discord.discord_components import SELECTS, check, each_component

LONG = "<@&1> **x** \n@everyone " * 300
ROLES = {str(10**17 + number): LONG[:100] for number in range(60)}
TWENTY_FIVE = tuple(ROLES)[:25]
SPOTS = [
    Spot(scope, page, number)
    for scope, pages in PAGES_OF.items()
    for page in pages
    for number in (0, 1, 7)
]


class _Shelf(FakeEngine):
    """Many models."""

    def __init__(self, cards: list[ModelCard]) -> None:
        super().__init__(b"", 64, 64)
        self._cards = cards

    def models(self) -> list[ModelCard]:
        return self._cards


def _catalog(count: int, **more: Any) -> Catalog:
    (card,) = FakeEngine(b"", 64, 64).models()
    told: list[dict[str, Any]] = [
        {"id": f"model-{number}", "title": LONG[:200]} | more for number in range(count)
    ]
    return Catalog([_Shelf([card.model_copy(update=each) for each in told])])


def _known(catalog: Catalog, rules: Rules | None = None, **more: Any) -> Known:
    told: dict[str, Any] = {"below": Rules(), "channel": "123456789012345678", "roles": ROLES}
    return Known(rules=rules or Rules(), catalog=catalog, **(told | more))


def _full(catalog: Catalog) -> Known:
    """Everything is decided, and at great length."""
    rules = Rules(
        who="roles",
        roles=TWENTY_FIVE,
        listen="mention",
        models=tuple(card.id for card in catalog.cards()),
        quotas={"*": 7, **dict.fromkeys(TWENTY_FIVE[1:], 1000)},
        cooldown=45,
        gate="pictures",
        adult_only=True,
        reports="discord:123456789012345678",
        options=TurnOptions(model="away", quality="max"),
    )
    blocks = [
        Block(actor=f"discord:{number}", name=LONG[:100], by="discord:1", reason=LONG[:500])
        for number in range(300)
    ]
    return _known(
        catalog,
        rules,
        below=rules,
        blocked=blocks,
        channels=("123456789012345678",),
        role=TWENTY_FIVE[0],
        notice=LONG,
        hears=False,
        looks=False,
    )


def _parts(view: Any) -> list[dict[str, Any]]:
    made = components(view)
    check(made, v2=True)
    return list(each_component(made))


def _menus(view: Any) -> list[str]:
    return [part["custom_id"] for part in _parts(view) if part["type"] in SELECTS]


def _options(view: Any, what: str) -> list[str]:
    for part in _parts(view):
        if part["type"] in SELECTS and f"/{what}" in part["custom_id"]:
            return [option["value"] for option in part["options"]]
    raise AssertionError(f"no menu {what}")


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: f"{spot.scope}-{spot.page}-{spot.number}")
@pytest.mark.parametrize("count", [0, 1, 90], ids=lambda count: f"{count} models")
def test_every_page_is_within_limits(spot: Spot, count: int) -> None:
    catalog = _catalog(count)
    for known in (_known(catalog), _full(catalog)):
        made = _parts(panel(spot, known))
        assert any(part["type"] in SELECTS for part in made)


@pytest.mark.parametrize("back", ["c", None])
@pytest.mark.parametrize("scope", ["c", "g"])
def test_what_is_read_is_within_limits(scope: Scope, back: Scope | None) -> None:
    assert _menus(read_only(Spot(scope), _full(_catalog(90)), back=back)) == []


def test_every_name_leads_back_to_where_it_stands() -> None:
    for spot in SPOTS:
        for part in _parts(panel(spot, _full(_catalog(90)))):
            if "custom_id" in part:
                action, ref = read_custom_id(part["custom_id"])
                read = Spot.read(ref)
                assert action == SETTINGS and read is not None
                if part["type"] in SELECTS:
                    assert (read.scope, read.page, read.number) == (
                        spot.scope,
                        spot.page,
                        spot.number,
                    )
                    assert read.what in inputs_of(spot.scope, spot.page)


@given(st.text("cgm/.abcdefghipstu0123456789@", max_size=76))
def test_other_names_lead_nowhere_or_to_something_that_there_is(ref: str) -> None:
    spot = Spot.read(ref)
    if spot is not None:
        assert spot.page in PAGES_OF[spot.scope]
        assert not spot.what or spot.what in inputs_of(spot.scope, spot.page)


def test_all_models_can_be_reached() -> None:
    catalog, seen, spot = _catalog(45), set[str](), Spot("g")
    for _ in range(3):
        view = panel(spot, _known(catalog))
        seen |= set(_options(view, "models"))
        (following,) = [
            part["custom_id"] for part in _parts(view) if part.get("label") == "Other models…"
        ]
        found = Spot.read(read_custom_id(following)[1])
        assert found is not None
        spot = found
    assert seen == {card.id for card in catalog.cards()}
    assert _options(panel(spot, _known(catalog)), "models")[0] == "model-0"


def test_the_model_that_was_chosen_can_be_kept_on_every_page() -> None:
    rules = Rules(options=TurnOptions(model="model-44"))
    for number in range(3):
        options = _options(panel(Spot("g", number=number), _known(_catalog(45), rules)), "model")
        assert options.count("model-44") == 1


def test_models_that_cannot_be_had_are_no_choice() -> None:
    view = panel(Spot("g"), _known(_catalog(2, usable=False)))
    assert _options(view, "model") == ["left"]
    assert "No model that draws is set up yet" in str(_parts(view))


@pytest.mark.parametrize(
    ("ref", "more", "words"),
    [
        ("c/people", {"hears": False}, "that takes the content intent"),
        ("c/safety", {"looks": False}, "is not installed"),
    ],
)
def test_what_stands_in_the_way_is_said(ref: str, more: dict[str, Any], words: str) -> None:
    spot = Spot.read(ref)
    assert spot is not None
    assert words in str(_parts(panel(spot, _known(_catalog(1), **more))))
    assert words not in str(_parts(panel(spot, _known(_catalog(1)))))


@dataclass
class _Rules:
    rules_here: Rules

    async def rules(self, workspace: str, channel: str) -> Rules:
        return self.rules_here


@dataclass
class _Quotas:
    asked: list[str] = field(default_factory=list)

    async def left(self, workspace: str, actor: str, most: int) -> int:
        self.asked.append(workspace)
        return 0

    async def free_at(self, workspace: str, actor: str, most: int) -> float | None:
        return 1_800_000_000.2


TOLD: Mapping[str, Any] = {
    "month": "2026-11",
    "by_actor": {"discord:7": 1.25},
    "by_channel": {"discord:5": 3.0, "discord:6": 99.0},
    "by_workspace": {"discord:4": 8.5},
    "by_person": {
        "discord:4": {f"discord:{n}": float(n) for n in range(1, 8)},
        "discord:9": {"discord:1": 1000.0},
    },
    "budgets": {"actor_month": 5.0, "workspace_month": 10.0, "turn": 0.5},
}
HERE = Place(guild="4", channel="6", parent="5", user="7")


async def _usage(asker: Asker, rules: Rules, told: Mapping[str, Any] = TOLD) -> list[str]:
    @dataclass
    class Stand:
        rules: _Rules
        quotas: _Quotas

        async def usage(self) -> Mapping[str, Any]:
            return told

    front = cast("Front", Stand(_Rules(rules), _Quotas()))
    return (await usage_words(front, asker)).replace("\\", "").split("\n")


async def test_usage_tells_what_is_spent_and_left() -> None:
    rules = Rules(quotas={"*": 5, "1": 20}, cooldown=90)
    assert await _usage(Asker(HERE, roles=("1",)), rules) == [
        "### 2026-11",
        "You: $1.25 of $5.00, $3.75 left",
        "This channel: $3.00",
        "This server: $8.50 of $10.00, $1.50 left",
        "One instruction may cost $0.50 at most.",
        "There is a pause of 1 min 30 s between two instructions.",
        "Instructions left to you: 0 of 20 in 24 hours; the next one is free <t:1800000001:R>.",
    ]


async def test_those_who_manage_a_server_see_who_spent_the_most_in_it() -> None:
    lines = await _usage(Asker(HERE, admin=True), Rules())
    assert lines[-6:] == [
        "**Who spent the most here**",
        *(f"1. <@{number}>: ${number}.00" for number in (7, 6, 5, 4, 3)),
    ]
    assert "1000" not in "".join(lines)


@pytest.mark.parametrize(
    "place",
    [Place(channel="5", user="7"), Place(guild="4", channel="5", user="7", present=False)],
    ids=["direct", "installed for oneself"],
)
async def test_by_oneself_there_is_nobody_elses_usage(place: Place) -> None:
    lines = await _usage(Asker(place, admin=True), Rules())
    assert [line.partition(":")[0] for line in lines] == [
        "### 2026-11",
        "You",
        "One instruction may cost $0.50 at most.",
    ]


async def test_usage_with_nothing_spent_and_nothing_decided() -> None:
    lines = await _usage(Asker(HERE, admin=True), Rules(quotas={"*": 0}), {})
    assert lines == [
        "### This month",
        "You: nothing yet",
        "This channel: nothing yet",
        "Your roles give you no instructions here.",
    ]


@pytest.mark.parametrize(
    ("place", "can_hear", "hears", "told", "others"),
    [
        (HERE, True, True, "every reply is an instruction", ["I can't read", "mention me in your"]),
        (HERE, True, False, "mention me in your reply", ["I can't read", "every reply"]),
        (HERE, False, False, "I can't read other messages here", ["every reply"]),
        (Place(channel="5", user="7"), False, False, "every message to me", ["I can't read"]),
        (
            Place(guild="4", channel="5", user="7", present=False),
            True,
            True,
            "I hear no messages",
            ["every reply", "every message"],
        ),
    ],
    ids=["hears", "mention only", "no intent", "direct", "installed for oneself"],
)
def test_help_says_how_to_go_on(
    place: Place, can_hear: bool, hears: bool, told: str, others: Sequence[str]
) -> None:
    words = help_words(Asker(place), can_hear=can_hear, hears=hears)
    assert told in words
    assert not [other for other in others if other in words]
    assert all(f"`/{name}`" in words for name in ("imagine", "edit", "upscale", "cutout", "vary"))
    assert len(words) < 3_800
