"""Service level objectives that are kept here: judged as samples arrive, with a gate and alerts."""

from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds
from domain.slo.tracking import commands as c
from domain.slo.tracking import events as e
from domain.slo.tracking import slo_behaviour
from domain.slo.tracking.telling import NOTIFIABLES
from domain.slo.tracking.tracked import SloView, TrackedSlo, headline, show

__all__ = ["SLO"]


def _samples() -> Samples[c.SloCommand, e.SloEvent]:
    from domain.slo.tracking.samples import SLOS  # noqa: PLC0415 - for documents, tests

    return SLOS


SLO: Aggregate[c.SloCommand, TrackedSlo, e.SloEvent] = Aggregate(
    name="slo",
    plural="slos",
    decider=Decider(initial=TrackedSlo(), decide=slo_behaviour.decide, evolve=slo_behaviour.evolve),
    events=kinds(e.SloEvent),
    begin=(e.SloRegistered,),
    commands={
        "register": c.RegisterSlo,
        "change": c.ChangeSlo,
        "deactivate": c.DeactivateSlo,
        "reactivate": c.ReactivateSlo,
        "release": c.ReleaseSlo,
        "override_gate": c.OverrideGate,
        "withdraw_override": c.WithdrawOverride,
        "review": c.ReviewSlo,
    },
    opens=(c.RegisterSlo,),
    id_kind=IdKind.SLUG,
    slug=lambda command: command.slug,
    view=View(SloView, show, headline),
    notifiables=NOTIFIABLES,
    samples=_samples,
)
