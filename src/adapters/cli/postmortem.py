"""Documents of post-mortems on the command line."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.parameters import Actor
from adapters.cli.session import DEFAULTS, Options, connected, sender, viewing
from adapters.document_forms import DocumentFormat
from adapters.main import Core
from adapters.postmortem_documents.formats import FORMS
from adapters.postmortem_documents.invitation import invitation
from adapters.postmortem_documents.markdown_reading import ReadDocument, kept, read
from adapters.postmortem_documents.pdf import PdfMissingError, pdf_of
from adapters.postmortem_documents.public_document import PUBLIC_FORMS, public_document
from domain.kernel.refusal import Refused
from domain.learning import POSTMORTEM
from handlers.entrance.postmortem_document import document_of
from handlers.kernel.provenance import Caller
from projections.past import NOW

ExportFormat = Literal["markdown", "html", "json", "pdf"]
FILE_MOST = 1 << 20
"""So many bytes has a document."""


async def export(
    ref: str,
    *,
    format: ExportFormat = "markdown",  # noqa: A002
    public: Annotated[bool, Parameter(help="The version for the public.", negative=())] = False,
    options: Options = DEFAULTS,
) -> None:
    """Print a post-mortem as a document: Markdown that `import` reads back, a page of HTML to be
    printed, JSON, or, with the extra `pdf`, that page as a PDF.
    """
    form: DocumentFormat = "html" if format == "pdf" else format
    if format == "pdf" and sys.stdout.isatty():
        fail("a PDF is nothing to read here: write it to a file, … > post-mortem.pdf")
    async with connected(options) as parts:
        viewer = await viewing(parts)
        if public:
            shown = await parts.service.show(POSTMORTEM, ref, NOW, viewer)
            _print(PUBLIC_FORMS[form].write(public_document(shown)), format)
            return
        found = await document_of(parts.service, ref, viewer)
    _print(FORMS[form].write(found), format)


def _print(text: str, form: ExportFormat) -> None:
    if form != "pdf":
        print(text, end="")
        return
    try:
        printed = pdf_of(text)
    except PdfMissingError as missing:
        fail(str(missing))
    sys.stdout.buffer.write(printed)


async def import_(
    ref: str,
    file: Path,
    *,
    apply: Annotated[bool, Parameter(help="Write what differs.")] = False,
    actor: Actor = "unknown",
    options: Options = DEFAULTS,
) -> int:
    """Show what an edited document says otherwise than the post-mortem; with `--apply`, write it.
    Sections that the template does not have are kept as comments, and listed. The exit status is 1
    when a part could not be read, or was not written.
    """
    text = _text(file)
    async with connected(options) as parts:
        found = read(text, await document_of(parts.service, ref, await viewing(parts)))
        _show(found)
        if not apply:
            tables.say("Nothing is written: --apply does.")
            return 1 if found.faults else 0
        refused = await _write(parts, ref, found, await sender(parts, actor, None))
    return 1 if refused or found.faults else 0


async def invite(ref: str, *, options: Options = DEFAULTS) -> None:
    """Print the invitation to the meeting about a post-mortem, as calendars read it (ICS)."""
    async with connected(options) as parts:
        shown = await parts.service.show(POSTMORTEM, ref, NOW, await viewing(parts))
        found = invitation(shown, parts.service.executor.address(POSTMORTEM, shown.reference))
    if found is None:
        fail(f"no meeting about {shown.reference} is on record: `schedule_meeting` says when it is")
    print(found, end="")


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        fail(f"cannot read {file}: {error.strerror}")
    if len(raw) > FILE_MOST:
        fail(f"{file} has {len(raw):,} bytes, and a document no more than {FILE_MOST:,}")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        fail(f"{file} is not in UTF-8")


def _show(found: ReadDocument) -> None:
    for change in found.changes:
        tables.say(f"{change.title}:")
        tables.say(change.diff)
    if not found.changes:
        tables.say("The document says what the post-mortem does.")
    tables.listed(
        ("not known to the template, kept as a comment", [it.title for it in found.unknown]),
        ("edited, but made of what stands elsewhere, and left", found.left),
        ("not understood", found.faults),
    )


async def _write(parts: Core, ref: str, found: ReadDocument, by: Caller) -> int:
    """Field by field; how many were refused, each of which is said."""
    wanted = [(change.name, change.command) for change in found.changes]
    wanted += [("comment", comment) for section in found.unknown for comment in kept(section)]
    refusals: list[str] = []
    for name, command in wanted:
        body = msgspec.json.encode(command)
        try:
            done = await parts.service.send(POSTMORTEM, name, ref, body, by)
        except Refused as refused:
            refusals.append(refused.detail)
        else:
            tables.remarks(done.answer.warnings)
    tables.say(f"{len(wanted) - len(refusals)} of {len(wanted)} written.")
    tables.listed(("refused", refusals))
    return len(refusals)
