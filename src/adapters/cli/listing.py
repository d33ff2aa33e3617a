"""What may be said on the command line beside what asks a service over HTTP (`over_http`): each
command or group of commands, in which module of this folder it stands, under which name there, and
its help, which is that of the module: so no module is imported to list them.
"""

from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": (
        "demo:demo",
        (
            "Play GitHub's outage of 21 October 2018 through real servers: pages by signed "
            "webhook,\n"
            "commands over HTTP, notifications, and the timeline folded from the log."
        ),
    ),
    "up": (
        "up:up",
        (
            "Serve until SIGINT or SIGTERM. Prints the URLs when ready, and writes them to\n"
            "`commandpost.json` in the state folder."
        ),
    ),
    "provision": (
        "provision:provision",
        (
            "Make the streams in a NATS of your own, or widen those of an earlier release, "
            "and end. The\n"
            "service then needs no `nats_admin_url`. Repeated, it changes nothing."
        ),
    ),
    "import": (
        "imports:import_history",
        (
            "Import a history: FEED is github-status or gcp-status, or csv for the export of "
            "another\n"
            "product (CSV, JSON or lines of JSON), read as `--mapping` says. Importing it again "
            "adds nothing,\n"
            "and goes on where it was interrupted. The exit status is 1 when a part of the file "
            "could not be\n"
            "imported."
        ),
    ),
    "similar": (
        "similar:similar",
        "Show incidents that were like this one: why, and what helped then.",
    ),
    "known": (
        "known:known",
        (
            "Show what was known of an incident at a time, beside what is known now: state, "
            "hypotheses,\n"
            "who had been told, the timeline as it was on record, and what was learnt later."
        ),
    ),
    "repeats": (
        "happened_before:repeats",
        "Whether an incident happened before, by which words, and what became of what followed.",
    ),
    "stats": (
        "stats:GROUP",
        "Durations between milestones: n, unknown, median, p90, mean.",
    ),
    "scorecard": (
        "scorecard:show_scorecard",
        (
            "The success metrics of the quarter of a time, up to then: target, figure, what it "
            "rests on,\n"
            "where it is going, and what is missing to know it."
        ),
    ),
    "migrate": (
        "migrate:GROUP",
        "On-call of other products, read offline: their shifts, and whether ours are the same.",
    ),
    "chaos": ("chaos:GROUP", "Records of chaos experiments, read offline: what they told."),
    "oncall": (
        "oncall:oncall",
        "Say who is on call by a schedule (or by each), until when, and who is next.",
    ),
    "gate": (
        "gate:gate",
        (
            "Say whether a service may be deployed, by what remains of its error budgets. The exit "
            "status\n"
            "is 0 where it may, 1 where it may not, and 2 where it could not be asked."
        ),
    ),
    "pages": ("explained_pages:GROUP", "Who was woken for what, and why somebody was not."),
    "review": ("review:GROUP", "Reviews of a quarter or a week, with recommendations."),
    "what-if": (
        "what_if:what_if",
        (
            "Say which incidents would have been classified, upgraded, escalated or told otherwise "
            "under\n"
            "another policy, and when, side by side with the one in force. Nothing is written."
        ),
    ),
    "templates": (
        "messages:GROUP",
        "The words of notifications.",
    ),
    "preview": (
        "messages:preview",
        (
            "Show what each audience is told of an incident: by the latest news of KIND in "
            "its log, or by\n"
            "an update that you have not posted yet (`preview update INC-1 --text …`). "
            "Nothing is written."
        ),
    ),
    "status": ("status:GROUP", "The public status page."),
    "channels": (
        "channels:GROUP",
        "The ways out for notifications.",
    ),
    "notifications": (
        "notifications:GROUP",
        "Who was told what, through which channel.",
    ),
    "signals": (
        "signals:GROUP",
        "Alerts, and what the rules made of them.",
    ),
    "sources": (
        "sources:GROUP",
        "Who may send alerts, and how their bodies are read.",
    ),
    "policy": (
        "policy:GROUP",
        "The severity framework: matrix, clocks, escalation.",
    ),
    "rebuild": (
        "maintenance:rebuild",
        "Build read models anew from the log, beside the live ones, and swap them in.",
    ),
    "verify": (
        "maintenance:verify",
        (
            "Compare read models (default: all) with a fresh fold of the log. Exit status 1: "
            "one differs,\n"
            "does not follow the log, or part of the log cannot be read."
        ),
    ),
    "quarantine": (
        "maintenance:GROUP",
        "Signals that could not be understood.",
    ),
    "log": (
        "log:GROUP",
        "What of the log cannot be read.",
    ),
    "catalog": (
        "catalog:GROUP",
        "Services: who needs which, who owns them, what is missing.",
    ),
    "config": (
        "config:GROUP",
        "Configuration as code: people, teams and services in files.",
    ),
    "blameless": (
        "blameless:GROUP",
        "Whether texts blame persons.",
    ),
    "token": (
        "token:GROUP",
        "Who is let in: tokens are made, listed and revoked.",
    ),
    "access": (
        "access_table:GROUP",
        "Who may do what.",
    ),
    "emergency": (
        "emergency:GROUP",
        "Rights in an emergency.",
    ),
    "login": (
        "login:login",
        (
            "Print a link that logs a browser in, once, as whoever shows the token in "
            "COMMANDPOST_TOKEN,\n"
            "or else as the owner of the state folder. Whoever opens it first is logged in: "
            "keep it."
        ),
    ),
    "audit": (
        "emergency:audit",
        (
            "Who did what to tokens, logins, emergency rights, the configuration, the directory "
            "and what\n"
            "of the log cannot be read, the first first."
        ),
    ),
    "state": (
        "state:GROUP",
        "Root's data folders, outside of the state folders.",
    ),
}
ALONE = ("blameless", "migrate", "chaos")
"""What asks neither a service nor its configuration: it starts without anything of either."""

SERVED = (["migrate", "apply"], ["migrate", "history"], ["migrate", "cutover"])
"""What of these asks a service all the same."""

OFFLINE: Mapping[tuple[str, ...], str] = {
    ("slo", "check"): "slo:OFFLINE_GROUP",
    ("slo", "thresholds"): "slo:OFFLINE_GROUP",
    ("slo", "replay"): "slo:OFFLINE_GROUP",
    ("runbook", "check"): "runbook:OFFLINE_GROUP",
}
"""What of the groups of aggregates starts without anything of a service, and where it stands."""
