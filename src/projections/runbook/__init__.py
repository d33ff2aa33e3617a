"""Runbooks, when they were tested, and how they were followed."""
