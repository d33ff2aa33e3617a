"""Configuration as code: a folder that says what is said of people, teams and services."""
