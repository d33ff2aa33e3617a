"""What people can do with an incident, each as a form: the fields of its command, in which phases
it can be sent, and what it causes. Which lines it would write and whom it would tell word for word
is shown by its preview.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from adapters.console.form_fields import FormField
from domain.incident.commands import COMMANDS
from domain.policy import Functionality, Role, Severity
from domain.policy.audience import Audience

TRIAGE, LIVE = "triage", ("investigating", "identified", "monitoring")
OPEN = (TRIAGE, *LIVE)
KNOWN = (*OPEN, "resolved", "canceled", "merged")
STATED = (*LIVE, "resolved")
ASSESSED = (*OPEN, "resolved")


class CommandForm(NamedTuple):
    """A command as a form. `causes` says in a sentence what follows from it. Where somebody else
    has done one of `contested` since the form was shown, it is asked again whether it is meant.
    """

    command: str
    label: str
    group: str
    phases: tuple[str, ...]
    causes: str
    fields: tuple[FormField, ...] = ()
    contested: frozenset[str] = frozenset()
    previewed: bool = True


def _choices(values: Iterable[str], **labels: str) -> tuple[tuple[str, str], ...]:
    return tuple((each, labels.get(each, each.replace("_", " "))) for each in map(str, values))


ROLES = tuple((role.value, role.title) for role in Role)
SEVERITIES = _choices(each.value for each in Severity)
STATUSES = _choices(("investigating", "identified", "mitigating", "monitoring", "resolved"))
AUDIENCES = _choices(
    (each.value for each in Audience), customers="customers (public, on the status page)"
)
_CONFIRM = FormField(
    "confirm", "It is meant, although it looks doubtful", "check", more=True,
    hint="What contradicts something, or claims more than is so, is taken only with this.",
)  # fmt: skip
_OVERRIDE = FormField(
    "override", "In an emergency: why it cannot wait", "line", more=True,
    hint="For what has to wait for roles. It goes on record.",
)  # fmt: skip


def _text(name: str, label: str, hint: str = "") -> FormField:
    return FormField(name, label, "text", hint, required=True, most=10_000)


IMPACT = (
    FormField("users_affected", "Users affected", "whole", inside="impact"),
    FormField("percent_affected", "Share of users, in %", "number", inside="impact"),
    FormField("functionality", "What no longer works", "choice", inside="impact",
          choices=_choices(each.value for each in Functionality)),
    FormField("paying_customers", "Are paying customers affected?", "yes_no", inside="impact"),
    FormField("customer_reported", "Did customers report it?", "yes_no", inside="impact"),
    FormField("data_integrity_concern", "Is data in doubt?", "yes_no", inside="impact"),
    FormField("security_breach", "Is it a breach of security?", "yes_no", inside="impact"),
    FormField("summary", "In words", "text", inside="impact", most=1_000),
)  # fmt: skip
"""As a declaration states it; what is left open is not known."""

_HYPOTHESIS = FormField("hypothesis", "Hypothesis", "choice", required=True)
_SEVERITY_KINDS = frozenset({"severity_changed", "severity_upgraded", "impact_reassessed"})
_COURSE_KINDS = frozenset({
    "root_cause_identified", "root_cause_withdrawn", "mitigated", "did_not_hold", "resolved",
    "reopened", "canceled", "merged", "unmerged",
})  # fmt: skip
_ROLE_KINDS = frozenset({"role_assigned", "role_handed_over", "role_unassigned"})

_FORMS = (
    CommandForm("acknowledge", "Acknowledge", "Now", OPEN,
         "Says that somebody is on it. Nobody is paged again for want of an answer."),
    CommandForm("post_update", "Post an update", "Now", STATED,
         "Tells the audiences that are chosen, and starts the clock of the next update anew.",
         (_text("text", "What is known, what is done, what comes next"),
          FormField("status", "Status", "choice", "As it is now, if nothing is chosen.",
                choices=STATUSES),
          FormField("audiences", "Who is told", "checks", choices=AUDIENCES, required=True,
                default=("engineering", "executives")),
          FormField("headline", "Headline for customers", "line",
                "The title stays with us: customers read this."),
          _CONFIRM),
         frozenset({"update_posted"})),
    CommandForm("add_note", "Note", "Now", KNOWN,
         "Goes onto the timeline. Nobody is told.", (_text("text", "What was seen or said"),)),
    CommandForm("log_action", "Log an action", "Now", KNOWN,
         "Goes onto the timeline, with the time. Nobody is told.",
         (_text("action", "What was done"), _OVERRIDE)),
    CommandForm("escalate", "Escalate", "Now", OPEN,
         "Tells the next tier of the ladder, now.",
         (_text("reason", "Why"),
          FormField("tier", "Tier", "line", "The next one, if none is named.", more=True)),
         frozenset({"escalated"})),
    CommandForm("assign_role", "Assign a role", "Roles", OPEN,
         "Somebody has the role from now on, and is named in what is told.",
         (FormField("role", "Role", "choice", required=True, choices=ROLES),
          FormField("assignee", "Who", "person", required=True, most=200)), _ROLE_KINDS),
    CommandForm("hand_over_role", "Hand a role over", "Roles", ASSESSED,
         "Whoever had the role has it no longer.",
         (FormField("role", "Role", "choice", required=True, choices=ROLES),
          FormField("assignee", "To whom", "person", required=True, most=200),
          FormField("note", "What they should know", "text", most=10_000)), _ROLE_KINDS),
    CommandForm("reassess_impact", "Reassess the impact", "Impact", ASSESSED,
         "The matrix decides the severity anew. What doubles raises it by one level.",
         tuple(each._replace(inside=None) for each in IMPACT), _SEVERITY_KINDS),
    CommandForm("change_severity", "Change the severity", "Impact", ASSESSED,
         "The clocks of the new level count: response, updates, escalation. Below what the matrix"
         " says it is held there by your decision, and says so.",
         (FormField("severity", "Severity", "choice", required=True, choices=SEVERITIES),
          _text("reason", "Why"), _CONFIRM), _SEVERITY_KINDS),
    CommandForm("open_hypothesis", "Open a hypothesis", "Cause", LIVE,
         "Starts its timebox: what is not confirmed by then is left for the next one.",
         (_text("statement", "What could be the cause"),
          FormField("owner", "Who looks into it", "person", most=200), _OVERRIDE)),
    CommandForm("confirm_hypothesis", "Confirm a hypothesis", "Cause", STATED,
         "It becomes the cause, if none was stated.",
         (_HYPOTHESIS, _text("finding", "What shows it"), _OVERRIDE)),
    CommandForm("reject_hypothesis", "Reject a hypothesis", "Cause", STATED,
         "Its timebox ends.", (_HYPOTHESIS, _text("finding", "What speaks against it"))),
    CommandForm("abandon_hypothesis", "Leave a hypothesis", "Cause", STATED,
         "Its timebox ends; it stays undecided.", (_HYPOTHESIS, _text("reason", "Why"))),
    CommandForm("identify_root_cause", "State the cause", "Cause", STATED,
         "The clock that seeks the cause stops.",
         (_text("cause", "The cause"), _OVERRIDE), _COURSE_KINDS),
    CommandForm("withdraw_root_cause", "Withdraw the cause", "Cause", ("identified", "monitoring",
         "resolved"), "The cause is sought again, by its clock.", (_text("reason", "Why"),),
         _COURSE_KINDS),
    CommandForm("mitigate", "Mitigated", "End", LIVE,
         "Users are no longer affected. Recovery is watched from now on.",
         (_text("mitigation", "By what measure"), _OVERRIDE), _COURSE_KINDS),
    CommandForm("did_not_hold", "It did not hold", "End", ("monitoring", "resolved"),
         "The incident is back where it was before, and its clocks run again.",
         (_text("reason", "What shows it"),), _COURSE_KINDS),
    CommandForm("resolve", "Resolve", "End", LIVE,
         "The incident is over; its audiences are told, and the all-clear follows if it holds.",
         (_text("resolution", "What ended it"),
          FormField("verification", "What shows recovery", "line", "An SLI, or an address.",
                most=10_000),
          FormField("early_reason", "Why so early", "line", more=True, most=10_000,
                hint="Where nobody has acknowledged or mitigated it, or watched for long enough."),
          _OVERRIDE), _COURSE_KINDS),
    CommandForm("give_all_clear", "Give the all-clear", "End", ("resolved",),
         "Tells the audiences that the resolution has held.", (), _COURSE_KINDS),
    CommandForm("file_record", "File the short record", "End", ("resolved",),
         "Is kept instead of a post-mortem, where none is asked for.",
         (_text("follow_ups", "What follows from it", "`none needed` is an answer."),
          FormField("impact", "What it did to users", "text", most=10_000))),
    CommandForm("publish_postmortem", "Name the post-mortem", "End", STATED,
         "Says where the post-mortem can be read.",
         (FormField("url", "Address", "line", required=True, most=2_000),)),
    CommandForm("reopen", "Reopen", "End", ("resolved", "canceled"),
         "The incident is taken up again; its clocks run.", (_text("reason", "Why"),),
         _COURSE_KINDS),
    CommandForm("cancel", "Cancel", "End", OPEN,
         "Closes it as a false positive, and tells whoever had been told.",
         (_text("reason", "Why"),), _COURSE_KINDS),
    CommandForm("merge", "Merge", "End", (*OPEN, "resolved"),
         "Closes it as a duplicate. The other one carries on with what this one has.",
         (FormField("into", "Into which incident", "line", "`INC-123`", required=True),
          FormField("reason", "Why", "text", most=10_000)), _COURSE_KINDS, previewed=False),
    CommandForm("unmerge", "Take out again", "End", ("merged",),
         "It goes on by itself.", (_text("reason", "Why"),), _COURSE_KINDS, previewed=False),
)  # fmt: skip

FORMS: Mapping[str, CommandForm] = {form.command: form for form in _FORMS}
"""By their commands, in the order in which they are shown."""
assert set(FORMS) <= set(COMMANDS), "each form is one of a command"

LATER = frozenset(COMMANDS) - set(FORMS) - {"declare"}
"""What the console has no form for yet: `commandpost act` and the API have."""


def forms_in(status: str) -> dict[str, list[CommandForm]]:
    """The forms that can be sent in a phase, by their groups."""
    found: dict[str, list[CommandForm]] = {}
    for form in _FORMS:
        if status in form.phases:
            found.setdefault(form.group, []).append(form)
    return found
