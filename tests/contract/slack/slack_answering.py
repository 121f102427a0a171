"""What arrives at a response_url, or as the answer of a command: messages for one or for all."""

from __future__ import annotations

from tests.contract.slack import slack_rules as rules
from tests.contract.slack.slack_chat import put, remove
from tests.contract.slack.slack_json import with_ids
from tests.contract.slack.slack_world import AnswerUrl, Json, Message, Refused, World


def answer_url(world: World, secret: str, body: Json) -> None:
    """Raises Refused when the address is unknown, too old or used up, or the body is wrong."""
    url = world.answer_urls.get(secret)
    if url is None or world.clock() > url.expires:
        raise Refused("expired_url")
    if url.left < 1:
        raise Refused("used_url")
    rules.check_text(str(body.get("text") or ""))
    rules.check_blocks(body.get("blocks") or [], lambda _: False)
    url.left -= 1
    show(world, url, body)


def show(world: World, url: AnswerUrl, body: Json) -> None:
    """Carry out an answer: replace, delete, or say something."""
    target = world.messages.get((url.channel, url.message))
    private = next((one for one in world.ephemerals if one.ts == url.message), None)
    if body.get("delete_original"):
        if target:
            world.tell(target.team, remove(world, target))
        elif private:
            world.ephemerals.remove(private)
    elif body.get("replace_original") and (target or private):
        _rewrite(target or private, body)
    elif body.get("text") or body.get("blocks"):
        _say(world, url, body)


def _rewrite(message: Message | None, body: Json) -> None:
    if message is not None:
        message.text, message.blocks = body.get("text", ""), with_ids(body.get("blocks") or [])
        message.edits += 1


def _say(world: World, url: AnswerUrl, body: Json) -> None:
    team = world.teams[url.team]
    message = Message(
        url.channel,
        world.new_ts(),
        team.bot_user,
        team.id,
        text=str(body.get("text") or ""),
        thread_ts=str(body.get("thread_ts") or url.thread),
        blocks=with_ids(body.get("blocks") or []),
        bot_id=team.bot_id,
    )
    if body.get("response_type") == "in_channel":
        put(world, message)
    else:
        message.only_for = url.user
        world.ephemerals.append(message)
