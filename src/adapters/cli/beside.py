"""What the group of an aggregate has besides its commands, as `listing` has the others: in which
module of this folder it stands, under which name there, and its help.
"""

from collections.abc import Mapping

BESIDE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "person": {
        "test_page": (
            "reachability:send_test_page",
            (
                "Send a code to each contact method of a person that is enabled, as loud as a page "
                "of a SEV1,\n"
                "and put on record what became of it. Who has read it says the code: `commandpost "
                "person\n"
                "confirm_contact ada code=48217730`. The exit status is 1 where a contact method "
                "was not reached."
            ),
        ),
    },
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
    "runbook": {
        "check": (
            "runbook:check",
            (
                "Say of each runbook in FILES what it lacks, and why one may not rely on it: what "
                "is still to\n"
                "be filled in, and when it was tested last. The exit status is 1 where one is not "
                "valid."
            ),
        ),
        "export": (
            "runbook_files:export",
            "Print a runbook as Markdown that `import` reads back.",
        ),
        "import": (
            "runbook_files:import_",
            (
                "Publish runbooks from Markdown, each by the name of its file; what is there "
                "already becomes\n"
                "another version where it says something else. The exit status is 1 where one "
                "could not be read,\n"
                "or was refused; the others are published."
            ),
        ),
        "figures": (
            "runbook_files:figures",
            (
                "Say how often each step of a runbook was done, and how often recovery came soon "
                "after, in\n"
                "incidents that everybody may see; and what one may change in it."
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
