"""A provider of text messages and calls that answers as Twilio does."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

from support.http_server import Answer, Request
from support.push_products import as_json

SID, AUTH_TOKEN = "AC" + "0" * 32, "a-token-that-nobody-may-see"
SENDER, ADAS_NUMBER = "+15005550006", "+447700900123"
CALLBACKS = "https://commandpost.example.com"


class Carrier:
    """One account. `bodies` are put in place of what is answered to a message that was taken."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.bodies: dict[str, Any] = {}

    def respond(self, request: Request) -> Answer:
        login = base64.b64encode(f"{SID}:{AUTH_TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {login}":
            return twilio_refusal(401, 20003, "Authenticate")
        resource = request.path.rpartition("/")[2].removesuffix(".json")
        given = parse_qs(request.body.decode(), keep_blank_values=True)
        form = {key: values[0] for key, values in given.items()}
        if resource == "Messages":
            assert 0 < len(form["Body"]) <= 1_600
        else:
            assert len(form["Twiml"]) <= 4_000
            ET.fromstring(form["Twiml"])
        self.asked.append((resource, form))
        sid = ("SM" if resource == "Messages" else "CA") + f"{len(self.asked):032x}"
        taken = {"sid": sid, "status": "queued", "error_code": None, "error_message": None}
        return as_json(201, {**taken, **self.bodies})

    @property
    def words(self) -> str:
        """What was written or is said."""
        return "\n".join(form.get("Body") or spoken_in(form["Twiml"]) for _, form in self.asked)

    @property
    def marks(self) -> list[str]:
        """By which message each of them was asked for."""
        queries = (urlsplit(form["StatusCallback"]).query for _, form in self.asked)
        return [parse_qs(query)["message"][0] for query in queries]


def spoken_in(twiml: str) -> str:
    """What a voice says."""
    return "\n".join(it.text or "" for it in ET.fromstring(twiml).iter("Say"))


def twilio_refusal(status: int, code: int, message: str) -> Answer:
    """How a request is refused."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return as_json(status, {"code": code, "message": message, "more_info": more, "status": status})
