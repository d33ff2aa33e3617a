"""What the public is told, and how its components are doing."""
