"""The law of Japan."""
