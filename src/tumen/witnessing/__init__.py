"""What a node does as a witness of other logs, and to have its own log witnessed.

The rules are in :mod:`tumen.trust`, which knows neither a store nor a network: its ports are
filled here, above both.
"""
