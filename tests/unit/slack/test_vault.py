"""What is sealed opens with the same secret under the same name, unchanged, and in no other way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy.vault import BrokenSeal, Vault

SECRET = "a long random text"
NAME = "slack:installation:T1"


@given(st.text())
def test_what_was_sealed_opens(text: str) -> None:
    assert Vault(SECRET).open(NAME, Vault(SECRET).seal(NAME, text)) == text


def test_a_seal_shows_nothing_and_never_looks_the_same() -> None:
    vault = Vault(SECRET)
    first, second = vault.seal(NAME, "xoxb-token"), vault.seal(NAME, "xoxb-token")
    assert first != second
    assert first.startswith("v1:")
    assert "xoxb" not in first


def test_another_secret_does_not_open_it() -> None:
    with pytest.raises(BrokenSeal) as broken:
        Vault("another long random text").open(NAME, Vault(SECRET).seal(NAME, "xoxb-token"))
    assert "EASEL_SECRET_KEY" in broken.value.hint
    assert "xoxb" not in f"{broken.value}{broken.value.admin}"


def test_one_workspace_s_token_can_t_be_passed_off_as_another_s() -> None:
    vault = Vault(SECRET)
    with pytest.raises(BrokenSeal):
        vault.open("slack:installation:T2", vault.seal(NAME, "xoxb-token"))


def _seals(vault: Vault) -> Iterator[str]:
    """Seals without end, so that there is one whose last bits mean nothing."""
    while True:
        yield vault.seal(NAME, "xoxb-token")


def test_a_changed_seal_does_not_open_wherever_it_was_changed() -> None:
    vault = Vault(SECRET)
    sealed = next(one for one in _seals(vault) if one.endswith("A="))
    for place in range(len(sealed) - 1):
        other = "A" if sealed[place] != "A" else "B"
        with pytest.raises(BrokenSeal):
            vault.open(NAME, sealed[:place] + other + sealed[place + 1 :])


@pytest.mark.parametrize(
    "sealed", ["", "v1:", "v1:AAAA", "v2:AAAA", "{}", "v1:é", "v1:====", "v1:" + "A" * 40]
)
def test_what_is_no_seal_is_refused_in_the_same_way(sealed: str) -> None:
    with pytest.raises(BrokenSeal):
        Vault(SECRET).open(NAME, sealed)
