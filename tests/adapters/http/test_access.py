"""Who is answered, by name and by site, as configured; unless configured, see the journeys."""

import pytest
from litestar import Request

from adapters.http.access import ANY, BY_ADDRESS, access_of, check_host, check_site
from adapters.http.problems import ProblemError

OURS = access_of(
    ["incidents.example.com", "Commandpost"],
    ["https://console.example.com"],
    "//10.1.2.3:80",
    "https://status.example.com/",
)


def asked(
    *headers: tuple[str, str], method: str = "POST", version: str = "1.1"
) -> Request[object, object, object]:
    pairs = [(name.encode(), value.encode()) for name, value in headers]
    scope = {
        "type": "http",
        "method": method,
        "http_version": version,
        "server": ("::ffff:192.0.2.7", 80),
        "headers": pairs,
    }
    return Request(scope)  # type: ignore[arg-type] # as much of one as is looked at


NAMES = [
    *("localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:8080", "192.0.2.7", "192.0.2.7:8080"),
    *("incidents.example.com", "incidents.example.com.:443", "commandpost:8080", "10.1.2.3"),
    "Status.Example.com",
]


@pytest.mark.parametrize("name", NAMES)
def test_our_names_are_answered(name: str):
    check_host(asked(("host", name)), OURS)


@pytest.mark.parametrize(
    "name",
    ["evil.example.com", "localhost.evil.com", "incidents.example.com.evil.com", "192.0.2.8", "1"],
)
def test_other_names_are_not_answered_unless_all_are(name: str):
    with pytest.raises(ProblemError) as refused:
        check_host(asked(("host", name), method="GET"), OURS)
    assert (refused.value.status, refused.value.code) == (421, "host.not_allowed")
    check_host(asked(("host", name)), access_of([ANY], []))


@pytest.mark.parametrize(
    "names",
    [[], [""], ["localhost", "localhost"], ["a b"], ["localhost/x"], ["localhost:x"], [":80"]],
)
def test_a_request_says_one_host(names: list[str]):
    given = [("host", name) for name in names]
    with pytest.raises(ProblemError) as refused:
        check_host(asked(*given), OURS)
    assert (refused.value.status, refused.value.code) == (400, "host.invalid")


def test_only_http_1_0_may_leave_the_host_out():
    check_host(asked(version="1.0"), OURS)
    with pytest.raises(ProblemError):
        check_host(asked(("host", "evil.example.com"), version="1.0"), OURS)


HOST = ("host", "incidents.example.com")
OWN, CONSOLE = "https://incidents.example.com", "https://console.example.com"
CASES: list[tuple[str, str | None, str | None, bool]] = [
    ("a program", None, None, True),
    ("our own page", "same-origin", OWN, True),
    ("a person, by a bookmark", "none", None, True),
    ("our own page in an old browser", None, OWN, True),
    ("our page behind a proxy that renames us", "same-origin", "https://public.example", True),
    ("a console of ours", "cross-site", CONSOLE, True),
    ("a console of ours in an old browser", None, CONSOLE, True),
    ("another site", "cross-site", "https://evil.example", False),
    ("a neighbour", "same-site", "https://shop.example.com", False),
    ("another site in an old browser", None, "https://evil.example", False),
    ("another port", None, f"{OWN}:8443", False),
    ("a file or a sandbox", None, "null", False),
    ("a page that hides its origin", "cross-site", None, False),
    ("a page that claims to be ours", "cross-site", OWN, False),
    ("something new", "galactic", None, False),
]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(("who", "site", "origin", "may"), CASES, ids=[case[0] for case in CASES])
def test_only_our_own_pages_may_act(
    method: str, who: str, site: str | None, origin: str | None, *, may: bool
):
    headers = [HOST, ("sec-fetch-site", site), ("origin", origin)]
    given = [(name, value) for name, value in headers if value is not None]
    check_site(asked(*given, method="GET"), OURS)
    if may:
        check_site(asked(*given, method=method), OURS)
        return
    with pytest.raises(ProblemError) as refused:
        check_site(asked(*given, method=method), OURS)
    assert (refused.value.status, refused.value.code) == (403, "origin.not_allowed"), who


def test_without_configuration_nobody_is_added():
    assert access_of([], []) == BY_ADDRESS
    assert access_of([], [], "//:8080") == BY_ADDRESS
