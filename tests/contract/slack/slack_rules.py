"""What Slack refuses in blocks, texts and views, in the way in which it says so."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.contract.slack.slack_world import Json, Refused, words

MOST_TEXT = 40_000
MOST_VIEW_BYTES = 250_000
_ID = re.compile(r"F[A-Z0-9]{8,}")
BLOCKS = words(
    """
    section divider image actions context context_actions input header rich_text file
    video markdown table alert card carousel container plan task_card
    """
)
IN_ACTIONS = words(
    """
    button static_select external_select users_select conversations_select channels_select
    overflow datepicker timepicker datetimepicker radio_buttons checkboxes workflow_button
    multi_static_select
    """
)
IN_INPUT = words(
    """
    plain_text_input static_select multi_static_select radio_buttons checkboxes datepicker
    timepicker number_input url_text_input email_text_input file_input rich_text_input
    users_select conversations_select channels_select external_select
    """
)
IN_SECTION = IN_ACTIONS | {"image"}

Ready = Callable[[str], bool]
"""Whether a file of that id may stand in a block."""


class _Judge:
    """Collects what is wrong, each with the pointer that Slack gives."""

    def __init__(self, surface: str, ready: Ready) -> None:
        self.surface = surface
        self.ready = ready
        self.faults: list[str] = []
        self.actions: Counter[str] = Counter()

    def no(self, what: str, where: str) -> None:
        self.faults.append(f"[ERROR] {what} [json-pointer:{where}]")

    def actions_are_unique(self, where: str) -> None:
        """Of what was seen since this was asked last."""
        for action, times in self.actions.items():
            if times > 1:
                self.no(f"`action_id` {action} must be unique", where)
        self.actions.clear()

    def text(self, value: Any, most: int, where: str, *, plain: bool = False) -> None:
        if not isinstance(value, Mapping) or value.get("type") not in ("plain_text", "mrkdwn"):
            return self.no("must be a text object", where)
        if plain and value["type"] != "plain_text":
            self.no("must be plain_text", f"{where}/type")
        words = value.get("text")
        if not isinstance(words, str) or not words:
            return self.no("must be more than 0 characters", f"{where}/text")
        if len(words) > most:
            self.no(f"must be less than {most + 1} characters", f"{where}/text")
        return None

    def short(self, value: Any, most: int, where: str) -> None:
        if value is not None and (not isinstance(value, str) or len(value) > most):
            self.no(f"must be less than {most + 1} characters", where)

    def block(self, block: Any, where: str) -> None:
        kind = block.get("type") if isinstance(block, Mapping) else None
        if kind not in BLOCKS:
            return self.no(f"unsupported type: {kind}", f"{where}/type")
        self.short(block.get("block_id"), 255, f"{where}/block_id")
        check = getattr(self, f"_{kind}", None)
        if check is not None:
            check(block, where)
        return None

    def _section(self, block: Json, where: str) -> None:
        if "text" in block:
            self.text(block["text"], 3000, f"{where}/text")
        elif not block.get("fields"):
            self.no("missing required field: text", where)
        fields = block.get("fields", [])
        if len(fields) > 10:
            self.no("no more than 10 items allowed", f"{where}/fields")
        for number, field in enumerate(fields):
            self.text(field, 2000, f"{where}/fields/{number}")
        if "accessory" in block:
            self.element(block["accessory"], IN_SECTION, f"{where}/accessory")

    def _header(self, block: Json, where: str) -> None:
        self.text(block.get("text"), 150, f"{where}/text", plain=True)

    def _markdown(self, block: Json, where: str) -> None:
        self.short(block.get("text"), 12_000, f"{where}/text")

    def _context(self, block: Json, where: str) -> None:
        elements = self._some(block, 10, where)
        for number, element in enumerate(elements):
            spot = f"{where}/elements/{number}"
            if element.get("type") == "image":
                self._image(element, spot)
            else:
                self.text(element, 3000, spot)

    def _actions(self, block: Json, where: str) -> None:
        for number, element in enumerate(self._some(block, 25, where)):
            self.element(element, IN_ACTIONS, f"{where}/elements/{number}")

    def _some(self, block: Json, most: int, where: str) -> list[Json]:
        elements = block.get("elements")
        if not isinstance(elements, list) or not elements:
            self.no("missing required field: elements", where)
            return []
        if len(elements) > most:
            self.no(f"no more than {most} items allowed", f"{where}/elements")
        return elements

    def _image(self, block: Json, where: str) -> None:
        alt = block.get("alt_text")
        if not isinstance(alt, str):
            self.no("missing required field: alt_text", where)
        self.short(alt, 2000, f"{where}/alt_text")
        self.short(block.get("image_url"), 3000, f"{where}/image_url")
        if "title" in block:
            self.text(block["title"], 2000, f"{where}/title", plain=True)
        if "slack_file" in block:
            self._slack_file(block["slack_file"], f"{where}/slack_file")
        elif not block.get("image_url"):
            self.no("missing required field: image_url", where)

    def _slack_file(self, named: Any, where: str) -> None:
        name = str(named.get("id") or "")
        if "url" in named:
            found = _ID.search(str(named["url"]))
            name = found[0] if found else ""
        if not _ID.fullmatch(name) or not self.ready(name):
            self.no("invalid slack file", where)

    def _input(self, block: Json, where: str) -> None:
        self.text(block.get("label"), 2000, f"{where}/label", plain=True)
        if "hint" in block:
            self.text(block["hint"], 2000, f"{where}/hint", plain=True)
        self.element(block.get("element"), IN_INPUT, f"{where}/element")

    def element(self, element: Any, allowed: frozenset[str], where: str) -> None:
        kind = element.get("type") if isinstance(element, Mapping) else None
        if kind not in allowed:
            return self.no(f"unsupported type: {kind}", f"{where}/type")
        if kind == "image":
            return self._image(element, where)
        action = element.get("action_id")
        self.short(action, 255, f"{where}/action_id")
        if action:
            self.actions[action] += 1
        if "placeholder" in element:
            self.text(element["placeholder"], 150, f"{where}/placeholder", plain=True)
        if "confirm" in element:
            self._confirm(element["confirm"], f"{where}/confirm")
        if kind == "button":
            self._button(element, where)
        elif kind == "file_input":
            self._file_input(element, where)
        elif "options" in element or "option_groups" in element or kind in _WITH_OPTIONS:
            self._options(element, where)
        return None

    def _confirm(self, confirm: Json, where: str) -> None:
        for part, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            if part in confirm:
                self.text(confirm[part], most, f"{where}/{part}", plain=part != "text")

    def _button(self, element: Json, where: str) -> None:
        self.text(element.get("text"), 75, f"{where}/text", plain=True)
        self.short(element.get("value"), 2000, f"{where}/value")
        self.short(element.get("url"), 3000, f"{where}/url")
        self.short(element.get("accessibility_label"), 75, f"{where}/accessibility_label")
        if element.get("style", "primary") not in ("primary", "danger"):
            self.no("must be primary or danger", f"{where}/style")

    def _file_input(self, element: Json, where: str) -> None:
        if self.surface != "modal":
            self.no("file_input is only allowed in modals", where)
        if not 1 <= element.get("max_files", 10) <= 10:
            self.no("must be between 1 and 10", f"{where}/max_files")

    def _options(self, element: Json, where: str) -> None:
        kind = element["type"]
        groups = element.get("option_groups") or [{"options": element.get("options")}]
        for group in groups:
            options = group.get("options")
            if not isinstance(options, list) or not options:
                return self.no("must have at least 1 option", f"{where}/options")
            most = _WITH_OPTIONS.get(kind, 100)
            if len(options) > most:
                self.no(f"no more than {most} items allowed", f"{where}/options")
            for number, option in enumerate(options):
                self._option(option, kind, f"{where}/options/{number}")
        return None

    def _option(self, option: Json, kind: str, where: str) -> None:
        boxes = kind in ("radio_buttons", "checkboxes")
        self.text(option.get("text"), 75, f"{where}/text", plain=not boxes)
        if not isinstance(option.get("value"), str):
            self.no("missing required field: value", where)
        self.short(option.get("value"), 150, f"{where}/value")
        if "description" in option:
            self.text(option["description"], 75, f"{where}/description", plain=not boxes)


_WITH_OPTIONS = {
    "static_select": 100,
    "multi_static_select": 100,
    "overflow": 5,
    "radio_buttons": 10,
    "checkboxes": 10,
}


def faults_of(blocks: Any, most: int, ready: Ready, surface: str) -> list[str]:
    """Everything that is wrong with them; empty when nothing is.

    In a message no action_id comes twice, in views none within one block.
    """
    judge = _Judge(surface, ready)
    if not isinstance(blocks, list):
        return ["[ERROR] must be an array [json-pointer:/blocks]"]
    if len(blocks) > most:
        judge.no(f"no more than {most} items allowed", "/blocks")
    for number, block in enumerate(blocks):
        judge.block(block, f"/blocks/{number}")
        if surface != "message":
            judge.actions_are_unique(f"/blocks/{number}")
        if surface == "message" and isinstance(block, Mapping) and block.get("type") == "input":
            judge.no("input blocks are not allowed in messages", f"/blocks/{number}")
    judge.actions_are_unique("/blocks")
    names = Counter(block.get("block_id") for block in blocks if isinstance(block, Mapping))
    for name, times in names.items():
        if name and times > 1:
            judge.no(f"`block_id` {name} must be unique", "/blocks")
    return judge.faults


def check_blocks(blocks: Any, ready: Ready) -> None:
    """Blocks of a message. Raises Refused."""
    if faults := faults_of(blocks, 50, ready, "message"):
        raise Refused("invalid_blocks", errors=faults, response_metadata={"messages": faults})


def check_text(text: str) -> None:
    if len(text) > MOST_TEXT:
        raise Refused("msg_too_long")


def check_metadata(metadata: Any) -> None:
    if metadata and not (isinstance(metadata, Mapping) and metadata.get("event_type")):
        raise Refused("invalid_metadata_format")


def check_view(view: Any, kind: str, ready: Ready) -> None:
    """A view of that type. Raises Refused."""
    if not isinstance(view, Mapping) or view.get("type") != kind:
        raise _arguments([f"[ERROR] must be a {kind} view [json-pointer:/view/type]"])
    if len(json.dumps(view).encode()) > MOST_VIEW_BYTES:
        raise Refused("view_too_large")
    faults = [*_view_texts(view, kind), *faults_of(view.get("blocks"), 100, ready, kind)]
    if kind == "modal" and not faults and "submit" not in view and _inputs(view):
        faults.append("[ERROR] missing required field: submit [json-pointer:/view]")
    if faults:
        raise _arguments(faults)


def _view_texts(view: Mapping[str, Any], kind: str) -> Iterator[str]:
    judge = _Judge(kind, lambda _: True)
    if kind == "modal":
        judge.text(view.get("title"), 24, "/view/title", plain=True)
    for part in ("submit", "close"):
        if part in view:
            judge.text(view[part], 24, f"/view/{part}", plain=True)
    judge.short(view.get("private_metadata"), 3000, "/view/private_metadata")
    judge.short(view.get("callback_id"), 255, "/view/callback_id")
    return iter(judge.faults)


def _inputs(view: Mapping[str, Any]) -> bool:
    return any(block["type"] == "input" for block in view["blocks"])


def _arguments(faults: list[str]) -> Refused:
    return Refused("invalid_arguments", response_metadata={"messages": faults})
