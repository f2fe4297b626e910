"""The observatory: published indicators and studies, measured, rebuilt and audited.

It reads published tables only: neither the law nor the store.
"""
