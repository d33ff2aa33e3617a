"""Whom no channel told is on record as that, and stays so when a channel is added later."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import Kind
from domain.incident.unheard import unheard
from domain.kernel.commit import Commit, Event
from domain.policy import DEFAULT
from domain.policy.audience import Audience, Audiences
from domain.policy.reach import Reach, Subscription
from projections.incident.lines import Entry, entries, in_order, lines, with_missed
from projections.incident.merged import one_then, whole_timeline
from projections.incident.reading import read_for
from projections.incident.shown import ADDITIONS, IncidentShown, NotTold
from projections.incident.told import ToldOf
from projections.incident.untold import (
    NO_CHANNEL,
    OUTBOX,
    UntoldEvent,
    UntoldOf,
    not_told_of,
    untold_then,
)
from projections.outbox.intents import INTENTS
from projections.past import NOW, Cut
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    Log,
    acknowledged,
    at,
    changed,
    declared,
    given,
    log_of,
    rows,
)

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience
ENGINEERS = Subscription((ENGINEERING,), SEV4)
CHIEFS = Subscription((EXECUTIVES,), SEV1)


@pytest.mark.parametrize(
    ("subscriptions", "history", "missed"),
    [
        ((), [declared(SEV4)], (ENGINEERING,)),
        ((), [declared(SEV2)], (ENGINEERING, EXECUTIVES)),
        ((ENGINEERS,), [declared(SEV3)], ()),
        ((ENGINEERS,), [declared(SEV2)], (EXECUTIVES,)),
        ((ENGINEERS, CHIEFS), [declared(SEV2)], (EXECUTIVES,)),
        ((ENGINEERS, CHIEFS), [declared(SEV1)], ()),
        ((ENGINEERS, CHIEFS), [declared(SEV1), changed(SEV3, SEV1)], ()),
        ((ENGINEERS,), [declared(SEV1), changed(SEV3, SEV1)], (EXECUTIVES,)),
        ((ENGINEERS, CHIEFS), [declared(SEV1, kind=Kind.DRILL)], (ENGINEERING, EXECUTIVES)),
        ((), [declared(SEV1, kind=Kind.TEST)], ()),
    ],
)
def test_a_commit_records_whom_of_those_concerned_no_channel_tells(
    subscriptions: tuple[Subscription, ...], history: list[Any], missed: Audiences
) -> None:
    found = unheard(given(*history).incident, DEFAULT, Reach(subscriptions))
    assert found == missed


def unreached(log: Log, *missed: Audiences) -> Log:
    """The same log, each commit with whom no channel told."""
    log.commits = [
        replace(recorded, commit=replace(recorded.commit, unreached=audiences))
        for recorded, audiences in zip(log.commits, missed, strict=True)
    ]
    return log


def story() -> Log:
    """A SEV2 of which executives are told by no channel, until one is configured."""
    update = e.UpdatePosted(
        occurred_at=at(9), text="Errors.", status=e.UpdateStatus.INVESTIGATING,
        audiences=(ENGINEERING, EXECUTIVES),
    )  # fmt: skip
    return unreached(log_of(declared(SEV2), acknowledged(5), update), (EXECUTIVES,), (), ())


def test_the_row_of_a_timeline_says_whom_no_channel_told() -> None:
    log = story()
    found = read_for(log.incident_id, "postmortem", log.commits, NOW)
    assert found is not None
    missed = {row.kind: row.not_told for row in found.entries}
    assert missed["declared"] == {"executives": NO_CHANNEL}
    assert missed["update_posted"] == {}


def test_the_full_timeline_says_it_of_whatever_is_told_by_rows_and_from_the_log() -> None:
    """Of what tells nobody there is nothing to say; nor of what came once there was a channel."""
    log = story()
    whole = whole_timeline(log.incident_id, log.commits, NOW, one_then("i-1", log.commits, NOW))
    assert whole is not None
    assert [(line.kind, line.not_told) for line in whole] == [
        ("declared", {"executives": NO_CHANNEL}), ("acknowledged", {}), ("update_posted", {}),
    ]  # fmt: skip
    missed = [
        UntoldEvent(id="i-1", event_id=row["event_id"], audiences=(EXECUTIVES,))
        for row in rows(INTENTS, log)["notifiable"]
        if row["unreached"]
    ]
    assert not_told_of(entries_of(log), {it.event_id: it.audiences for it in missed}) == whole


def entries_of(log: Log) -> list[Entry]:
    return in_order(line for recorded in log.commits for line in entries(recorded))


def test_the_words_of_a_line_say_whom_no_channel_told_once() -> None:
    log = story()
    declared_, acknowledged_, _ = not_told_of(
        entries_of(log), {"command-1/0": (ENGINEERING, EXECUTIVES)}
    )
    missed = " [not told: engineering, executives; no channel tells them]"
    assert with_missed("x", declared_) == f"x{missed}"
    assert with_missed("x", acknowledged_) == "x"
    assert with_missed("x", replace(declared_, kind="escalated")) == "x"


def test_what_is_to_be_told_has_them_as_well_so_that_a_list_of_incidents_can_say_so() -> None:
    shown = [row["unreached"] for row in rows(INTENTS, story())["notifiable"]]
    assert shown == ["executives", ""]
    assert INTENTS.name == OUTBOX


@pytest.mark.parametrize(("cut", "count"), [(NOW, 1), (Cut(known_at=at(-1)), 0)])
def test_at_another_time_it_is_who_had_not_been_told_then(cut: Cut, count: int) -> None:
    log = story()
    found = untold_then(log.incident_id, log.commits, cut)
    assert found == [UntoldOf(id=log.incident_id, audience=EXECUTIVES, since=at(0))][:count]


def shown_with(*told: ToldOf) -> IncidentShown:
    shown: Any = IncidentShown(**{
        **dict.fromkeys(IncidentShown.__struct_fields__),
        "deadlines": (), "told": (), "not_told": (),
    })  # fmt: skip
    _, with_told, with_untold = (each.add for each in ADDITIONS)
    missed = [UntoldOf(id="i", audience=EXECUTIVES, since=at(0))]
    return with_untold(with_told(shown, told), missed)  # type: ignore[no-any-return]


def test_an_incident_names_whom_it_was_not_told_until_they_are() -> None:
    assert shown_with().not_told == (NotTold(audience=EXECUTIVES, why=NO_CHANNEL),)
    heard = ToldOf(id="i", audience=EXECUTIVES, channel="mail", at=at(9), subject="s")
    assert shown_with(heard).not_told == ()


def test_customers_of_a_drill_were_not_told_either_and_the_line_says_why_of_each():
    posted = e.UpdatePosted(
        occurred_at=at(2),
        text="We look.",
        status=e.UpdateStatus.INVESTIGATING,
        audiences=tuple(Audience),
        unreached=(Audience.CUSTOMERS,),
    )
    commit = Commit[Event](
        id="c", actor="ada", correlation_id="k", recorded_at=at(2), events=(posted,)
    )
    (line,) = lines(1, commit)
    assert with_missed(line.text, line).endswith(
        "We look. [not told: customers; they hear nothing of what is private, nor of drills]"
    )
    (both,) = not_told_of([line], {line.event_id: (Audience.ENGINEERING,)})
    assert with_missed(both.text, both).endswith(
        "We look. [not told: engineering (no channel tells them), customers (they hear nothing of"
        " what is private, nor of drills)]"
    )
