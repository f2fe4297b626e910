"""Enveloped XML signatures on customs messages: what of one is right, and what is not (ADR 7).

``verify`` is a function of the message's bytes, of a time and of certificates. It raises nothing:
each of its steps is told as right, wrong, or not checked here, with the bytes that were signed.
No certified cryptography is claimed; what was revoked is known by lists given as files alone.
"""
