"""The rules of incident coordination: pure decisions over a log of events.

No input or output, no clock, no randomness, no async. Time and ids come in with each command.
"""
