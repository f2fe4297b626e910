"""Receipts that anyone can verify: an append-only witnessed log, and its offline verifier.

The formats are C2SP's (read at commit 5ba5ee83) over the tree of RFC 6962; ADR 6 says which and
why. Modules that verify import none that sign or write.
"""
