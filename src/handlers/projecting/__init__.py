"""Keeping read models up to date: pure folds, projectors, one reading of the log for all."""
