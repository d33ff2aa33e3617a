"""What every entrance to the service shares, and the one over NATS."""
