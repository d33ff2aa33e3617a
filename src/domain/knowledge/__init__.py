"""What is on record as words: finding it by them, and which of it is alike."""
