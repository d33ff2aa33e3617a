"""Whether a contact method reaches its person: a message with a code goes there, and whoever has
it says the code. What was sent proves that a carrier took it, the code that came back that somebody
read it: it is the receipt of a test page.

Of the code the log has a digest alone. The events are on disk for ever: rename nothing, add
optional fields, or supersede a tag.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Instant
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.text import clock

GOOD_FOR = timedelta(minutes=30)
TRIES_MOST = 5
SENT_MOST, SENT_WITHIN = 5, timedelta(hours=1)
CODE_DIGITS = 8

MethodKind: TypeAlias = Literal[
    "email", "phone", "sms", "push", "slack", "telegram", "ntfy", "gotify", "pushover"
]
"""Ways to reach a person."""
MethodAddress = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=r"\S")]
Code = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}[ -]?[0-9]{4}$")]
MethodId: TypeAlias = tuple[str, str]
"""Its kind and address."""


class ContactCheckEvent(Event, frozen=True, kw_only=True, omit_defaults=True):
    """What all these events say: of which contact method."""

    kind: str
    address: str


class ContactCheckSent(
    ContactCheckEvent, frozen=True, kw_only=True, tag="person.contact_check_sent.v1"
):
    """A code went to the contact method through this channel, which answered with the receipt. The
    code is good until `expires_at`; `digest` is that of it.
    """

    channel: str
    receipt: str
    digest: str
    expires_at: Instant


class ContactCheckFailed(
    ContactCheckEvent, frozen=True, kw_only=True, tag="person.contact_check_failed.v1"
):
    """No channel took a code to the contact method, for these reasons."""

    reason: str


class ContactConfirmed(
    ContactCheckEvent, frozen=True, kw_only=True, tag="person.contact_confirmed.v1"
):
    """The code that went to the contact method came back: it reaches somebody who reads it."""


class ContactCodeRefused(
    ContactCheckEvent, frozen=True, kw_only=True, tag="person.contact_code_refused.v1"
):
    """A code that never went to the contact method was given for it; `digest` is that of it."""

    digest: str


ContactEvent = ContactCheckSent | ContactCheckFailed | ContactConfirmed | ContactCodeRefused


class ConfirmContact(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Say the code that arrived by a contact method. Where codes went to several, `kind` says by
    which it came, and `address` to which of them.
    """

    code: Code
    kind: MethodKind | None = None
    address: MethodAddress | None = None


class NoteContactCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a code that was sent to a contact method: through which `channel` it went,
    with the receipt and the `digest` of the code, or, without a channel, for which `reason` through
    none.
    """

    kind: str
    address: str
    digest: str = ""
    channel: str = ""
    receipt: str = ""
    reason: str = ""


class ContactStanding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a contact method. `verified_at`: when a code last came back from there;
    None: never. `sent_at`, `channel` and `receipt` are of the last code that a carrier took,
    `failed_at` and `failure` of the last that none did.
    """

    kind: str
    address: str
    verified_at: datetime | None = None
    sent_at: datetime | None = None
    channel: str | None = None
    receipt: str | None = None
    failed_at: datetime | None = None
    failure: str | None = None


class CheckedContact(msgspec.Struct, frozen=True, kw_only=True):
    """The same with what decisions need: the digest of the code that is out and until when it is
    good, those that were given in vain, whether it has come back, and when codes were sent.
    """

    standing: ContactStanding
    digest: str = ""
    expires_at: datetime | None = None
    refused: tuple[str, ...] = ()
    came_back: bool = False
    asked: tuple[datetime, ...] = ()


Checks: TypeAlias = Mapping[MethodId, CheckedContact]


def code_digest(person: str, method: MethodId, code: str) -> str:
    """What the log has of a code, however that is grouped."""
    digits = code.replace(" ", "").replace("-", "")
    said = "\n".join((person, *method, digits))
    return blake2b(said.encode(), digest_size=16).hexdigest()


def check_sending(checks: Checks, method: MethodId, now: datetime) -> None:
    """Whether one more code may go there. Raises `Refused`."""
    found = checks.get(method)
    recent = [at for at in found.asked if at > now - SENT_WITHIN] if found else []
    if len(recent) >= SENT_MOST:
        raise Refused(
            "contact_method.asked_too_often",
            f"{len(recent)} codes went to this contact method ({method[0]}) within an hour",
            field="kind",
            rule=f"At most {SENT_MOST} codes an hour go to one contact method.",
        )


def decided(
    command: NoteContactCheck | ConfirmContact,
    person: str,
    methods: Iterable[MethodId],
    checks: Checks,
    context: Context,
) -> list[ContactEvent]:
    """What is said of the contact methods of a person (by slug), whoever manages the entry: whether
    somebody is reached is a fact. Raises `Refused`.
    """
    if isinstance(command, NoteContactCheck):
        return _noted(command, context)
    return _confirmed(command, person, methods, checks, context.now)


