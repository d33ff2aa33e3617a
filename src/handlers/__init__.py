"""What happens when something arrives: commands, signals, positions to project, intents to send."""
