"""Slack: messages with buttons, a channel for each incident, a slash command."""