def _noted(command: NoteContactCheck, context: Context) -> list[ContactEvent]:
    """That a code was sent, or was not."""
    at, of = context.now, {"kind": command.kind, "address": command.address}
    if not command.channel:
        return [ContactCheckFailed(occurred_at=at, reason=command.reason, **of)]
    return [
        ContactCheckSent(
            occurred_at=at,
            channel=command.channel,
            receipt=command.receipt,
            digest=command.digest,
            expires_at=at + GOOD_FOR,
            **of,
        )
    ]


def _confirmed(
    command: ConfirmContact, person: str, methods: Iterable[MethodId], checks: Checks, now: datetime
) -> list[ContactEvent]:
    """That the code came back, or that this is another one. Raises `Refused`."""
    method = _meant(command, person, methods, checks)
    found = checks[method]
    digest = code_digest(person, method, command.code)
    if digest in found.refused or (digest == found.digest and found.came_back):
        return []
    of = {"kind": method[0], "address": method[1]}
    _check_open(method, found, now)
    if digest != found.digest:
        return [ContactCodeRefused(occurred_at=now, digest=digest, **of)]
    return [ContactConfirmed(occurred_at=now, **of)]


def _meant(
    command: ConfirmContact, person: str, methods: Iterable[MethodId], checks: Checks
) -> MethodId:
    """The contact method whose code that is, or may be: of several, the one to which it went."""
    named = [
        each
        for each in methods
        if each in checks
        and checks[each].digest
        and command.kind in {None, each[0]}
        and command.address in {None, each[1]}
    ]
    fits = [it for it in named if checks[it].digest == code_digest(person, it, command.code)]
    if len(fits or named) == 1:
        return (fits or named)[0]
    if not named:
        raise Refused(
            "contact_method.no_code",
            "no code has gone to such a contact method of this person",
            field="kind",
            rule="A test page sends codes to the contact methods that are enabled.",
        )
    raise Refused(
        "contact_method.several",
        "codes went to several contact methods, and this is none of them: "
        + ", ".join(f"{kind} {address}" for kind, address in named),
        field="kind",
        rule="`kind` and `address` say by which contact method the code came.",
    )


def _check_open(method: MethodId, found: CheckedContact, now: datetime) -> None:
    again = "A test page sends another code."
    if found.came_back:
        raise Refused(
            "contact_method.code_used",
            f"the code that went to this contact method ({method[0]}) has come back already",
            field="code",
            rule=again,
        )
    if found.expires_at is None or now > found.expires_at:
        ended = f" at {clock(found.expires_at)}" if found.expires_at else ""
        raise Refused(
            "contact_method.code_expired",
            f"the code that went to this contact method ({method[0]}) has expired{ended}",
            field="code",
            rule=f"A code is good for {GOOD_FOR.seconds // 60} minutes. {again}",
        )
    if len(found.refused) >= TRIES_MOST:
        raise Refused(
            "contact_method.too_many_tries",
            f"{len(found.refused)} other codes were given for this contact method ({method[0]})",
            field="code",
            rule=f"After {TRIES_MOST} wrong codes the one that was sent is void. {again}",
        )


def evolve_checks(checks: Checks, event: ContactEvent) -> Checks:
    """What is known after one more event."""
    method = (event.kind, event.address)
    fresh = CheckedContact(standing=ContactStanding(kind=event.kind, address=event.address))
    return {**checks, method: _after(checks.get(method, fresh), event)}


def _after(known: CheckedContact, event: ContactEvent) -> CheckedContact:
    at, standing = event.occurred_at, known.standing
    match event:
        case ContactCheckSent(channel=channel, receipt=receipt):
            sent = replace(standing, sent_at=at, channel=channel, receipt=receipt)
            return CheckedContact(
                standing=sent,
                digest=event.digest,
                expires_at=event.expires_at,
                asked=(*known.asked[1 - SENT_MOST :], at),
            )
        case ContactCheckFailed(reason=reason):
            failed = replace(standing, failed_at=at, failure=reason)
            return replace(known, standing=failed, asked=(*known.asked[1 - SENT_MOST :], at))
        case ContactConfirmed():
            return replace(known, standing=replace(standing, verified_at=at), came_back=True)
        case ContactCodeRefused(digest=digest):
            return replace(known, refused=(*known.refused, digest))


def standing_of(method: MethodId, checks: Checks) -> ContactStanding:
    """What is known of a contact method, which may be nothing."""
    found = checks.get(method)
    return found.standing if found else ContactStanding(kind=method[0], address=method[1])


def remark_on_code(command: ConfirmContact, person: str, checks: Checks) -> tuple[Remark, ...]:
    """That the code was another one, and how often one may still try."""
    for method, found in checks.items():
        if code_digest(person, method, command.code) in found.refused and not found.came_back:
            left = TRIES_MOST - len(found.refused)
            return (
                Remark(
                    "contact_method.wrong_code",
                    f"this is not the code that went to the contact method ({method[0]})",
                    f"After {TRIES_MOST} wrong codes the one that was sent is void;"
                    f" {left} more may be tried.",
                ),
            )
    return ()
