"""Trust: keys, notes, the log, its proofs, and who is believed.

What verifies is pure and keyless and imports nothing that signs (ADR 6).
"""
