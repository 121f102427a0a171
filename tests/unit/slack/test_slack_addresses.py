"""Where files may come from, and where a token may go."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.chat.addresses import PublicResolver
from adapters.slack.addresses import Addresses

HERE = Addresses("http://127.0.0.1:4000/api/")
LIVE = Addresses("https://slack.com/api/")


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com/files-pri/T1-F1/a.png",
        "https://acme.slack.com/files/U1/F1/a.png",
        "https://FILES.slack.com:443/x",
        "https://hooks.slack.com/actions/T1/1/x",
        "https://slack-files.com/T1-F1-abc",
        "https://files.slack-gov.com/x",
    ],
)
def test_slacks_own(url: str) -> None:
    assert LIVE.own(url)
    assert HERE.own(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://files.slack.com/x",
        "https://files.slack.com.evil.example/x",
        "https://evilslack.com/x",
        "https://files.slack.com@evil.example/x",
        "https://user:pass@files.slack.com/x",
        "https://files.slack.com:8443/x",
        "https://evil.example\\@files.slack.com/x",
        "https://evil.example\\.slack.com/x",
        "https://evil.example/?files.slack.com",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[bad/x",
        "https://files.slack.com:port/x",
        "file:///etc/passwd",
        "//files.slack.com/x",
        "",
    ],
)
def test_nobody_elses(url: str) -> None:
    assert not LIVE.own(url)
    assert not HERE.own(url)


def test_this_machine_only_where_slack_is_said_to_be_here() -> None:
    for url in ("http://127.0.0.1:4000/x", "http://localhost:4000/x"):
        assert HERE.own(url)
        assert not LIVE.own(url)
    assert not HERE.own("http://127.0.0.1:4001/x")
    assert not HERE.own("http://127.0.0.1/x")
    assert not HERE.own("http://10.0.0.1:4000/x")
    assert not Addresses("http://10.0.0.1:4000/api/").own("http://10.0.0.1:4000/x")


class Named(AbstractResolver):
    """Looks every name up to the same addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0)
            for each in self.addresses
        ]

    async def close(self) -> None: ...


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("169.254.169.254",),
        ("::1",),
        ("fd00::1",),
        ("::ffff:10.0.0.1",),
        ("3.3.3.3", "192.168.0.1"),
    ],
)
async def test_a_name_of_slacks_that_leads_inwards_is_not_followed(
    addresses: tuple[str, ...],
) -> None:
    with pytest.raises(OSError, match="not public"):
        await PublicResolver(Named(*addresses)).resolve("files.slack.com", 443)


async def test_public_addresses_are_given() -> None:
    found = await PublicResolver(Named("3.3.3.3")).resolve("files.slack.com", 443)
    assert [each["host"] for each in found] == ["3.3.3.3"]
    assert await PublicResolver(Named("127.0.0.1")).resolve("localhost", 80)
