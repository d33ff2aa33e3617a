"""Browsers that are logged in: the pages of a login, and the cookies that are kept of it."""
