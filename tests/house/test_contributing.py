"""What CONTRIBUTING says suffices for a command with its event, and for a rule with a deadline,
suffices: they are added to a copy of the sources, in the files that it names and no other. And all
of them are needed: with one left out the copy says what is missing as it is imported.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from house.tree import ROOT, SRC

INCIDENT = "domain/incident/"
Edits = tuple[tuple[str, str], ...]


class Addition(NamedTuple):
    """Something that is added: under which heading it is told of, for each file what is put before
    which text (a whole file where that is none), and what is tried afterwards.
    """

    heading: str
    files: Mapping[str, Edits]
    tried: str


CALL_VENDOR = Addition(
    heading="A command and its event",
    files={
        INCIDENT + "events.py": (
            (
                "class NoteAdded(",
                (
                    "class VendorCalled(Event, frozen=True, kw_only=True, omit_defaults=True,"
                    ' tag="incident.vendor_called.v1"):\n    vendor: str\n\n\n'
                ),
            ),
            ("    | NoteAdded\n", "    | VendorCalled\n"),
        ),
        INCIDENT + "commands.py": (
            (
                "class AddNote(",
                (
                    "class CallVendor(TimedCommand, frozen=True, kw_only=True):\n"
                    "    vendor: Text\n\n\n"
                ),
            ),
            ("    | AddNote\n", "    | CallVendor\n"),
            ('    "add_note": AddNote,\n', '    "call_vendor": CallVendor,\n'),
        ),
        INCIDENT + "notes.py": (
            (
                "def add_note(",
                (
                    "def call_vendor(command: c.CallVendor, at: datetime) -> list[IncidentEvent]:\n"
                    "    return [e.VendorCalled(occurred_at=at, vendor=command.vendor)]\n\n\n"
                    "def fold_called(incident: KnownIncident, _: object) -> KnownIncident:\n"
                    "    return incident\n\n\n"
                ),
            ),
        ),
        INCIDENT + "behaviour.py": (
            (
                "        c.AddNote: Way(",
                (
                    "        c.CallVendor: Way(_ANY, lambda cmd, _, at, __: "
                    "notes.call_vendor(cmd, at)),\n"
                ),
            ),
            ("    e.NoteAdded: notes.fold_note,\n", "    e.VendorCalled: notes.fold_called,\n"),
        ),
        INCIDENT + "presentation/of_events.py": (
            (
                "        e.NoteAdded: Row(",
                (
                    '        e.VendorCalled: Row(line=lambda v: f"Called {v.vendor}",'
                    " why=y.BY_A_PERSON,"
                    " read_by=_ALL, news=None, digest=None, words=None),\n"
                ),
            ),
        ),
        INCIDENT + "entries.py": (
            (
                "        e.NoteAdded: EntryTraits(",
                "        e.VendorCalled: EntryTraits(engages=True),\n",
            ),
            ('        "note_added": "note",', '        "vendor_called": "call to a vendor",\n'),
        ),
        "domain/permissions.py": (
            (
                '        ("incident", "add_note"): ',
                '        ("incident", "call_vendor"): _RESPOND,\n',
            ),
        ),
        INCIDENT + "samples.py": (
            (
                '            "add_note": ',
                '            "call_vendor": c.CallVendor(vendor="ACME"),\n',
            ),
        ),
        INCIDENT + "sample_events.py": (
            (
                "    e.NoteAdded(",
                '    e.VendorCalled(occurred_at=clock(12, 19), vendor="ACME"),\n',
            ),
        ),
    },
    tried="""
from domain.incident import COMMANDS
from domain.incident.presentation.lines import describe
log = given(declared())
(called,) = log.when(COMMANDS["call_vendor"](vendor="ACME"))
assert describe(called).text == "Called ACME"
""",
)

CALL_BACK = Addition(
    heading="A rule with a deadline",
    files={
        INCIDENT + "deadlines/events.py": (
            ("    ALL_CLEAR = ", '    CALL_BACK = "call_back.overdue"\n'),
            (
                "class AllClear(",
                (
                    "class CallBackOverdue(Timed, frozen=True, kw_only=True, omit_defaults=True,"
                    ' tag="incident.call_back_overdue.v1"):\n    pass\n\n\n'
                ),
            ),
            ("    | AllClear\n", "    | CallBackOverdue\n"),
        ),
        INCIDENT + "deadlines/call_back.py": (
            (
                "",
                '''"""A toy: an hour after its end somebody calls back."""

from datetime import timedelta

from domain.incident.deadlines.events import CallBackOverdue, DeadlineRule
from domain.incident.deadlines.expiry import breach_once, record, settle
from domain.incident.deadlines.questions import asks, is_resolved, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.kernel.deadline import Deadline, Prompt


def by(history):
    return history.closed.at + timedelta(hours=1), history.closed


def owed(history, policy):
    yield Owed(DeadlineRule.CALL_BACK, *by(history), "somebody calls back")


CALL_BACK = TimedRule(
    deadline=Deadline(
        name="call-back",
        rules=(DeadlineRule.CALL_BACK,),
        is_open=asks(is_resolved),
        due=lambda history, now, policy: breach_once(
            history, DeadlineRule.CALL_BACK, history.closed, by(history)
        ),
        follows=lambda command, _, context: record(CallBackOverdue, command, context),
        prompts={CallBackOverdue: Prompt(kind="call_back", to=to_engineering, holds=None)},
    ),
    owed=owed,
    marks=(DeadlineRule.CALL_BACK,),
    folds={CallBackOverdue: settle},
    words={
        DeadlineRule.CALL_BACK: RuleWords(
            lambda policy, severity: "Somebody calls back.", "a call", "call"
        )
    },
)
''',
            ),
        ),
        INCIDENT + "deadlines/table.py": (
            (
                "from domain.incident.deadlines.cadence import",
                "from domain.incident.deadlines.call_back import CALL_BACK\n",
            ),
            ("    ALL_CLEAR,\n", "    CALL_BACK,\n"),
        ),
        INCIDENT + "presentation/of_deadlines.py": (
            (
                "        k.AllClear: Row(",
                (
                    '        k.CallBackOverdue: Row(line=lambda _: "Nobody has called back",'
                    " why=nothing_more, read_by=_ALL,"
                    " news=_PROMPTED[k.CallBackOverdue], digest=None, words=None),\n"
                ),
            ),
        ),
        INCIDENT + "sample_events.py": (
            (
                "    k.RecordOverdue(",
                (
                    "    k.CallBackOverdue(occurred_at=clock(15), due_at=clock(15),"
                    ' automatic=automatic("call_back.overdue")),\n'
                ),
            ),
        ),
        "adapters/templates/builtin/call_back.j2": (
            ("", "**Subject**: Call back: {{ what }}\n\n{{ reference }}: call back.\n"),
        ),
        "adapters/templates/samples.py": (
            (
                '    "record_overdue": Story(',
                (
                    '    "call_back": Story(OVER, k.CallBackOverdue(occurred_at=at(99),'
                    " due_at=at(99), automatic=automatic(k.DeadlineRule.CALL_BACK))),\n"
                ),
            ),
        ),
    },
    tried="""
