"""Documents: what traders lodge, read from their formats and judged field by field."""
