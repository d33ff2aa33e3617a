"""What the public sees, one row for each incident."""
