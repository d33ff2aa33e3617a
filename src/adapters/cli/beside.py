"""What the group of an aggregate has besides its commands, as `listing` has the others: in which
module of this folder it stands, under which name there, and its help.
"""

from collections.abc import Mapping

BESIDE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "schedule": {
        "shifts": (
            "oncall:shifts",
            "Say who is on call from when until when; gaps are shifts of nobody.",
        ),
        "review": (
            "oncall:review",
            (
                "Say what a schedule is like: gaps, hours of each person, and a score of 0 to 100 "
                "with what\n"
                "lowers it."
            ),
        ),
    },
    "postmortem": {
        "export": (
            "postmortem:export",
            (
                "Print a post-mortem as a document: Markdown that `import` reads back, a page of "
                "HTML to be\n"
                "printed, JSON, or, with the extra `pdf`, that page as a PDF."
            ),
        ),
        "import": (
            "postmortem:import_",
            (
                "Show what an edited document says otherwise than the post-mortem; with `--apply`, "
                "write it.\n"
                "Sections that the template does not have are kept as comments, and listed. The "
                "exit status is 1\n"
                "when a part could not be read, or was not written."
            ),
        ),
        "invite": (
            "postmortem:invite",
            "Print the invitation to the meeting about a post-mortem, as calendars read it (ICS).",
        ),
    },
    "slo": {
        "check": (
            "slo:check",
            (
                "Say of each definition in FILES whether it is valid, and what is wrong with it: "
                "OpenSLO\n"
                "(v1alpha, v1, v2alpha) and the form with `slis` and `slos`. The exit status is 1"
                " where one is\n"
                "not valid."
            ),
        ),
        "thresholds": (
            "slo:thresholds",
            (
                "Say above which burn rate each rule is true for an objective, exactly, and what "
                "that means.\n"
                "The exit status is 1 where one could never be true."
            ),
        ),
        "replay": (
            "slo:replay",
            (
                "Say in which minutes of SERIES each alert on the burn rate of an objective in "
                "FILE is true,\n"
                "and what is left of its budget at the end."
            ),
        ),
    },
}
