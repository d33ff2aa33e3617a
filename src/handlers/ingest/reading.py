"""How a body becomes readings: what cannot be read of it costs as little as can be, and is named.

All translators of JSON are made here, so that what one forgives, all do.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from domain.incident.alerts.alert import Opens
from handlers.ingest.flaws import Flaw, note, noting
from handlers.ingest.json_body import CUT_OFF, NotJsonError, documents, read_json
from handlers.ingest.reports import (
    Reading,
    Translation,
    Translator,
    Unintelligible,
    UnusableError,
    with_flaws,
)
from handlers.ingest.shapes import OBJECT, fit

log = structlog.get_logger(__name__)

Body = dict[str, Any]

_KINDS: dict[type, str] = {str: "a text", list: "a list", bool: "true or false", type(None): "null"}
"""What a body may be instead of an object, as JSON calls it; else it is a number."""


def of_one_report(
    read: Callable[[Body, str, Opens], Reading], shape: Mapping[str, Any] = OBJECT
) -> Translator:
    """A translator of bodies that are an object of this shape and tell of one thing; `read` may
    raise `UnusableError`.
    """
    return of_reports(lambda body, source, opens: (read(body, source, opens),), shape)


def of_reports(
    read: Callable[[Body, str, Opens], Translation],
    shape: Mapping[str, Any] = OBJECT,
    *,
    per: str | None = None,
) -> Translator:
    """A translator of bodies that are an object of this shape. `per`: the list of which each item
    has a reading of its own, in order; flaws in it are told of that one alone.
    """

    def translate(body: bytes, source: str, opens: Opens) -> Translation:
        return of_each(lambda one: alone(one, source, opens), body)

    def alone(body: bytes, source: str, opens: Opens) -> Translation:
        with noting() as flaws:
            try:
                found = read(fit(json_object(body), shape), source, opens)
            except UnusableError as error:
                return (error.outcome,)
            except Exception as error:
                log.exception("signal.translator_failed")
                return (failed(error),)
        told = tuple(
            with_flaws(each, *_of_item(flaws, per, place)) for place, each in enumerate(found)
        )
        lost = any(flaw.what == CUT_OFF for flaw in flaws)
        return (*told, Unintelligible("body.cut_off", CUT_OFF)) if lost and per else told

    return translate


def of_each(read: Callable[[bytes], Translation], body: bytes) -> Translation:
    """What a body says, or if it is none but several, what each of them says, in order."""
    found = read(body)
    if not all(isinstance(each, Unintelligible) for each in found):
        return found
    several = documents(body)
    if len(several) == 1:
        return found
    taken = tuple(
        placed(reading, f"body {place} of {len(several)}")
        for place, each in enumerate(several, start=1)
        for reading in read(each)
    )
    return found if all(isinstance(each, Unintelligible) for each in taken) else taken


def one_reading(read: Callable[[], Reading], place: str = "") -> Reading:
    """One of many things that a body tells of, named by `place` if it cannot be read."""
    with noting() as flaws:
        try:
            found = read()
        except UnusableError as error:
            found = error.outcome
        except Exception as error:
            log.exception("signal.translator_failed")
            found = failed(error)
    return with_flaws(placed(found, place), *map(str, flaws))


def placed(reading: Reading, place: str) -> Reading:
    """A reading that says where it belongs, if it cannot be read."""
    if isinstance(reading, Unintelligible) and place:
        return Unintelligible(reading.code, f"{place}: {reading.reason}")
    return reading


def json_object(body: bytes) -> Body:
    """The body as a JSON object. Raises `UnusableError`."""
    decoded = json_value(body)
    if isinstance(decoded, str) and decoded.lstrip().startswith(("{", "[")):
        decoded = json_value(decoded.encode())
        note("the body is JSON in a text of JSON")
    if isinstance(decoded, list) and len(decoded) == 1 and isinstance(decoded[0], dict):
        (decoded,) = decoded
        note("the body is a list, and taken for its one item")
    if not isinstance(decoded, dict):
        kind = _KINDS.get(type(decoded), "a number")
        raise UnusableError("body.wrong_shape", f"the body is not a JSON object but {kind}")
    return decoded


def json_value(body: bytes) -> Any:
    """The body as JSON. Raises `UnusableError`."""
    try:
        return read_json(body)
    except NotJsonError as error:
        raise UnusableError("body.not_json", f"the body is not JSON: {error}") from error


def _of_item(flaws: Iterable[Flaw], per: str | None, place: int) -> Iterable[str]:
    """What is said of the item at a place: flaws of its own, as of an item alone, and those that
    all share.
    """
    for flaw in flaws:
        match flaw.path:
            case (first, int(where), *rest) if first == per:
                if where == place:
                    yield str(flaw._replace(path=tuple(rest)))
            case _:
                yield str(flaw)


def failed(error: Exception) -> Unintelligible:
    """What a translator has failed at, by a fault of ours."""
    return Unintelligible("translator.failed", f"{type(error).__name__}: {error}")
