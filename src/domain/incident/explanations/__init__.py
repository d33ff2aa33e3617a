"""Why an incident is as it is: for each rule what it says, for each event what it follows from."""
