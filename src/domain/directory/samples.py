"""One of each event and command of the directory, for documents and tests."""

from datetime import UTC, datetime, time

from msgspec.structs import replace

from domain.directory import contact_check as c
from domain.directory import person as p
from domain.directory import service as s
from domain.directory import team as t
from domain.directory.contact_rules import ContactRule, PagedDuring, QuietHours
from domain.directory.registration import PHASES, Managed
from domain.directory.working_hours import WorkingHours
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.policy import Severity

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)

_PLATFORM = Managed(name="platform", where="https://git.example.com/platform/directory")
_REASON = "the repository cannot be reached"

_ADA = p.PersonProfile(
    name="Ada Lovelace",
    email="ada@example.com",
    time_zone="Europe/London",
    working_hours=WorkingHours(weekdays=(1, 2, 3, 4), begins=time(8, 30), ends=time(16)),
    handles=p.Handles(
        slack="U012AB3CD", pagerduty="PT4KHLK", opsgenie="ada@example.com", github="ada"
    ),
    contact_methods=(
        p.ContactMethod(kind="phone", address="+44 20 7946 0000"),
        p.ContactMethod(kind="email", address="ada@example.com", enabled=False),
    ),
    known_as=("countess",),
    positions=("vp-engineering",),
    contact_rules=(
        ContactRule(
            method="phone",
            after_s=120,
            severities=(Severity.SEV1, Severity.SEV2),
            during=PagedDuring.OFF_HOURS,
        ),
    ),
    quiet_hours=QuietHours(
        begins=time(22), ends=time(7), weekdays=(6, 7), broken_by=(Severity.SEV1, Severity.SEV2)
    ),
)
_REGISTER_ADA = p.RegisterPerson(
    slug="ada", **{name: getattr(_ADA, name) for name in _ADA.__struct_fields__}
)
_DEACTIVATE_ADA = p.DeactivatePerson(reason="on parental leave")

_SMS = {"kind": "sms", "address": "+447700900123"}
_BY_SMS = p.ContactMethod(kind="sms", address="+447700900123")
_DIGEST = c.code_digest("ada", ("sms", "+447700900123"), "48217730")

PEOPLE: Samples[p.PersonDecision, p.PersonEvent] = complete(
    Samples(
        events=(
            p.PersonRegistered(occurred_at=_AT, slug="ada", profile=_ADA),
            p.PersonChanged(occurred_at=_AT, profile=_ADA),
            p.PersonDeactivated(occurred_at=_AT, reason="on parental leave"),
            p.PersonReactivated(occurred_at=_AT),
            p.PersonManaged(occurred_at=_AT, managed=_PLATFORM, reason=_REASON),
            c.ContactCheckSent(
                occurred_at=_AT,
                channel="sms",
                receipt="queued, SM1",
                digest=_DIGEST,
                expires_at=_AT + c.GOOD_FOR,
                **_SMS,
            ),
            c.ContactCheckFailed(occurred_at=_AT, reason="sms: HTTP 400 21211", **_SMS),
            c.ContactConfirmed(occurred_at=_AT, **_SMS),
            c.ContactCodeRefused(occurred_at=_AT, digest=_DIGEST, **_SMS),
        ),
        commands={
            "register": _REGISTER_ADA,
            "change": p.ChangePerson(time_zone="Europe/Berlin", email=None),
            "deactivate": _DEACTIVATE_ADA,
            "reactivate": p.ReactivatePerson(),
            "release": p.ReleasePerson(reason=_REASON),
            "confirm_contact": c.ConfirmContact(
                code="4821 7730", kind="sms", address="+447700900123"
            ),
        },
        phases={
            "unknown": (),
            "active": (_REGISTER_ADA,),
            "inactive": (_REGISTER_ADA, _DEACTIVATE_ADA),
            "managed": (replace(_REGISTER_ADA, managed_by=_PLATFORM),),
            "checked": (
                replace(_REGISTER_ADA, contact_methods=(_BY_SMS,)),
                c.NoteContactCheck(channel="sms", digest=_DIGEST, receipt="queued, SM1", **_SMS),
            ),
        },
    ),
    kinds(p.PersonEvent),
    kinds(p.PersonCommand),
    (*PHASES, "checked"),
)

