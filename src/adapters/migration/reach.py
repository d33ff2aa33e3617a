"""How people are reached and how pages climb, as other products have it: each rule, step and method
is listed with what it says. Methods become part of people; for the others there is no place here.
"""

from collections.abc import Iterable
from typing import Any

from adapters.migration.account import Account, Fields, inner
from adapters.migration.exported_people import kind_of

CONTACT = "contact method"
UNREACHABLE, NO_RULE, METHOD_OFF = "person.unreachable", "person.no_rule", "person.method_off"


def pagerduty_users(users: Iterable[Fields], account: Account) -> None:
    """Contact methods and notification rules, and who is reached by none."""
    for user in users:
        of, name = f"person {user.get('id')}", user.get("name")
        methods = {str(each.get("id")): each for each in user.get("contact_methods") or []}
        for id, each in methods.items():  # noqa: A001
            off = each.get("blacklisted") is True or each.get("enabled") is False
            said = f"{each.get('type')} of {name}" + (", which reaches nobody now" if off else "")
            becomes = CONTACT if kind_of(each.get("type")) else None
            account.note("contact_methods", id, each.get("summary"), said, becomes)
            if off:
                account.mark(METHOD_OFF, of, f"{each.get('type')} {id} is blocked or not enabled")
        rules = user.get("notification_rules") or []
        for each in rules:
            method = str((each.get("contact_method") or {}).get("id"))
            kind = methods.get(method, {}).get("type", "a method that is gone")
            said = (
                f"{name}: {kind} after {each.get('start_delay_in_minutes')} min,"
                f" urgency {each.get('urgency')}"
            )
            account.note("notification_rules", each.get("id"), each.get("summary"), said)
        usable = [each for each in methods.values() if each.get("blacklisted") is not True]
        _reached(account, of, any(each.get("enabled") is not False for each in usable), bool(rules))


def pagerduty_policies(policies: Iterable[Fields], account: Account) -> None:
    """Each level of each escalation policy."""
    for policy in policies:
        rules = policy.get("escalation_rules") or []
        for level, each in enumerate(rules, start=1):
            targets = ", ".join(
                f"{target.get('type')} {target.get('id')}" for target in each.get("targets") or []
            )
            strategy = each.get("escalation_rule_assignment_strategy")
            how = strategy.get("type") if isinstance(strategy, dict) else strategy
            said = f"level {level}: {targets or 'nobody'}" + (f" ({how})" if how else "")
            said += f"; the next after {each.get('escalation_delay_in_minutes')} min"
            account.note("escalation_rules", each.get("id"), policy.get("name"), said)
        said = f"{len(rules)} levels, begun again {policy.get('num_loops') or 0} times"
        account.note("escalation_policies", policy.get("id"), policy.get("name"), said)


def opsgenie_users(entities: Iterable[Fields], account: Account) -> None:
    """Contacts and notification rules; an entity has the user and the rules beside each other."""
    for entity in entities:
        user = inner(entity, "user")
        of, name = f"person user:{user.get('id')}", user.get("username")
        contacts = user.get("userContacts") or []
        for each in contacts:
            off = each.get("enabled") is False
            said = f"{each.get('contactMethod')} of {name}"
            said += ", which is not enabled and reaches nobody" if off else ""
            becomes = CONTACT if kind_of(each.get("contactMethod")) else None
            account.note("contacts", each.get("id"), each.get("contactMethod"), said, becomes)
            if off:
                account.mark(METHOD_OFF, of, f"{each.get('contactMethod')} is not enabled")
        rules = entity.get("notificationRuleList") or []
        for each in rules:
            steps = ", ".join(_opsgenie_step(step) for step in each.get("steps") or [])
            said = f"{name}, {each.get('actionType')}: {steps or 'no steps'}"
            said += "" if each.get("enabled") is not False else "; not enabled"
            account.note("notification_rules", each.get("id"), each.get("name"), said)
        alerting = [each for each in rules if each.get("actionType") == "create-alert"]
        is_on = any(each.get("enabled") is not False for each in contacts)
        _reached(account, of, is_on and user.get("blocked") is not True, bool(alerting))


def _opsgenie_step(step: Fields) -> str:
    contact, off = step.get("contact") or {}, step.get("enabled") is False
    return f"{contact.get('method')} after {_delay(step.get('sendAfter'))}" + (
        " (not enabled)" if off else ""
    )


def _delay(found: Any) -> str:
    found = found if isinstance(found, dict) else {}
    return f"{found.get('timeAmount', 0)} {found.get('timeUnit', 'minutes')}"


def opsgenie_escalations(escalations: Iterable[Fields], account: Account) -> None:
    """Each rule of each escalation, and how it is repeated."""
    for escalation in escalations:
        rules = escalation.get("rules") or []
        for place, each in enumerate(rules, start=1):
            recipient = each.get("recipient") or {}
            whom = f"{recipient.get('type')}:{recipient.get('id') or recipient.get('username')}"
            said = (
                f"rule {place}: after {_delay(each.get('delay'))} {each.get('condition')},"
                f" {each.get('notifyType')} of {whom}"
            )
            name = escalation.get("name")
            account.note("escalation_rules", f"{escalation.get('id')}#{place}", name, said)
        repeat = escalation.get("repeat")
        said = f"{len(rules)} rules"
        if isinstance(repeat, dict):
            said += "; repeated: " + ", ".join(f"{key} {value}" for key, value in repeat.items())
        account.note("escalations", escalation.get("id"), escalation.get("name"), said)


def opsgenie_routing(entities: Iterable[Fields], account: Account) -> None:
    """Which rule of a team sends an alert where."""
    for entity in entities:
        team = inner(entity, "team")
        for each in entity.get("teamRoutingRules") or []:
            notify = each.get("notify") or {}
            said = f"{team.get('name')}: {(each.get('criteria') or {}).get('type')} to"
            said += f" {notify.get('type')} {notify.get('name') or ''}".rstrip()
            said += ", within a time restriction" if each.get("timeRestriction") else ""
            account.note("routing_rules", each.get("id"), each.get("name"), said)


def grafana_steps(policies: Iterable[Fields], account: Account) -> None:
    """The steps of escalation chains."""
    for each in policies:
        said = f"chain {each.get('escalation_chain_id')}, step {each.get('position')}:"
        account.note(
            "escalation_policies", each.get("id"), each.get("type"), f"{said} {_rest(each)}"
        )


def grafana_rules(rules: Iterable[Fields], users: Iterable[str], account: Account) -> None:
    """How each person is told, and who is told by no rule at all."""
    told = set()
    for each in rules:
        told.add(str(each.get("user_id")))
        how = "important" if each.get("important") else "default"
        said = f"{each.get('user_id')}, {how}, step {each.get('position')}: {_rest(each)}"
        account.note("personal_notification_rules", each.get("id"), each.get("type"), said)
    for user in sorted(set(users) - told):
        account.mark(NO_RULE, f"person {user}", "no rule says how this person is told of an alert")


def _rest(step: Fields) -> str:
    """What a step says beside where it stands."""
    around = {"id", "escalation_chain_id", "position", "user_id"}
    said = {name: value for name, value in step.items() if name not in around}
    return ", ".join(f"{name} {value}" for name, value in said.items() if value not in (None, []))


def _reached(account: Account, of: str, has_method: bool, has_rule: bool) -> None:  # noqa: FBT001
    if not has_method:
        account.mark(UNREACHABLE, of, "no method of contact reaches this person")
    elif not has_rule:
        account.mark(NO_RULE, of, "no rule says how this person is told of an alert")
