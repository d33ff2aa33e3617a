"""Test pages over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.clock import new_code
from adapters.http.body import read_command
from adapters.http.commands import sender_of
from handlers.entrance.contact_checks import (
    Carriers,
    ContactCheckReport,
    ContactChecks,
    WantedCheck,
)
from handlers.entrance.service import Service
from handlers.kernel.decoding import decode_body


def contact_check_routes(carriers: Carriers, clock: Callable[[], datetime]) -> list[Any]:
    """`POST /v1/people/{ref}/test_page`."""

    @post(
        "/v1/people/{ref:str}/test_page",
        operation_id="send_test_page",
        status_code=200,
        tags=["people"],
        opt={"body": WantedCheck},
    )
    async def send(
        request: Request[Any, Any, Any], service: NamedDependency[Service], ref: FromPath[str]
    ) -> ContactCheckReport:
        """Send a code to each contact method of a person that is enabled, or to those that the body
        names, as loud as a page of a SEV1. What became of it is on record; `confirm_contact` says
        the code, which is the receipt.
        """
        asked = decode_body(await read_command(request) or b"{}", WantedCheck)
        checks = ContactChecks(service, carriers, clock, new_code)
        return await checks.send(ref, asked, sender_of(request, None))

    return [send]
