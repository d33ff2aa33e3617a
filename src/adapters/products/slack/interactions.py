"""Where requests from Slack are answered: slash commands, buttons, dialogs.

Slack waits for 3 seconds. What takes longer goes on, and its sender is told so.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import structlog

from adapters.products.kit.channel import Host
from adapters.products.kit.web import Call, Web
from adapters.products.slack import blocks, dialogs
from adapters.products.slack.api import Api
from adapters.products.slack.known_users import helping, stranger
from adapters.products.slack.markup import escape
from adapters.products.slack.payloads import Interaction, SlashCommand
from adapters.products.slack.personal_pages import PREFIX, clicked
from adapters.products.slack.settings import SlackSettings
from adapters.products.slack.signature import is_signed
from adapters.products.slack.slash_commands import HELP, STATUS, SlashRequest, parse, user
from domain.incident import INCIDENT
from domain.incident.view import IncidentView, view
from domain.kernel.refusal import Refused
from domain.policy import Role
from domain.sight import Viewer
from handlers.entrance.page_answers import PageAnswers
from handlers.entrance.service import Service
from handlers.kernel.ports import Unavailable
from handlers.kernel.provenance import Caller
from handlers.notify.channels import Permanent, Transient
from projections.incident.incident_list import LIST_INCIDENTS

IN_TIME_S = 2.2
LISTED_MOST = 10
TEXT_CHARS = 3_000

log = structlog.get_logger()


class App(NamedTuple):
    """A Slack app of the configuration."""

    signing_secret: str
    api: Api


class Interactions:
    """Answers on behalf of one service; `web` is for replies that go to a URL."""

    def __init__(
        self,
        service: Service,
        apps: Sequence[App],
        web: Web,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._service = service
        self._answers = PageAnswers(service)
        self._apps = apps
        self._web = web
        self._clock = clock
        self._new_id = new_id
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def in_use(self) -> bool:
        """Whether there is any app that could ask."""
        return bool(self._apps)

    def app(self, body: bytes, headers: Mapping[str, str]) -> App | None:
        """Who has signed the request."""
        now = self._clock()
        return next(
            (it for it in self._apps if is_signed(body, headers, it.signing_secret, now)), None
        )

    async def command(self, given: SlashCommand, correlation_id: str) -> str:
        """Carry a slash command out; what to tell its sender alone."""
        actor = user(given.user_id, given.user_name or given.user_id)

        async def run() -> str:
            vocabulary = self._service.executor.policy.vocabulary
            asked = parse(given.text, given.channel_name, actor, vocabulary)
            if asked.command != HELP and (said := await self._stranger(given.user_id, actor)):
                return said
            return await self._carry_out(asked, actor, f"slack-{given.trigger_id}", correlation_id)

        return await self._in_time(run())

    async def click(self, given: Interaction, app: App, correlation_id: str) -> None:
        """Carry a button out, and tell its outcome to whoever has clicked alone."""
        person, action = given.user, given.actions[0] if given.actions else None
        if person is None or action is None:
            return
        actor = user(person.id, person.username or person.name or person.id)

        async def run() -> str:
            if action.action_id.startswith(PREFIX):
                return await clicked(self._answers, action, person.id, correlation_id)
            if said := await self._stranger(person.id, actor):
                return said
            match action.action_id:
                case blocks.ACKNOWLEDGE:
                    asked = SlashRequest("acknowledge", action.value, {})
                case blocks.COMMAND:
                    body = {"role": Role.INCIDENT_COMMANDER.value, "assignee": actor}
                    asked = SlashRequest("assign_role", action.value, body)
                case blocks.RESOLVE:
                    return await self._dialog(given, action.value, app, actor)
                case _:
                    return "This button is not one of ours, or of another version."
            key = f"slack-{action.action_ts}-{person.id}"
            return await self._carry_out(asked, actor, key, correlation_id)

        text = await self._in_time(run())
        if text and given.response_url:
            self._start(self._reply(given.response_url, app, text))

    async def submit(self, given: Interaction, correlation_id: str) -> dict[str, Any]:
        """Carry out what a dialog asks for; what Slack is to do with the dialog: `{}` closes it."""
        if given.user is None or given.view is None:
            return {}
        if given.view.callback_id != dialogs.RESOLUTION:
            log.info("slack.dialog_of_others", callback_id=given.view.callback_id[:100])
            return {}  # of another tool that shares the app: closed, and nothing done
        actor = user(given.user.id, given.user.username or given.user.name or given.user.id)
        asked = SlashRequest("resolve", given.view.private_metadata, dialogs.resolution(given.view))
        key = f"slack-{given.trigger_id}"
        try:
            async with asyncio.timeout(IN_TIME_S):
                if said := await self._stranger(given.user.id, actor):
                    return dialogs.errors(said.partition("\n")[0])
                work = self._run(asked, actor, key, correlation_id)
                await asyncio.shield(self._start(work))
        except Refused as refused:
            return dialogs.errors(_refusal(refused), refused.field)
        except Unavailable:
            return dialogs.errors(_UNAVAILABLE)
        except TimeoutError:
            return dialogs.errors(_LATE)
        return {}

    async def _stranger(self, user_id: str, actor: str) -> str | None:
        """What is told to who is nobody here; None: it is somebody."""
        return await stranger(self._service, user_id, actor)

    async def _carry_out(
        self, asked: SlashRequest, actor: str, key: str, correlation_id: str
    ) -> str:
        """Do what is asked; the outcome in words. Raises `Refused`, `Unavailable`."""
        if asked.command == HELP:
            return helping()
        if asked.command == STATUS:
            return await self._status(asked.ref, await self._viewer(actor))
        return await self._run(asked, actor, key, correlation_id)

    async def _run(self, asked: SlashRequest, actor: str, key: str, correlation_id: str) -> str:
        viewer = await self._viewer(actor)
        sender = Caller(correlation_id, viewer, key, actor)
        fields = asked.body
        if asked.command == "declare" and asked.ref is not None:
            fields = {"title": (await self._shown(asked.ref, viewer)).title, **fields}
        body = msgspec.json.encode(fields)
        _, done = await self._service.send(INCIDENT, asked.command, asked.ref, body, sender)
        news = {"ignored": "nothing new: ", "repeated": "done before: "}.get(done.outcome, "")
        warned = [escape(f"{it.detail}. {it.rule}", TEXT_CHARS) for it in done.warnings]
        return "\n".join((f"{news}{_line(done.incident)}", *warned))

    async def _viewer(self, actor: str) -> Viewer:
        """What the person may see that a user of Slack is."""
        return await self._service.sights.of_person(actor)

    async def _status(self, ref: str | None, viewer: Viewer) -> str:
        if ref is None:
            ask, sights = self._service.read_models.ask, self._service.sights
            known = await sights.of(viewer)
            found = await ask(viewer, LIST_INCIDENTS, statuses=("open",), limit=LISTED_MOST)
            await sights.note_answer(viewer, known, found)
            return "\n".join(map(_line, found)) or "There is no open incident."
        shown = await self._shown(ref, viewer)
        roles = ", ".join(f"{role.title}: {holder}" for role, holder in shown.roles.items())
        lines = (_line(shown), escape(roles or "Nobody has a role yet.", TEXT_CHARS))
        return "\n".join(lines)

    async def _shown(self, ref: str, viewer: Viewer) -> IncidentView:
        """An incident as it stands. Raises `Refused`, `Unavailable`."""
        incident_id = await self._service.find(INCIDENT, ref, viewer)
        shown = view(incident_id, await self._service.executor.state(INCIDENT, incident_id), 0)
        if shown is None:
            raise INCIDENT.unknown(ref)
        return shown

    async def _dialog(self, given: Interaction, ref: str, app: App, actor: str) -> str:
        """Ask how it was resolved. Nothing to tell, unless the dialog cannot be opened."""
        shown = await self._shown(ref, await self._viewer(actor))
        try:
            dialog = dialogs.resolution_dialog(shown)
            await app.api.call("views.open", trigger_id=given.trigger_id, view=dialog)
        except (Transient, Permanent) as failure:
            log.warning("slack.no_dialog", reason=str(failure))
            return f"Use `/incident resolve {shown.reference} what ended it`."
        return ""

    async def _in_time(self, work: Coroutine[Any, Any, str]) -> str:
        """What the work has to say, or why it says something else."""
        try:
            async with asyncio.timeout(IN_TIME_S):
                return await asyncio.shield(self._start(work))
        except Refused as refused:
            return escape(_refusal(refused), TEXT_CHARS)
        except Unavailable:
            return _UNAVAILABLE
        except TimeoutError:
            return _LATE

    async def _reply(self, url: str, app: App, text: str) -> None:
        """Only whoever has clicked sees it. Whoever knows the signing secret names the URL, so it
        is used only where it is Slack's.
        """
        if not app.api.answers_at(url):
            log.warning("slack.no_reply", reason="the response_url is not Slack's")
            return
        content = {"response_type": "ephemeral", "replace_original": False, "text": text}
        headers = {"content-type": "application/json"}
        try:
            await self._web.take(Call("POST", url, headers, msgspec.json.encode(content)))
        except (Transient, Permanent) as failure:
            log.warning("slack.no_reply", reason=str(failure))

    def _start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """A task that is kept until it ends, whoever waits for it; its fault is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not complain of it again


def interactions_of(configured: Sequence[SlackSettings], host: Host) -> Interactions:
    """For the apps that can show who they are."""
    apps = [
        App(it.signing_secret, Api(_web(host, it.token), it.token, it.api_url))
        for it in configured
        if it.signing_secret
    ]
    return Interactions(host.service, apps, _web(host), host.clock, host.new_id)


def _web(host: Host, *secrets: str) -> Web:
    return Web(host.client, host.clock, secrets=secrets)


_UNAVAILABLE = (
    "Not done, as far as is known: a server that this needs cannot be reached now. Look at "
    "`/incident status` before you repeat it."
)
_LATE = "This takes longer than usual and goes on. Look at `/incident status` before you repeat it."


def _refusal(refused: Refused) -> str:
    rule = f" ({refused.rule})" if refused.rule and refused.rule not in refused.detail else ""
    return f"Not done: {refused.detail}{rule}"


def _line(shown: IncidentView) -> str:
    acknowledged = "" if shown.acknowledged else ", not acknowledged"
    line = f"{shown.reference} {shown.severity} {shown.status}{acknowledged}: {shown.title}"
    return escape(line, TEXT_CHARS)
