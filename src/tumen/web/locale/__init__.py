"""The six languages of the portal: catalogues of translated sentences, and who gets which.

A sentence in the code is its English text; ``<language>/portal.po`` holds the others. A sentence
that a catalogue lacks stands in English.
"""
