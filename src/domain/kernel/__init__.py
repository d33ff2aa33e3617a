"""What every aggregate is made of: events, commits, deciders, refusals."""
