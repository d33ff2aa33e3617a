"""Schedules as documents: calendars that phones subscribe to, and pictures."""
