"""Which permission each command needs: a line for each that the public may send."""

from collections.abc import Mapping

from domain.access.grants import Permission
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.totality import total
from domain.registry import AGGREGATES

_RESPOND, _COMMAND = Permission.INCIDENTS_RESPOND, Permission.INCIDENTS_COMMAND
_DIRECTORY = Permission.DIRECTORY_MANAGE

COMMANDS: Mapping[tuple[str, str], Permission] = total(
    "who may send which command",
    [(each.name, name) for each in AGGREGATES for name in each.commands],
    {
        ("incident", "declare"): _RESPOND,
        ("incident", "acknowledge"): _RESPOND,
        ("incident", "assign_role"): _RESPOND,
        ("incident", "hand_over_role"): _RESPOND,
        ("incident", "unassign_role"): _RESPOND,
        ("incident", "reassess_impact"): _RESPOND,
        ("incident", "change_severity"): _RESPOND,
        ("incident", "open_hypothesis"): _RESPOND,
        ("incident", "confirm_hypothesis"): _RESPOND,
        ("incident", "reject_hypothesis"): _RESPOND,
        ("incident", "abandon_hypothesis"): _RESPOND,
        ("incident", "log_action"): _RESPOND,
        ("incident", "add_note"): _RESPOND,
        ("incident", "post_update"): _RESPOND,
        ("incident", "identify_root_cause"): _RESPOND,
        ("incident", "withdraw_root_cause"): _RESPOND,
        ("incident", "mitigate"): _RESPOND,
        ("incident", "did_not_hold"): _RESPOND,
        ("incident", "escalate"): _RESPOND,
        ("incident", "resolve"): _RESPOND,
        ("incident", "give_all_clear"): _RESPOND,
        ("incident", "publish_postmortem"): _RESPOND,
        ("incident", "file_record"): _RESPOND,
        ("incident", "reopen"): _RESPOND,
        ("incident", "link"): _RESPOND,
        ("incident", "set_visibility"): _RESPOND,
        ("incident", "cancel"): _COMMAND,
        ("incident", "merge"): _COMMAND,
        ("incident", "unmerge"): _COMMAND,
        ("incident", "correct_time"): _COMMAND,
        ("incident", "correct"): _COMMAND,
        ("incident", "retract"): _COMMAND,
        ("person", "register"): _DIRECTORY,
        ("person", "change"): _DIRECTORY,
        ("person", "deactivate"): _DIRECTORY,
        ("person", "reactivate"): _DIRECTORY,
        ("person", "release"): _DIRECTORY,
        ("team", "register"): _DIRECTORY,
        ("team", "change"): _DIRECTORY,
        ("team", "add_member"): _DIRECTORY,
        ("team", "remove_member"): _DIRECTORY,
        ("team", "deactivate"): _DIRECTORY,
        ("team", "reactivate"): _DIRECTORY,
        ("team", "release"): _DIRECTORY,
        ("service", "register"): _DIRECTORY,
        ("service", "change"): _DIRECTORY,
        ("service", "release"): _DIRECTORY,
        ("schedule", "register"): _DIRECTORY,
        ("schedule", "change"): _DIRECTORY,
        ("schedule", "override"): _RESPOND,
        ("schedule", "forward"): _RESPOND,
        ("schedule", "shadow"): _RESPOND,
        ("schedule", "request_swap"): _RESPOND,
        ("schedule", "accept_swap"): _RESPOND,
        ("schedule", "decline_swap"): _RESPOND,
        ("schedule", "withdraw"): _RESPOND,
        ("schedule", "deactivate"): _DIRECTORY,
        ("schedule", "reactivate"): _DIRECTORY,
        ("schedule", "release"): _DIRECTORY,
        ("postmortem", "open"): _RESPOND,
        ("postmortem", "name_author"): _RESPOND,
        ("postmortem", "write"): _RESPOND,
        ("postmortem", "set_points"): _RESPOND,
        ("postmortem", "state_impact"): _RESPOND,
        ("postmortem", "set_factors"): _RESPOND,
        ("postmortem", "set_whys"): _RESPOND,
        ("postmortem", "set_fault_tree"): _RESPOND,
        ("postmortem", "ask_review"): _RESPOND,
        ("postmortem", "approve"): _RESPOND,
        ("postmortem", "send_back"): _RESPOND,
        ("postmortem", "finalise"): _RESPOND,
        ("postmortem", "reopen"): _RESPOND,
        ("postmortem", "schedule_meeting"): _RESPOND,
        ("postmortem", "record_attendance"): _RESPOND,
        ("postmortem", "hide_entry"): _RESPOND,
        ("postmortem", "show_entry"): _RESPOND,
        ("postmortem", "annotate_entry"): _RESPOND,
        ("postmortem", "add_entry"): _RESPOND,
        ("postmortem", "comment"): _RESPOND,
        ("postmortem", "resolve_comment"): _RESPOND,
        ("postmortem", "need_no_action_items"): _RESPOND,
        ("postmortem", "write_public"): _RESPOND,
        ("postmortem", "publish"): _COMMAND,
        ("postmortem", "withdraw"): _COMMAND,
        ("interview", "keep"): _RESPOND,
        ("interview", "rewrite"): _RESPOND,
        ("interview", "share"): _RESPOND,
        ("interview", "release"): _RESPOND,
        ("action_item", "add"): _RESPOND,
        ("action_item", "change"): _RESPOND,
        ("action_item", "start"): _RESPOND,
        ("action_item", "complete"): _RESPOND,
        ("action_item", "decline"): _RESPOND,
        ("action_item", "reopen"): _RESPOND,
        ("action_item", "link"): _RESPOND,
        ("action_item", "open_issue"): _RESPOND,
        ("action_item", "unlink"): _RESPOND,
    },
)


def permission_for(aggregate: AnyAggregate, name: str) -> Permission | None:
    """What a command needs: the most, where the table does not know of it. None: there is no such
    command, as is said to whoever is known at all.
    """
    if name not in aggregate.commands:
        return None
    return COMMANDS.get((aggregate.name, name), Permission.SERVICE_MANAGE)
