"""The directory as tables: people, teams and services, and what of them does not fit together."""
