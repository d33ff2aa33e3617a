"""Examples of what is recorded of access, for documents and tests."""

from datetime import UTC, datetime

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
from domain.access.feeds import EndFeed, MakeFeed
from domain.access.grants import AccessRole, Permission
from domain.access.sessions import (
    LINK,
    OF_LINK,
    BeginSession,
    EndSession,
    MakeLink,
    OpenLink,
    id_of,
)
from domain.access.tokens import (
    EMERGENCY,
    PHASES,
    AccessCommand,
    EndEmergency,
    IssueToken,
    NoteReading,
    RevokeToken,
    TakeEmergency,
    UseConfiguration,
)
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_WHY = "the laptop that held it was lost"
_SETTINGS = {"policy": "2026.1", "sources.pd": "pagerduty", "channels.console": "console"}
_PRIVATE = "01900000-0000-7000-8000-000000000007"
_EMERGENCY = "two incidents are one, and nobody who may join them answers"

ISSUE = IssueToken(
    name="ada",
    digest=_DIGEST,
    role=AccessRole.RESPONDER,
    expires_at=datetime(2026, 8, 4, 12, tzinfo=UTC),
    person="ada",
)
REVOKE = RevokeToken(which="ada", reason=_WHY)
TAKE = TakeEmergency(name="ada", reason=_EMERGENCY)

_LINK, _SESSION = f"{'1':0<64}", f"{'2':0<64}"
_ISSUER = "https://login.example.com"
MAKE_LINK = MakeLink(digest=_LINK, name="admin", role=AccessRole.ADMIN)
BEGIN = BeginSession(
    digest=_SESSION,
    name="grace@example.com",
    role=AccessRole.COMMANDER,
    issuer=_ISSUER,
    subject="248289761001",
    expires_at=AT + OF_LINK,
    person="grace",
)

_FEED = f"{'3':0<64}"
MAKE_FEED = MakeFeed(digest=_FEED, of="schedule:payments", name="ada", person="ada")

SAMPLES: Samples[AccessCommand, AccessEvent] = complete(
    Samples(
        events=(
            TokenIssued(
                occurred_at=AT,
                name=ISSUE.name,
                digest=_DIGEST,
                role=ISSUE.role,
                expires_at=ISSUE.expires_at,
                person=ISSUE.person,
                scopes=(Permission.INCIDENTS_READ,),
            ),
            TokenRevoked(occurred_at=AT, id=id_of(_DIGEST), reason=_WHY),
            EmergencyTaken(
                occurred_at=AT,
                name="ada",
                reason=_EMERGENCY,
                until=AT + EMERGENCY,
                admins=True,
            ),
            EmergencyEnded(occurred_at=AT, name="ada"),
            ConfigurationUsed(occurred_at=AT, settings=_SETTINGS),
            LinkMade(
                occurred_at=AT,
                digest=_LINK,
                name="admin",
                role=AccessRole.ADMIN,
                expires_at=AT + LINK,
                person="ada",
                token=_DIGEST,
            ),
            SessionBegun(
                occurred_at=AT,
                digest=_SESSION,
                name=BEGIN.name,
                role=BEGIN.role,
                expires_at=BEGIN.expires_at,
                person=BEGIN.person,
                issuer=_ISSUER,
                subject=BEGIN.subject,
                link=_LINK,
                token=_DIGEST,
            ),
            SessionEnded(occurred_at=AT, id=id_of(_SESSION), name=BEGIN.name, reason="logged out"),
            PrivateRead(occurred_at=AT, name="ada", incident=_PRIVATE),
            CalendarFeedMade(
                occurred_at=AT, digest=_FEED, of=MAKE_FEED.of, name="ada", person="ada"
            ),
            CalendarFeedEnded(occurred_at=AT, id=id_of(_FEED), of=MAKE_FEED.of, name="ada"),
        ),
        commands={
            "issue": ISSUE,
            "revoke": REVOKE,
            "take_emergency": TAKE,
            "end_emergency": EndEmergency(name="ada"),
            "use_configuration": UseConfiguration(settings=_SETTINGS),
            "make_link": MAKE_LINK,
            "open_link": OpenLink(link=_LINK, digest=_SESSION),
            "begin_session": BEGIN,
            "end_session": EndSession(digest=_SESSION),
            "note_reading": NoteReading(name="ada", incident=_PRIVATE),
            "make_feed": MAKE_FEED,
            "end_feed": EndFeed(id=id_of(_FEED), name="ada"),
        },
        phases={
            "empty": (),
            "issued": (ISSUE,),
            "revoked": (ISSUE, REVOKE),
            "in an emergency": (ISSUE, TAKE),
            "linked": (MAKE_LINK,),
            "logged in": (BEGIN,),
            "with a calendar": (MAKE_FEED,),
        },
    ),
    EVENTS,
    kinds(AccessCommand),
    PHASES,
)
