"""Expressions: what is found, what is refused at the start, what a body cannot make them cost."""

from typing import Any

import pytest

from adapters.products.kit.expressions import Expression, ExpressionBudget, ExpressionFault

BODY: dict[str, Any] = {
    "alert-ID": 7,
    "link": "https://z.example/tr_events.php?triggerid=1&eventid=42",
    "text": '{"a": [1, {"b": "c"}]}',
    "duration": "*alertFriendlyDuration*",
    "macro": "{EVENT.ID}",
    "variable": "$ALERT_ID",
    "template": "{{ .Labels.severity }}",
    "level": "{P1}",
    "event": {"id": 9, "name": "Disk", "payload": {"deep": 1}},
    "data": {"wrapped": "yes"},
    "parts": ["x", None, "", "y"],
}


def found(text: str, document: Any = BODY) -> Any:
    return Expression(text).of(document, ExpressionBudget())


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("capture('eventid=([0-9]+)', link)", "42"),
        ("capture('[a-z]+://[a-z.]+', link)", "https://z.example"),
        ("capture('nothing', link)", None),
        ("capture('x', missing)", None),
        ("parse_json(text).a[1].b", "c"),
        ("parse_json(link)", None),
        ("parse_json(missing)", None),
        ("find(@, 'event_id', 'AlertId')", 7),
        ("find(@, 'duration', 'macro', 'variable')", None),
        ("find(missing, 'a')", None),
        ("find(@, 'template', 'level')", "{P1}"),
        ("find(@, 'event', 'event_id')", 9),
        ("find(@, 'wrapped')", "yes"),
        ("find(@, 'event_payload').deep", 1),
        ("find(@, 'event_payload_deep')", None),
        ("lower('ABC')", "abc"),
        ("join(': ', parts[?@])", "x: y"),
        ('to_string({a: `1`, b: "alert-ID"})', '{"a":1,"b":7}'),
        ("missing && 'there' || 'not there'", "not there"),
    ],
)
def test_what_an_expression_finds(text: str, result: Any):
    assert found(text) == result


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("alert.", "it is no JMESPath: "),
        ("title(@)", "there is no function title"),
        ("length(a, b)", "length.. takes 1 arguments"),
        ("join('x')", "join.. takes 2 arguments"),
        ("not_null()", "not_null.. takes at least 1 arguments"),
        ("a[?capture('(', b)]", "is no pattern of RE2"),
        ("a" * 4_001, "longer than 4,000 characters"),
        ("(" * 1_500 + "a" + ")" * 1_500, "nested too deeply"),
    ],
)
def test_what_can_never_be_asked_is_refused_at_the_start(text: str, why: str):
    with pytest.raises(ExpressionFault, match=why):
        Expression(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("length(number)", r"length\(\), invalid type"),
        ("join(': ', parts)", r"join\(\), invalid type"),
        ("capture(pattern, 'x')", "is no pattern of RE2"),
        ("sort(mixed)", "sort"),
    ],
)
def test_what_fails_on_a_body_says_why(text: str, why: str):
    body = {"number": 1, "parts": ["a", None], "pattern": "(", "mixed": [1, "a"]}
    with pytest.raises(ExpressionFault, match=why):
        found(text, body)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("|".join(["[@, @]"] * 40) + "| to_string(@)", "a text of more than"),
        ("|".join(["[@, @][]"] * 40), "a list of more than"),
        ("[many, many, many, many][].join('', [@, @])", "a text of more than"),
        ("a[*].b[*].c[*]", "steps on this body"),
    ],
)
def test_what_would_cost_too_much_ends(text: str, why: str):
    body = {"many": ["x" * 900_000] * 2, "a": [{"b": [{"c": [1] * 100}] * 100}] * 200}
    with pytest.raises(ExpressionFault, match=why):
        found(text, body)


def test_a_body_that_makes_patterns_slow_elsewhere_is_read_in_linear_time():
    assert found("capture('^(a+)+$', t)", {"t": "a" * 500_000 + "!"}) is None


def test_a_deep_document_fails_and_does_no_harm():
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(ExpressionFault):
        found("to_string(@) == to_string(@) && @[*]" + "[]" * 500, deep)
