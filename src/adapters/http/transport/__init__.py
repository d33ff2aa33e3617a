"""Connections and bytes: what comes before a request is one, and what they may take of us."""
