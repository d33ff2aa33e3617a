"""A flood of one client holds up no page of another source."""

from support.http_server import receiving
from support.patience import eventually
from support.service_process import CONFIG, outside
from support.webhooks import deliver, page

FLOOD = 120


async def test_a_page_is_told_before_the_flood_that_was_there_first():
    async with receiving() as hook:
        config = CONFIG.replace(
            "[channels]",
            f"""
            [channels.hook]
            kind = "webhook"
            url = "{hook.url}"
            secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            audiences = ["engineering", "executives"]
            rate_per_minute = 600
            """,
        )
        async with outside(config) as service:
            for number in range(FLOOD):
                await service.declare(f"Flood {number}", severity="SEV1")
            sent = page("triggered", "QFAIR", "ev-fair", priority={"summary": "P1"})
            assert (await deliver(service, sent)).status == 202
            before = len(hook.requests)

            async def told() -> bool:
                return any(b"Checkout is slow" in each.body for each in hook.requests)

            await eventually(told)
            bodies = [each.body for each in hook.requests]
    place = next(at for at, body in enumerate(bodies) if b"Checkout is slow" in body)
    assert before < FLOOD, "most of the flood waits for its turn"
    assert place < before + 20, "what is read as it comes, and no more, goes first"
