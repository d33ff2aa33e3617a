"""Objectives as pictures."""
