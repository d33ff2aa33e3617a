"""What paging products report of an incident, and what an incident takes from it."""
