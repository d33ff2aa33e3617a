"""Incidents that are one, were never one after all, or have to do with each other."""
