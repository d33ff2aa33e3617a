"""What commands share that ask no service and read no configuration, so it imports nothing of
either.
"""

import json
import sys
from typing import Any, Literal, NoReturn

Shape = Literal["table", "json"]


def print_json(found: Any) -> None:
    """One document on standard output."""
    print(json.dumps(found, indent=1, ensure_ascii=False))


def failed() -> NoReturn:
    """End with exit status 1, behind all that was printed."""
    sys.stdout.flush()
    sys.exit(1)


def fail(detail: str) -> NoReturn:
    """Say why on standard error, and end with exit status 1."""
    print(detail, file=sys.stderr)
    sys.exit(1)
