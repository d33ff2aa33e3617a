"""Escalation policies, a row each, by slug, whole."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.paging import ESCALATION_POLICY
from domain.paging.escalating.known_policy import EscalationPolicyView, KnownEscalation, show
from projections.projection import Change, Projection
from projections.read_model import Nothing, Paging, Question, Resource
from projections.table import put_into, table_of

_TABLE = table_of(
    EscalationPolicyView,
    name="escalation_policy",
    key=("id",),
    about=(),
    types={"severities": "text[]"},
)
_put = put_into(_TABLE, EscalationPolicyView)


def _row(
    _: KnownEscalation, policy: KnownEscalation, recorded: Recorded[Event]
) -> Iterable[Change]:
    shown = show(recorded.key, policy, recorded.position)
    if shown is not None:
        yield _put(shown)


def _follow(policy: KnownEscalation, recorded: Recorded[Any]) -> KnownEscalation:
    return ESCALATION_POLICY.follow(policy, recorded.commit)


ESCALATION_POLICIES: Projection[KnownEscalation] = Projection(
    name="escalation_policies",
    version=1,
    follows=(ESCALATION_POLICY.stream(""),),
    tables=(_TABLE,),
    initial=ESCALATION_POLICY.initial,
    evolve=_follow,
    each=_row,
)


class EscalationPolicyPage(msgspec.Struct, frozen=True, kw_only=True):
    """Those behind the slug `after`: `active` ones or not, those that name a `team` or a service
    (`for_service`), by slug.
    """

    active: bool | None = None
    team: str | None = None
    for_service: str | None = None
    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_ESCALATION_POLICIES = Question(
    of=ESCALATION_POLICIES.name,
    sql="""
        SELECT * FROM {escalation_policy}
        WHERE id > $after AND ($active::boolean IS NULL OR active = $active)
          AND ($team::text IS NULL OR $team = ANY(teams))
          AND ($for_service::text IS NULL OR $for_service = ANY(services))
        ORDER BY id LIMIT $limit
    """,
    takes=EscalationPolicyPage,
    answer=EscalationPolicyView,
)

ACTIVE_POLICIES = Question(
    of=ESCALATION_POLICIES.name,
    sql="SELECT * FROM {escalation_policy} WHERE active ORDER BY id",
    takes=Nothing,
    answer=EscalationPolicyView,
)
"""All by which incidents are paged."""

ESCALATION_POLICY_LIST = Resource(
    path="/v1/escalation-policies",
    operation_id="list_escalation_policies",
    tag="on-call",
    summary="Escalation policies",
    description="Escalation policies, by slug: whom incidents wake, in which order.",
    question=LIST_ESCALATION_POLICIES,
    paging=Paging(by="after", place=lambda last: last.id),
    waits=True,
)
