"""What an incident does by itself as time passes: one rule, one file."""
