"""All paths on which somebody may read of an incident, each with how it is walked. What the service
offers and no table names fails in `tests/journeys/test_private_incidents.py`.
"""

from enum import Enum


class Walk(Enum):
    """How a path is walked by somebody who may not see a private incident."""

    ABOUT_ONE = "about one"
    """It names an incident: the answer is that of one which is not there, to the letter."""
    OF_MANY = "of many"
    """It tells of several: of that one not a word."""
    APART = "apart"
    """It tells of no incident at all."""


_ONE, _MANY, _APART = Walk.ABOUT_ONE, Walk.OF_MANY, Walk.APART

ROUTES: dict[str, Walk] = {
    **dict.fromkeys(
        (
            *(
                "get_incident",
                "explain_incident",
                "get_timeline",
                "get_timeline_picture",
                "follow_events",
            ),
            *("list_deliveries", "preview_update", "declare_from_triage", "get_repeats"),
            *("list_similar", "get_known_then"),
            *("get_incident_cost", "list_runbooks_for_incident"),
        ),
        _ONE,
    ),
    **dict.fromkeys(
        (
            *("list_incidents", "list_due", "list_backlog", "get_statistics", "list_quarantine"),
            *("list_signals", "list_heartbeats", "list_all_deliveries", "list_audit"),
            *("list_people", "list_teams", "list_services", "person_get", "team_get"),
            *(
                "get_on_call_load",
                "get_rota_picture",
                "get_rota_page",
                "list_schedules",
                "schedule_get",
                "list_shifts",
                "get_on_call",
            ),
            *("list_escalation_policies", "escalation_policy_get", "list_pages"),
            *("get_schedule_review", "get_duty_overview", "preview_schedule_change"),
            *("list_slos", "slo_get", "slo_list_deliveries", "get_slo_budget", "list_slo_alerts"),
            *("get_slo_graph", "list_measurements", "measurement_get"),
            *("service_get", "get_blast_radius", "get_catalog_gaps", "get_bus_factor"),
            *(
                "list_unknown_services",
                "list_postmortems",
                "list_action_items",
                "list_interviews",
                "metrics",
                "ready",
                "live",
                "list_tokens",
                "who_am_i",
                "what_if",
                "search",
                "get_scorecard",
                "get_repeat_rate",
                "get_figures",
                "get_patterns",
                "get_alert_quality",
                "get_review",
            ),
            *("list_runbooks", "runbook_get", "runbook_list_deliveries", "get_runbook_figures"),
            *("list_runbooks_of_service", "list_runbook_executions"),
        ),
        _MANY,
    ),
    # Planned work is about services, and names no incident.
    **dict.fromkeys(
        ("list_maintenances", "maintenance_get", "maintenance_list_deliveries"), _APART
    ),
    # What is sent there is walked by tests/journeys/test_private_later.py.
    **dict.fromkeys(
        (
            *("receive_pagerduty", "receive_opsgenie", "receive_alertmanager", "receive_grafana"),
            *("receive_statuspage", "receive_generic", "receive_generic_by_query"),
            *("send_signal", "enqueue_event", "enqueue_change_event"),
            *("get_signal", "replay_signal", "discard_signal"),
        ),
        _APART,
    ),
    # Of what is linked: tests/contracts/test_trackers.py; they name action items that have changed.
    **dict.fromkeys(("tracker_github", "tracker_jira", "tracker_linear"), _APART),
    # It tells of budgets alone, and names no incident.
    "get_deploy_gate": _APART,
    # They tell who is on call when.
    **dict.fromkeys(
        ("make_calendar", "list_calendars", "revoke_calendar", "read_calendar"), _APART
    ),
    # Of pages that a phone was sent, and of codes: tests/journeys/test_waking.py.
    **dict.fromkeys(("twilio_keys", "twilio_replies", "twilio_status"), _APART),
    **dict.fromkeys(("telegram_updates", "send_test_page"), _APART),
    # By Slack: tests/adapters/products/slack/test_private_incidents.py.
    **dict.fromkeys(("slack_command", "slack_interaction"), _APART),
    **dict.fromkeys(
        ("create_token", "revoke_token", "take_emergency", "end_emergency"),
        _APART,
    ),
    # Walked as `PARTS`.
    **dict.fromkeys(
        (
            *(
                "interview_get",
                "postmortem_get",
                "get_postmortem_document",
                "get_postmortem_invitation",
                "get_public_postmortem",
            ),
            *("action_item_get", "action_item_list_deliveries", "postmortem_list_deliveries"),
            *("page_get", "page_list_deliveries", "explain_page"),
            "runbook_execution_get",
        ),
        _APART,
    ),
}
"""By operation id; the commands of incidents are ABOUT_ONE, those of others APART."""

