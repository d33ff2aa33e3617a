"""Escalation policies: whom an incident wakes, in which order, and how long each is waited for."""

from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds, named
from domain.paging.escalating import commands as c
from domain.paging.escalating import events as e
from domain.paging.escalating import policy_behaviour
from domain.paging.escalating.known_policy import (
    EscalationPolicyView,
    KnownEscalation,
    headline,
    show,
)

__all__ = ["ESCALATION_POLICY"]


def _samples() -> Samples[c.EscalationCommand, e.EscalationPolicyEvent]:
    from domain.paging.escalating.samples import POLICIES  # noqa: PLC0415 - for documents, tests

    return POLICIES


ESCALATION_POLICY: Aggregate[c.EscalationCommand, KnownEscalation, e.EscalationPolicyEvent] = (
    Aggregate(
        name="escalation_policy",
        plural="escalation-policies",
        decider=Decider(
            initial=KnownEscalation(),
            decide=policy_behaviour.decide,
            evolve=policy_behaviour.evolve,
        ),
        events=kinds(e.EscalationPolicyEvent),
        begin=(e.EscalationPolicyRegistered,),
        commands=named(
            "commands on escalation policies",
            c.PublicEscalationCommand,
            {
                "register": c.RegisterEscalationPolicy,
                "change": c.ChangeEscalationPolicy,
                "deactivate": c.DeactivateEscalationPolicy,
                "reactivate": c.ReactivateEscalationPolicy,
                "release": c.ReleaseEscalationPolicy,
            },
        ),
        opens=(c.RegisterEscalationPolicy,),
        wants={
            c.RegisterEscalationPolicy: policy_behaviour.question,
            c.ChangeEscalationPolicy: policy_behaviour.question,
        },
        id_kind=IdKind.SLUG,
        slug=lambda command: command.slug,
        view=View(EscalationPolicyView, show, headline),
        samples=_samples,
    )
)
