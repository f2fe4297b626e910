"""SDMX: every dataset of the observatory as a dataflow with its structure, and files of others."""
