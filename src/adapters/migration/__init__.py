"""On-call schedules of other products, read offline from a folder of what these export.

A reader brings what it finds into our model, whole or marked: what cannot be said in it is listed
item by item, and nothing is rounded.
"""
