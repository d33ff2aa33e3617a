"""Planned work on services, one row each."""
