"""The configuration: defaults, a file, the environment, flags; and the policy file."""
