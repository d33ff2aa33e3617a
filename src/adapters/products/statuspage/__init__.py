"""Statuspage, both ways: what customers are told on a hosted public page, and what the pages of
providers tell us.
"""

from adapters.products.statuspage.translate import translate

__all__ = ["translate"]
