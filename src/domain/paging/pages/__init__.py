"""Pages: people are woken for an incident, level by level, until enough of them acknowledge it."""

from domain.incident import INCIDENT
from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.basis import Basis
from domain.kernel.deadline import Expire
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds, named
from domain.paging.pages import commands as c
from domain.paging.pages import events as e
from domain.paging.pages import page_behaviour
from domain.paging.pages.page_deadlines import DEADLINES
from domain.paging.pages.page_fold import evolve
from domain.paging.pages.page_state import Page
from domain.paging.pages.page_view import PageView, headline, show
from domain.paging.pages.page_words import NOTIFIABLES

__all__ = ["PAGE"]


def _samples() -> Samples[c.PageCommand, e.PageEvent]:
    from domain.paging.pages.samples import PAGES  # noqa: PLC0415 - for documents and tests

    return PAGES


PAGE: Aggregate[c.PageCommand, Page, e.PageEvent] = Aggregate(
    name="page",
    plural="pages",
    decider=Decider(initial=Page(), decide=page_behaviour.decide, evolve=evolve),
    events=kinds(e.PageEvent),
    begin=(e.PageOpened,),
    commands=named(
        "commands on pages",
        c.PublicPageCommand,
        {
            "open": c.OpenPage,
            "acknowledge": c.AcknowledgePage,
            "escalate": c.EscalatePage,
            "resolve": c.ResolvePage,
            "report_attempt": c.ReportAttempt,
        },
    ),
    opens=(c.OpenPage,),
    consults=dict.fromkeys((c.OpenPage, c.AcknowledgePage), None),
    rests={
        c.OpenPage: (
            Basis(
                of=INCIDENT,
                names=lambda command, _: command.incident,
                facts=lambda *_: None,
                field="incident",
                private=True,
            ),
        )
    },
    wants=dict.fromkeys(
        (c.OpenPage, c.EscalatePage, c.ReportAttempt, c.ReopenPage, Expire), page_behaviour.question
    ),
    id_kind=IdKind.UUID,
    prefix="PG",
    number=lambda event: getattr(event, "number", None),
    view=View(PageView, show, headline),
    notifiables=NOTIFIABLES,
    deadlines=DEADLINES,
    samples=_samples,
    part_of=lambda page: (INCIDENT, page.incident) if page.number else None,
)
