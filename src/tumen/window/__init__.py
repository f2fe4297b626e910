"""The single window: the road that documents take, and the desk where it meets the store."""
