"""Test pages to people."""

import sys
from typing import Annotated

import msgspec
from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, connected, registry_in_use, sender
from adapters.clock import new_code, utc_now
from domain.access.grants import Permission
from domain.kernel.decider import UNKNOWN
from handlers.entrance.contact_checks import ContactChecks, WantedCheck
from handlers.kernel.decoding import decode_body


async def send_test_page(
    person: Annotated[str, Parameter(help="By slug.")],
    *,
    kind: Annotated[str | None, Parameter(help="To contact methods of this kind alone.")] = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Send a code to each contact method of a person that is enabled, as loud as a page of a SEV1,
    and put on record what became of it. Who has read it says the code: `commandpost person
    confirm_contact ada code=48217730`. The exit status is 1 where a contact method was not reached.
    """
    from adapters.runtime.open_channels import carriers_of, open_channels  # noqa: PLC0415 - loads the clients

    asked = decode_body(msgspec.json.encode({"kind": kind} if kind else {}), WantedCheck)
    async with connected(options) as parts:
        by = await sender(parts, UNKNOWN)
        assert by.principal is not None
        by.principal.demand(Permission.INCIDENTS_RESPOND)
        config, products = parts.config, registry_in_use().products
        opening = open_channels(
            config.channels, sys.stderr, utc_now, products, config.outgoing.networks
        )
        async with opening as opened:
            checks = ContactChecks(parts.service, carriers_of(opened), parts.clock.now, new_code)
            report = await checks.send(person, asked, by)
    if format == "json":
        tables.as_json(report)
    else:
        tables.table(
            f"{report.name}: a test page, nothing is wrong",
            ("contact method", "address", "", "channel", "receipt or reason"),
            (
                (it.kind, it.address, it.outcome, it.channel or "", it.receipt or it.reason or "")
                for it in report.checks
            ),
        )
    return 0 if all(it.outcome == "sent" for it in report.checks) else 1
