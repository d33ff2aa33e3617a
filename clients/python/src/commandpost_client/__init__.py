"""A client of Commandpost: commands, questions, signals, events and webhooks, typed.

    from commandpost_client import Commandpost, Options, reads
    from commandpost_client.models import Declare

    with Commandpost(Options(url="http://127.0.0.1:8080", actor="slo-watch")) as commandpost:
        answer = commandpost.send(Declare(title="Payments burn their budget"), key="burn-1")
        print(commandpost.ask(reads.get_incident(answer.reference)).status)

What cannot be reached is tried again for a while, with the same key, so that it is done once.
"""

from commandpost_client.asking import Options
from commandpost_client.asynchronous import AsyncCommandpost
from commandpost_client.errors import CommandpostError, Refused, Unavailable, Unverified
from commandpost_client.event_stream import LogEvent
from commandpost_client.retries import Retries
from commandpost_client.synchronous import Commandpost
from commandpost_client.webhooks import verify

__all__ = [
    "AsyncCommandpost",
    "Commandpost",
    "CommandpostError",
    "LogEvent",
    "Options",
    "Refused",
    "Retries",
    "Unavailable",
    "Unverified",
    "verify",
]
