"""The law of China."""
