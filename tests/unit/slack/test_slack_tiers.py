"""What may be sent when: tiers, channels, pauses, and what is kept back for what matters."""

from __future__ import annotations

import pytest

from adapters.slack.refusals import SlackLater
from adapters.slack.tiers import TIER_3, Tiers


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_never_sees_more_than_the_tier() -> None:
    clock = Clock()
    tiers = Tiers(clock=clock)
    sent: list[float] = []
    for _ in range(400):
        try:
            sent.append(clock.now + tiers.take("T1", "chat.update"))
        except SlackLater as later:
            clock.now += later.seconds
        clock.now += 0.1
    assert len(sent) > 2 * TIER_3
    for begin in sent:
        assert sum(begin <= each < begin + 60 for each in sent) <= TIER_3


def test_workspaces_and_methods_do_not_wait_for_each_other() -> None:
    tiers = Tiers(clock=Clock())
    for _ in range(TIER_3):
        assert tiers.take("T1", "chat.update") == 0
    with pytest.raises(SlackLater) as later:
        tiers.take("T1", "chat.update")
    assert later.value.seconds == pytest.approx(60)
    assert not later.value.uncertain
    assert tiers.take("T2", "chat.update") == 0
    assert tiers.take("T1", "chat.delete") == 0


def test_a_channel_takes_a_few_messages_at_once_and_then_one_a_second() -> None:
    clock = Clock()
    tiers = Tiers(clock=clock)
    waits = [tiers.take("T1", "chat.postMessage", "C1") for _ in range(4)]
    assert waits == [0] * 4
    with pytest.raises(SlackLater):
        tiers.take("T1", "chat.postMessage", "C1")
    assert tiers.take("T1", "chat.postMessage", "C2") == 0
    clock.now += 2
    assert tiers.take("T1", "chat.postMessage", "C1") == pytest.approx(2)


def test_those_who_wait_take_places_one_after_the_other() -> None:
    clock = Clock()
    tiers = Tiers(patience=10, clock=clock)
    for _ in range(4):
        tiers.take("T1", "chat.postMessage", "C1")
    clock.now += 2
    waits = [tiers.take("T1", "chat.postMessage", "C1") for _ in range(5)]
    assert waits == pytest.approx([2, 2, 2, 2, 6])


def test_what_is_spare_leaves_a_third_to_what_is_not() -> None:
    tiers = Tiers(clock=Clock())
    spared = 0
    with pytest.raises(SlackLater):
        while True:
            tiers.take("T1", "chat.update", spare=True)
            spared += 1
    assert spared == TIER_3 - round(TIER_3 / 3)
    for _ in range(TIER_3 - spared):
        assert tiers.take("T1", "chat.update") == 0


def test_a_pause_holds_a_method_and_of_posts_just_the_channel() -> None:
    clock = Clock()
    tiers = Tiers(clock=clock)
    tiers.pause("T1", "chat.postMessage", "C1", 10)
    tiers.pause("T1", "files.info", "", 2)
    with pytest.raises(SlackLater) as later:
        tiers.take("T1", "chat.postMessage", "C1")
    assert later.value.seconds == pytest.approx(10)
    assert tiers.take("T1", "chat.postMessage", "C2") == 0
    assert tiers.take("T1", "files.info") == pytest.approx(2)
    clock.now += 10
    assert tiers.take("T1", "chat.postMessage", "C1") == 0


def test_what_is_over_is_forgotten() -> None:
    clock = Clock()
    tiers = Tiers(clock=clock)
    for channel in range(3000):
        clock.now += 0.25
        tiers.take("T1", "chat.postMessage", f"C{channel}")
    assert len(tiers._windows) <= 2002
