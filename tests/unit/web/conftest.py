"""A workspace with one session, for every test of the web adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from core.session.models import Session
from tests.unit.web.desk_double import YOU, DeskDouble, Workspace


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


@pytest.fixture
def desk(workspace: Workspace) -> DeskDouble:
    return workspace.desk


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[httpx.AsyncClient]:
    async with workspace.client() as client:
        yield client


@pytest.fixture
async def session(desk: DeskDouble) -> Session:
    return await desk.open_session("web:one", YOU, title="A red mug")
