"""What an incident does by itself as time passes: one rule, one file, headed by its sentence.

`table` lists the rules. They read `history`, share `questions` and the escalation `ladder`, answer
through `expiry`, cause the `events` here, and `evolve` folds those.
"""
