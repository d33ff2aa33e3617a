"""Everything that is said over HTTP."""
