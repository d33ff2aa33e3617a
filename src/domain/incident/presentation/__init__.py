"""How each event of an incident is put before people: one row each, with all that is said of it."""
