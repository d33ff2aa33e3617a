"""Every request is from somebody: who shows a token, or brings a proof of its own.

A route that needs no token says `open` in its `opt`, and why. Any other needs a permission: a
question that of `PERMISSIONS`, a command that of its own, as every entrance asks for it.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request
from litestar.handlers import HTTPRouteHandler

from adapters.browser.cookies import Cookies
from adapters.http.access import SAFE
from adapters.http.problems import ProblemError
from adapters.http.rates import RatesOfRequests, origin_of, too_many_strangers
from domain.access.grants import Permission
from domain.access.principal import Principal, Unauthentic
from handlers.access.gate import Gate
from handlers.access.sights import Sights
from handlers.kernel.ports import Unavailable

AUTHORIZATION = "Authorization"
CHALLENGE = 'Bearer realm="commandpost"'
"""RFC 6750, 3."""

_P = Permission
PERMISSIONS: Mapping[str, Permission | None] = {
    "ready": _P.OPERATIONS_READ,
    "metrics": _P.OPERATIONS_READ,
    "openapi": _P.OPERATIONS_READ,
    "list_incidents": _P.INCIDENTS_READ,
    "get_incident": _P.INCIDENTS_READ,
    "explain_incident": _P.INCIDENTS_READ,
    "get_timeline": _P.INCIDENTS_READ,
    "get_timeline_picture": _P.INCIDENTS_READ,
    "follow_events": _P.INCIDENTS_READ,
    "list_due": _P.INCIDENTS_READ,
    "list_postmortems": _P.INCIDENTS_READ,
    "postmortem_get": _P.INCIDENTS_READ,
    "postmortem_list_deliveries": _P.INCIDENTS_READ,
    "get_postmortem_document": _P.INCIDENTS_READ,
    "get_public_postmortem": _P.INCIDENTS_READ,
    "get_postmortem_invitation": _P.INCIDENTS_READ,
    "list_interviews": _P.INCIDENTS_READ,
    "interview_get": _P.INCIDENTS_READ,
    "list_action_items": _P.INCIDENTS_READ,
    "action_item_get": _P.INCIDENTS_READ,
    "action_item_list_deliveries": _P.INCIDENTS_READ,
    "get_repeats": _P.INCIDENTS_READ,
    "get_repeat_rate": _P.INCIDENTS_READ,
    "search": _P.INCIDENTS_READ,
    "list_similar": _P.INCIDENTS_READ,
    "get_known_then": _P.INCIDENTS_READ,
    "list_backlog": _P.INCIDENTS_READ,
    "get_statistics": _P.INCIDENTS_READ,
    "list_deliveries": _P.INCIDENTS_READ,
    "list_all_deliveries": _P.INCIDENTS_READ,
    "list_signals": _P.INCIDENTS_READ,
    "list_heartbeats": _P.INCIDENTS_READ,
    "list_quarantine": _P.INCIDENTS_READ,
    "preview_update": _P.INCIDENTS_READ,
    "what_if": _P.INCIDENTS_READ,
    "get_scorecard": _P.INCIDENTS_READ,
    "get_incident_cost": _P.INCIDENTS_READ,
    "get_figures": _P.INCIDENTS_READ,
    "get_patterns": _P.INCIDENTS_READ,
    "get_alert_quality": _P.INCIDENTS_READ,
    "get_review": _P.INCIDENTS_READ,
    "list_people": _P.DIRECTORY_READ,
    "list_teams": _P.DIRECTORY_READ,
    "list_services": _P.DIRECTORY_READ,
    "person_get": _P.DIRECTORY_READ,
    "team_get": _P.DIRECTORY_READ,
    "service_get": _P.DIRECTORY_READ,
    "get_blast_radius": _P.DIRECTORY_READ,
    "get_catalog_gaps": _P.DIRECTORY_READ,
    "get_bus_factor": _P.DIRECTORY_READ,
    "list_unknown_services": _P.DIRECTORY_READ,
    "list_schedules": _P.DIRECTORY_READ,
    "schedule_get": _P.DIRECTORY_READ,
    "list_shifts": _P.DIRECTORY_READ,
    "list_escalation_policies": _P.DIRECTORY_READ,
    "escalation_policy_get": _P.DIRECTORY_READ,
    "send_test_page": _P.INCIDENTS_RESPOND,
    "list_pages": _P.INCIDENTS_READ,
    "page_get": _P.INCIDENTS_READ,
    "page_list_deliveries": _P.INCIDENTS_READ,
    "explain_page": _P.INCIDENTS_READ,
    "get_on_call": _P.DIRECTORY_READ,
    "preview_schedule_change": _P.DIRECTORY_READ,
    "get_duty_overview": _P.DIRECTORY_READ,
    "get_schedule_review": _P.DIRECTORY_READ,
    "get_on_call_load": _P.INCIDENTS_READ,
    "get_rota_picture": _P.DIRECTORY_READ,
    "get_rota_page": _P.DIRECTORY_READ,
    "make_calendar": _P.DIRECTORY_READ,
    "list_calendars": _P.DIRECTORY_READ,
    "revoke_calendar": _P.DIRECTORY_READ,
    "list_slos": _P.DIRECTORY_READ,
    "slo_get": _P.DIRECTORY_READ,
    "slo_list_deliveries": _P.DIRECTORY_READ,
    "list_measurements": _P.DIRECTORY_READ,
    "measurement_get": _P.DIRECTORY_READ,
    "get_slo_budget": _P.DIRECTORY_READ,
    "list_slo_alerts": _P.DIRECTORY_READ,
    "get_slo_graph": _P.DIRECTORY_READ,
    "get_deploy_gate": _P.DIRECTORY_READ,
    "list_runbooks": _P.DIRECTORY_READ,
    "runbook_get": _P.DIRECTORY_READ,
    "runbook_list_deliveries": _P.DIRECTORY_READ,
    "list_runbooks_of_service": _P.DIRECTORY_READ,
    "get_runbook_figures": _P.INCIDENTS_READ,
    "list_runbook_executions": _P.INCIDENTS_READ,
    "runbook_execution_get": _P.INCIDENTS_READ,
    "list_runbooks_for_incident": _P.INCIDENTS_READ,
    "list_maintenances": _P.INCIDENTS_READ,
    "maintenance_get": _P.INCIDENTS_READ,
    "maintenance_list_deliveries": _P.INCIDENTS_READ,
    "get_signal": _P.QUARANTINE_MANAGE,
    "replay_signal": _P.QUARANTINE_MANAGE,
    "discard_signal": _P.QUARANTINE_MANAGE,
    "create_token": _P.ACCESS_MANAGE,
    "list_tokens": _P.ACCESS_MANAGE,
    "revoke_token": _P.ACCESS_MANAGE,
    "list_audit": _P.AUDIT_READ,
    "take_emergency": _P.EMERGENCY,
    "end_emergency": _P.EMERGENCY,
    "who_am_i": None,
}
"""What each route needs, by its operation id; None: a token, whatever its role."""


def is_command(handler: HTTPRouteHandler) -> bool:
    """Whether a route takes commands of an aggregate, whose permissions are their own."""
    return "aggregate" in handler.opt


def permission_of(handler: HTTPRouteHandler) -> Permission | None:
    """What a route that is not open needs: the most, where the table does not know it."""
    if is_command(handler):
        return None
    if "needs" in handler.opt:  # a page says so itself
        needed: Permission | None = handler.opt["needs"]
        return needed
    return PERMISSIONS.get(name_of(handler), Permission.SERVICE_MANAGE)


def name_of(handler: HTTPRouteHandler) -> str:
    """The operation id of a route, or what stands for one."""
    return str(handler.operation_id or handler.opt.get("name", ""))


async def let_in(request: Request[Any, Any, Any], gate: Gate, sights: Sights) -> None:
    """Put who asks, and what that may see, into the state of the request. Raises `ProblemError`,
    `Refused`.
    """
    handler: Any = request.route_handler
    if handler.opt.get("open") or request.method == "OPTIONS":
        return
    principal = await known(request, gate)
    rates_of(request).principals.admit(principal.name)
    needed = permission_of(handler)
    if needed is not None:
        principal.demand(needed)
    request.state.principal = principal
    request.state.viewer = await sights.viewer_of(principal)


def check_own_page(request: Request[Any, Any, Any]) -> None:
    """A cookie comes by itself, whoever asks: so a change by it is one of our own page, which the
    browser says. What says of no page that it sends it has been looked at before. Raises
    `ProblemError`.
    """
    said = {"sec-fetch-site", "origin"} & set(request.headers)
    if request.method not in SAFE and not said:
        raise ProblemError(
            403, "origin.missing",
            "a change by the session of a browser says from which page it comes; a program shows a"
            " token instead",
            field="Origin", rule="Origin or Sec-Fetch-Site, with a session",
        )  # fmt: skip


async def known(request: Request[Any, Any, Any], gate: Gate) -> Principal:
    """Who asks. Raises `ProblemError`."""
    given = request.headers.getall(AUTHORIZATION, [])
    strangers, origin = rates_of(request).strangers, origin_of(address_of(request))
    wait_s = strangers.wait_s(origin)
    cookies: Cookies = request.app.state.cookies
    session = None if given else cookies.given(request, cookies.session)
    try:
        # Of two headers, neither counts. A flood of guesses makes nobody read the log.
        if session is None:
            shown, otherwise = ", ".join(given) or None, request.app.state.otherwise
            return await gate.admit(shown, otherwise, look_again=not wait_s)
        check_own_page(request)
        return await gate.admit_session(session, look_again=not wait_s)
    except Unavailable:
        strangers.admit(origin)
        raise
    except Unauthentic as refused:
        if wait_s:
            raise too_many_strangers(wait_s, refused.detail) from None
        strangers.admit(origin)
        nothing = refused.code in {"token.missing", "session.ended"}
        why = "" if nothing else ', error="invalid_token"'
        raise ProblemError(
            401, refused.code, refused.detail,
            field=AUTHORIZATION, headers={"WWW-Authenticate": f"{CHALLENGE}{why}"},
        ) from None  # fmt: skip


def address_of(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def rates_of(request: Request[Any, Any, Any]) -> RatesOfRequests:
    """How fast requests may come."""
    rates: RatesOfRequests = request.app.state.rates
    return rates
