"""Questions to the help desk: tickets with a number, a clock and several messages."""
