"""Prometheus: counters of objectives are read from it."""
