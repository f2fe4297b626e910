"""The tariffs: how their tables are kept, and how the texts that they print are read."""
