"""Statuspage: what customers are told, on a hosted public page."""
