"""Where a public address leads to this machine, nobody counts as sitting at it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from adapters.web.gate import Call
from bot.doors import gate
from bot.settings import Settings
from core.errors import BadInput, NotAllowed

PUBLIC = "https://easel.example"


def test_a_public_address_asks_who_people_are() -> None:
    with pytest.raises(BadInput, match="EASEL_PUBLIC_URL"):
        gate(Settings(public_url=PUBLIC, _env_file=None))


@pytest.mark.parametrize("address", [None, "http://localhost:8080", "http://127.0.0.1:8080"])
def test_this_machine_alone_is_open_whatever_it_is_called(address: str | None) -> None:
    visitor = gate(Settings(public_url=address, _env_file=None)).admit(_call())
    assert visitor.everything


def test_who_comes_through_a_plain_proxy_is_nobody() -> None:
    """It passes requests on under this machine's own name, and from it."""
    settings = Settings(
        public_url=PUBLIC, secret_key=SecretStr("long and random text"), _env_file=None
    )
    with pytest.raises(NotAllowed):
        gate(settings).admit(_call())


def _call() -> Call:
    return Call(method="GET", headers={"host": "127.0.0.1:8080"}, cookies={}, peer="127.0.0.1")
