"""A flaw of a body costs the smallest part that it can, and is named."""

import codecs
from typing import Any

import msgspec
import pytest

from adapters.products.registry import PRODUCTS
from domain.alerting.quarantine import Held
from domain.incident import INCIDENT
from domain.incident.alerts.alert import AlertKind, Opens
from domain.incident.presentation.lines import describe
from handlers.ingest.flaws import noting
from handlers.ingest.json_body import NotJsonError, read_json
from handlers.ingest.reports import Report, Translation, Unintelligible


def alert(name: str, **more: Any) -> dict[str, Any]:
    return {
        "status": "firing",
        "labels": {"alertname": name, "severity": "critical"},
        "annotations": {},
        "startsAt": "2026-05-04T11:00:00Z",
        "fingerprint": name.lower(),
        **more,
    }


def body(*alerts: Any, **more: Any) -> bytes:
    return msgspec.json.encode({"version": "4", "status": "firing", "alerts": alerts, **more})


def read(raw: bytes, product: str = "alertmanager") -> Translation:
    return PRODUCTS.source_kinds[product].translate(raw, "am", Opens.INCIDENT)


def titles(found: Translation) -> list[str | None]:
    return [each.alert.title for each in found if isinstance(each, Report)]


def flaws(found: Translation) -> list[tuple[str, ...]]:
    return [each.alert.flaws for each in found if isinstance(each, Report)]


TWO = body(alert("Disk"), alert("Api", annotations={"note": "NOTE"}))

FLAWED = [
    (TWO.replace(b"NOTE", b"caf\xe9"), "`annotations.note` has what is no character"),
    (TWO.replace(b"NOTE", b"\\ud83d"), "`annotations.note` has what is no character"),
    (TWO.replace(b'"NOTE"', b"1e400"), "`annotations.note` is 1e400, which is no number that can"),
    (
        TWO.replace(b'"NOTE"', b"9" * 5_000),
        f"`annotations.note` is {'9' * 40}…, which is no number that",
    ),
    (
        TWO.replace(b'"NOTE"', b"-Infinity"),
        "`annotations.note` is -Infinity, which is no number of JSON",
    ),
    (TWO.replace(b'"NOTE"', b"NaN"), "`annotations.note` is NaN, which is no number"),
    (TWO.replace(b'"NOTE"', b"-Infinity"), "`annotations.note` is -Infinity"),
    (TWO.replace(b'"NOTE"', b"9" * 5_000), "`annotations.note` is 9999"),
    (TWO.replace(b'"NOTE"', b"[" * 9_000 + b"]" * 9_000), "nested deeper than 60 times"),
    (TWO.replace(b'"NOTE"', b'{"a": 1}'), "`annotations.note` is an object where a text"),
    (TWO.replace(b"NOTE", b"a\x01\nb"), "a control character stands in a text"),
    (TWO.replace(b'"NOTE"', b'"x",'), "a comma stands before a closing bracket"),
    (codecs.BOM_UTF8 + TWO, "byte order mark"),
    (codecs.BOM_UTF16_LE + TWO.decode().encode("utf-16-le"), "byte order mark"),
    (TWO.decode().encode("utf-16-be"), "UTF-16-BE, not in UTF-8"),
    (TWO.replace(b'"NOTE"', b"+Inf"), "+Inf stands where JSON has a value, and is none"),
    (TWO.replace(b'"NOTE"', b""), "a value is missing behind its name"),
    (TWO + b"\n--boundary--", "something follows the end"),
    (TWO.replace(b"NOTE", rb"D:\x86\Program"), "a backslash begins no escape"),
    (TWO.replace(b"NOTE", rb"cut \u12"), "a backslash begins no escape"),
    (TWO.replace(b"NOTE", rb"it\'s, "), "a backslash begins no escape"),
    (msgspec.json.encode(TWO.decode()), "the body is JSON in a text of JSON"),
    (b"[" + TWO + b"]", "the body is a list, and taken for its one item"),
]


@pytest.mark.parametrize(("raw", "said"), FLAWED)
def test_what_json_does_not_know_costs_itself_alone_and_is_named(raw: bytes, said: str):
    found = read(raw)
    assert titles(found) == ["Disk", "Api"]
    assert said in flaws(found)[1][0]
    own = said.startswith("`")
    assert bool(flaws(found)[0]) is not own, "a flaw of one alert is told of that one"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (rb"D:\x86\Program", r"D:\x86\Program"),
        (rb"a \\ b \" c \/ \u00e9 \q", 'a \\ b " c / é \\q'),
        (rb"\\x86", r"\x86"),
        (rb"cut \u12", r"cut \u12"),
    ],
)
def test_a_backslash_that_escapes_nothing_stands_for_itself(written: bytes, read_as: str):
    assert read_json(b'{"a": "' + written + b'", "b": [1,]}') == {"a": read_as, "b": [1]}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ('{"title": "Disk "var" full", "level": 1}', {"title": 'Disk "var" full', "level": 1}),
        ('{"a": "x "b", c", "d": [1]}', {"a": 'x "b", c', "d": [1]}),
        ('{"a": "exit "1"", "b": {}}', {"a": 'exit "1"', "b": {}}),
        ('{"a": ""b""}', {"a": '"b"'}),
        ('{"a": "3.5" disk", "b": "C:\\dir"}', {"a": '3.5" disk', "b": "C:\\dir"}),
        ('{"a": "x"\n"b": "y" "c": 1 "d": [2]}', {"a": "x", "b": "y", "c": 1, "d": [2]}),
    ],
)
def test_a_quotation_mark_that_is_not_escaped_belongs_to_its_text(written: str, read_as: Any):
    with noting() as said:
        assert read_json(written.encode()) == read_as
    assert said


