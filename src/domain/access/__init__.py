"""Access: who may do what, the tokens by which they are known, and rights taken in an emergency."""

from domain.access.events import (
    EVENTS,
    AccessEvent,
    CalendarFeedEnded,
    CalendarFeedMade,
    ConfigurationUsed,
    EmergencyEnded,
    EmergencyTaken,
    LinkMade,
    PrivateRead,
    SessionBegun,
    SessionEnded,
    TokenIssued,
    TokenRevoked,
)
from domain.access.token_register import Register
from domain.access.tokens import AccessCommand, decide, evolve
from domain.access.trail import describe
from domain.access.who_is_told import SEVERITY
from domain.kernel.aggregate import Aggregate, Samples
from domain.kernel.decider import Decider
from domain.kernel.notifiable import Notifiable, Notifiables, Told, Topic
from domain.kernel.totality import kinds, total
from domain.policy.audience import Audience

__all__ = ["ACCESS", "REGISTER"]

REGISTER = "register"
"""The one register that there is."""


def _samples() -> Samples[AccessCommand, AccessEvent]:
    from domain.access.samples import SAMPLES  # noqa: PLC0415 - for documents and tests

    return SAMPLES


def _emergency(_: Told, __: Register, event: AccessEvent, ___: Register) -> Notifiable:
    """Administrators hear of it, or engineering where no channel is theirs."""
    admins = isinstance(event, EmergencyTaken) and bool(event.admins)
    return Notifiable("emergency", (Audience.ENGINEERING,), admins=admins)


ACCESS: Aggregate[AccessCommand, Register, AccessEvent] = Aggregate(
    name="access",
    plural="access",
    decider=Decider(initial=Register(), decide=decide, evolve=evolve),
    events=EVENTS,
    begin=EVENTS,
    opens=kinds(AccessCommand),
    samples=_samples,
    over_gaps=True,
    listed_at="/v1/audit",
    notifiables=Notifiables(
        rules=total(
            "what is to be told of access",
            EVENTS,
            {
                TokenIssued: None,
                TokenRevoked: None,
                EmergencyTaken: _emergency,
                EmergencyEnded: None,
                ConfigurationUsed: None,
                LinkMade: None,
                SessionBegun: None,
                SessionEnded: None,
                PrivateRead: None,
                CalendarFeedMade: None,
                CalendarFeedEnded: None,
            },
        ),
        heard={
            Audience.ENGINEERING: ("emergency",),
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: (),
        },
        topic=lambda _: Topic("Emergency rights were taken", severity=SEVERITY),
        describe=describe,
    ),
)
"""The register, whose id is `REGISTER`: one stream, so that one read says who is known."""
