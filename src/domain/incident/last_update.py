"""How an incident stood when an audience had its last update."""

from datetime import datetime

import msgspec

from domain.incident.impact import Impact
from domain.incident.terms import UpdateStatus
from domain.policy import Role, Severity


class LastUpdate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What they knew of it from then on; `hypotheses` by name, with their status. `status` is what
    they were told, until they were told otherwise. `applied` and `failed` count mitigations,
    `withdrawn` causes, `reopened` how often it was reopened, `fired` how often by alerts, `merged`
    the incidents that are part of it. None, as of `roles`: an earlier release has written it down.
    """

    at: datetime
    status: UpdateStatus | None = None
    severity: Severity
    impact: Impact
    root_cause: str | None = None
    mitigation: str | None = None
    hypotheses: tuple[tuple[str, str], ...] = ()
    actions: int = 0
    roles: dict[Role, str] | None = None
    title: str | None = None
    services: tuple[str, ...] | None = None
    applied: int | None = None
    failed: int | None = None
    withdrawn: int | None = None
    reopened: int | None = None
    fired: int | None = None
    merged: tuple[str, ...] | None = None
