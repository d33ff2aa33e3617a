"""What if another policy had been in force, over HTTP: `POST /v1/what-if`."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, post

from adapters.config.policy_file import policy_of
from adapters.config.settings import ConfigFault
from adapters.http.body import read_command
from adapters.http.problems import ProblemError
from domain.kernel.commit import Instant
from domain.kernel.refusal import Refused
from domain.learning.what_if import WhatIf
from domain.policy import Policy
from handlers.entrance.service import Service
from handlers.kernel.decoding import decode_body
from handlers.queries.what_if import check_since, found_by_rows, what_if
from projections.incident.board import BOARD

RETRY_AFTER_S = 5


class WhatIfAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `policy`: what differs from the built-in one, with the keys of a policy file; and `since`
    when incidents count that have something on record.
    """

    policy: dict[str, Any]
    since: Instant


def what_if_route(service: Service, clock: Callable[[], datetime]) -> Any:
    """The route, beside the policy that is in force. It answers one at a time: whoever asks many
    of them takes the processor from nobody.
    """
    turn = asyncio.Lock()

    @post(
        "/v1/what-if",
        operation_id="what_if",
        status_code=200,
        tags=["queries"],
        opt={"body": WhatIfAsked},
    )
    async def ask(request: Request[Any, Any, Any]) -> WhatIf:
        """Which incidents would have been classified, upgraded, escalated or told otherwise under
        another policy, and when, side by side with the one in force. Nothing is written. At most
        1,000 incidents with 20,000 commits are replayed, and one question at a time.
        """
        asked = decode_body(await read_command(request) or b"{}", WhatIfAsked)
        try:
            other = policy_of(asked.policy, "policy")
        except ConfigFault as fault:
            raise Refused("policy.invalid", str(fault), field="policy", invalid=True) from None
        if turn.locked():
            raise _busy()
        async with turn:
            return await _answer(service, other, asked.since, clock())

    return ask


async def _answer(service: Service, other: Policy, since: datetime, until: datetime) -> WhatIf:
    """Of what was written before it was asked."""
    check_since(since, until)
    await service.reach(BOARD.name, await service.store.head())
    ids = await found_by_rows(service.read_models, since)
    return await what_if(service.store, service.executor.policy, other, since, until, ids)


def _busy() -> ProblemError:
    return ProblemError(
        503,
        "query.busy",
        "another question of this kind is being answered, one at a time: come again after the"
        " seconds of Retry-After",
        field="policy",
        rule="one at a time; `commandpost what-if` on the command line takes no turns",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
