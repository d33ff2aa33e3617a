"""Answers: from read models for now, from the log for then."""
