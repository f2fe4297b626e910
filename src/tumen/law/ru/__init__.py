"""The law of Russia and the Eurasian Economic Union."""
