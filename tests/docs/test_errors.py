"""docs/errors.md names every code that the service uses, and no other one, with its status."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from adapters.http.problems import document_of

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
SAYS_NO = {
    "Refused",
    "HalfHistory",
    "UnusableError",
    "Unintelligible",
    "SignalOutcome",
    "phase_refusal",
    "problem",
    "ProblemError",
    "_answer",
}
PROBLEMS = ROOT / "src" / "adapters" / "http" / "problems.py"
OF_HTTP_ALONE = {
    "body.damaged": 400,
    "body.too_large": 413,
    "body.too_slow": 408,
    "head.too_slow": 408,
    "connections.too_many": 503,
    "media_type.unsupported": 415,
    "encoding.unsupported": 415,
    "host.invalid": 400,
    "host.not_allowed": 421,
    "origin.not_allowed": 403,
    "path.unknown": 404,
    "method.not_allowed": 405,
    "request.invalid": 400,
    "read_model.lagging": 503,
    "storage.unavailable": 503,
    "signature.invalid": 401,
}
ENTRIES = ("person", "team", "service")
NAMED_BY_A_FIELD = {"command", "incident", "source"}


def texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def codes_in_use() -> set[str]:
    """Codes given to what says no. Those made of a field's name are spelt out here."""
    found = {f"{of}.{end}" for of in ("alert_id", "event_id") for end in ("missing", "unusable")}
    found |= {f"{of}.{end}" for of in ENTRIES for end in ("already_registered", "unknown")}
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            name = getattr(called, "id", None) or getattr(called, "attr", None)
            if path == PROBLEMS or name in SAYS_NO:
                found.update(text for text in texts(node) if CODE.fullmatch(text))
            if isinstance(node, ast.FunctionDef) and node.name in SAYS_NO:
                found.update(text for text in texts(node.args) if CODE.fullmatch(text))
    return {code for code in found if not code.startswith("http.")}  # what that module logs


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "errors.md").read_text().splitlines()
    return [line.strip("|").split("|") for line in lines if line.startswith("| `")]


def test_the_document_names_every_code_and_no_other_one():
    documented = {code for row in rows() for code in re.findall(r"`([^`]+)`", row[0])}
    assert documented == codes_in_use()


def test_every_status_is_the_one_that_is_answered():
    documented = {row[0].strip(" `"): int(row[1]) for row in rows() if len(row) == 3}
    assert len(documented) > 30
    answered = {}
    for code in documented:
        subject = code.partition(".")[0]
        field = {"signal": "position"}.get(subject, subject)
        answered[code] = OF_HTTP_ALONE.get(code) or document_of(code, "", field)["status"]
    assert documented == answered