PARTS: dict[str, tuple[str, str]] = {
    "postmortem_get": ("/v1/postmortems/{ref}", "postmortems"),
    "get_postmortem_document": ("/v1/postmortems/{ref}/document", "postmortems"),
    "get_public_postmortem": ("/v1/postmortems/{ref}/public", "postmortems"),
    "get_postmortem_invitation": ("/v1/postmortems/{ref}/meeting.ics", "postmortems"),
    "postmortem_list_deliveries": ("/v1/postmortems/{ref}/deliveries", "postmortems"),
    "interview_get": ("/v1/interviews/{ref}", "interviews"),
    "runbook_execution_get": ("/v1/runbook-executions/{ref}", "runbook-executions"),
    "action_item_get": ("/v1/action-items/{ref}", "action-items"),
    "page_get": ("/v1/pages/{ref}", "pages"),
    "explain_page": ("/v1/pages/{ref}/explain", "pages"),
    "page_list_deliveries": ("/v1/pages/{ref}/deliveries", "pages"),
    "action_item_list_deliveries": ("/v1/action-items/{ref}/deliveries", "action-items"),
}
"""What tells of a part of an incident: its path, and the plural of what it names. Walked by
`tests/journeys/test_private_later.py`.
"""

QUERIES: dict[str, tuple[dict[str, str], ...]] = {
    "list_incidents": (
        {"status": "open"},
        {"severity": "SEV1,SEV2,SEV3,SEV4"},
        {"as_of": "2100-01-01T00:00:00Z"},
        {"limit": "1000"},
    ),
    **dict.fromkeys(
        ("postmortem_get", "action_item_get", "interview_get", "runbook_execution_get"),
        ({"as_of": "2100-01-01T00:00:00Z"},),
    ),
    "get_postmortem_document": ({"format": "json"}, {"as_of": "2100-01-01T00:00:00Z"}),
    "get_statistics": ({"by": "service"}, {"by": "severity"}, {"by": "month"}),
    "list_signals": ({"all": "true"},),
    "list_quarantine": ({"all": "true"},),
    "search": ({"q": "somebody reads"}, {"q": "somebdy", "kind": "note,incident"}),
    "list_similar": ({"limit": "20"},),
    "get_known_then": (
        {"known_at": "2100-01-01T00:00:00Z"},
        {"known_at": "2100-01-01T00:00:00Z", "format": "html"},
    ),
    "get_timeline": ({"for": "postmortem"}, {"as_of": "2100-01-01T00:00:00Z"}),
    "get_incident": ({"as_of": "2100-01-01T00:00:00Z"}, {"known_at": "2100-01-01T00:00:00Z"}),
    "explain_incident": ({"as_of": "2100-01-01T00:00:00Z"},),
}
"""With what else a question is asked, besides plainly."""

KNOWN = "known --known-at 2100-01-01T00:00:00Z"
CLI: dict[str, Walk] = {
    **dict.fromkeys(("similar", KNOWN), _ONE),
    "search somebody": _MANY,
    **dict.fromkeys(
        (
            *("show", "due REF", "explain", "stats cost", "timeline", "preview declared"),
            "repeats",
        ),
        _ONE,
    ),
    **dict.fromkeys(("notifications list REF", "incident show"), _ONE),
    **dict.fromkeys(
        (
            *("incidents", "due", "stats", "backlog", "notifications list", "signals list"),
            *("heartbeats list", "channels list", "quarantine list", "catalog gaps"),
            *("catalog unknown", "config export", "audit", "what-if --policy", "scorecard"),
            *("stats figures", "stats patterns", "stats alerts", "review quarter", "review week"),
        ),
        _MANY,
    ),
}
"""Commands that ask, as they are walked; REF: with an incident named where it may be left out."""

CLI_APART: dict[str, str] = {
    "status export": "it writes what everybody sees, which HTTP is walked for",
    "stats recompute": "as `what-if`, it folds what everybody sees",
    "stats trend": "as `what-if`, it folds what everybody sees",
    **dict.fromkeys(
        ("declare", "act", "import"), "they send commands, which HTTP and NATS are walked for"
    ),
    **dict.fromkeys(
        (
            "catalog blast-radius",
            "catalog bus-factor",
            "catalog import",
            "catalog check",
            "oncall",
            "gate",
            "stats on-call",
            "pages explain",
        ),
        "they ask what HTTP is walked for, or files",
    ),
    **dict.fromkeys(
        ("config plan", "config drift", "config apply", "migrate apply"),
        "they read and write the directory",
    ),
    **dict.fromkeys(
        ("migrate shadow", "migrate cutover", "migrate history"),
        "they compare what another product has with schedules, and import what it says",
    ),
    **dict.fromkeys(
        ("log unreadable", "verify", "log skip", "rebuild", "channels test"),
        "they tell positions and counts of the log, whatever it holds",
    ),
    **dict.fromkeys(
        ("notifications resend", "quarantine show", "quarantine replay", "quarantine discard"),
        "they ask as their lists do",
    ),
    **dict.fromkeys(
        ("token create", "token list", "token revoke", "emergency take", "emergency end"),
        "they are about principals",
    ),
    **dict.fromkeys(
        (
            *("demo", "up", "provision", "access table", "templates list", "templates show"),
            *("templates check", "policy check", "policy show", "policy diff", "sources try"),
            *("sources preset", "state list", "state prune", "blameless check", "login"),
            *("migrate shifts", "migrate plan", "migrate review", "migrate verify"),
            *("chaos read", "whoami", "completion"),
        ),
        "they ask no service, or of nothing but themselves",
    ),
}
"""All other commands, and why they are not walked."""
