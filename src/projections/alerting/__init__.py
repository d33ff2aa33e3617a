"""Read models of alerts: where they went, and what was not understood."""
