"""How severe an incident is: by the matrix, by floors, by what has doubled, by decision."""
