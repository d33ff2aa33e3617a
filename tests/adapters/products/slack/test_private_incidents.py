"""A private incident in Slack: whoever may not see it is answered as of one that is not there."""

from typing import Any

import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.policy import Severity
from handlers.kernel.asks import Meta

ID = "0197000a-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "text",
    ["status REF", "ack REF", "note REF x", "update REF x", "resolve REF x", "merge REF INC-1"],
)
async def test_it_reads_as_one_that_is_not_there(app: Any, text: str) -> None:
    await app.slash("declare SEV2 Everybody sees this")
    private = c.PrivateTo(people=("grace",))
    declare = c.Declare(title="Of few", severity=Severity.SEV2, private=private)
    meta = Meta(command_id=ID, actor="grace", correlation_id=ID)
    await app.back.executor.run(INCIDENT, ID, declare, meta)
    ref = (await app.back.incident(ID)).reference
    hidden, none = [await app.slash(text.replace("REF", each)) for each in (ref, "INC-77")]
    assert hidden.replace(ref, "REF") == none.replace("INC-77", "REF")
    assert "there is no incident" in hidden
