"""What is learnt from many incidents: the scorecard, figures, patterns and reviews."""
