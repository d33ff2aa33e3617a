"""The history for feed readers: Atom (RFC 4287) and JSON Feed 1.1."""

from datetime import datetime
from xml.etree import ElementTree as ET

import msgspec

from adapters.status_page import labels, markdown
from adapters.status_page.snapshot import StatusSnapshot
from domain.status_page.public_incident import PublicIncident

ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"

ET.register_namespace("", _ATOM)


def atom(snapshot: StatusSnapshot) -> bytes:
    """The newest incidents, one entry each, which changes as updates come."""
    site = snapshot.site
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", site.address("/history.atom"))
    _text(feed, "title", site.title)
    _text(feed, "updated", _time(_changed_at(snapshot)))
    _link(feed, "self", site.address("/history.atom"), "application/atom+xml")
    _link(feed, "alternate", site.address(), "text/html")
    for incident in snapshot.incidents[:ENTRIES]:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "id", _address(snapshot, incident))
        _text(entry, "title", _title(snapshot, incident))
        _text(entry, "published", _time(incident.entries[0].at))
        _text(entry, "updated", _time(incident.changed_at))
        _link(entry, "alternate", _address(snapshot, incident), "text/html")
        author = ET.SubElement(entry, f"{{{_ATOM}}}author")
        _text(author, "name", site.title)
        for component in snapshot.concerned(incident):
            ET.SubElement(entry, f"{{{_ATOM}}}category", term=markdown.readable(component.name))
        _text(entry, "content", _content(incident), type="html")
    content: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def json_feed(snapshot: StatusSnapshot) -> bytes:
    """The same as `atom`, in JSON."""
    site = snapshot.site
    return msgspec.json.encode({
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "home_page_url": site.address(),
        "feed_url": site.address("/history.json"),
        "language": "en",
        "items": [
            {
                "id": _address(snapshot, incident),
                "url": _address(snapshot, incident),
                "title": _title(snapshot, incident),
                "content_html": _content(incident),
                "date_published": _time(incident.entries[0].at),
                "date_modified": _time(incident.changed_at),
                "tags": [component.name for component in snapshot.concerned(incident)],
            }
            for incident in snapshot.incidents[:ENTRIES]
        ],
    })  # fmt: skip


def _address(snapshot: StatusSnapshot, incident: PublicIncident) -> str:
    return snapshot.site.address(f"/incidents/{incident.reference}")


def _title(snapshot: StatusSnapshot, incident: PublicIncident) -> str:
    return f"{labels.label(incident, incident.status)}: {snapshot.name(incident)}"


def _content(incident: PublicIncident) -> str:
    """All updates, newest first, each under its time."""
    return "".join(
        f"<p><strong>{labels.label(incident, entry.status)}</strong>, "
        f"<time>{labels.moment(entry.at).text}</time></p>{markdown.html(entry.words)}"
        for entry in reversed(incident.entries)
    )


def _changed_at(snapshot: StatusSnapshot) -> datetime:
    """When the feed last changed; one without entries is as old as the log."""
    changes = (incident.changed_at for incident in snapshot.incidents)
    return max(changes, default=snapshot.beginning)


def _time(at: datetime) -> str:
    return labels.moment(at).iso


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = markdown.readable(text)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", rel=rel, href=href, type=kind)
