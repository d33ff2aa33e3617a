"""A service was deployed, as CI/CD tools say it: CDEvents, carried by CloudEvents.

Source: github.com/cdevents/spec, continuous-deployment.md and spec.md, versions 0.1 to 0.4.
"""

import re

from adapters.products.cloudevents.envelope import CloudEvent, data_of
from adapters.products.kit.alert_words import links_of
from domain.incident.system_change import SystemChange
from handlers.ingest.details import readable
from handlers.ingest.reading import json_value
from handlers.ingest.reports import (
    LONG_AGO,
    ChangeReport,
    UnusableError,
    digest,
    line,
    moment,
    part,
)

_TYPE = re.compile(r"dev\.cdevents\.service\.(deployed|upgraded|rolledback)(?:\.[0-9].*)?")
_DONE = {"deployed": "Deployed", "upgraded": "Upgraded", "rolledback": "Rolled back"}


def is_change(event: CloudEvent) -> bool:
    """Whether an event says that a service was changed."""
    return _TYPE.fullmatch(event.type) is not None


def read_change(event: CloudEvent, product: str, source: str) -> ChangeReport:
    """The change that an event tells of. Raises `UnusableError`."""
    found = _TYPE.fullmatch(event.type)
    assert found, "asked of changes"
    data = part(json_value(data_of(event) or b"{}"))
    subject = part(data.get("subject"))
    content = part(subject.get("content"))
    service = line(subject.get("id")) or line(event.subject)
    if service is None:
        raise UnusableError("field.missing", "data.subject.id: which service was changed")
    environment = part(content.get("environment"))
    where = line(environment.get("name")) or line(environment.get("id"))
    what = " ".join(filter(None, (service, line(content.get("artifactId")))))
    change = SystemChange(
        id=digest([event.source, event.id]),
        product=product,
        source=source,
        heard_at=LONG_AGO,
        summary=f"{_DONE[found[1]]} {what}{f' to {where}' if where else ''}",
        origin=line(event.source),
        service=service,
        text=readable(data.get("customData")),
        links=links_of({}, (("Environment", environment.get("url")),)),
    )
    stated = part(data.get("context")).get("timestamp")
    return ChangeReport(change, event.time or moment(stated, "data.context.timestamp"))
