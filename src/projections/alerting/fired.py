"""How often each alert fired, and where its firings went."""

from datetime import datetime

import msgspec

from domain.alerting.rules import Action
from domain.learning.insight.alert_quality import FiredAlert
from projections.alerting.routes import ROUTES
from projections.read_model import Question

GROUPS_MOST = 50_000
_OF_ALERTS = ", ".join(f"'{each}'" for each in Action if each is not Action.HEARTBEAT)


class FiredBetween(msgspec.Struct, frozen=True, kw_only=True):
    """Firings that began in [since, until)."""

    since: datetime
    until: datetime
    most: int = GROUPS_MOST


FIRED = Question(
    of=ROUTES.name,
    sql=f"""
        SELECT source, title, rule, incident, count(*) AS firings FROM {{firing}}
        WHERE began_at >= $since AND began_at < $until AND alert_id <> ''
        AND (action IS NULL OR action IN ({_OF_ALERTS}))
        GROUP BY source, title, rule, incident
        ORDER BY firings DESC, source, title, rule, incident LIMIT $most
    """,  # noqa: S608 - names are ours
    takes=FiredBetween,
    answer=FiredAlert,
)
"""By where they went; a heartbeat is no alert."""
