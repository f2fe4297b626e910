"""The law of the Republic of Korea."""
