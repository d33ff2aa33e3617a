"""Whether texts blame persons: what the rules find, and how well they find what people marked.

It asks no service and reads no configuration, so nothing of either is imported.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
from cyclopts import App, Parameter

from adapters.cli.offline import Shape, fail, print_json
from domain.learning.blameless import Blame, blames

BLAMING, FINE = "blaming", "fine"


class Sentences(msgspec.Struct, frozen=True):
    """What a file holds: texts with the label that a person gave them, if any, and its roster."""

    texts: list[tuple[str, str | None]]
    roster: list[str]


def check(
    *files: Annotated[Path, Parameter(help="- for standard input.")],
    roster: Annotated[
        Path | None, Parameter(help="Names: a JSON list, or one a line; else that of the file.")
    ] = None,
    score: Annotated[
        bool, Parameter(help="Compare with the labels in the files: precision and recall of each.")
    ] = False,
    format: Shape = "table",  # noqa: A002
) -> None:
    """Say which sentences blame persons, by which words, why, and how to say it of the system. FILE
    is a JSON list of texts, a list of labelled ones, or has one sentence a line.
    """
    if not files:
        _fail("name a file with sentences, or - for standard input")
    names = _names(_read(roster)) if roster else None
    found = [(each, _sentences(each)) for each in files]
    if score:
        _show_scores([_score(file, held, names) for file, held in found], format)
        return
    answers = [
        answer(text, held.roster if names is None else names)
        for _, held in found
        for text, _ in held.texts
    ]
    print_json(answers) if format == "json" else _show(answers)


def answer(text: str, roster: list[str]) -> dict[str, Any]:
    """What is said of one text; `found` has each of its sentences that blame."""
    found = blames(text, roster)
    return {
        "text": text,
        "blaming": bool(found),
        "why": " ".join(dict.fromkeys(_because(each) for each in found)) or None,
        "suggestion": " ".join(dict.fromkeys(each.suggestion for each in found)) or None,
        "found": [msgspec.structs.asdict(each) for each in found],
    }


def _because(blame: Blame) -> str:
    return f"“{blame.words}” ({blame.rule}): {blame.why}"


def _score(file: Path, held: Sentences, names: list[str] | None) -> dict[str, Any]:
    """How the rules agree with the labels of a file; null where there is nothing to divide by."""
    roster = held.roster if names is None else names
    labelled = [(text, label) for text, label in held.texts if label in {BLAMING, FINE}]
    if not labelled:
        _fail(f"{file}: no sentence has a label ({BLAMING} or {FINE})")
    judged = [(text, label == BLAMING, bool(blames(text, roster))) for text, label in labelled]
    hits = sum(is_blame and said for _, is_blame, said in judged)
    said, there = sum(said for *_, said in judged), sum(is_blame for _, is_blame, _ in judged)
    return {
        "file": str(file),
        "sentences": len(judged),
        "blaming": there,
        "precision": hits / said if said else None,
        "recall": hits / there if there else None,
        "missed": [text for text, is_blame, said in judged if is_blame and not said],
        "wrongly": [text for text, is_blame, said in judged if said and not is_blame],
    }


def _show_scores(scores: list[dict[str, Any]], format: str) -> None:  # noqa: A002
    if format == "json":
        print_json(scores)
        return
    for it in scores:
        print(
            f"{it['file']}: {it['sentences']} sentences, {it['blaming']} of them blaming;"
            f" precision {_figure(it['precision'])}, recall {_figure(it['recall'])}"
        )
        for word in ("missed", "wrongly"):
            for text in it[word]:
                print(f"  {word}: {text}")


def _figure(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.3f}"


def _show(answers: list[dict[str, Any]]) -> None:
    for each in answers:
        if each["blaming"]:
            print(f"{each['text']}\n  {each['why']}\n  {each['suggestion']}")
    blaming = sum(each["blaming"] for each in answers)
    print(f"{blaming} of {len(answers)} blame somebody.")


def _sentences(file: Path) -> Sentences:
    raw = _read(file)
    held = _decoded(raw)
    if isinstance(held, dict):
        listed = held.get("sentences")
        if not isinstance(listed, list):
            _fail(f"{file}: it has no list `sentences`")
        return Sentences([_text(file, each) for each in listed], _listed(held.get("roster", [])))
    if isinstance(held, list):
        return Sentences([_text(file, each) for each in held], [])
    return Sentences([(line.strip(), None) for line in raw.splitlines() if line.strip()], [])


def _text(file: Path, each: object) -> tuple[str, str | None]:
    if isinstance(each, str):
        return each, None
    if not isinstance(each, dict) or not isinstance(each.get("text"), str):
        _fail(f"{file}: {json.dumps(each)[:80]} is neither a text nor has one")
    return each["text"], each.get("label")


def _names(raw: str) -> list[str]:
    held = _decoded(raw)
    if held is None:
        return [line.strip() for line in raw.splitlines() if line.strip()]
    return _listed(held.get("roster", []) if isinstance(held, dict) else held)


def _listed(held: list[Any]) -> list[str]:
    names = (each.get("name") if isinstance(each, dict) else each for each in held)
    return [name for name in names if isinstance(name, str) and name.strip()]


def _decoded(raw: str) -> Any:
    """A list or an object; None: lines, which may begin with a bracket, too."""
    if raw.lstrip()[:1] not in {"[", "{"}:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _read(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        _fail(f"{file}: {error.strerror}")
    return raw.decode("utf-8-sig", "replace")


def _fail(message: str) -> NoReturn:
    fail(f"commandpost: {message}")


GROUP = App(name="blameless", help="Whether texts blame persons.")
GROUP.command(check)
