"""Runbooks as documents: Markdown with front matter."""
