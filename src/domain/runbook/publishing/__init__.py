"""Runbooks that are kept here: what they say in which version, and when they were tested."""

from typing import Any

from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.decider import Decider
from domain.kernel.notifiable import Notifiables, Topic, to
from domain.kernel.totality import kinds, named, total
from domain.policy.audience import Audience
from domain.runbook.publishing import commands as c
from domain.runbook.publishing import events as e
from domain.runbook.publishing import quarterly, runbook_behaviour
from domain.runbook.publishing.published import KeptRunbook, RunbookView, headline, show

__all__ = ["RUNBOOK"]


def _samples() -> Samples[Any, e.RunbookEvent]:
    from domain.runbook.publishing.samples import RUNBOOKS  # noqa: PLC0415 - for documents, tests

    return RUNBOOKS


def _topic(kept: KeptRunbook) -> Topic:
    profile = kept.entry.profile
    if profile is None:
        return Topic("Runbook")
    return Topic(f"Runbook: {profile.title}", kept.entry.slug, services=profile.services)


RUNBOOK: Aggregate[Any, KeptRunbook, e.RunbookEvent] = Aggregate(
    name="runbook",
    plural="runbooks",
    decider=Decider(
        initial=KeptRunbook(), decide=runbook_behaviour.decide, evolve=runbook_behaviour.evolve
    ),
    events=kinds(e.RunbookEvent),
    begin=(e.RunbookRegistered,),
    commands=named(
        "commands on runbooks",
        c.RunbookCommand,
        {
            "register": c.RegisterRunbook,
            "change": c.ChangeRunbook,
            "record_test": c.RecordTest,
            "report_dead_link": c.ReportDeadLink,
            "deactivate": c.DeactivateRunbook,
            "reactivate": c.ReactivateRunbook,
            "release": c.ReleaseRunbook,
        },
    ),
    opens=(c.RegisterRunbook,),
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slug,
    view=View(RunbookView, show, headline),
    remarks=dict.fromkeys((c.RegisterRunbook, c.ChangeRunbook), runbook_behaviour.remark),
    deadlines=quarterly.DEADLINES,
    notifiables=Notifiables(
        rules=total(
            "what is to be told of runbooks",
            kinds(e.RunbookEvent),
            {
                **dict.fromkeys(kinds(e.ByPeople)),
                e.RunbookTestDue: to("test_due", Audience.ENGINEERING),
            },
        ),
        heard={
            Audience.ENGINEERING: ("test_due",),
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: (),
        },
        topic=_topic,
        describe=quarterly.sentence,
    ),
    samples=_samples,
)
