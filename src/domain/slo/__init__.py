"""Service level objectives: error budgets, how fast they burn, and when that pages.

All of it is exact: counts are integers, shares are fractions, and no figure is rounded before it is
compared. What is not known is None, never 0.
"""
