"""Whoever is attended to and waits for something outside lets others be attended to."""

from __future__ import annotations

import asyncio

import pytest

from core.turns.attention import Attention, waiting


async def _held_soon(attention: Attention) -> None:
    async with asyncio.timeout(1), attention.held():
        pass


async def test_who_waits_outside_gives_its_place_to_others() -> None:
    attention = Attention(1)
    async with attention.held():
        async with waiting():
            await _held_soon(attention)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.create_task(_held_soon(attention))


async def test_without_a_place_there_is_none_to_give() -> None:
    attention = Attention(1)
    async with waiting():
        await _held_soon(attention)
    async with attention.held():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.create_task(_held_soon(attention))


async def test_what_was_begun_beside_gives_no_place_that_is_not_its_own() -> None:
    attention = Attention(1)

    async def beside() -> None:
        async with waiting(), asyncio.timeout(0.05), attention.held():
            pass

    async with attention.held():
        with pytest.raises(TimeoutError):
            await asyncio.create_task(beside())
    await _held_soon(attention)


async def test_after_failing_outside_all_places_are_there_again() -> None:
    attention = Attention(1)
    with pytest.raises(ZeroDivisionError):
        async with attention.held(), waiting():
            raise ZeroDivisionError
    await _held_soon(attention)
    async with attention.held():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.create_task(_held_soon(attention))
