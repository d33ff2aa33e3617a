"""The public status page: documents made of what is public, for browsers, feed readers and programs
that know Statuspage.
"""
