"""Previews: what would be told, word for word, without telling or writing anything."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from domain.incident import INCIDENT, Incident, IncidentEvent
from domain.incident.commands import Command as IncidentCommand
from domain.incident.commands import PostUpdate
from domain.incident.messages.contexts import CONTEXTS, Digest, following
from domain.incident.messages.wording_review import remark
from domain.incident.presentation.lines import describe
from domain.incident.state import Undeclared
from domain.incident.unheard import is_heard
from domain.kernel.commit import Commit, Event, Recorded, event_id
from domain.kernel.decider import Context
from domain.kernel.notifiable import Found, MessageContext, recorded_level
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import Roster
from domain.policy import Policy
from domain.policy.audience import Audience
from domain.policy.reach import Reach
from handlers.kernel.history import readable
from handlers.kernel.ports import EventStore
from handlers.notify.render import Wording, Words, marked_as_drill, service_link, with_url
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow

HYPOTHETICAL = "preview"


class Rendering(msgspec.Struct, frozen=True, kw_only=True):
    """What an audience would be told of an event, or was. `event_id` is null for a hypothetical
    one.
    """

    audience: Audience
    kind: str
    subject: str
    text: str
    event_id: str | None = None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What each audience would get, and what there is to remark on it. Without messages, nobody is
    told: only standard incidents notify people, and drills through channels marked for them.
    """

    messages: tuple[Rendering, ...]
    warnings: tuple[Remark, ...]


class CommandPreview(Preview, frozen=True, kw_only=True):
    """What a command would put on record, a line of the timeline each, beside what would be told of
    it. Without lines there is nothing new in it. Of the audiences of the messages no channel tells
    those that are `unheard`.
    """

    lines: tuple[str, ...]
    unheard: tuple[Audience, ...] = ()


class Previewer:
    """Renders from the log; `wording` is that of the notifications."""

    def __init__(
        self,
        store: EventStore,
        wording: Wording,
        policy: Policy,
        clock: Callable[[], datetime],
        public_url: str | None = None,
    ) -> None:
        self._store = store
        self._wording = wording
        self._policy = policy
        self._clock = clock
        self._public_url = public_url

    async def update(self, incident_id: str, command: PostUpdate) -> Preview:
        """What posting this update now would tell. Raises `Refused`, `Unavailable`."""
        history = await self._store.load(INCIDENT.stream(incident_id))
        digest, known = Digest(), NOTHING_FOLDED
        for recorded in readable(INCIDENT, history):
            digest, known = following(digest, _events(recorded)), follow(known, recorded)
        if isinstance(known.incident, Undeclared):
            raise INCIDENT.unknown(incident_id)
        context = Context(self._clock(), HYPOTHETICAL, self._policy)
        events = INCIDENT.decide(command, known.incident, context)
        after = follow(known, _hypothetical(incident_id, known, events, context))
        return Preview(
            messages=tuple(self._renderings(after, events, digest, None)),
            warnings=remark(command, after.incident),
        )

    async def command(
        self, incident_id: str | None, command: IncidentCommand, asker: Context
    ) -> CommandPreview:
        """What this command would do now if `asker` sent it; without an id, if it opened one.
        Nothing is written, and what other aggregates would have a say in is not asked. Raises
        `Refused`, `Unavailable`.
        """
        history = await self._store.load(INCIDENT.stream(incident_id)) if incident_id else []
        digest, known = Digest(), NOTHING_FOLDED
        for recorded in readable(INCIDENT, history):
            digest, known = following(digest, _events(recorded)), follow(known, recorded)
        events = INCIDENT.decide(command, known.incident, asker)
        after = follow(known, _hypothetical(incident_id or HYPOTHETICAL, known, events, asker))
        if isinstance(after.incident, Undeclared):
            raise INCIDENT.unknown(incident_id or "")
        remarks = INCIDENT.remarks.get(type(command))
        lines = (describe(event) for event in events)
        messages = tuple(self._renderings(after, events, digest, None))
        facts, reach = after.incident.facts, asker.reach
        audiences = dict.fromkeys(each.audience for each in messages)
        return CommandPreview(
            lines=tuple(line.text for line in lines if line is not None),
            messages=messages,
            unheard=tuple(it for it in audiences if reach and not is_heard(it, facts, reach)),
            warnings=tuple(remarks(command, after.incident)) if remarks else (),
        )

    def context(
        self, actor: str, reach: Reach | None = None, roster: Roster | None = None
    ) -> Context:
        """As whom a preview is decided, now: of an incident that it opens the number is not known
        yet.
        """
        return Context(
            self._clock(), HYPOTHETICAL, self._policy, actor=actor, reach=reach, roster=roster
        )

    async def past(
        self, incident_id: str, kind: str, event: str | None = None
    ) -> tuple[Rendering, ...]:
        """What was told last as this kind, or of one event. Raises `Refused`, `Unavailable`."""
        history = await self._store.load(INCIDENT.stream(incident_id))
        if not history:
            raise INCIDENT.unknown(incident_id)
        digest, known = Digest(), NOTHING_FOLDED
        found: tuple[Rendering, ...] = ()
        kinds: dict[str, None] = {}
        for recorded in readable(INCIDENT, history):
            known = follow(known, recorded)
            kinds.update(dict.fromkeys(item.kind for _, item in known.found))
            of_kind = tuple((place, item) for place, item in known.found if item.kind == kind)
            if of_kind and event in (None, *_ids(recorded, of_kind)):
                found = tuple(self._renderings(known, _events(recorded), digest, recorded))
                found = tuple(each for each in found if each.kind == kind)
            digest = following(digest, _events(recorded))
        if not found:
            raise Refused(
                "preview.no_such_news",
                f"there is no news of kind {kind} of it"
                f"{f' in event {event}' if event else ''}; there is {', '.join(kinds) or 'none'}",
                field="event" if event and kind in kinds else "kind",
                rule="A preview shows what the log tells; that of an update may state its text.",
            )
        return found

    def _renderings(
        self,
        known: IncidentFold,
        events: Sequence[IncidentEvent],
        digest: Digest,
        recorded: Recorded[Event] | None,
    ) -> list[Rendering]:
        assert not isinstance(known.incident, Undeclared)
        url = service_link(self._public_url, INCIDENT, known.incident.facts.reference)
        found = []
        for place, item in known.found:
            told = MessageContext[Incident, IncidentEvent](
                known.incident, events[place], following(digest, events[:place])
            )
            for audience in item.audiences:
                said = CONTEXTS.build[audience](audience, item.kind, told, self._policy)
                words = Words(*self._wording(with_url(said, url)))
                if known.told.topic.drill:
                    words = marked_as_drill(words)
                found.append(
                    Rendering(
                        audience=audience,
                        kind=item.kind,
                        subject=words.subject,
                        text=words.text,
                        event_id=event_id(recorded.commit.id, place) if recorded else None,
                    )
                )
        return found


def _events(recorded: Recorded[Event]) -> tuple[IncidentEvent, ...]:
    return recorded.commit.events  # type: ignore[return-value]


def _ids(recorded: Recorded[Event], found: Found) -> list[str]:
    return [event_id(recorded.commit.id, place) for place, _ in found]


def _hypothetical(
    incident_id: str, known: IncidentFold, events: Sequence[Event], context: Context
) -> Recorded[Event]:
    commit = Commit[Event](
        id=HYPOTHETICAL,
        actor=HYPOTHETICAL,
        correlation_id=HYPOTHETICAL,
        recorded_at=context.now,
        events=tuple(events),
        executives_from=recorded_level(context.policy),
    )
    return Recorded(known.position + 1, INCIDENT.stream(incident_id), commit)
