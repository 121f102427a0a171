"""People with a mouse: buttons, menus, commands, shortcuts and modals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.slack import slack_payloads as payloads
from tests.contract.slack.slack_answering import show
from tests.contract.slack.slack_delivery import Answer
from tests.contract.slack.slack_files import file_json
from tests.contract.slack.slack_json import message_json
from tests.contract.slack.slack_person import Said, Writing, refused_as_failure
from tests.contract.slack.slack_rules import check_view
from tests.contract.slack.slack_views import make_view, renew
from tests.contract.slack.slack_world import (
    AnswerUrl,
    Channel,
    Json,
    Message,
    Refused,
    Team,
    View,
)

Target = Message | Said | View
_HALF_AN_HOUR = 1800


class Person(Writing):
    """Everything that somebody can do in Slack; each deed gives what the app answered."""

    @property
    def view(self) -> View:
        """The modal that is open in front of them. Raises AssertionError when there is none."""
        mine = [view for view in self.world.views.values() if view.user == self.id]
        if not mine:
            raise AssertionError(f"{self.user.name} has no modal open")
        return mine[-1]

    @property
    def home(self) -> View:
        """Their page of the app."""
        return self.world.homes[self.user.team, self.id]

    @property
    def notes(self) -> list[Message]:
        """What only they can see."""
        return [message for message in self.world.ephemerals if message.only_for == self.id]

    async def clicks(self, target: Target, action_id: str, value: str | None = None) -> Answer:
        """Press the button; `value` instead of its own one is forged."""
        return await self._acts(target, action_id, value)

    async def chooses(
        self, target: Target, action_id: str, value: str | list[str] | Json
    ) -> Answer:
        """Take an option of a menu, by its value, its text, or a part that only it has.

        A whole option (a dict) is taken as it is, even when it is not on the menu: forged.
        """
        return await self._acts(target, action_id, value)

    async def _acts(self, target: Target, action_id: str, value: Any) -> Answer:
        shown = target.message if isinstance(target, Said) else target
        blocks = shown.json["blocks"] if isinstance(shown, View) else shown.blocks
        there = {one["action_id"]: (block, one) for block, one in payloads.elements_of(blocks)}
        if action_id not in there:
            raise AssertionError(f"no {action_id!r} to press among {list(there)}")
        block, element = there[action_id]
        payload = self._pressed(shown)
        payload["actions"] = [payloads.action(self.world, block, element, value)]
        return await self.delivery.once("interactive", payload)

    def _pressed(self, shown: Message | View) -> Json:
        if isinstance(shown, View):
            team = self.world.teams[shown.team]
            told = payloads.interaction(self.world, team, self.user, "block_actions")
            return told | {"container": payloads.view_container(shown), "view": shown.json}
        channel = self.world.channels[shown.channel]
        team = self.listener(channel)
        told = payloads.interaction(self.world, team, self.user, "block_actions")
        told |= {
            "container": payloads.message_container(shown),
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "state": {"values": _state_of(shown.blocks)},
            "response_url": self._answer_url(team, channel, shown),
        }
        if not shown.only_for:
            told["message"] = message_json(self.world, shown, metadata=False)
        return told

    def _answer_url(
        self, team: Team, channel: Channel, message: Message | None, kind: str = "actions"
    ) -> str:
        url = AnswerUrl(self.id, channel.id, team.id, self.world.clock() + _HALF_AN_HOUR)
        if message is not None:
            url.message, url.thread = message.ts, message.thread_ts
        return self.world.new_answer_url(url, kind)

    async def commands(self, command: str, text: str, channel: Channel | str) -> Answer:
        """Type a slash command; what the app answers at once is shown, as by Slack."""
        place = self.place(channel)
        team = self.listener(place)
        url = self._answer_url(team, place, None, "commands")
        payload = self._command(command, text, place, team) | {"response_url": url}
        answer = await self.delivery.once("slash_commands", payload)
        if answer.ok and answer.body:
            body = _as_message(answer)
            show(self.world, self.world.answer_urls[url.rpartition("/")[2]], body)
        return answer

    def _command(self, command: str, text: str, place: Channel, team: Team) -> Json:
        told = {
            "token": payloads.TOKEN,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": place.id,
            "channel_name": place.name or "directmessage",
            "user_id": self.id,
            "user_name": self.user.name,
            "command": command,
            "text": text,
            "api_app_id": self.world.app_id,
            "is_enterprise_install": str(payloads.is_org_wide(self.world, team)).lower(),
            "trigger_id": self.world.new_trigger(self.id, team.id),
        }
        if team.enterprise:
            told |= {"enterprise_id": team.enterprise, "enterprise_name": "Org"}
        return told

    async def shortcut(self, callback_id: str, message: Message | Said | None = None) -> Answer:
        """A shortcut on a message, or a global one."""
        one = message.message if isinstance(message, Said) else message
        if one is None:
            team = self.world.teams[self.user.team]
            told = payloads.interaction(self.world, team, self.user, "shortcut")
        else:
            channel = self.world.channels[one.channel]
            team = self.listener(channel)
            told = payloads.interaction(self.world, team, self.user, "message_action")
            told |= {
                "message_ts": one.ts,
                "channel": {"id": channel.id, "name": channel.name or "directmessage"},
                "message": message_json(self.world, one, metadata=False),
                "response_url": self._answer_url(team, channel, one),
            }
        told |= {"callback_id": callback_id, "action_ts": self.world.new_ts()}
        return await self.delivery.once("interactive", told)

    async def submits(self, view: View, values: Mapping[str, Any] | None = None) -> Answer:
        """Send a modal. Keys of `values` are "action_id" or "block_id/action_id"; files of a
        file_input are (name, bytes). What the app answers (errors, update, push, clear) is done.

        Raises AssertionError for what Slack's client would not send, and for answers that Slack
        would refuse.
        """
        view.json["state"] = {"values": self._filled(view, dict(values or {}))}
        team = self.world.teams[view.team]
        told = payloads.interaction(self.world, team, self.user, "view_submission")
        told |= {"view": view.json, "response_urls": []}
        answer = await self.delivery.once("interactive", told)
        if answer.ok:
            self._follow(view, answer.json)
        return answer

    async def closes(self, view: View) -> Answer | None:
        """Close a modal; the app hears of it when it asked for that."""
        del self.world.views[view.id]
        if not view.json["notify_on_close"]:
            return None
        team = self.world.teams[view.team]
        told = payloads.interaction(self.world, team, self.user, "view_closed")
        return await self.delivery.once("interactive", told | {"view": view.json})

    def _filled(self, view: View, values: dict[str, Any]) -> Json:
        filled: Json = {}
        for block in view.json["blocks"]:
            if block["type"] not in ("input", "actions"):
                continue
            for _, element in payloads.elements_of([block]):
                name, action = block["block_id"], element["action_id"]
                value = values.pop(f"{name}/{action}", None)
                value = values.pop(action, None) if value is None else value
                if element["type"] == "file_input" and value:
                    value = [self._given(*one) for one in value]
                state = payloads.state_value(element, value)
                if block["type"] == "input" and not block.get("optional"):
                    self._must_be_filled(state, f"{name}/{action}")
                filled.setdefault(name, {})[action] = state
        if values:
            raise AssertionError(f"the modal has no {sorted(values)}: {sorted(filled)}")
        return filled

    def _given(self, name: str, data: bytes) -> Json:
        file = self.uploads(name, data, granted=True)
        return file_json(file, self.world.base, self.world.clock())

    def _must_be_filled(self, state: Json, where: str) -> None:
        if not any(value for name, value in state.items() if name != "type"):
            raise AssertionError(f"Slack asks to fill in {where} first")

    def _follow(self, view: View, body: Json) -> None:
        does = body.get("response_action")
        try:
            if does == "errors":
                self._marked(view, body["errors"])
            elif does == "update":
                check_view(body["view"], "modal", lambda _: False)
                renew(self.world, view, body["view"])
            elif does == "push":
                check_view(body["view"], "modal", lambda _: False)
                make_view(self.world, body["view"], self.id, view.team, view)
            elif does == "clear":
                for name in [one.id for one in self.world.views.values() if one.user == self.id]:
                    del self.world.views[name]
            else:
                del self.world.views[view.id]
        except Refused as refused:
            raise refused_as_failure(refused) from None

    def _marked(self, view: View, errors: Json) -> None:
        blocks = {block["block_id"] for block in view.json["blocks"] if block["type"] == "input"}
        if not errors or set(errors) - blocks:
            raise AssertionError(f"errors for {sorted(errors)}, inputs are {sorted(blocks)}")


def _state_of(blocks: list[Json]) -> Json:
    state: Json = {}
    for block, element in payloads.elements_of(blocks):
        if element["type"] not in ("button", "overflow"):
            value = payloads.state_value(element, None)
            state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def _as_message(answer: Answer) -> Json:
    if answer.body[:1] == b"{":
        told: Json = answer.json
        return told
    return {"text": answer.text}
