"""Limits of blocks in a fake Slack: one too much is one fault, at its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.slack.slack_office import actions, button, overflow, section
from tests.contract.slack.slack_rules import faults_of

WORDS = {"type": "plain_text", "text": "Words"}
MARKED = {"type": "mrkdwn", "text": "*Words*"}


def long(most: int, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": "x" * (most + 1)}


def image(**more: Any) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://a.b/c.png", "alt_text": "c", **more}


def select(**more: Any) -> dict[str, Any]:
    options = [{"text": WORDS, "value": "1"}]
    return {"type": "static_select", "action_id": "choose", "options": options, **more}


def question(**more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "words"}
    return {"type": "input", "label": WORDS, "element": element, **more}


def without(table: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != name}


def less(most: int, where: str) -> str:
    return f"must be less than {most + 1} characters @ {where}"


FIRST = "/blocks/0/elements/0"
CASES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "blocks": ([section()] * 51, "no more than 50 items allowed @ /blocks"),
    "type": ([{"type": "sction"}], "unsupported type: sction @ /blocks/0/type"),
    "block id": ([section() | {"block_id": "x" * 256}], less(255, "/blocks/0/block_id")),
    "block id twice": (
        [section() | {"block_id": "a"}] * 2,
        "`block_id` a must be unique @ /blocks",
    ),
    "section": ([section("x" * 3001)], less(3000, "/blocks/0/text/text")),
    "no text": ([{"type": "section"}], "missing required field: text @ /blocks/0"),
    "empty": ([section("")], "must be more than 0 characters @ /blocks/0/text/text"),
    "no object": (
        [{"type": "section", "text": "hello"}],
        "must be a text object @ /blocks/0/text",
    ),
    "fields": (
        [{"type": "section", "fields": [MARKED] * 11}],
        "no more than 10 items allowed @ /blocks/0/fields",
    ),
    "field": (
        [{"type": "section", "fields": [long(2000)]}],
        less(2000, "/blocks/0/fields/0/text"),
    ),
    "accessory": (
        [section() | {"accessory": {"type": "file_input"}}],
        "unsupported type: file_input @ /blocks/0/accessory/type",
    ),
    "accessory image": (
        [section() | {"accessory": without(image(), "alt_text")}],
        "missing required field: alt_text @ /blocks/0/accessory",
    ),
    "header": ([{"type": "header", "text": long(150)}], less(150, "/blocks/0/text/text")),
    "marked header": (
        [{"type": "header", "text": MARKED}],
        "must be plain_text @ /blocks/0/text/type",
    ),
    "markdown": ([{"type": "markdown", "text": "x" * 12_001}], less(12_000, "/blocks/0/text")),
    "context": (
        [{"type": "context", "elements": [MARKED] * 11}],
        "no more than 10 items allowed @ /blocks/0/elements",
    ),
    "context text": (
        [{"type": "context", "elements": [long(3000, "mrkdwn")]}],
        less(3000, f"{FIRST}/text"),
    ),
    "context image": (
        [{"type": "context", "elements": [without(image(), "alt_text")]}],
        f"missing required field: alt_text @ {FIRST}",
    ),
    "nothing in it": (
        [{"type": "actions", "elements": []}],
        "missing required field: elements @ /blocks/0",
    ),
    "actions": (
        [actions(*(button(f"press{number}") for number in range(26)))],
        "no more than 25 items allowed @ /blocks/0/elements",
    ),
    "alt": ([image(alt_text="x" * 2001)], less(2000, "/blocks/0/alt_text")),
    "no alt": ([without(image(), "alt_text")], "missing required field: alt_text @ /blocks/0"),
    "image url": ([image(image_url="x" * 3001)], less(3000, "/blocks/0/image_url")),
    "no url": ([without(image(), "image_url")], "missing required field: image_url @ /blocks/0"),
    "image title": ([image(title=long(2000))], less(2000, "/blocks/0/title/text")),
    "file": (
        [image(slack_file={"id": "F0NOSUCHFILE"})],
        "invalid slack file @ /blocks/0/slack_file",
    ),
    "file by address": (
        [image(slack_file={"url": "https://a.b/files-pri/T1-F0NOSUCHFILE/c.png"})],
        "invalid slack file @ /blocks/0/slack_file",
    ),
    "file id": ([image(slack_file={"id": "nothing"})], "invalid slack file @ /blocks/0/slack_file"),
    "element": (
        [actions(question()["element"])],
        f"unsupported type: plain_text_input @ {FIRST}/type",
    ),
    "action id": ([actions(button("x" * 256))], less(255, f"{FIRST}/action_id")),
    "action id twice": (
        [actions(button(), button())],
        "`action_id` press must be unique @ /blocks",
    ),
    "action id in two blocks": (
        [actions(button()), actions(button())],
        "`action_id` press must be unique @ /blocks",
    ),
    "button": ([actions(button(text="x" * 76))], less(75, f"{FIRST}/text/text")),
    "value": ([actions(button(value="x" * 2001))], less(2000, f"{FIRST}/value")),
    "url": ([actions(button(url="x" * 3001))], less(3000, f"{FIRST}/url")),
    "label": (
        [actions(button(accessibility_label="x" * 76))],
        less(75, f"{FIRST}/accessibility_label"),
    ),
    "style": ([actions(button(style="loud"))], f"must be primary or danger @ {FIRST}/style"),
    "confirm": (
        [actions(button(confirm={"title": long(100)}))],
        less(100, f"{FIRST}/confirm/title/text"),
    ),
    "placeholder": (
        [actions(select(placeholder=long(150)))],
        less(150, f"{FIRST}/placeholder/text"),
    ),
    "no options": (
        [actions(select(options=[]))],
        f"must have at least 1 option @ {FIRST}/options",
    ),
    "options": (
        [actions(select(options=select()["options"] * 101))],
        f"no more than 100 items allowed @ {FIRST}/options",
    ),
    "groups": (
        [actions(select(option_groups=[{"label": WORDS, "options": []}]))],
        f"must have at least 1 option @ {FIRST}/options",
    ),
    "overflow": ([actions(overflow(6))], f"no more than 5 items allowed @ {FIRST}/options"),
    "overflow text": (
        [actions(overflow(1, "x" * 76))],
        less(75, f"{FIRST}/options/0/text/text"),
    ),
    "no value": (
        [actions(select(options=[{"text": WORDS}]))],
        f"missing required field: value @ {FIRST}/options/0",
    ),
    "option value": (
        [actions(select(options=[{"text": WORDS, "value": "x" * 151}]))],
        less(150, f"{FIRST}/options/0/value"),
    ),
    "description": (
        [actions(select(options=[{"text": WORDS, "value": "1", "description": long(75)}]))],
        less(75, f"{FIRST}/options/0/description/text"),
    ),
    "input": ([question()], "input blocks are not allowed in messages @ /blocks/0"),
}

IN_MODALS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "blocks": ([section()] * 101, "no more than 100 items allowed @ /blocks"),
    "label": ([question(label=long(2000))], less(2000, "/blocks/0/label/text")),
    "hint": ([question(hint=long(2000))], less(2000, "/blocks/0/hint/text")),
    "element": (
        [question(element=button())],
        "unsupported type: button @ /blocks/0/element/type",
    ),
    "files": (
        [question(element={"type": "file_input", "action_id": "f", "max_files": 11})],
        "must be between 1 and 10 @ /blocks/0/element/max_files",
    ),
}


def told(faults: list[str]) -> list[str]:
    plain = [fault.removeprefix("[ERROR] ").removesuffix("]") for fault in faults]
    return [fault.replace(" [json-pointer:", " @ ") for fault in plain]


@pytest.mark.parametrize(("blocks", "fault"), CASES.values(), ids=CASES.keys())
def test_each_limit_of_a_message_is_a_fault(blocks: list[dict[str, Any]], fault: str) -> None:
    assert told(faults_of(blocks, 50, lambda _: False, "message")) == [fault]


@pytest.mark.parametrize(("blocks", "fault"), IN_MODALS.values(), ids=IN_MODALS.keys())
def test_each_limit_of_a_modal_is_a_fault(blocks: list[dict[str, Any]], fault: str) -> None:
    assert told(faults_of(blocks, 100, lambda _: False, "modal")) == [fault]


def test_files_are_taken_in_modals_only() -> None:
    element = {"type": "file_input", "action_id": "f"}
    asked = [question(element=element)]
    assert faults_of(asked, 100, lambda _: False, "modal") == []
    assert told(faults_of(asked, 100, lambda _: False, "home")) == [
        "file_input is only allowed in modals @ /blocks/0/element"
    ]


def test_what_is_no_list_is_no_block() -> None:
    assert told(faults_of({"type": "section"}, 50, lambda _: False, "message")) == [
        "must be an array @ /blocks"
    ]
