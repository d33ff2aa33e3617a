"""What each command of the command line needs of whoever shows a token to it.

Without a token it is the owner of the state folder, who may do everything.
"""

from collections.abc import Mapping, Sequence

from adapters.cli.listing import OFFLINE
from domain.access.grants import Permission
from domain.kernel.aggregate import AnyAggregate

_P = Permission
NEEDS: Mapping[str, Permission | None] = {
    **dict.fromkeys(
        (
            *(
                "repeats",
                "stats",
                "what-if",
                "scorecard",
                "similar",
                "known",
                "preview",
                "pages explain",
            ),
            *("notifications list", "signals list", "channels list"),
            "status export",
            *("quarantine list", "log unreadable", "verify", "stats recompute", "stats trend"),
            *(
                "stats figures",
                "stats patterns",
                "stats cost",
                "stats alerts",
                "stats on-call",
                "review quarter",
                "review week",
            ),
        ),
        _P.INCIDENTS_READ,
    ),
    **dict.fromkeys(
        (
            *("catalog blast-radius", "catalog bus-factor", "catalog unknown", "catalog gaps"),
            *("config plan", "config export", "config drift", "oncall", "gate"),
            "migrate cutover",
        ),
        _P.DIRECTORY_READ,
    ),
    **dict.fromkeys(("catalog import", "config apply", "migrate apply"), _P.DIRECTORY_MANAGE),
    **dict.fromkeys(("import", "migrate history", "notifications resend"), _P.INCIDENTS_COMMAND),
    **dict.fromkeys(
        ("quarantine show", "quarantine replay", "quarantine discard"), _P.QUARANTINE_MANAGE
    ),
    **dict.fromkeys(("log skip", "rebuild", "channels test"), _P.SERVICE_MANAGE),
    **dict.fromkeys(("token create", "token list", "token revoke"), _P.ACCESS_MANAGE),
    **dict.fromkeys(("emergency take", "emergency end"), _P.EMERGENCY),
    "audit": _P.AUDIT_READ,
    "login": None,
    # They ask no service: files, and what is on this machine.
    **dict.fromkeys(
        (
            *("demo", "up", "provision", "access table", "catalog check"),
            *("templates list", "templates show", "templates check"),
            *("policy check", "policy show", "policy diff", "sources try", "sources preset"),
            *("state list", "state prune", "blameless check"),
            *("migrate shifts", "migrate plan", "migrate review", "migrate verify"),
            *("migrate shadow", "chaos read"),
        ),
        None,
    ),
}
"""By the words that name a command; None: nothing beside what is said there."""
LOOKING = (
    *("show", "list", "explain", "export", "import", "invite", "shifts", "review"),
    "figures",
)
"""What `import` writes, its commands ask for themselves."""
ACTING: Mapping[str, Permission] = {"test_page": _P.INCIDENTS_RESPOND}
"""What is said of one of an aggregate, and is no command of it."""
_LOOKS: Mapping[str, Permission] = {
    **dict.fromkeys(
        (
            *("incident", "postmortem", "action_item", "interview", "page"),
            *("runbook_execution", "maintenance"),
        ),
        _P.INCIDENTS_READ,
    ),
    **dict.fromkeys(
        (
            *("person", "team", "service", "schedule", "escalation_policy", "slo"),
            *("measurement", "runbook"),
        ),
        _P.DIRECTORY_READ,
    ),
}


def needed(words: Sequence[str], public: Sequence[AnyAggregate]) -> Permission | None:
    """What the command that begins with these words needs: the most, where the table does not know
    of it. Commands on an aggregate say so themselves.
    """
    if tuple(words[:2]) in OFFLINE:
        return None
    for name in (" ".join(words[:2]), *words[:1]):
        if name in NEEDS:
            return NEEDS[name]
    for aggregate in public:
        if words[:1] == [aggregate.name] and words[1:2]:
            if words[1] in aggregate.commands:
                return None
            if words[1] in ACTING:
                return ACTING[words[1]]
            return _LOOKS.get(aggregate.name, _P.SERVICE_MANAGE)
    return _P.SERVICE_MANAGE
