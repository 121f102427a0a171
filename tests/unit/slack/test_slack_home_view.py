"""The home page and the settings as blocks: within Slack's limits, whatever people write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from adapters.chat.settings import LEFT, MODEL
from adapters.slack.api import Apis
from adapters.slack.front import Front
from adapters.slack.home_sessions import Listed
from adapters.slack.home_view import Page, home_view
from adapters.slack.places import Place
from adapters.slack.settings_view import channel_view, may_decide, read_only, workspace_view
from core.engines.catalog import Catalog
from core.engines.fake import FakeEngine
from core.engines.port import ModelCard
from core.instruction.plan import TurnOptions
from core.policy.rules import Rules
from tests.contract.slack.slack_rules import check_view
from tests.unit.slack.slack_stand import OneTeam, says, slack_stand

LONG = "<&>" * 3_000


def _listed(**more: Any) -> Listed:
    told: dict[str, Any] = {"title": "a mug", "versions": 2, "touched": datetime.now(UTC)}
    return Listed(**(told | more))


def _page(*sessions: Listed) -> Page:
    return Page(sessions, usage="nothing yet", settings=["*Model*: Fake"])


@pytest.mark.parametrize("pictures", [True, False])
def test_a_full_page_is_within_limits(pictures: bool) -> None:
    link = "https://easel.example/open/" + "&" * 250
    full = _listed(
        title=LONG, thread=link, workspace=link, picture="F0ABCDEFGH", of="v2", versions=99_999
    )
    check_view(home_view(_page(*[full] * 8), pictures=pictures), "home", lambda _: True)


def test_a_link_that_is_too_long_is_left_out_whole() -> None:
    view = home_view(_page(_listed(workspace="https://easel.example/" + "&" * 2_000)))
    check_view(view, "home", lambda _: True)
    assert "easel.example" not in str(view)


def test_a_page_without_pictures_names_no_file() -> None:
    page = _page(_listed(picture="F0ABCDEFGH", of="v2"))
    assert "F0ABCDEFGH" in str(home_view(page))
    assert "F0ABCDEFGH" not in str(home_view(page, pictures=False))


def test_how_it_goes_comes_first_for_newcomers_and_last_for_others() -> None:
    def headers(page: Page) -> list[str]:
        blocks = home_view(page)["blocks"]
        return [block["text"]["text"] for block in blocks if block["type"] == "header"]

    assert headers(_page()).index("How it goes") == 1
    assert headers(_page(_listed()))[-1] == "How it goes"


class _Shelf(FakeEngine):
    """Many models."""

    def __init__(self, cards: list[ModelCard]) -> None:
        super().__init__(b"", 64, 64)
        self._cards = cards

    def models(self) -> list[ModelCard]:
        return self._cards


def _cards(count: int, **more: Any) -> list[ModelCard]:
    (card,) = FakeEngine(b"", 64, 64).models()
    return [
        card.model_copy(update={"id": f"model-{number}", "title": LONG[:200]} | more)
        for number in range(count)
    ]


@pytest.mark.parametrize("channel", ["C1", "D1"])
def test_settings_with_hundreds_of_models_are_within_limits(channel: str) -> None:
    catalog = Catalog([_Shelf(_cards(400)), _Shelf(_cards(150, engine="replicate"))])
    rules = Rules(options=TurnOptions(model="model-399"))
    for view in (channel_view(catalog, channel, rules), workspace_view(catalog, rules)):
        check_view(view, "modal", lambda _: False)
        assert _initial(view) == "model-399"
    check_view(read_only(catalog, rules, "<#C1>"), "modal", lambda _: False)


def test_models_that_cannot_be_had_or_do_not_draw_are_no_choice() -> None:
    (away,) = _cards(1, id="away", usable=False)
    (enlarger,) = _cards(1, id="enlarger")
    able = enlarger.capabilities.model_copy(update={"operations": frozenset({"upscale"})})
    enlarger = enlarger.model_copy(update={"capabilities": able})
    view = channel_view(Catalog([_Shelf([*_cards(1), away, enlarger])]), "C1", Rules())
    assert _values(view) == [LEFT, "model-0"]


def test_settings_where_no_model_is_set_up_say_so() -> None:
    view = workspace_view(Catalog([]), Rules())
    check_view(view, "modal", lambda _: False)
    assert "None is set up" in str(view)


def _element(view: dict[str, Any]) -> dict[str, Any]:
    found = next(block["element"] for block in view["blocks"] if block.get("block_id") == MODEL)
    return cast("dict[str, Any]", found)


def _initial(view: dict[str, Any]) -> str:
    return str(_element(view)["initial_option"]["value"])


def _values(view: dict[str, Any]) -> list[str]:
    groups = _element(view)["option_groups"]
    return [option["value"] for group in groups for option in group["options"]]


@dataclass
class _Kept:
    """Keeps nothing: each question is asked anew."""

    async def get(self, name: str) -> None:
        return None

    async def set(self, name: str, value: str, **how: Any) -> bool:
        return True


@dataclass
class _Front:
    apis: Apis
    kept: _Kept = field(default_factory=_Kept)


@pytest.mark.parametrize(
    ("user", "user_team", "decides"),
    [
        ({"is_admin": True}, "", False),
        ({"is_admin": True, "enterprise_user": {"is_admin": False}}, "", False),
        ({"enterprise_user": {"is_admin": True}}, "", True),
        ({"enterprise_user": {"is_owner": True}}, "T1", True),
        ({"enterprise_user": {"is_owner": True}}, "T2", False),
    ],
)
async def test_an_organisations_defaults_are_its_own_admins_to_decide(
    user: dict[str, Any], user_team: str, decides: bool
) -> None:
    async with slack_stand() as stand:
        apis = Apis(OneTeam(), f"{stand.base}/api")
        try:
            stand.will("users.info", says(ok=True, user=user))
            front = cast("Front", _Front(apis))
            place = Place(team="T1", enterprise="E1", channel="", user="U1", user_team=user_team)
            assert await may_decide(front, place) is decides
        finally:
            await apis.close()
