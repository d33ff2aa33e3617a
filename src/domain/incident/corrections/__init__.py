"""Entries of the timeline that are put right, retracted or looked at in hindsight."""
