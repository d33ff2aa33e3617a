"""Definitions of service level objectives in files: OpenSLO, and the form with `slis` and `slos`.

A file is read strictly, and each thing that is wrong with a document is named: its field, the rule
that it breaks, and what would be right. A document that is wrong is never read as a guess.
"""
