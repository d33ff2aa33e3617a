"""Process managers: what an aggregate does by itself as time passes.

Each deadline is a pure question, "what is next, and when?", asked of the history of the aggregate
as the log tells it (`domain.kernel.deadline`). The process runner asks, sends what is due and arms
a timer for what is not yet. Nothing is remembered in between: whoever asks again, late or twice,
gets the same answer.
"""
