"""Where commands go, as whom, and what that may do."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.cli.over_http import output
from adapters.cli.over_http.arguments import parser_of
from adapters.cli.over_http.exchange import Service


def whoami(
    _: Mapping[str, Any], words: Sequence[str]
) -> tuple[argparse.Namespace, Callable[[Service], int]]:
    """`whoami`."""
    parser = parser_of(
        "whoami", "Where commands go, as whom, and what that may do.", ("table", "json")
    )
    given = parser.parse_args(list(words))

    def run(service: Service) -> int:
        found = service.get("/v1/whoami").json()
        place = service.place
        if given.shape == "json":
            output.document({"url": place.url, "shown_by": place.shown_by, **found})
            return 0
        output.say(f"{found['name']} ({found['role']}), acting as {found['actor']}")
        output.say(f"  at {place.url}, by the token of {place.shown_by}")
        output.say(f"  may: {', '.join(found['permissions']) or 'nothing'}")
        return 0

    return given, run
