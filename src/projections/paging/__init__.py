"""Escalation policies and pages, as rows."""
