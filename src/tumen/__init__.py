"""Tumen: an open platform for cross-border digital trade in Northeast Asia."""
