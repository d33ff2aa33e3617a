"""What is shown again as it changes."""

import sys
import time
from collections.abc import Callable
from typing import Any

from adapters.cli.over_http.arguments import is_terminal
from adapters.cli.over_http.failures import UNAVAILABLE, CommandFailed
from adapters.cli.over_http.output import remark

EVERY_S = 2.0
CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def watch(ask: Callable[[], Any], show: Callable[[Any], None]) -> int:
    """Ask again and again, until it is interrupted; an outage is said, and waited for. A terminal
    shows the present alone, as ages grow; anything else gets what is new, behind an empty line.
    """
    before: Any = None
    away = False
    while True:
        try:
            found = ask()
        except CommandFailed as failed:
            if failed.status != UNAVAILABLE:
                raise
            if not away:
                remark(f"{failed.why}; what is shown is no longer the present")
            away = True
        else:
            if is_terminal():
                sys.stdout.write(CLEAR)
            if is_terminal() or before is None or found != before:
                show(found)
                if not is_terminal():
                    print(flush=True)
            before, away = found, False
        sys.stdout.flush()
        time.sleep(EVERY_S)
