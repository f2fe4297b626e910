"""The store: one PostgreSQL, embedded or given, written in bulk and read as frames.

``Database.from_location`` finds or starts the server and migrates it; ``Database.session``
opens a transaction in a role. The store takes and gives frames and plain columns; it knows
no documents.
"""
