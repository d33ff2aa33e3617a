"""What is asked and said every day, in a line each."""

from collections.abc import Mapping

HELP: Mapping[str, str] = {
    "declare": "Declare an incident. Without a severity, the matrix classifies it.",
    "act": "Run a command on an incident: `act resolve INC-1 …` is `resolve INC-1 …`.",
    "incidents": "List incidents: those that are open, unless told otherwise.",
    "show": "One incident, or whatever a reference names, whole.",
    "due": "What is due next and what is overdue.",
    "timeline": "The timeline of an incident; `--follow` goes on with it.",
    "explain": "Why a severity, an escalation, a page or a silence came about.",
    "search": "Find incidents, post-mortems, action items and more by their words.",
    "backlog": "What waits for triage.",
    "heartbeats": "What has to be heard again and again.",
    "whoami": "Where commands go, as whom, and what that may do.",
    "completion": "Print what makes bash, zsh or fish complete commands.",
}
