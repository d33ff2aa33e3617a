"""What the alerts of Alertmanager and Grafana say to people, with where to look."""

from typing import Any

import msgspec
import pytest

from adapters.products.alertmanager.translate import translate as from_alertmanager
from adapters.products.grafana.translate import translate as from_grafana
from adapters.products.kit.alert_words import LINKS_MOST, link_name, links_of
from domain.incident.alerts.alert import Alert, Link, Opens
from handlers.ingest.reports import Report


def heard(translate: Any, alert: dict[str, Any], **more: Any) -> Alert:
    whole = {"status": "firing", "startsAt": "2026-05-04T08:00:00Z", "fingerprint": "f1", **alert}
    body = {"alerts": [whole], "externalURL": "https://am.example.com", **more}
    (outcome,) = translate(msgspec.json.encode(body), "am", Opens.INCIDENT)
    assert isinstance(outcome, Report), outcome
    return outcome.alert


def test_runbook_dashboard_and_graph_come_before_the_page_of_the_product():
    alert = heard(
        from_alertmanager,
        {
            "labels": {"alertname": "KubePodNotReady", "pod": "checkout-7f9"},
            "annotations": {
                "summary": "Pod not ready.",
                "logs_url": "https://logs.example.com/q",
                "runbook_url": "https://runbooks.example.com/KubePodNotReady",
                "dashboard": "https://grafana.example.com/d/pods",
            },
            "generatorURL": "https://prometheus.example.com/graph",
        },
    )
    assert alert.links == (
        Link("Runbook", "https://runbooks.example.com/KubePodNotReady"),
        Link("Dashboard", "https://grafana.example.com/d/pods"),
        Link("Graph", "https://prometheus.example.com/graph"),
        Link("Logs", "https://logs.example.com/q"),
        Link("Alertmanager", "https://am.example.com"),
    )
    assert alert.labels == (("pod", "checkout-7f9"),)
    assert alert.text is None


def test_an_annotation_that_is_neither_title_nor_link_is_told_by_its_name():
    notes = {"summary": "Errors", "description": "5xx at 7 %", "action_needed": "drain the node"}
    alert = heard(from_alertmanager, {"labels": {"alertname": "Errors"}, "annotations": notes})
    assert alert.text == "5xx at 7 %\nAction needed: drain the node"


def test_grafana_names_panel_dashboard_rule_and_silence():
    alert = heard(
        from_grafana,
        {
            "labels": {"alertname": "High CPU", "host": "web-1"},
            "dashboardURL": "https://grafana.example.com/d/1",
            "panelURL": "https://grafana.example.com/d/1?viewPanel=2",
            "generatorURL": "https://grafana.example.com/alerting/grafana/u1/view",
            "silenceURL": "https://grafana.example.com/alerting/silence/new",
            "values": {"B": 97.5},
        },
        externalURL="https://grafana.example.com/",
    )
    assert [link.name for link in alert.links] == [
        "Dashboard",
        "Panel",
        "Alert rule",
        "Silence",
        "Grafana",
    ]
    assert alert.text == "Values: B = 97.5"


@pytest.mark.parametrize(
    ("stand_in", "said"),
    [("DatasourceNoData", "no data"), ("DatasourceError", "its query fails")],
)
def test_the_rule_is_named_behind_what_grafana_lets_stand_in_for_it(stand_in: str, said: str):
    labels = {"alertname": stand_in, "rulename": "High CPU", "datasource_uid": "p1"}
    assert heard(from_grafana, {"labels": labels}).title == f"High CPU: {said} ({stand_in})"


def test_links_are_few_each_once_and_only_what_a_browser_can_open():
    many = {f"l{n}_url": f"https://example.com/{n}" for n in range(20)}
    assert len(links_of(many)) == LINKS_MOST
    same = {"runbook_url": "https://example.com/1", "runbook": "https://example.com/1"}
    assert links_of(same) == (Link("Runbook", "https://example.com/1"),)
    assert links_of({"runbook_url": "javascript:alert(1)", "dashboard": "see wiki"}) == ()


def test_a_name_of_a_link_is_one_line_without_marks():
    assert link_name("runbook_url") == "Runbook"
    assert link_name("logsLink") == "Logs"
    assert link_name("**bold**: \n x") == "Bold x"
    assert link_name("") == link_name(None) == "Link"