@pytest.mark.parametrize(
    ("written", "read_as", "said"),
    [
        ('{"v": +Inf, "w": [.5, 007, 0x1F]}', {"v": "+Inf", "w": [".5", "007", "0x1F"]}, "+Inf"),
        ('{"v": <no value>, "w": nil, "x": None}', {"v": None, "w": None, "x": None}, "None"),
        ('{"v": , "w": }', {"v": None, "w": None}, "missing behind its name"),
        ('{"v": 91.2 %, "w": 12:30:00}', {"v": "91.2 %", "w": "12:30:00"}, "91.2 %"),
        (
            r"""{'a': 'it\'s "it"', 'b': [True, 'x'], 'c': {'d': 1.5}}""",
            {"a": 'it\'s "it"', "b": [True, "x"], "c": {"d": 1.5}},
            "single quotation marks",
        ),
        ('{a: 1, "b": {c_d: null}}', {"a": 1, "b": {"c_d": None}}, "a name stands without"),
        ('{"t": "Disk "var" full", "v": +Inf}', {"t": 'Disk "var" full', "v": "+Inf"}, "+Inf"),
        ('{"m": "a: b, None, [x]", "v": NULL}', {"m": "a: b, None, [x]", "v": None}, "NULL"),
        ('{"a": [{"v": +Inf}, {"v": 2}, {"w": "cut', {"a": [{"v": "+Inf"}, {"v": 2}]}, "cut off"),
    ],
)
def test_what_stands_without_quotation_marks_is_the_text_that_it_is(
    written: str, read_as: Any, said: str
):
    with noting() as noted:
        assert read_json(written.encode()) == read_as
    assert any(said in str(each) for each in noted)


@pytest.mark.parametrize("written", ['{"a": "b" c', "{a b}", '{"a": x y', '{"a": "x, "b": 1}'])
def test_what_may_mean_anything_is_not_mended(written: str):
    with pytest.raises(NotJsonError):
        read_json(written.encode())


@pytest.mark.parametrize("status", [None, ""])
def test_an_alert_without_a_status_has_that_of_its_group(status: str | None):
    kinds = [
        [each.alert.kind for each in read(body(alert("Disk", status=status), status=group))]
        for group in ("firing", "resolved")
    ]
    assert kinds == [[AlertKind.TRIGGERED], [AlertKind.RESOLVED]]


def test_a_body_without_flaws_names_none():
    assert flaws(read(TWO)) == [(), ()]
    assert flaws(read(TWO + b"\n\0")) == [(), ()]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"startsAt": "2016-12-31T23:59:60Z"}, "`startsAt` has a second 60, read as 2017-01-01"),
        ({"startsAt": 1777881600}, "`startsAt` is 1777881600, read as 2026-05-04T08:00:00"),
        ({"startsAt": "1777881600123"}, "read as 2026-05-04T08:00:00.123"),
        ({"startsAt": 1777881600123456789}, "read as 2026-05-04T08:00:00.123456"),
        ({"startsAt": "yesterday"}, "`startsAt` is no time: yesterday"),
        ({"startsAt": 7}, "`startsAt` is no time: 7"),
        ({"startsAt": {}}, "`startsAt` is no time: dict"),
        ({"annotations": ["x"]}, "`annotations` is a list where an object is expected"),
        ({"generatorURL": {"href": "x"}}, "`generatorURL` is an object where a text is expected"),
        ({"labels": {"alertname": "Api", "x": [1]}}, "`labels.x` is a list"),
    ],
)
def test_a_field_of_another_kind_costs_itself_alone_and_is_named(
    changes: dict[str, Any], said: str
):
    found = read(body(alert("Disk"), alert("Api", **changes)))
    assert titles(found)[0] == "Disk"
    assert titles(found) == ["Disk", "Api"]
    assert said in flaws(found)[1][0]
    assert flaws(found)[0] == ()


@pytest.mark.parametrize("odd", [None, "text", 7, [], True])
def test_an_alert_that_is_none_costs_itself_alone(odd: Any):
    found = read(body(alert("Disk"), odd, alert("Api")))
    assert titles(found) == ["Disk", "Api"]
    assert found[1] == Unintelligible("body.wrong_shape", "alert 2 of 3 is not an object")


def test_of_a_body_that_is_cut_off_the_whole_alerts_are_heard_and_the_rest_is_looked_at():
    whole = body(alert("Disk"), alert("Api"), alert("Web"))
    for cut in range(whole.index(b'"Web"'), len(whole) - 2):
        found = read(whole[:cut])
        assert titles(found)[:2] == ["Disk", "Api"]
        assert isinstance(found[-1], Unintelligible)
        assert found[-1].code == "body.cut_off"


async def test_a_flaw_is_named_on_the_timeline(desk):
    verdict = await desk.deliver("am", FLAWED[0][0])
    assert (verdict.outcome, len(verdict.incidents)) == ("used", 2)
    said = []
    for each in verdict.incidents:
        (recorded,) = await desk.store.load(INCIDENT.stream(each))
        said.append(describe(recorded.commit.events[0]).text)
    assert "flawed" not in said[0]
    assert "`annotations.note` has what is no character" in said[1]


async def test_what_is_lost_of_a_body_waits_in_quarantine_and_the_rest_does_not(desk):
    verdict = await desk.deliver("am", body(alert("Disk"), None))
    assert (verdict.outcome, len(verdict.incidents)) == ("quarantined", 1)
    assert isinstance(await desk.fate(1), Held)
