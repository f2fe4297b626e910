"""Webhooks: signed batches of events, sent to the addresses that organisations name."""
