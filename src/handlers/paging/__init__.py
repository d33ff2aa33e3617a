"""Pages on their way: opened for incidents, told who is to be reached, told what became of it."""
