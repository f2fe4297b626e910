"""Formats: sources of bytes become batches of texts, one row for every document."""
