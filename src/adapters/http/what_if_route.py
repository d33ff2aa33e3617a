"""What if another policy had been in force, over HTTP: `POST /v1/what-if`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, post

from adapters.config.policy_file import policy_of
from adapters.config.settings import ConfigFault
from adapters.http.body import read_command
from domain.kernel.commit import Instant
from domain.kernel.refusal import Refused
from domain.learning.what_if import WhatIf
from handlers.entrance.service import Service
from handlers.kernel.decoding import decode_body
from handlers.queries.what_if import what_if


class WhatIfAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `policy`: what differs from the built-in one, with the keys of a policy file; and `since`
    when incidents count that have something on record.
    """

    policy: dict[str, Any]
    since: Instant


def what_if_route(service: Service, clock: Callable[[], datetime]) -> Any:
    """The route, beside the policy that is in force."""

    @post(
        "/v1/what-if",
        operation_id="what_if",
        status_code=200,
        tags=["queries"],
        opt={"body": WhatIfAsked},
    )
    async def ask(request: Request[Any, Any, Any]) -> WhatIf:
        """Which incidents would have been classified, upgraded, escalated or told otherwise under
        another policy, and when, side by side with the one in force. Nothing is written.
        """
        asked = decode_body(await read_command(request) or b"{}", WhatIfAsked)
        try:
            other = policy_of(asked.policy, "policy")
        except ConfigFault as fault:
            raise Refused("policy.invalid", str(fault), field="policy", invalid=True) from None
        now = service.executor.policy
        return await what_if(service.store, now, other, asked.since, clock())

    return ask
