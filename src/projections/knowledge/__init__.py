"""What is on record, to be found by words."""