from adapters.templates.engine import Templates
from adapters.templates.samples import samples
from domain.incident.deadlines.table import DEADLINES
from domain.policy import DEFAULT
templates = Templates()
told = {name: (context, templates(context)) for name, context in samples(DEFAULT)}
context, words = told["engineering.call_back"]
assert "call_back.j2" in templates.shipped, "its template"
assert words.subject.startswith("Call back"), words
rule = DEADLINES.owner("call_back.overdue")
assert rule.name == "call-back"
""",
)

ADDITIONS = (CALL_VENDOR, CALL_BACK)
WHOLE = """
from domain.registry import AGGREGATES
for each in AGGREGATES:
    each.samples()
import domain.permissions
import projections.registry
from support.spec import declared, given
"""


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A copy of the sources for each addition, which is made there."""
    found = {}
    for addition in ADDITIONS:
        copy = tmp_path_factory.mktemp("src")
        shutil.copytree(SRC, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        for file, edits in addition.files.items():
            add(copy / file, edits)
        found[addition.heading] = copy
    return found


def add(file: Path, edits: Edits) -> None:
    """Put each text before another one, which is there once as a line begins."""
    text = file.read_text() if file.exists() else ""
    for before, new in edits:
        if not before:
            text = new
            continue
        assert text.count(f"\n{before}") == 1, (file, before)
        text = text.replace(f"\n{before}", f"\n{new}{before}")
    file.write_text(text)


def tried(copy: Path, addition: Addition) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(copy), str(ROOT / "tests")))
    return subprocess.run(
        [sys.executable, "-B", "-c", WHOLE + addition.tried],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def named_in(heading: str) -> set[str]:
    """The files that CONTRIBUTING names, from src on."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text.partition(f"**{heading}**")[2].partition("\n\n**")[0]
    steps = re.findall(r"^\d\. .*(?:\n   .*)*", section, re.MULTILINE)
    return set(_whole_names(re.findall(r"`([\w<>/]+\.(?:py|j2))`", "".join(steps))))


def _whole_names(names: list[str]) -> Iterator[str]:
    folder = ""
    for name in names:
        if name.startswith(("domain/", "adapters/", "projections/")):
            folder = name.rpartition("/")[0]
            yield name
        elif name.startswith("deadlines/") or name == "sample_events.py":
            yield f"{INCIDENT}{name}"
        else:
            yield f"{folder}/{name}"


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda each: each.heading)
def test_what_is_named_suffices(copies: dict[str, Path], addition: Addition):
    done = tried(copies[addition.heading], addition)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize(
    ("addition", "file"),
    [(each, file) for each in ADDITIONS for file in each.files],
    ids=lambda each: each if isinstance(each, str) else "without",
)
def test_nothing_that_is_named_can_be_left_out(
    copies: dict[str, Path], addition: Addition, file: str
):
    copy = copies[addition.heading]
    added = (copy / file).read_text()
    try:
        if (SRC / file).exists():
            shutil.copy(SRC / file, copy / file)
        else:
            (copy / file).unlink()
        done = tried(copy, addition)
    finally:
        (copy / file).write_text(added)
    assert done.returncode != 0, "nobody has noticed"
    assert "Error" in done.stderr


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda each: each.heading)
def test_it_names_these_files_and_no_other(addition: Addition):
    def shape(file: str) -> str:
        new = not (SRC / file).exists() or file.endswith("notes.py")
        return f"{file.rpartition('/')[0]}/<>{Path(file).suffix}" if new else file

    named = {re.sub(r"<\w+>", "<>", file) for file in named_in(addition.heading)}
    policy = {"domain/policy/policy.py", "domain/policy/default.py"}  # only where it has a figure
    assert named - policy == set(map(shape, addition.files))
