"""docs/errors.md names every code that the service uses, and no other one, with its status."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from adapters.http.problems import document_of
from domain.kernel.refusal import Refused
from domain.registry import AGGREGATES

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
SAYS_NO = {
    "Refused",
    "Unauthentic",
    "HalfHistory",
    "UnusableError",
    "Unintelligible",
    "SignalOutcome",
    "phase_refusal",
    "problem",
    "ProblemError",
    "RouteRefused",
    "LoginFault",
    "_answer",
}
PROBLEMS = ROOT / "src" / "adapters" / "http" / "problems.py"
OF_HTTP_ALONE = {
    "body.damaged": 400,
    "body.too_large": 413,
    "body.too_slow": 408,
    "head.too_slow": 408,
    "connections.too_many": 503,
    "streams.too_many": 429,
    "streams.exhausted": 503,
    "query.busy": 503,
    "rate.exceeded": 429,
    "media_type.unsupported": 415,
    "encoding.unsupported": 415,
    "host.invalid": 400,
    "host.not_allowed": 421,
    "origin.not_allowed": 403,
    "origin.missing": 403,
    "path.unknown": 404,
    "method.not_allowed": 405,
    "request.invalid": 400,
    "read_model.lagging": 503,
    "storage.unavailable": 503,
    "signature.invalid": 401,
    "page.not_this_attempt": 409,
    "login.no_issuer": 404,
    "login.issuer_unreachable": 503,
    "login.issuer_invalid": 502,
    "login.state_mismatch": 400,
    "login.spent": 400,
    "login.denied": 403,
    "login.no_role": 403,
}
NAMED_BY_A_FIELD = {"command", "incident", "source"}


def texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in (ROOT / "src").rglob("*.py")}


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    return [
        (getattr(each.func, "id", None) or getattr(each.func, "attr", ""), each)
        for each in ast.walk(trees()[path])
        if isinstance(each, ast.Call)
    ]


def refusals() -> Iterator[ast.Call]:
    return (call for path in trees() for name, call in calls(path) if name == "Refused")


def codes_in_use() -> set[str]:
    """Codes given to what says no. Those made of a field's name are spelt out here."""
    found = {f"{of}.{end}" for of in ("alert_id", "event_id") for end in ("missing", "unusable")}
    found |= {f"{each.name}.unknown" for each in AGGREGATES if each.commands}
    bases = (it for each in AGGREGATES for several in each.rests.values() for it in several)
    rested = {basis.of.name for basis in bases}
    found |= {f"{each.name}.private" for each in AGGREGATES if each.sight and each.name in rested}
    found.update(text for text in texts(trees()[PROBLEMS]) if CODE.fullmatch(text))
    for path, tree in trees().items():
        for name, call in calls(path):
            if name in SAYS_NO:
                found.update(text for text in texts(call) if CODE.fullmatch(text))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in SAYS_NO:
                found.update(text for text in texts(node.args) if CODE.fullmatch(text))
    found |= codes_of_kinds()
    return {code for code in found if not code.startswith("http.")}  # what that module logs


def codes_of_kinds() -> set[str]:
    """Codes that are made of the name that a function is called with, such as `team.unknown`."""
    ends = {
        (function.name, end.value)
        for tree in trees().values()
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and function.args.args
        for part in ast.walk(function)
        if isinstance(part, ast.JoinedStr) and len(part.values) == 2
        for kind, end in [part.values]
        if isinstance(kind, ast.FormattedValue) and isinstance(end, ast.Constant)
        if ast.unparse(kind.value) == function.args.args[0].arg
        if re.fullmatch(r"\.[a-z_]+", str(end.value))
    }
    return {
        f"{call.args[0].value}{end}"
        for path in trees()
        for called, call in calls(path)
        for name, end in ends
        if called == name and call.args and isinstance(call.args[0], ast.Constant)
    }


def invalid_codes() -> set[str]:
    """Codes of what says that the command itself is at fault."""
    return {
        text
        for call in refusals()
        if any(each.arg == "invalid" for each in call.keywords)
        for text in texts(call.args[0])
    }


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "errors.md").read_text().splitlines()
    return [line.strip("|").split("|") for line in lines if line.startswith("| `")]


def test_the_document_names_every_code_and_no_other_one():
    documented = {code for row in rows() for code in re.findall(r"`([^`]+)`", row[0])}
    assert documented == codes_in_use()


def test_every_status_is_the_one_that_is_answered():
    documented = {row[0].strip(" `"): int(row[1]) for row in rows() if len(row) == 3}
    assert len(documented) > 30
    answered, invalid = {}, invalid_codes()
    for code in documented:
        subject = code.partition(".")[0]
        field = {"signal": "position"}.get(subject, subject)
        refused = Refused(code, "", field=field, invalid=code in invalid)
        answered[code] = OF_HTTP_ALONE.get(code) or document_of(refused)["status"]
    assert documented == answered
