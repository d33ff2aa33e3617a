"""Statuspage, both ways: we tell customers on a hosted page; providers' pages tell us."""

from adapters.products.statuspage.translate import translate

__all__ = ["translate"]
