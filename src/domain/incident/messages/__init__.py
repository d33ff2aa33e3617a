"""What is said of an incident: to whom, with which facts, and what is wrong with how it is said."""
