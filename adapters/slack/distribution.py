"""All that installing in many workspaces needs, put together, or refused in words."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from adapters.slack.identity import bare_client
from adapters.slack.installations import Installations
from adapters.slack.manifest import SCOPES
from adapters.slack.oauth import InstallFlow, install_flow
from adapters.slack.rotation import Rotation
from adapters.slack.workspaces import ManyWorkspaces
from core.errors import BadInput
from core.policy.keyvalue import KeyValue
from core.policy.vault import Vault


@dataclass(frozen=True)
class Distribution:
    """The parts: who Easel is where, how it gets there, and what it keeps of that."""

    tokens: ManyWorkspaces
    flow: InstallFlow
    installations: Installations


def distribution(
    values: KeyValue,
    *,
    api_url: str,
    client_id: str,
    client_secret: SecretStr | None,
    secret_key: SecretStr | None,
    public_url: str | None,
) -> Distribution:
    """Put the parts together. Raises BadInput naming the settings that are missing."""
    if client_secret is None or secret_key is None or public_url is None:
        raise lacking(client_secret, secret_key, public_url)
    client = bare_client(api_url)
    installations = Installations(values, Vault(secret_key.get_secret_value()))
    rotation = Rotation(
        values, installations, client, client_id=client_id, client_secret=client_secret
    )
    flow = install_flow(
        values,
        installations,
        client,
        client_id=client_id,
        client_secret=client_secret,
        public_url=public_url,
        scopes=tuple(SCOPES),
    )
    return Distribution(ManyWorkspaces(installations, rotation), flow, installations)


def lacking(
    client_secret: SecretStr | None, secret_key: SecretStr | None, public_url: str | None
) -> BadInput:
    """What installing in many workspaces needs beside a client id, as far as it is not set."""
    needed = {
        "SLACK_CLIENT_SECRET": client_secret,
        "EASEL_SECRET_KEY": secret_key,
        "EASEL_PUBLIC_URL": public_url,
    }
    missing = " and ".join(name for name, value in needed.items() if value is None)
    return BadInput(
        f"SLACK_CLIENT_ID is set, and installing in workspaces also needs {missing}.",
        hint="Set it, or unset SLACK_CLIENT_ID to work in one workspace. Tokens of workspaces are "
        "kept encrypted only, by a key from EASEL_SECRET_KEY.",
    )
