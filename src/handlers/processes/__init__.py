"""Process managers: what an incident does by itself as time passes.

Each one is a pure question, "what is next, and when?", asked of the incident as the log tells it
(`situation`). The conductor asks, sends what is due and arms a timer for what is not yet. Nothing
is remembered in between: whoever asks again, late or twice, gets the same answer.
"""