_PAYMENTS = t.TeamProfile(
    name="Payments",
    description="Takes money, and gives it back.",
    members=("ada", "grace"),
    leads=("ada",),
    channels=("#payments", "payments@example.com"),
    time_zone="Europe/London",
)
_REGISTER_PAYMENTS = t.RegisterTeam(
    slug="payments",
    **{name: getattr(_PAYMENTS, name) for name in _PAYMENTS.__struct_fields__},
)
_DEACTIVATE_PAYMENTS = t.DeactivateTeam(reason="it is part of checkout now")

TEAMS: Samples[t.TeamCommand, t.TeamEvent] = complete(
    Samples(
        events=(
            t.TeamRegistered(occurred_at=_AT, slug="payments", profile=_PAYMENTS),
            t.TeamChanged(occurred_at=_AT, profile=_PAYMENTS),
            t.TeamDeactivated(occurred_at=_AT, reason="it is part of checkout now"),
            t.TeamReactivated(occurred_at=_AT),
            t.TeamManaged(occurred_at=_AT, managed=_PLATFORM, reason=_REASON),
        ),
        commands={
            "register": _REGISTER_PAYMENTS,
            "change": t.ChangeTeam(channels=("#money",), description=None),
            "add_member": t.AddMember(person="edsger", lead=True),
            "remove_member": t.RemoveMember(person="grace"),
            "deactivate": _DEACTIVATE_PAYMENTS,
            "reactivate": t.ReactivateTeam(),
            "release": t.ReleaseTeam(reason=_REASON),
        },
        phases={
            "unknown": (),
            "active": (_REGISTER_PAYMENTS,),
            "inactive": (_REGISTER_PAYMENTS, _DEACTIVATE_PAYMENTS),
            "managed": (replace(_REGISTER_PAYMENTS, managed_by=_PLATFORM),),
        },
    ),
    kinds(t.TeamEvent),
    kinds(t.TeamCommand),
    PHASES,
)

_CHECKOUT = s.ServiceProfile(
    name="Checkout",
    owner="team:payments",
    tier=1,
    description="From the basket to the receipt.",
    repository="https://git.example.com/shop/checkout",
    dashboards=(s.ServiceLink(url="https://graphs.example.com/d/checkout", title="Overview"),),
    runbooks=(s.ServiceLink(url="https://wiki.example.com/runbooks/checkout"),),
    links=(s.ServiceLink(url="https://wiki.example.com/checkout", title="Design"),),
    labels={"app": ("checkout", "checkout-api")},
    dependencies=("ledger",),
    lifecycle="deprecated",
)
_REGISTER_CHECKOUT = s.RegisterService(
    slug="checkout",
    **{name: getattr(_CHECKOUT, name) for name in _CHECKOUT.__struct_fields__},
)

SERVICES: Samples[s.ServiceCommand, s.ServiceEvent] = complete(
    Samples(
        events=(
            s.ServiceRegistered(occurred_at=_AT, slug="checkout", profile=_CHECKOUT),
            s.ServiceChanged(occurred_at=_AT, profile=_CHECKOUT),
            s.ServiceManaged(occurred_at=_AT, managed=_PLATFORM, reason=_REASON),
        ),
        commands={
            "register": _REGISTER_CHECKOUT,
            "change": s.ChangeService(owner="person:ada", dependencies=("ledger", "search")),
            "release": s.ReleaseService(reason=_REASON),
        },
        phases={
            "unknown": (),
            "registered": (_REGISTER_CHECKOUT,),
            "managed": (replace(_REGISTER_CHECKOUT, managed_by=_PLATFORM),),
        },
    ),
    kinds(s.ServiceEvent),
    kinds(s.ServiceCommand),
    s.PHASES,
)
