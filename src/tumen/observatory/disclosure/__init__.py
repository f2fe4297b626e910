"""Disclosure control: what a table of the platform may say without telling of one filer.

Cells that few stand behind, or one alone, are suppressed, and with them as many others as are
needed so that nobody gets them back from the totals.
"""
