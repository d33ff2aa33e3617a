"""Post-mortems and action items as tables, and which incidents ask for a post-mortem."""
