"""How an incident goes: in hand, understood, mitigated, over, and perhaps not over."""
