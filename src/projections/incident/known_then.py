"""What was known of an incident at a time, beside what is known of it now: for whoever asks later
why something was done, or was not.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from domain.incident import INCIDENT
from domain.incident.header import at_a_glance, header
from domain.incident.hypothesis import Hypothesis
from domain.incident.state import Incident, Undeclared
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.policy.audience import Audience
from projections.incident.board import SHOW_INCIDENT
from projections.incident.lines import Entry, with_origin
from projections.incident.merged import (
    Commits,
    beside,
    merged_into,
    one_then,
    own,
    whole_timeline,
)
from projections.incident.reading import read_for
from projections.incident.rows_folded import Row
from projections.incident.told import told_then
from projections.incident.untold import NO_CHANNEL, untold_then
from projections.past import NOW, Cut, Then
from projections.read_model import FromLog, Resource


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of something then (null: nothing), and what is said of it now."""

    about: str
    then: str | None
    now: str | None

    @property
    def differs(self) -> bool:
        return self.then != self.now


class HypothesisBeside(msgspec.Struct, frozen=True, kw_only=True):
    """An investigation path as it stood then (null: nobody had named it), and as it stands."""

    name: str
    statement: str
    then: str | None
    now: str | None


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """An audience: what it had been told last, when and through which channels; or why it had not
    been.
    """

    audience: Audience
    told: str | None
    at: datetime | None
    channels: tuple[str, ...] = ()
    why_not: str | None = None


class LearntLater(msgspec.Struct, frozen=True, kw_only=True):
    """What had happened by then and was recorded later; or what was recorded and was put right
    later: it read `then`, and reads `text` now.
    """

    kind: str
    at: datetime
    recorded_at: datetime
    text: str
    then: str | None = None


class KnownThen(msgspec.Struct, frozen=True, kw_only=True):
    """What was known of an incident at a time (`known_at`), beside what is known now. Without
    `then_known`, nothing was known of it. `glance` and `hypotheses` have both; `timeline` is what
    was on record then, for responders; `told` who had been told; `learnt_later` what was not known.
    """

    id: str
    reference: str
    title: str
    known_at: datetime
    then_known: bool
    glance: tuple[Beside, ...]
    hypotheses: tuple[HypothesisBeside, ...]
    timeline: tuple[Row, ...]
    told: tuple[Reached, ...]
    learnt_later: tuple[LearntLater, ...]


def known_then(id_: str, commits: Sequence[Recorded[Event]], cut: Cut) -> KnownThen | None:
    """It, from all commits that tell of the incident; None where there is none. Raises `Refused`
    without a time.
    """
    if cut.known_at is None:
        raise Refused(
            "query.invalid",
            "known_at says at which time: what was known then is shown",
            field="known_at",
            rule="RFC 3339 with a zone",
            invalid=True,
        )
    stands = one_then(id_, commits, NOW)
    now: Incident = stands.state
    if isinstance(now, Undeclared):
        return None
    then: Incident = one_then(id_, commits, cut).state
    timeline = read_for(id_, "responders", _with_parts_then(id_, commits, cut), cut)
    return KnownThen(
        id=id_,
        reference=now.facts.reference,
        title=now.facts.about.title,
        known_at=cut.known_at,
        then_known=timeline is not None,
        glance=tuple(_glance(then, now)),
        hypotheses=tuple(_hypotheses(then, now)),
        timeline=tuple(timeline.entries) if timeline else (),
        told=tuple(_told(id_, commits, cut)),
        learnt_later=tuple(_learnt_later(id_, commits, stands, cut.known_at)),
    )


def _glance(then: Incident, now: Incident) -> Iterator[Beside]:
    """A line for each thing that stands above a timeline, in the order of now."""
    before, after = _said(then), _said(now)
    for about in dict.fromkeys((*after, *before)):
        yield Beside(about=about, then=before.get(about), now=after.get(about))


def _said(incident: Incident) -> dict[str, str]:
    if isinstance(incident, Undeclared):
        return {}
    return {"Title": incident.facts.about.title, **dict(at_a_glance(header(incident)))}


def _hypotheses(then: Incident, now: Incident) -> Iterator[HypothesisBeside]:
    before, after = _paths(then), _paths(now)
    for name in dict.fromkeys((*before, *after)):
        known = before.get(name) or after[name]
        yield HypothesisBeside(
            name=name,
            statement=known.statement,
            then=_stood(before.get(name)),
            now=_stood(after.get(name)),
        )


def _paths(incident: Incident) -> dict[str, Hypothesis]:
    if isinstance(incident, Undeclared):
        return {}
    return {path.name: path for path in incident.facts.response.hypotheses}


def _stood(path: Hypothesis | None) -> str | None:
    if path is None:
        return None
    return f"{path.status.value}: {path.finding}" if path.finding else path.status.value


def _told(id_: str, commits: Sequence[Recorded[Event]], cut: Cut) -> Iterator[Reached]:
    """Each audience with what it had heard last, and those that no channel had told."""
    latest: dict[Audience, Reached] = {}
    for each in told_then(beside(id_, commits), cut):
        before = latest.get(each.audience)
        channels = tuple(dict.fromkeys((*(before.channels if before else ()), each.channel)))
        latest[each.audience] = Reached(
            audience=each.audience, told=each.subject, at=each.at, channels=channels
        )
    yield from latest.values()
    for missed in untold_then(id_, own(id_, commits), cut):
        if missed.audience not in latest:
            yield Reached(audience=missed.audience, told=None, at=None, why_not=NO_CHANNEL)


def _learnt_later(
    id_: str, commits: Sequence[Recorded[Event]], stands: Then, known_at: datetime
) -> Iterator[LearntLater]:
    """What happened by then, as it is known now, and was not known so; the earliest first."""
    for line in whole_timeline(id_, commits, NOW, stands, notifications=False) or ():
        if line.recorded_at > known_at >= line.occurred_at and not line.retracted:
            yield _line(line, line.recorded_at)
        elif line.recorded_at <= known_at:
            later = [each for each in line.versions if each.until > known_at]
            if later:
                yield _line(line, line.versions[-1].until, later[0].text)


def _line(line: Entry, since: datetime, then: str | None = None) -> LearntLater:
    text = with_origin(line.text, line.origin)
    return LearntLater(
        kind=line.kind,
        at=line.occurred_at,
        recorded_at=since,
        text=f"{text} (retracted: it was not so)" if line.retracted else text,
        then=then,
    )


def _with_parts_then(id_: str, commits: Sequence[Recorded[Event]], cut: Cut) -> Commits:
    """Without those of incidents that were merged into it later."""
    parts, waiting = {id_}, [id_]
    while waiting:
        found = set(merged_into(waiting.pop(), commits, cut)) - parts
        parts |= found
        waiting += found
    return [recorded for recorded in commits if recorded.key in parts]


KNOWN_THEN = Resource(
    path="/v1/incidents/{ref}/known",
    operation_id="get_known_then",
    tag="queries",
    summary="What was known then",
    description="What was known of an incident at a time, beside what is known now.",
    question=SHOW_INCIDENT,
    about=INCIDENT,
    answers=KnownThen,
    from_log=FromLog(
        streams=("incident.", "notification."),
        tell=lambda asked, commits, cut, _: known_then(asked.id, commits, cut),
    ),
    along=lambda id_, commits, _: merged_into(id_, commits, NOW),
)
"""Asked of the log alone; its route has a page as well."""
