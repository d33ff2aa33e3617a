"""Running the service: its tasks, its entrances, its state file."""
