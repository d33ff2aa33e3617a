"""What stands between a command and its answer: outages, redirects, pages, other servers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from adapters.cli.over_http.exchange import Service, Socket
from adapters.cli.over_http.failures import (
    NO_ACCESS,
    NOT_FOUND,
    REFUSED,
    UNAVAILABLE,
    CommandFailed,
)
from adapters.cli.over_http.place import Place

Answer = tuple[int, dict[str, str], bytes]


class _Handler(BaseHTTPRequestHandler):
    answers: list[Answer | None]
    asked: list[tuple[str, str, dict[str, str]]]

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.rfile.read(length)
        self.asked.append((self.command, self.path, dict(self.headers)))
        answer = self.answers.pop(0)
        if answer is None:
            self.close_connection = True
            self.connection.close()
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - as the library calls it

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    handler = type("Handler", (_Handler,), {"answers": [], "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()


def service(server: Any, path: str = "") -> Service:
    url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    return Service(Socket(url), Place(url, "cpt_mine", "COMMANDPOST_TOKEN"))


def document(value: Any, status: int = 200, **headers: str) -> Answer:
    return status, headers, json.dumps(value).encode()


def test_pages_are_followed_to_the_limit_below_a_path_too(server: Any):
    link = {"Link": '</v1/things?after=2&limit=2>; rel="next"'}
    server.RequestHandlerClass.answers += [document([1, 2], **link), document([3])]
    assert service(server, "/post").rows("/v1/things", [("limit", "2")], None, None) == [1, 2, 3]
    paths = [path for _, path, _ in server.RequestHandlerClass.asked]
    assert paths == ["/post/v1/things?limit=2", "/post/v1/things?after=2&limit=2"]
    server.RequestHandlerClass.answers += [document([1, 2], **link)]
    assert service(server).rows("/v1/things", [], None, 1) == [1]


@pytest.mark.parametrize(
    ("http_status", "status"),
    [(401, NO_ACCESS), (403, NO_ACCESS), (404, NOT_FOUND), (409, REFUSED), (422, REFUSED),
     (429, UNAVAILABLE), (503, UNAVAILABLE)],
)  # fmt: skip
def test_each_kind_of_refusal_has_its_exit_status(server: Any, http_status: int, status: int):
    problem = {"code": "a.b", "detail": "so it is", "field": "Authorization", "rule": "a rule"}
    server.RequestHandlerClass.answers.append(document(problem, http_status))
    with pytest.raises(CommandFailed) as failed:
        service(server).get("/v1/x")
    assert failed.value.status == status
    said = "a.b [COMMANDPOST_TOKEN]: so it is; an admin makes one with `commandpost token create`"
    assert failed.value.why.startswith(said)
    assert failed.value.why.endswith("(a rule)")


def test_what_is_no_service_of_this_kind_is_said(server: Any):
    server.RequestHandlerClass.answers += [(502, {}, b"<html>"), (301, {"Location": "/x"}, b"")]
    with pytest.raises(CommandFailed, match="with status 502, is none of a service of this kind"):
        service(server).get("/v1/x")
    with pytest.raises(CommandFailed, match="leads to /x: name that as the URL"):
        service(server).get("/v1/x")


def test_a_command_whose_answer_is_lost_is_sent_again_with_the_same_key(server: Any):
    server.RequestHandlerClass.answers += [None, document({"outcome": "repeated"})]
    assert service(server).post("/v1/x", {}).json() == {"outcome": "repeated"}
    first, second = (headers for _, _, headers in server.RequestHandlerClass.asked)
    assert first["Idempotency-Key"] == second["Idempotency-Key"]
    assert first["Authorization"] == "Bearer cpt_mine"


def test_nobody_there_is_an_outage():
    with pytest.raises(CommandFailed, match=r"no answer from http://127\.0\.0\.1:1") as failed:
        Service(Socket("http://127.0.0.1:1"), Place("http://127.0.0.1:1", None, "")).get("/v1/x")
    assert failed.value.status == UNAVAILABLE
