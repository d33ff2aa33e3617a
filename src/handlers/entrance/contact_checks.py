"""A test page: a code goes to each contact method of a person, by the channels that pages take, and
what became of it is put on record. Who says the code has read it.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from domain.directory import PERSON
from domain.directory.contact_check import (
    CODE_DIGITS,
    GOOD_FOR,
    MethodAddress,
    MethodId,
    MethodKind,
    NoteContactCheck,
    check_sending,
    code_digest,
)
from domain.directory.person import KnownPerson
from domain.kernel.recipient import Recipient
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject
from domain.notification.intent import Intent, intent_id
from domain.policy import Severity
from domain.policy.audience import Audience
from handlers.entrance.service import Service
from handlers.kernel.provenance import Caller, meta_of
from handlers.notify.channels import Channel, Permanent, Transient
from handlers.notify.render import Message
from handlers.notify.sender import SEND_TIMEOUT_S

KIND = "test_page"
REASON_CHARS = 500

Carriers = Mapping[str, Sequence[Channel]]
"""By method: the channels that carry it, in the order in which they are tried."""


class WantedCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By which contact methods; all that are enabled, unless some are named."""

    kind: MethodKind | None = None
    address: MethodAddress | None = None


class SentCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a code: `sent` through a channel, with its receipt (a carrier has it, which is
    not yet that somebody has read it), or `failed` for a reason.
    """

    kind: str
    address: str
    outcome: Literal["sent", "failed"]
    channel: str | None = None
    receipt: str | None = None
    reason: str | None = None
    expires_at: datetime | None = None


class ContactCheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it by each contact method."""

    person: str
    name: str
    checks: tuple[SentCheck, ...]


class ContactChecks:
    """Sends test pages; `new_code` gives digits that nobody can guess."""

    def __init__(
        self,
        service: Service,
        carriers: Carriers,
        clock: Callable[[], datetime],
        new_code: Callable[[], str],
    ) -> None:
        self._service = service
        self._carriers = carriers
        self._clock = clock
        self._new_code = new_code

    async def send(self, ref: str, asked: WantedCheck, sender: Caller) -> ContactCheckReport:
        """A code to each contact method that is meant, all at once. Raises `Refused`,
        `Unavailable`.
        """
        person = await self._service.executor.find(PERSON, ref)
        known: KnownPerson = await self._service.executor.state(PERSON, person)
        methods = _meant(ref, known, asked)
        now = self._clock()
        for method in methods:
            check_sending(known.checks, method, now)
        codes = [(method, self._new_code(), self._service.new_id()) for method in methods]
        name = known.profile.name if known.profile else person
        whom = (person, name)
        sent = await asyncio.gather(
            *(
                self._carried(it[0], check_message(whom, it, code, now, event_id))
                for it, code, event_id in codes
            )
        )
        checks = []
        for (method, code, _), (channel, said) in zip(codes, sent, strict=True):
            note = _note(person, method, code, channel, said)
            meta = meta_of(person, sender._replace(key=None), self._service.new_id)
            await self._service.executor.run(PERSON, person, note, meta)
            checks.append(_outcome(note, now))
        return ContactCheckReport(person=person, name=name, checks=tuple(checks))

    async def _carried(self, method: str, message: Message) -> tuple[str | None, str]:
        """The channel that took it, and its receipt; None, and why none did."""
        reasons = []
        for channel in self._carriers.get(method, ()):
            try:
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    receipt = await channel.send(message)
            except (Transient, Permanent) as failure:
                reasons.append(f"{channel.name}: {failure}")
            except TimeoutError:
                reasons.append(f"{channel.name}: no end within {SEND_TIMEOUT_S:.0f} s")
            else:
                return channel.name, receipt[:REASON_CHARS]
        return None, "; ".join(reasons)[:REASON_CHARS] or f"no channel carries {method}"


def carriers_among(channels: Iterable[tuple[Channel, Sequence[str]]]) -> Carriers:
    """Of channels, with the methods that each carries, those that carry a method."""
    found: dict[str, list[Channel]] = {}
    for channel, methods in channels:
        for method in methods:
            found.setdefault(method, []).append(channel)
    return found


def _meant(ref: str, known: KnownPerson, asked: WantedCheck) -> tuple[MethodId, ...]:
    if known.profile is None:
        raise PERSON.unknown(ref)
    if not known.active:
        raise Refused(
            "person.not_active",
            f"{known.profile.name} is not active: no page goes there",
            field="person",
            rule="Who has left is paged by nothing; `reactivate` says that somebody is back.",
        )
    found = tuple(
        (kind, address)
        for kind, address in known.methods
        if asked.kind in {None, kind} and asked.address in {None, address}
    )
    if not found:
        raise Refused(
            "contact_method.none",
            f"{known.profile.name} has no such contact method that is enabled",
            field="kind",
            rule="A page goes to the contact methods of a person that are enabled.",
        )
    return found


def _note(
    person: str, method: MethodId, code: str, channel: str | None, said: str
) -> NoteContactCheck:
    kind, address = method
    if channel is None:
        return NoteContactCheck(kind=kind, address=address, reason=said)
    digest = code_digest(person, method, code)
    return NoteContactCheck(
        kind=kind, address=address, digest=digest, channel=channel, receipt=said
    )


def _outcome(note: NoteContactCheck, now: datetime) -> SentCheck:
    if not note.channel:
        return SentCheck(kind=note.kind, address=note.address, outcome="failed", reason=note.reason)
    return SentCheck(
        kind=note.kind,
        address=note.address,
        outcome="sent",
        channel=note.channel,
        receipt=note.receipt,
        expires_at=now + GOOD_FOR,
    )


def check_message(
    whom: tuple[str, str], method: MethodId, code: str, now: datetime, event_id: str
) -> Message:
    """As loud as a page of the highest severity, for it is to be seen whether that wakes somebody
    (by slug and name). It says nothing of any incident.
    """
    (person, name), (kind, address) = whom, method
    intent = Intent(
        id=intent_id(event_id, kind),
        subject=Subject(aggregate=PERSON.name, id=person, title=name),
        event_id=event_id,
        position=0,
        audience=Audience.ENGINEERING,
        kind=KIND,
        severity=Severity.SEV1,
        peak=Severity.SEV1,
        occurred_at=now,
        recorded_at=now,
        recipient=Recipient(person=person, name=name, method=kind, address=address, attempt=0),
    )
    subject = f"[TEST PAGE] {name}, nothing is wrong"
    minutes = int(GOOD_FOR.total_seconds() // 60)
    text = (
        f"**Code**: {spoken(code) if kind == 'phone' else grouped(code)}\n"
        f"Say it where the test page was asked for, within {minutes} minutes: then it is on record"
        " that pages reach you this way."
    )
    return Message(intent=intent, subject=subject, text=text, show=lambda: None)


def grouped(code: str) -> str:
    """`4821 7730`."""
    return f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}"


def spoken(code: str) -> str:
    """As a voice reads it: one digit at a time."""
    return ", ".join(code)
