"""The HTTP faces of a node: a Litestar application that Granian serves.

Release one has two groups of routes, the witness and the files of the log.
"""
