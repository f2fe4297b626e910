"""The law of Mongolia."""
