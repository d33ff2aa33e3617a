"""Failures as a person is told of them: in a line, with an exit status."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import structlog

from adapters.cli import tables
from adapters.cli.over_http.failures import FAILED, UNAVAILABLE, exit_status
from adapters.cli.over_http.place import TOKEN
from adapters.config.settings import ConfigFault
from adapters.demo import PlayFaultError
from adapters.embedded import EmbeddedServerError
from adapters.http.problems import status_of
from adapters.storage.nats.connection import CannotConnectError
from adapters.storage.nats.streams import DriftError
from adapters.storage.postgres.pool import DatabaseError
from domain.kernel.refusal import Refused
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Lagging, Unbuilt

AUTHORIZATION = "Authorization"
"""What a refusal calls it, whose words are those of a header."""
EXPLAINED = (
    ConfigFault,
    CannotConnectError,
    DatabaseError,
    DriftError,
    PlayFaultError,
    EmbeddedServerError,
)
"""Failures whose message says to a person what to do."""


@contextmanager
def explain_failures() -> Iterator[None]:
    """Failures that a person can act on become one line on standard error, and an exit status."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - sorted out here, and raised again if it is a fault
        _explain(error)


def _explain(error: Exception) -> NoReturn:
    match error:
        case ExceptionGroup(exceptions=(only,)):
            _explain(only)
        case Refused():
            field = TOKEN if error.field == AUTHORIZATION else error.field
            where = f" [{field}]" if field else ""
            fail(f"{error.code}{where}: {error.detail}", exit_status(status_of(error)))
        case Unavailable() | Unbuilt() | Lagging():
            fail(f"not available now: {error}", UNAVAILABLE)
        case OSError(filename=str() as name, strerror=why) if why:
            fail(f"{name}: {why}")
        case _ if isinstance(error, EXPLAINED):
            fail(str(error))
        case _:
            raise error


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Say why and end."""
    structlog.reset_defaults()
    print(tables.plain(f"commandpost: {message}"), file=sys.stderr)
    sys.exit(status)
