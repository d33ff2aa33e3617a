"""A timeline as it grows: each line once, also where the connection is lost meanwhile."""

import http.client
import json
import sys
import time

from adapters.cli.over_http import output
from adapters.cli.over_http.exchange import Service, lines_of
from adapters.cli.over_http.failures import UNAVAILABLE, CommandFailed
from adapters.cli.over_http.questions_listed import present
from adapters.cli.over_http.timeline_lines import COLUMNS, entries, events_target

AGAIN_S = 2.0


def follow(service: Service, ref: str, shape: str) -> int:
    """Print what there is, and then each line as it comes; ends by an interrupt, or where the
    incident is not there any more for whoever follows it.
    """
    seen: set[str] = set()
    away = False
    while True:
        try:
            _print_new(service, ref, shape, seen)
            away = False
            for line in lines_of(service.stream(events_target(ref))):
                if line.startswith("data:"):
                    _print_new(service, ref, shape, seen)
        except CommandFailed as failed:
            if failed.status != UNAVAILABLE:
                raise
            if not away:
                output.remark(f"{failed.why}; trying again")
            away = True
        except (OSError, http.client.HTTPException):
            pass  # a connection that was lost, or was silent for too long, is opened again
        time.sleep(AGAIN_S)


def _print_new(service: Service, ref: str, shape: str, seen: set[str]) -> None:
    found = [each for each in entries(service, ref, ()) if each["event_id"] not in seen]
    seen.update(each["event_id"] for each in found)
    if shape in {"json", "markdown"}:
        for each in found:
            print(json.dumps(each, ensure_ascii=True), flush=True)
        return
    for each in found:
        cells = [column.cell(each, present()) for column in COLUMNS if not column.wide]
        output.say(("\t" if shape == "tsv" else "  ").join(cells).replace("\n", " "))
    sys.stdout.flush()
