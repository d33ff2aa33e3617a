"""How a sender that signs nothing shows its secret."""

from base64 import b64encode

import pytest

from adapters.products.kit.shared_secret import as_form, knows_secret
from handlers.ingest.receive import InboundRequest

OURS = ["old-secret", "new-secret"]


@pytest.mark.parametrize("secret", OURS)
@pytest.mark.parametrize("place", ["header", "bearer", "basic", "query"])
def test_each_secret_is_accepted_in_each_place(secret: str, place: str):
    headers = {
        "header": {"x-commandpost-secret": secret},
        "bearer": {"authorization": f"Bearer {secret}"},
        "basic": {"authorization": f"Basic {b64encode(f'any:{secret}'.encode()).decode()}"},
        "query": {},
    }[place]
    assert knows_secret(headers, {"token": secret} if place == "query" else {}, OURS)


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, {}),
        ({"x-commandpost-secret": ""}, {}),
        ({"x-commandpost-secret": "new-secre"}, {}),
        ({"x-commandpost-secret": "new-secret "}, {}),
        ({"authorization": "Basic new-secret"}, {}),
        ({"authorization": f"Basic {b64encode(b'new-secret').decode()}"}, {}),
        ({"authorization": f"Basic {b64encode(b'new-secret:').decode()}"}, {}),
        ({"authorization": "new-secret"}, {}),
        ({"authorization": "Bearer"}, {}),
        ({"authorization": "Bearer wrong"}, {"token": "wröng"}),
        ({}, {"secret": "new-secret"}),
    ],
)
def test_a_missing_or_wrong_secret_is_refused(headers: dict[str, str], query: dict[str, str]):
    assert not knows_secret(headers, query, OURS)


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nobody_is_let_in(secrets: list[str]):
    assert not knows_secret({"x-commandpost-secret": ""}, {"token": ""}, secrets)


def test_what_a_query_says_stands_in_for_an_empty_body_without_the_secret():
    query = {"token": "secret", "access_token": "secret", "monitorID": "7", "alertDetails": "a b&c"}
    assert as_form(InboundRequest({}, query, b" ")).body == b"monitorID=7&alertDetails=a+b%26c"
    assert as_form(InboundRequest({}, query, b"{}")).body == b"{}"
