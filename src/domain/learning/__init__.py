"""Learning from incidents: what is said of them afterwards, and what it rests on."""
