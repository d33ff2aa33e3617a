"""The console: the pages that people look at while it burns, and afterwards.

A page is a value (`visit.ConsolePage`), listed in `all_pages`: its path, what one may see it with,
and how it is made of questions to the service. `adapters.http.console` serves them; it knows none
by name.
"""
