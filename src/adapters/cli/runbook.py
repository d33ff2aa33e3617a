"""Runbooks as documents, checked offline.

It asks no service and reads no configuration, so nothing of either is imported.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from adapters.cli.offline import Shape, fail, failed, print_json
from adapters.clock import utc_now
from adapters.runbook_documents.markdown_runbook import runbook_of
from adapters.yaml_documents import content_of
from domain.runbook.readiness import Lack, doubts_of, faults_of, variables_of


def check(
    *files: Annotated[Path, Parameter(help="Runbooks in Markdown.")],
    ready: Annotated[
        bool, Parameter(help="Fail also where a runbook may not be relied on.")
    ] = False,
    today: Annotated[str | None, Parameter(help="As of this day: 2026-05-04.")] = None,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say of each runbook in FILES what it lacks, and why one may not rely on it: what is still to
    be filled in, and when it was tested last. The exit status is 1 where one is not valid.
    """
    day = _day(today)
    if not files or day is None:
        fail("name a runbook; a day is written as 2026-05-04")
    found = [_checked(each, day) for each in files]
    if format == "json":
        print_json(found)
    else:
        for each in found:
            print("\n".join(_lines(each)))
    if not all(each["ready" if ready else "valid"] for each in found):
        failed()


def _checked(file: Path, today: date) -> dict[str, Any]:
    """A document about one file. `valid`: it has all that a runbook has; `ready`: and nothing says
    that one may not rely on it.
    """
    try:
        text = content_of(file).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        return _document(file, [Lack("", "unreadable", " ".join(str(error).split()))], [])
    read = runbook_of(text)
    contents = read.contents
    faults = list(dict.fromkeys([*read.faults, *faults_of(contents)]))
    doubts = list(doubts_of(contents, today))
    return _document(file, faults, [*read.notes, *doubts]) | {
        "title": contents.title,
        "ready": not faults and not doubts,
        "steps": len(contents.steps()),
        "options": [each.title for each in contents.remedies],
        "variables": list(variables_of(contents)),
    }


def _document(file: Path, faults: list[Lack], notes: list[Lack]) -> dict[str, Any]:
    return {
        "file": str(file),
        "title": None,
        "valid": not faults,
        "ready": False,
        "problems": [each._asdict() for each in faults],
        "notes": [each._asdict() for each in notes],
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    words = "valid" if found["valid"] else "not valid"
    yield f"{found['title'] or found['file']}: {'ready' if found['ready'] else words}"
    for mark, lacks in (("", found["problems"]), ("note: ", found["notes"])):
        for each in lacks:
            at = f"{each['at']}: " if each["at"] else ""
            yield f"  {mark}{at}{each['detail']} [{each['rule']}]"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else utc_now().date()
    except ValueError:
        return None


OFFLINE_GROUP = App(name="runbook", help="Runbooks as documents, checked offline.")
OFFLINE_GROUP.command(check)
