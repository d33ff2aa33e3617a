"""A folder of TOML and YAML files, read as one configuration.

Each file may hold entries of all kinds: `[people.ada]`, `[teams.payments]`, `[services.checkout]`.
Runbooks are Markdown, `runbooks/checkout-down.md` by their slugs.
One of them says in `[config]` what the configuration is called, and where it is kept.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from adapters.as_code.kinds import BY_TABLE, RUNBOOKS, EntryKind
from adapters.runbook_documents.markdown_runbook import runbook_of
from adapters.runbook_documents.runbook_writing import profile_of_document
from adapters.yaml_documents import YamlDocument, content_of, documents, fault_of, files_below
from domain.directory.registration import Managed
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from handlers.kernel.decoding import decode_command

USUAL_NAME = "directory"
_CONFIG = "config"


class Wanted(NamedTuple):
    """An entry of the folder: what is said of it as data, and the file that says so."""

    kind: EntryKind
    slug: str
    said: dict[str, Any]
    file: str


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """What cannot be applied: in which file, of what (`people.ada`), and which rule says so."""

    file: str
    at: str
    why: str


class Folder(NamedTuple):
    """What a folder says. Nothing is applied of one that has flaws."""

    managed: Managed
    entries: Mapping[tuple[str, str], Wanted]
    flaws: tuple[Flaw, ...]


def read_folder(root: Path) -> Folder:
    """All `*.toml`, `*.yaml` and `*.yml` files below a folder, by the order of their paths, and
    then all `runbooks/*.md`.
    """
    reader = _FolderReader()
    for document in sorted((*_toml(root), *documents(root)), key=lambda each: each.file):
        reader.take(document)
    for path, name in files_below(root, ".md"):
        if path.parent.name == RUNBOOKS.table:
            reader.take_runbook(path, name)
    return Folder(reader.managed or Managed(name=USUAL_NAME), reader.entries, tuple(reader.flaws))


def _toml(root: Path) -> Iterator[YamlDocument]:
    for path, name in files_below(root, ".toml"):
        try:
            yield YamlDocument(name, 0, tomllib.loads(content_of(path).decode()))
        except (ValueError, OSError, RecursionError) as error:
            yield YamlDocument(name, 0, None, str(error))


class _FolderReader:
    """What has been read of a folder so far."""

    def __init__(self) -> None:
        self.managed: Managed | None = None
        self.entries: dict[tuple[str, str], Wanted] = {}
        self.flaws: list[Flaw] = []
        self._named_in = ""

    def take(self, document: YamlDocument) -> None:
        file = document.file
        if document.fault is not None:
            self._flaw(file, f"document {document.place + 1}", document.fault)
        elif not isinstance(document.content, dict):
            self._flaw(file, "the file", "it holds no tables such as [people.ada]")
        else:
            for table, held in document.content.items():
                self._take_table(file, table, held)

    def take_runbook(self, path: Path, file: str) -> None:
        """A runbook in Markdown, by the name of its file."""
        at = f"{RUNBOOKS.table}.{path.stem}"
        try:
            read = runbook_of(content_of(path).decode("utf-8-sig"))
            for each in read.faults:
                self._flaw(file, at, f"{each.at}: {each.detail}")
            if not read.faults:
                said = msgspec.to_builtins(profile_of_document(read))
                self._take_entry(file, RUNBOOKS, path.stem, said)
        except Refused as refused:
            self._flaw(file, at, _why(refused))
        except (ValueError, OSError) as error:
            self._flaw(file, at, fault_of(error))

    def _take_table(self, file: str, table: Any, held: Any) -> None:
        if table == _CONFIG:
            self._take_name(file, held)
        elif table not in BY_TABLE:
            known = ", ".join((_CONFIG, *BY_TABLE))
            self._flaw(file, str(table), f"there is no such table; there are {known}")
        elif not isinstance(held, dict):
            self._flaw(file, table, f"it holds entries by name, such as [{table}.one]")
        else:
            for slug, said in held.items():
                self._take_entry(file, BY_TABLE[table], str(slug), said)

    def _take_name(self, file: str, held: Any) -> None:
        if self.managed is not None:
            self._flaw(file, _CONFIG, f"it stands in {self._named_in} already")
            return
        try:
            self.managed, self._named_in = msgspec.convert(held, Managed), file
        except msgspec.ValidationError as error:
            self._flaw(file, _CONFIG, str(error))

    def _take_entry(self, file: str, kind: EntryKind, slug: str, said: Any) -> None:
        at = f"{kind.table}.{slug}"
        if before := self.entries.get((kind.table, slug)):
            self._flaw(file, at, f"it stands in {before.file} already")
        elif not isinstance(said, dict):
            self._flaw(file, at, "it holds fields, such as a name")
        elif taken := sorted({"slug", "managed_by"} & said.keys()):
            self._flaw(file, at, f"{taken[0]} is no field of an entry here")
        else:
            try:
                checked = _checked(kind, slug, said)
            except Refused as refused:
                self._flaw(file, at, _why(refused))
            else:
                self.entries[kind.table, slug] = Wanted(kind, slug, checked, file)

    def _flaw(self, file: str, at: str, why: str) -> None:
        self.flaws.append(Flaw(file=file, at=at, why=why))


def _why(refused: Refused) -> str:
    """Which field breaks which rule, nothing of it twice."""
    field, said, rule = refused.field or "", refused.detail, refused.rule or ""
    said = said if field in said else f"{field}: {said}"
    return said if rule in said else f"{said} ({rule})"


def _checked(kind: EntryKind, slug: str, said: dict[str, Any]) -> dict[str, Any]:
    """The same as the directory keeps it. Raises `Refused`."""
    raw = msgspec.json.encode({"slug": slug, **said}, enc_hook=str)
    command = decode_command(kind.aggregate, "register", raw)
    nowhere = Context(datetime(1970, 1, 1, tzinfo=UTC), "", DEFAULT)  # nothing of it is kept
    (entered, *_) = kind.aggregate.decide(command, kind.aggregate.initial, nowhere)
    return kind.said(entered.profile)
