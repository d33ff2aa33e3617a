"""Who is on call when: turns and shifts by the wall clock, and what is put over them.

It knows no product: what others have is read into its model.
"""
