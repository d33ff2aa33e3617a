"""What every entrance to the service shares: commands and their answers, questions, who watches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

import msgspec
import structlog

from domain.kernel.aggregate import Aggregate, AnyAggregate
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.permissions import permission_for
from domain.sight import PUBLIC, Viewer
from handlers.access import own_services
from handlers.access.sights import InSight, Sights
from handlers.entrance.opening import check_given, check_slug, find_opened
from handlers.entrance.remarks import Remarks
from handlers.entrance.told_trackers import remarks_on_tracker
from handlers.kernel.asks import Meta, Outcome
from handlers.kernel.decoding import decode_command
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Unavailable
from handlers.kernel.provenance import Caller, meta_of
from handlers.notify.preview import Previewer
from handlers.queries.live_feed import LiveFeed
from handlers.queries.parameters import taken
from handlers.queries.read_models import Beside, ReadModels
from handlers.queries.resources import Given, Page, asks_beside, reads_rows
from handlers.queries.resources import answer as answer_question
from handlers.queries.unseen import readable
from projections.incident.board import PRIVATE_INCIDENTS
from projections.past import NOW, Cut, show_then
from projections.read_model import Resource

REACH_TIMEOUT_S = 5.0

C = TypeVar("C", bound=msgspec.Struct)
S = TypeVar("S")
E = TypeVar("E", bound=Event)

Kind = Literal["decided", "ignored", "repeated"]

log = structlog.get_logger()


class CommandObserver(Protocol):
    """Counts what happens; the metrics of the service."""

    def command(self, name: str, outcome: str, seconds: float) -> None: ...


class Done(NamedTuple):
    """A command that was not refused: the aggregate it was for, and the answer to its sender."""

    id: str
    answer: Any


@dataclass(frozen=True)
class Service:
    """The service behind HTTP, NATS and the command line."""

    executor: Executor
    store: EventStore
    read_models: ReadModels
    feed: LiveFeed
    previewer: Previewer
    observer: CommandObserver
    new_id: Callable[[], str]
    sights: Sights

    async def reach(self, projection: str, position: int | None) -> None:
        """Wait until a read model shows `position`. Raises `Lagging`, `Unavailable`."""
        if position:
            await self.read_models.reach(projection, position, REACH_TIMEOUT_S)

    async def find(self, aggregate: AnyAggregate, ref: str, viewer: Viewer) -> str:
        """The id of the one that `ref` names, if it is there for a viewer, whose reading of what is
        private goes on record. Raises `Refused`, `Unavailable`.
        """
        seen = await self.sights.look(aggregate, ref, viewer)
        await self.sights.note(viewer, seen.private)
        return seen.id

    async def show(self, aggregate: AnyAggregate, ref: str, cut: Cut, viewer: Viewer) -> Any:
        """The one that `ref` names as it is shown, folded from the log, now or then. Raises
        `Refused`, `Unavailable`.
        """
        id_ = await self.find(aggregate, ref, viewer)
        shown = show_then(aggregate, id_, await self.store.load(aggregate.stream(id_)), cut)
        if shown is None:
            raise aggregate.unknown(ref)
        return shown

    async def read(self, stream: str, viewer: Viewer) -> list[Recorded[Event]]:
        """What a stream holds, but for what names incidents that are not there for a viewer. Raises
        `Unavailable`.
        """
        commits = await self.store.load(stream)
        return readable(commits, await self.sights.hidden_links(commits, viewer))

    async def ask(
        self,
        resource: Resource,
        given: Mapping[str, Any],
        viewer: Viewer,
        *,
        ref: str | None = None,
        cut: Cut = NOW,
        position: int | None = None,
    ) -> Page:
        """What a resource answers a viewer, about the aggregate that `ref` names where it is about
        one, once its read model shows `position`. Raises `Refused`, `Lagging`, `Unavailable`.
        """
        about, question = resource.about, resource.question
        key = {"id": await self.executor.find(about, ref or "")} if about else {}
        asked = taken(question, {**given, **key})
        by_rows = reads_rows(resource, cut, asked)
        if about is not None and (not by_rows or self.executor.is_hidden(about, key["id"], viewer)):
            await self.sights.look(about, ref or "", viewer)
        if by_rows:
            for each in (question, *(addition.question for addition in resource.additions)):
                await self.reach(each.of, position)
        given_by, in_sight = await self._given(resource, position), InSight()
        asks = asks_beside(resource, cut, by_rows=by_rows)
        beside = Beside(self.read_models, PRIVATE_INCIDENTS) if asks else None
        if beside is None:
            in_sight = await self.sights.of(viewer)
            given_by = given_by._replace(hidden=in_sight.hidden)
        reader, rows = PUBLIC if resource.counts else viewer, beside or self.read_models
        found = await answer_question(self.store, rows, reader, resource, asked, cut, given_by)
        if beside is not None and beside.found is not None:
            in_sight = self.sights.beside(viewer, beside.found)
        if found is None:
            assert about is not None, "what is about nothing in particular is known"
            raise about.unknown(ref or "")
        if about is not None and by_rows and not found.items:
            await self.sights.look(about, ref or "", viewer)  # no rows: of one that it may see
        read: tuple[str, ...] = ()
        if about is not None and in_sight.seen:
            read = (await self.sights.look(about, ref or "", viewer)).private
        await self.sights.note_answer(viewer, in_sight, found, read)
        seen: Page = in_sight.of(found)
        return seen

    async def _given(self, resource: Resource, position: int | None) -> Given:
        """What the answer is made by. Who has written just now is answered by a fresh directory;
        so is who asks about an entry of it.
        """
        policy = self.executor.policy
        if resource.resolve is None:
            return Given(policy)
        of_entry = resource.about is not None and resource.shows is None
        rosters = self.executor.rosters
        return Given(policy, await rosters.now(fresh=of_entry and not position, upto=position))

    async def send(
        self, aggregate: AnyAggregate, name: str, ref: str | None, body: bytes, sender: Caller
    ) -> Done:
        """Run the command of this name, whose fields are a JSON object, on the aggregate that `ref`
        names; without a `ref`, on the one that it opens. Raises `Refused`, `Unavailable`.
        """
        command = await self._permitted(aggregate, name, ref, body, sender)
        try:
            return await self._send(aggregate, command, ref, sender)
        except Refused as refused:
            if refused.code == aggregate.unknown_code and refused.field == aggregate.name:
                # What is not there and what is not for this sender read alike, to the letter.
                raise aggregate.unknown(ref) from None
            raise

    async def _send(
        self, aggregate: AnyAggregate, command: msgspec.Struct, ref: str | None, sender: Caller
    ) -> Done:
        if ref is not None:
            id_ = await self.executor.find(aggregate, ref)
            if isinstance(command, aggregate.opens):
                check_slug(aggregate, command, id_)
                await check_given(self.executor, aggregate, command, ref, sender.viewer)
        elif isinstance(command, aggregate.opens):
            id_ = await find_opened(
                self.executor, self.store, aggregate, command, sender, self.new_id
            )
        else:
            raise Refused(
                "field.missing",
                f"{aggregate.name} is required",
                field=aggregate.name,
                rule=f"Every command but {aggregate.opening} names the {aggregate.name} that it is"
                " for.",
            )
        outcome = await self.run(aggregate, id_, command, meta_of(id_, sender, self.new_id))
        found = self.executor.unreached(aggregate, command, outcome)
        if aggregate.part_of is not None:
            found += await remarks_on_tracker(self.executor, aggregate, id_, command)
        hidden = aggregate.hides(outcome.state, sender.viewer)
        if hidden or type(command) in aggregate.remarks_on_roles:
            more = Remarks(self.executor, self.store, self.read_models, self.sights)
            found += await more.on(aggregate, id_, command, outcome.state, sender.viewer)
        told = answer(aggregate, id_, command, outcome, found)
        shown = getattr(told, aggregate.name)
        return Done(id_, await self.sights.in_answer(aggregate, told, shown, sender.viewer))

    async def _permitted(
        self, aggregate: AnyAggregate, name: str, ref: str | None, body: bytes, sender: Caller
    ) -> Any:
        """The command, which whoever sends it may send. What nobody of the role may do is not
        looked into. Raises `Refused`, `Unavailable`.
        """
        principal, needed = sender.principal, permission_for(aggregate, name)
        if principal is None or needed is None or principal.may(needed):
            return decode_command(aggregate, name, body)
        if not own_services.may_own(principal, needed):
            principal.demand(needed)
        command = decode_command(aggregate, name, body)
        await own_services.demand(
            self.executor, principal, needed, aggregate, ref, command, sender.viewer
        )
        return command

    async def run(
        self, aggregate: Aggregate[C, S, E], id_: str, command: C, meta: Meta
    ) -> Outcome[S]:
        """Run one command, watched. Raises `Refused`, `Unavailable`."""
        name, about = aggregate.command_name(command), {aggregate.name: id_}
        started, outcome = perf_counter(), "fault"
        watched = not self._is_private(aggregate, id_, command)
        try:
            result = await self.executor.run(aggregate, id_, command, meta)
            outcome = result.outcome
        except Refused as refused:
            outcome = "refused"
            if watched:
                log.info("command.refused", command=name, **about, code=refused.code)
            raise
        except Unavailable:
            outcome = "unavailable"
            raise
        finally:
            if watched:
                label = aggregate.qualified(name, ".")
                self.observer.command(label, outcome, perf_counter() - started)
        if watched:
            log.info(
                "command.done",
                command=name,
                **about,
                outcome=outcome,
                position=result.position,
                actor=meta.actor,
            )
        return result

    def _is_private(self, aggregate: AnyAggregate, id_: str, command: msgspec.Struct) -> bool:
        """Whether a command is on what not everybody may see: neither logs nor figures tell of it,
        nor that anything was made private.
        """
        hidden = self.executor.is_hidden(aggregate, id_, PUBLIC)
        return hidden or type(command) in aggregate.spread or _opens_private(aggregate, command)


def _opens_private(aggregate: AnyAggregate, command: msgspec.Struct) -> bool:
    opens = isinstance(command, aggregate.opens)
    return opens and aggregate.unlisted is not None and aggregate.unlisted(command)


@lru_cache(maxsize=64)
def _answer_type(name: str, shape: type[msgspec.Struct], reference: Any, title: str) -> type[Any]:
    fields: list[Any] = [
        ("id", str),
        ("reference", reference),
        ("position", int),
        ("outcome", Kind),
        ("events", tuple[str, ...]),
        (name, shape),
        ("warnings", tuple[Remark, ...], ()),
    ]
    kind = msgspec.defstruct(title, fields, frozen=True, kw_only=True)
    kind.__doc__ = (
        "The outcome of a command. Read models show it from `position` on; `events` are the tags"
        f" of what was written; `{name}` is its state right after; `warnings` say what to"
        " reconsider about it, which was done all the same."
    )
    return kind


def answer_type(aggregate: AnyAggregate) -> type[Any]:
    """The shape of the answers to commands of an aggregate: its state stands under its name."""
    assert aggregate.view is not None, f"{aggregate.name} takes commands and shows nothing"
    words = () if aggregate.bare else aggregate.name.split("_")
    title = "".join((*map(str.capitalize, words), "Answer"))
    reference = str if aggregate.prefix else str | None
    return _answer_type(aggregate.name, aggregate.view.shape, reference, title)


def answer(
    aggregate: Aggregate[Any, S, Any],
    id_: str,
    command: msgspec.Struct,
    outcome: Outcome[S],
    more: tuple[Remark, ...] = (),
) -> Any:
    """The answer to the sender of a command, as `answer_type` has it, with `more` to reconsider."""
    assert aggregate.view is not None, f"{aggregate.name} takes commands and shows nothing"
    shown = aggregate.view.show(id_, outcome.state, outcome.position)
    assert shown is not None, "a command that was not refused leaves something behind"
    remarks = aggregate.remarks.get(type(command))
    return answer_type(aggregate)(
        id=id_,
        reference=getattr(shown, "reference", None),
        position=outcome.position,
        outcome=outcome.outcome,
        events=tuple(str(event.__struct_config__.tag) for event in outcome.events),
        warnings=(*(remarks(command, outcome.state) if remarks else ()), *more),
        **{aggregate.name: shown},
    )
